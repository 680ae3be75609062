"""What the list of documents shows, what stands on one, and how they are numbered."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from invoicing.models import DocumentKind
from invoicing.models.lines import CATEGORIES
from invoicing.selectors.accounts import STANDINGS
from invoicing.tables.charges import WordColumn
from resellerhub.kernel.periods import Period
from resellerhub.web import formats
from resellerhub.web.shells import shell_link
from resellerhub.web.tables import Column, DateColumn, LinkColumn, MoneyColumn, NumberColumn, StatusColumn, Table


class CalledColumn(LinkColumn):
    """The number; a draft has none."""

    def render(self, value: Any, record: Any, table: Any) -> Any:
        return super().render(value or str(record), record, table)

    def value(self, value: Any) -> Any:
        return value


class StandingColumn(StatusColumn):
    """Whether it is paid or overdue, too."""

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        return super().render(STANDINGS[value], record, bound_column)

    def value(self, value: Any) -> str:
        return str(STANDINGS[value])


class InvoiceTable(Table):
    number = CalledColumn(
        "invoice", verbose_name=_("Number"), accessor="full_number", order_by=("number", "full_number"), empty_values=()
    )
    kind = WordColumn(DocumentKind.choices, verbose_name=_("Kind"))
    payer = Column(verbose_name=_("Payer"), accessor="payer_name")
    issuer = Column(verbose_name=_("Issuer"), accessor="issuer_name")
    issued = DateColumn(verbose_name=_("Issued"), accessor="issued_on")
    due = DateColumn(verbose_name=_("Due"), accessor="due_on")
    net = MoneyColumn(verbose_name=_("Net"))
    tax = MoneyColumn(verbose_name=_("Tax"))
    total = MoneyColumn(verbose_name=_("Total"), accessor="gross")
    payable = MoneyColumn(verbose_name=_("To pay"))
    open = MoneyColumn(verbose_name=_("Open"))
    status = StandingColumn(verbose_name=_("Status"), accessor="standing")

    default_columns = ("number", "kind", "payer", "issued", "due", "total", "open", "status")


class LineTable(Table):
    position = NumberColumn(verbose_name=_("No."))
    label = Column(verbose_name=_("Description"), accessor="label_shown")
    service = Column(verbose_name=_("Service"), accessor="service_start")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    unit_price = MoneyColumn(verbose_name=_("Unit price"), currency="document__currency")
    share = Column(verbose_name=_("Share"), accessor="ratio")
    rate = Column(verbose_name=_("Tax"))
    amount = MoneyColumn(verbose_name=_("Amount"), currency="document__currency")

    def render_service(self, record: Any) -> str:
        if record.service_start == record.service_end:
            return formats.day(record.service_start)
        last = Period(record.service_start, record.service_end).last_day
        return f"{formats.day(record.service_start)} – {formats.day(last)}"

    def render_share(self, record: Any) -> str:
        return "" if record.part == record.whole else record.ratio

    def render_rate(self, record: Any) -> str:
        return taxed(record)


class TaxTable(Table):
    category = Column(verbose_name=_("Tax"))
    net = MoneyColumn(verbose_name=_("Net"), currency="document__currency")
    tax = MoneyColumn(verbose_name=_("Tax amount"), currency="document__currency")

    def render_category(self, record: Any) -> str:
        return taxed(record)


def taxed(row: Any) -> str:
    """A rate, or why there is none."""
    return f"{formats.number(row.rate.normalize() + 0)} %" if row.rate else str(dict(CATEGORIES)[row.category])


class SeriesTable(Table):
    kind = WordColumn(DocumentKind.choices, verbose_name=_("Kind"))
    pattern = Column(verbose_name=_("Beginning of the numbers"))
    next = Column(verbose_name=_("Next number"), accessor="pk")
    start = NumberColumn(verbose_name=_("First number"))
    last = DateColumn(verbose_name=_("Last issued"), accessor="last_issued_on")
    status = Column(verbose_name=_("Status"), accessor="is_current")
    issuer = Column(verbose_name=_("Issuer"), accessor="issuer_name")

    default_columns = ("kind", "pattern", "next", "last", "status", "issuer")

    def render_kind(self, record: Any) -> SafeString | str:
        word = record.get_kind_display()
        is_open = record.is_current and record.is_own
        url = shell_link(self.request, "number_series_edit", record.kind) if is_open else None
        return format_html('<a href="{}">{}</a>', url, word) if url else str(word)

    def render_next(self, record: Any) -> str:
        return str(record) if record.is_current else ""

    def value_next(self, record: Any) -> str:
        return str(record) if record.is_current else ""

    def render_status(self, value: bool) -> str:
        return str(_("In use") if value else _("Retired"))
