"""The lines and limits of a quote, as a preview shows them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.request import PageRequest
from resellerhub.web.tables import Column, MoneyColumn, NumberColumn, Table
from subscriptions.event_words import LINES
from subscriptions.quoting import Line, total_of


class LineTable(Table):
    """What and how much first: that is seen on a narrow screen, too."""

    what = Column(verbose_name=_("What"), accessor="code")
    amount = MoneyColumn(verbose_name=_("Amount"), currency="currency")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    price = Column(verbose_name=_("Price of one unit"), accessor="unit_price")
    period = Column(verbose_name=_("Period"), accessor="starts_on")
    days = Column(verbose_name=_("Days or cycles"))

    def render_what(self, value: str, record: Any) -> str:
        return f"{LINES[value]}: {record.name}"

    def render_price(self, value: Decimal, record: Any) -> str:
        each = formats.money(value, record.currency)
        return f"{each} {Cycle(record.cycle).label}" if record.of_days else each

    def render_period(self, record: Any) -> str:
        if not record.of_days:
            return formats.day(record.starts_on)
        return f"{formats.day(record.starts_on)} – {formats.day(record.ends_on)}"

    def render_days(self, record: Any) -> str:
        if not record.of_days:
            return "–"
        if record.cycles > 1:
            return f"{formats.number(record.cycles)} × {Cycle(record.cycle).label}"
        return f"{formats.number(record.days)} / {formats.number(record.of_days)}"


IN_TOTAL = _("In total")


def lines_part(
    request: PageRequest,
    lines: Sequence[Line],
    total: Decimal,
    cost_lines: Sequence[Line] = (),
    label: Any = IN_TOTAL,
) -> dict[str, Any]:
    """Lines and what they come to, as `subscriptions/lines.html` shows them: the holder's, and what of it its seller is
    charged itself."""
    tables = [LineTable(list(rows)) for rows in (lines, cost_lines)]
    for table in tables:
        table.request, table.orderable = request, False
    return {
        "lines": tables[0] if lines else None,
        "total": formats.money(total, lines[0].currency) if lines else "",
        "total_label": label,
        "cost_lines": tables[1] if cost_lines else None,
        "cost_total": formats.money(total_of(cost_lines), cost_lines[0].currency) if cost_lines else "",
    }


class LimitTable(Table):
    resource = Column(verbose_name=_("Resource"), accessor="name")
    before = NumberColumn(verbose_name=_("Now"))
    after = NumberColumn(verbose_name=_("Then"))
    unit = Column(verbose_name=_("Unit"))
    left = NumberColumn(verbose_name=_("Left at the source"))
