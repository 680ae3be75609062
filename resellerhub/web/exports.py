"""A list as a file: the rows of this filter in these columns, streamed."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.rows import BoundRow

from resellerhub.kernel.refusals import Refusal
from resellerhub.kernel.sheets import guarded
from resellerhub.web.tables import MoneyColumn, Table

FORMATS = ("csv", "xlsx")
CHUNK = 2_000
SHEET_ROWS = 1_048_575
EXACT_DIGITS = 15


class TooManyRows(Refusal):
    code, message = "too-many-rows", gettext_lazy("A spreadsheet ends after {limit} rows: export this list as CSV.")


class _Echo:
    """A file that hands back what is written, so that csv.writer makes lines for a stream."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[list[Any]]) -> Iterator[str]:
    """RFC 4180 lines, with the mark that tells spreadsheets it is UTF-8; numbers and dates as machines write them."""
    yield "\ufeff"
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([guarded(_machine(value)) for value in row])


def table_rows(table: Table) -> Iterator[list[Any]]:
    """Headings, then values of the visible columns; the currency of an amount is a column of its own."""
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    header: list[Any] = []
    for column in columns:
        header.append(str(column.header))
        if isinstance(column.column, MoneyColumn):
            header.append(_("%(column)s: currency") % {"column": column.header})
    yield header
    data = table.data.data
    if table.of_values:
        yield from _plain_rows(data, columns)
        return
    records = data.iterator(chunk_size=CHUNK) if isinstance(data, QuerySet) else iter(data)
    while chunk := list(islice(records, CHUNK)):
        table.learn(chunk)
        for record in chunk:
            yield _row(BoundRow(record, table), record, columns)
    for record in table.totals:
        yield _row(BoundRow(record, table), record, columns)


def _row(row: BoundRow, record: Any, columns: list[Any]) -> list[Any]:
    values = []
    for column in columns:
        values.append(row.get_cell_value(column.name))
        if isinstance(column.column, MoneyColumn):
            values.append(column.column.currency.resolve(record, quiet=True))
    return values


def _plain_rows(data: Any, columns: list[Any]) -> Iterator[list[Any]]:
    """Tuples straight from the database, several times quicker than a bound row each."""
    turned = [(place, column.column.value) for place, column in enumerate(columns) if column.column.turns_value]
    for record in data.values_list(*(str(column.accessor) for column in columns)).iterator(chunk_size=CHUNK):
        values = list(record)
        for place, turn in turned:
            values[place] = turn(values[place])
        yield values


def export(table: Table, kind: str, name: str) -> HttpResponseBase:
    """The file of a table; `kind` is csv or xlsx, the name is made safe."""
    filename = f"{get_valid_filename(name or 'export').removesuffix(f'.{kind}')[:100]}.{kind}"
    return (_xlsx if kind == "xlsx" else csv_file)(table_rows(table), filename)


def template_file(headings: list[str], kind: str, name: str) -> HttpResponseBase:
    """A table to be filled in: its headings, and no rows."""
    return (_xlsx if kind == "xlsx" else csv_file)(iter([headings]), f"{name}.{kind}")


def write_rows(rows: Iterable[list[Any]], kind: str, file: IO[bytes]) -> int:
    """The same into a file of one's own, for a worker; how many rows there were beneath the headings."""
    if kind == "xlsx":
        return _sheet(rows, file)
    count = -2  # neither the mark nor the headings are rows
    for line in csv_lines(rows):
        file.write(line.encode())
        count += 1
    return count


def csv_file(rows: Iterable[list[Any]], filename: str) -> HttpResponseBase:
    """Rows as a file that is written while it is fetched."""
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response


def _xlsx(rows: Iterable[list[Any]], filename: str) -> HttpResponseBase:
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    _sheet(rows, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename)


def _sheet(rows: Iterable[list[Any]], file: IO[bytes]) -> int:
    position = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        on_day = book.add_format({"num_format": "yyyy-mm-dd"})
        for position, row in enumerate(rows):
            if position > SHEET_ROWS:
                raise TooManyRows(limit=SHEET_ROWS)
            for place, value in enumerate(row):
                _write(sheet, position, place, value, on_day, bold if position == 0 else None)
    return position


def _write(sheet: Any, row: int, place: int, value: Any, on_day: Any, style: Any) -> None:
    """One cell, typed: a sheet keeps 15 digits, so a longer number is written as text."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, place, value, style)
        case int() | Decimal() if len(str(value).strip("-").replace(".", "")) <= EXACT_DIGITS:
            sheet.write_number(row, place, float(value), style)
        case datetime():
            sheet.write_datetime(row, place, timezone.localtime(value).replace(tzinfo=None))
        case date():
            sheet.write_datetime(row, place, value, on_day)
        case _:
            sheet.write_string(row, place, str(value), style)


def _machine(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | Decimal) else str(value)
