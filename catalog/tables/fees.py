"""What the lists of fees and of their versions show, and what can be exported of them."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import FeeVersion
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.shells import shell_link
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
    YesNoColumn,
)


def charged(version: FeeVersion, currency: str, *, own: bool = True) -> str:
    """What one unit costs, by each cycle in which it is offered; without its `own`, by those beside that."""
    said = version.amounts.items()
    each = [
        f"{formats.money(amount, currency)} {Cycle(cycle).label}"
        for cycle, amount in said
        if own or cycle != version.cycle
    ]
    return ", ".join(each)


class FeeTable(Table):
    name = LinkColumn("fee", verbose_name=gettext_lazy("Fee"))
    id = Column(verbose_name=gettext_lazy("ID"), accessor="pk")
    kind = Column(verbose_name=gettext_lazy("Kind"))
    manager = Column(verbose_name=gettext_lazy("Managed by"), accessor="manager_name")
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"))
    cycle = ChoiceColumn(Cycle.choices, verbose_name=gettext_lazy("Billing cycle"))
    billed = ChoiceColumn(FeeVersion.Billed.choices, verbose_name=gettext_lazy("Billed"))
    public_name = Column(verbose_name=gettext_lazy("Name for end users"))
    shared = YesNoColumn(verbose_name=gettext_lazy("Share with resellers"), accessor="is_shared")
    more_than_once = YesNoColumn(
        verbose_name=gettext_lazy("May be applied more than once"), accessor="applies_more_than_once"
    )
    active = YesNoColumn(verbose_name=gettext_lazy("Active"), accessor="is_active")
    created = MomentColumn(verbose_name=gettext_lazy("Created"), accessor="created_at")

    default_columns = ("name", "kind", "manager", "amount", "cycle", "shared", "active")


class FeeVersionTable(Table):
    effective = DateColumn(verbose_name=gettext_lazy("Effective from"), accessor="effective_on")
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"), currency="fee__currency")
    cycle = Column(verbose_name=gettext_lazy("Billing cycle"))
    further = Column(verbose_name=gettext_lazy("Further billing cycles"), accessor="pk")
    billed = Column(verbose_name=gettext_lazy("Billed"))
    activation = MoneyColumn(
        verbose_name=gettext_lazy("Activation fee"), accessor="activation_amount", currency="fee__currency"
    )
    term = NumberColumn(verbose_name=gettext_lazy("Minimum term in months"), accessor="minimum_months")
    cancellation = MoneyColumn(
        verbose_name=gettext_lazy("Early cancellation fee"), accessor="cancellation_amount", currency="fee__currency"
    )
    window = NumberColumn(verbose_name=gettext_lazy("Cancellation window in hours"), accessor="cancellation_hours")
    prorates = Column(verbose_name=gettext_lazy("Prorated"), accessor="prorates_first", empty_values=())
    credits = YesNoColumn(verbose_name=gettext_lazy("Credit suspended days"), accessor="credits_suspension")
    public_name = Column(verbose_name=gettext_lazy("Name for end users"))
    made = MomentColumn(verbose_name=gettext_lazy("Made"), accessor="made_at")

    def render_further(self, record: FeeVersion) -> str:
        return charged(record, record.fee.currency, own=False)

    def render_prorates(self, record: FeeVersion) -> str:
        words = {
            (True, True): _("First and last period"),
            (True, False): _("First period"),
            (False, True): _("Last period"),
        }
        return str(words.get((record.prorates_first, record.prorates_last), _("No")))


class UseTable(Table):
    """Who uses something, one kind at a time."""

    name = Column(verbose_name=gettext_lazy("Name"))
    note = Column(verbose_name=gettext_lazy("For whom"))

    def render_name(self, value: Any, record: Any) -> Any:
        url = shell_link(self.request, record.url_name, record.pk)
        return format_html('<a href="{}">{}</a>', url, value) if url else value
