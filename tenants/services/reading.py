"""Rows of an uploaded table: its columns found by their headings, each cell checked, all that is wrong kept by line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from resellerhub.kernel.refusals import Refusal
from resellerhub.kernel.sheets import LIMITS, Limits, Unreadable, lines, unguarded
from resellerhub.kernel.text import has_forbidden, is_blank

SHOWN = 500
"""So many problems are told one by one; how many there are is always told."""


@dataclass(frozen=True)
class Column:
    """A field of a row: `field` checks it, and its label is the heading, in every language, as `name` is."""

    name: str
    field: forms.Field

    @property
    def headings(self) -> set[str]:
        found = {_plain(self.name)}
        for language, _label in settings.LANGUAGES:
            with override(language):
                found.add(_plain(str(self.field.label)))
        return found


@dataclass(frozen=True)
class Row:
    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    line: int
    column: str
    text: str


class FaultyRows(Refusal):
    code, status = "faulty-rows", 422
    message = gettext_lazy("{count} of {rows} rows cannot be taken. Nothing was saved.")

    def __init__(self, table: "Table") -> None:
        self.faults = sorted(table.faults, key=lambda fault: fault.line)[:SHOWN]
        problems = [{"line": each.line, "column": each.column, "detail": each.text} for each in self.faults]
        super().__init__(field="file", count=len(table.faulty_lines), rows=table.count, problems=problems)


@dataclass
class Table:
    """What was read. Whoever uses it adds faults of its own, then asks for `sound` rows: all, or none."""

    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def faulty_lines(self) -> set[int]:
        return {fault.line for fault in self.faults}

    def blame(self, line: int, name: str, text: str) -> None:
        label = next((str(each.field.label) for each in self.columns if each.name == name), name)
        self.faults.append(Fault(line, label, text))

    def blame_repeats(self, *names: str) -> None:
        """Rows that say the same in these columns as one before; empty ones are left alone."""
        seen: dict[tuple[str, ...], int] = {}
        for row in self.rows:
            key = tuple(str(row.values.get(name, "")).casefold() for name in names)
            if any(key) and (first := seen.setdefault(key, row.line)) != row.line:
                self.blame(row.line, names[0], _("The same stands in line %(line)s.") % {"line": first})

    def sound(self) -> list[Row]:
        if self.faults:
            raise FaultyRows(self)
        return self.rows


def read_table(
    file: IO[bytes], columns: Sequence[Column], *, ignored: Collection[str] = (), limits: Limits = LIMITS
) -> Table:
    """The rows of a CSV or XLSX file. Refused is a file that is too large, no table, or of other columns; what is wrong
    with single rows is kept in the table. `ignored` are headings of our own exports that are not read."""
    found = lines(file, limits)
    headings = next(found, None)
    if headings is None:
        raise Unreadable(_("The file is empty."))
    places = _places(headings[1], columns, {_plain(name) for name in ignored})
    table = Table(columns)
    for line, cells in found:
        _add(table, line, {name: cells[at] if at < len(cells) else "" for name, at in places.items()})
        if any(cell.strip() for cell in cells[len(headings[1]) :]):
            table.faults.append(Fault(line, "", _("This row has more cells than there are headings.")))
    if not table.rows:
        raise Unreadable(_("There are no rows below the headings."))
    return table


def table_of(rows: Iterable[Mapping[str, str]], columns: Sequence[Column]) -> Table:
    """The same of rows that came without a file; they are numbered from 1."""
    table = Table(columns)
    for number, row in enumerate(rows, 1):
        _add(table, number, {column.name: row.get(column.name, "") for column in columns})
    return table


def _add(table: Table, line: int, cells: Mapping[str, str]) -> None:
    values = {}
    for column in table.columns:
        if column.name not in cells:
            continue
        text = unguarded(cells[column.name])
        try:
            if has_forbidden(text):
                raise ValidationError(_("This holds characters that nobody can see."))
            values[column.name] = column.field.clean("" if is_blank(text) else text)
        except ValidationError as error:
            table.blame(line, column.name, " ".join(error.messages))
    table.rows.append(Row(line, values))


def _places(headings: Sequence[str], columns: Sequence[Column], ignored: Collection[str]) -> dict[str, int]:
    """Where each column stands. A heading that nobody knows may be a slip, so it is not passed over."""
    names = {heading: column.name for column in columns for heading in column.headings}
    places: dict[str, int] = {}
    for at, heading in enumerate(map(_plain, headings)):
        name = names.get(heading)
        if name in places:
            raise Unreadable(_("The column %(name)s is there twice.") % {"name": headings[at].strip()})
        if name:
            places[name] = at
        elif heading and heading not in ignored:
            raise Unreadable(_("The column %(name)s is not known here.") % {"name": headings[at].strip()[:60]})
    missing = [str(each.field.label) for each in columns if each.field.required and each.name not in places]
    if missing:
        raise Unreadable(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    return places


def _plain(heading: str) -> str:
    return " ".join(heading.strip(" *\ufeff").casefold().split())
