"""The lines and limits of a quote, as a preview shows them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.tables import Column, DateColumn, MoneyColumn, NumberColumn, Table

LINES = {
    "charge": _("Charge"),
    "credit": _("Credit"),
    "activation": _("Activation fee"),
    "cancellation": _("Early cancellation fee"),
    "renewal": _("Renewal"),
    "suspension": _("Credit while suspended"),
}


class LineTable(Table):
    what = Column(verbose_name=_("What"), accessor="code")
    name = Column(verbose_name=_("Name"))
    quantity = NumberColumn(verbose_name=_("Quantity"))
    price = MoneyColumn(verbose_name=_("Price of one unit"), accessor="unit_price", currency="currency")
    cycle = Column(verbose_name=_("Billing cycle"))
    starts = DateColumn(verbose_name=_("From"), accessor="starts_on")
    ends = DateColumn(verbose_name=_("Until"), accessor="ends_on")
    days = Column(verbose_name=_("Days"))
    amount = MoneyColumn(verbose_name=_("Amount"), currency="currency")

    stacks = True

    def render_what(self, value: str) -> str:
        return str(LINES[value])

    def render_cycle(self, value: str) -> str:
        return str(Cycle(value).label)

    def render_days(self, record: Any) -> str:
        if not record.of_days:
            return "–"
        if record.days > record.of_days:
            return formats.number(record.days)
        return f"{formats.number(record.days)} / {formats.number(record.of_days)}"


class LimitTable(Table):
    resource = Column(verbose_name=_("Resource"), accessor="name")
    before = NumberColumn(verbose_name=_("Now"))
    after = NumberColumn(verbose_name=_("Then"))
    unit = Column(verbose_name=_("Unit"))
    left = NumberColumn(verbose_name=_("Left at the source"))
