"""Columns of the lists of bulk sales and their targets, on the page and in their exports."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from addons.outcomes import SALES
from addons.services.previews import NO_SUBSCRIPTION
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.periods import Cycle
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SentenceColumn,
    StatusColumn,
    Table,
)
from tenants.naming import seller_path


class OutcomeColumn(Column):
    """How a target ended: sold, waiting, or skipped or failed with its reason."""

    def render(self, record: Any) -> SafeString:
        return SALES.status(record.state, record.reason)

    def value(self, record: Any) -> Any:
        return SALES.ended(record.state, record.reason)


class BulkSaleTable(Table):
    add_on = LinkColumn("bulk_sale", accessor="add_on__name", verbose_name=gettext_lazy("Bulk sale of"))
    pk = NumberColumn(verbose_name=gettext_lazy("ID"))
    audience = Column(verbose_name=gettext_lazy("Sold to"))
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    state = StatusColumn(accessor="job__state", verbose_name=gettext_lazy("Status"))
    total = NumberColumn(accessor="job__total", verbose_name=gettext_lazy("Targets"))
    done = NumberColumn(accessor="job__done", verbose_name=gettext_lazy("Sold"))
    skipped = NumberColumn(accessor="job__skipped", verbose_name=gettext_lazy("Skipped"))
    failed = NumberColumn(accessor="job__failed", verbose_name=gettext_lazy("Failed"))
    seller = Column(accessor=seller_path("tenant"), verbose_name=gettext_lazy("Sold by"))
    created_at = MomentColumn(verbose_name=gettext_lazy("Started"))

    default_columns = (
        "add_on",
        "audience",
        "quantity",
        "state",
        "total",
        "done",
        "skipped",
        "failed",
        "created_at",
    )


class TargetTable(Table):
    """Every target of a bulk sale with its outcome."""

    subscription_name = LinkColumn("subscription", key="seen", verbose_name=gettext_lazy("Subscription"))
    subject_id = NumberColumn(verbose_name=gettext_lazy("Subscription ID"))
    holder_name = Column(verbose_name=gettext_lazy("Holder"))
    package_name = Column(verbose_name=gettext_lazy("Package"))
    outcome = OutcomeColumn(accessor="state", verbose_name=gettext_lazy("Outcome"))
    reason = SentenceColumn(verbose_name=gettext_lazy("Why"), orderable=False)

    def render_reason(self, value: str, record: Any) -> str:
        return SALES.sentence(value, record.facts)

    def value_reason(self, value: str) -> str:
        return value


class ForeseenTable(Table):
    """The targets of a preview, each with what would become of it."""

    title = LinkColumn(
        "subscription", accessor="named__title", key="subscription_id", verbose_name=gettext_lazy("Subscription")
    )
    subscription_id = NumberColumn(verbose_name=gettext_lazy("Subscription ID"))
    holder = Column(accessor="named__tenant_name", verbose_name=gettext_lazy("Holder"))
    package = Column(accessor="named__package__name", verbose_name=gettext_lazy("Package"))
    outcome = Column(verbose_name=gettext_lazy("Outcome"))
    why = SentenceColumn(accessor="outcome", verbose_name=gettext_lazy("Why"))

    def render_outcome(self, value: str) -> SafeString:
        return SALES.status(JobItem.State.DONE if value == SALES.done else JobItem.State.SKIPPED, value)

    def render_why(self, value: str, record: Any) -> str:
        return SALES.sentence(value, record.facts) or "–"


class ChargeTable(Table):
    """What each seller would be owed, and would owe, for the sales of a preview."""

    seller_name = Column(verbose_name=gettext_lazy("Owed to"))
    sales = NumberColumn(verbose_name=gettext_lazy("Sales"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Charged"))
    cost = MoneyColumn(verbose_name=gettext_lazy("Costs this seller"))
    activation = MoneyColumn(verbose_name=gettext_lazy("Activation fee"))
    cycle = ChoiceColumn(Cycle.choices, verbose_name=gettext_lazy("Billing cycle"))


class UnreachedTable(Table):
    """Resellers that were chosen for a bulk sale and had no subscription that fits."""

    name = LinkColumn("reseller", verbose_name=gettext_lazy("Reseller"))
    pk = NumberColumn(verbose_name=gettext_lazy("ID"))
    status = StatusColumn(verbose_name=gettext_lazy("Status"))
    reason = SentenceColumn(empty_values=(), verbose_name=gettext_lazy("Why"), orderable=False)

    def render_reason(self) -> str:
        return SALES.sentence(NO_SUBSCRIPTION)

    def value_reason(self) -> str:
        return NO_SUBSCRIPTION
