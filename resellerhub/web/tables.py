"""Tables of list pages: columns whose cells are cheap strings, and what an export takes from them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import django_tables2 as tables2
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_tables2.rows import BoundRow
from django_tables2.utils import Accessor

from resellerhub.web import formats
from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status


def lines(form: str, rows: Iterable[Sequence[Any]]) -> SafeString:
    """A line of a cell for each row, as `form` says."""
    return format_html_join(mark_safe("<br>"), form, rows)


class Column(tables2.Column):
    """A text. `css` is the class of its heading and cells; `turns_value` says that an export calls `value`."""

    css = ""
    turns_value = False

    def value(self, value: Any) -> Any:
        return value


class ChoiceColumn(Column):
    """A value that a query brought, in the words of its choices."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(**options)
        self.words = dict(choices)

    def render(self, value: Any) -> str:
        return str(self.words.get(value, value))


class LinkColumn(Column):
    """The name of a row, linked to its page; `key` is the accessor of the id in the address."""

    def __init__(self, url_name: str, *, key: str = "pk", **options: Any) -> None:
        super().__init__(**options)
        self.url_name, self.key = url_name, Accessor(key)

    def render(self, value: Any, record: Any, table: Any) -> Any:
        key = self.key.resolve(record, quiet=True)
        url = shell_link(table.request, self.url_name, key) if key is not None else None
        if not url:
            return value
        css = WRAPS if any(len(word) > LONG for word in str(value).split()) else ""
        return format_html('<a{} href="{}">{}</a>', css, url, value)


LONG = 30
WRAPS = mark_safe(' class="wraps"')
"""A name with a word of more letters than that is broken: its table is not wider than the page for it alone."""


class NumberColumn(Column):
    """A quantity, right-aligned; a negative one is marked."""

    css = "num"

    def render(self, value: Any) -> str | SafeString:
        text = formats.number(value)
        return format_html('<span class="negative">{}</span>', text) if value < 0 else text


class MoneyColumn(Column):
    """An amount; `currency` is the accessor of its currency, which an export puts into a column of its own."""

    css = "num"

    def __init__(self, *args: Any, currency: str = "currency", **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = Accessor(currency)

    def render(self, value: Any, record: Any) -> str:
        return formats.money(value, self.currency.resolve(record, quiet=True) or "")


class StatusColumn(Column):
    """A state as a dot and a word; a field with choices brings its own words."""

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        return status(str(Accessor(bound_column.accessor).resolve(record)), value)


class SentenceColumn(Column):
    """Why something is so; wide enough to be read on a phone."""

    css = "sentence"


class DateColumn(Column):
    css = "when"

    def render(self, value: Any) -> SafeString:
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value))


class MomentColumn(Column):
    css = "when"

    def render(self, value: Any) -> SafeString:
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


class YesNoColumn(Column):
    empty_values = (None,)

    def render(self, value: Any) -> str:
        return formats.yes_no(value)


class Table(tables2.Table):
    """The base of every table. `default_columns` are shown until the user chooses; none means all.

    `of_values`: the rows are dicts of `queryset.values(…)`, whose keys are the accessors; exports read them as tuples.
    `totals`: records that sum all rows, whatever page is shown: they stand at the foot, and last in an export.
    `stacks`: on a narrow screen each row is a stack of its cells, for tables with long texts.
    """

    default_columns: tuple[str, ...] = ()
    of_values = False
    stacks = False
    totals: Sequence[Any] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"order_by_field": "sort", "default": "–", **options})

    def choosable(self) -> list[Any]:
        """Every column that the user may show or hide, in order."""
        return list(self.columns.iterall())

    def show_only(self, names: list[str]) -> None:
        """Show the chosen columns; names that no longer exist are passed over, and nothing left means the default."""
        known = [column.name for column in self.choosable()]
        shown = [name for name in names if name in known] or list(self.default_columns) or known
        for name in known:
            (self.columns.show if name in shown else self.columns.hide)(name)

    def headings(self) -> Iterator[dict[str, Any]]:
        """What the head of the table shows: label, class, state of sorting and the next `sort` parameter."""
        for column in self.columns:
            ordered = str(column.order_by_alias)
            direction = ("descending" if ordered.startswith("-") else "ascending") if column.is_ordered else ""
            yield {
                "name": column.name,
                "label": column.header,
                "css": getattr(column.column, "css", ""),
                "sort": str(column.order_by_alias.next) if column.orderable else "",
                "direction": direction,
            }

    def learn(self, records: Sequence[Any]) -> None:
        """Before cells of these records are made: what their columns look up is looked up here, once for all."""

    def body(self) -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
        """Rows of this page as (record, [(class, cell)]): no template and no attribute lookup per cell."""
        columns = [(column.name, getattr(column.column, "css", "")) for column in self.columns]
        rows = list(self.paginated_rows)
        self.learn([row.record for row in rows])
        for row in rows:
            yield row.record, [(css, row.get_cell(name)) for name, css in columns]

    def foot(self) -> Iterator[list[tuple[str, Any]]]:
        """The cells of the totals, with their classes."""
        columns = [(column.name, getattr(column.column, "css", "")) for column in self.columns]
        for record in self.totals:
            row = BoundRow(record, self)
            yield [(css, row.get_cell(name)) for name, css in columns]
