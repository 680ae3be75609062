"""Columns of the lists of add-ons, sales and bulk sales, on the page and in their exports."""

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.models import AddOnSale
from addons.outcomes import SOLD, outcome_status, outcome_words, target_label
from addons.services.previews import NO_SUBSCRIPTION
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.statuses import status
from resellerhub.web.tables import (
    Column,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SentenceColumn,
    StatusColumn,
    Table,
    YesNoColumn,
)
from tenants.naming import seller_path

LINE = mark_safe("<br>")


class SoldColumn(Column):
    """Whether an add-on is sold at present."""

    def render(self, value: bool) -> SafeString:
        return status("active" if value else "inactive", self.value(value))

    def value(self, value: Any) -> Any:
        return _("Active") if value else _("Inactive")


class CopiedColumn(YesNoColumn):
    """Whether an add-on is the copy of another."""

    def value(self, value: Any) -> Any:
        return value is not None


class GrantsColumn(Column):
    """What a sale raised: resources with their amounts, a line each."""

    def render(self, value: Any) -> str:
        lines = ((each["name"], formats.number(each["amount"])) for each in value)
        return format_html_join(LINE, "{}: {}", lines) or "–"

    def value(self, value: Any) -> Any:
        return ", ".join(f"{each['name']}: {each['amount']}" for each in value)


class PriceColumn(MoneyColumn):
    """A price with the cycle in which it is due."""

    def render(self, value: Any, record: Any) -> str:
        return f"{super().render(value, record)} {record.get_cycle_display()}"


class OutcomeColumn(Column):
    """How a target ended: sold, waiting, or skipped or failed with its reason."""

    def render(self, record: Any) -> SafeString:
        return outcome_status(record.state, record.reason)

    def value(self, record: Any) -> Any:
        return target_label(record.state, record.reason)


class SubscriptionColumn(LinkColumn):
    """The subscription of a sale, as far as its name may be read."""

    def __init__(self, **options: Any) -> None:
        named = {"accessor": "title", "key": "subscription_id", "verbose_name": gettext_lazy("Subscription")}
        super().__init__("subscription", **named | options)


class AddOnTable(Table):
    name = LinkColumn("add_on", verbose_name=gettext_lazy("Name"))
    pk = NumberColumn(verbose_name=gettext_lazy("ID"))
    owner = Column(accessor=seller_path("tenant"), verbose_name=gettext_lazy("Owner"))
    service_type = Column(accessor="service_type__name", verbose_name=gettext_lazy("Service type"))
    is_active = SoldColumn(verbose_name=gettext_lazy("Status"))
    reseller_price = MoneyColumn(verbose_name=gettext_lazy("Price for resellers"))
    customer_price = MoneyColumn(verbose_name=gettext_lazy("Price for customers"))
    cycle = Column(verbose_name=gettext_lazy("Billing cycle"))
    copied = CopiedColumn(accessor="copied_from_id", empty_values=(), verbose_name=gettext_lazy("Copy"))
    created_at = MomentColumn(verbose_name=gettext_lazy("Created"))

    default_columns: tuple[str, ...] = (
        "name",
        "owner",
        "service_type",
        "is_active",
        "reseller_price",
        "customer_price",
        "cycle",
    )


class BoughtAddOnTable(AddOnTable):
    """For customers: what they pay, and not what it costs whoever sells to them."""

    default_columns = ("name", "service_type", "customer_price", "cycle")

    class Meta:
        exclude = ("owner", "reseller_price", "copied", "is_active")


class SaleTable(Table):
    """Sales of one add-on."""

    subscription = SubscriptionColumn()
    holder = Column(accessor="tenant_name", verbose_name=gettext_lazy("Holder"))
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    granted = GrantsColumn(verbose_name=gettext_lazy("Granted"), orderable=False)
    unit_price = PriceColumn(verbose_name=gettext_lazy("Unit price"))
    state = StatusColumn(accessor="state", verbose_name=gettext_lazy("Status"))
    sold_at = MomentColumn(verbose_name=gettext_lazy("Sold"))


class TenantSaleTable(Table):
    """Sales to one tenant, on whichever subscription."""

    add_on = LinkColumn("add_on", accessor="add_on__name", key="add_on_id", verbose_name=gettext_lazy("Add-on"))
    subscription = SubscriptionColumn()
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    granted = GrantsColumn(verbose_name=gettext_lazy("Granted"))
    unit_price = PriceColumn(verbose_name=gettext_lazy("Unit price"))
    state = StatusColumn(verbose_name=gettext_lazy("Status"))
    sold_at = MomentColumn(verbose_name=gettext_lazy("Sold"))


class HeldSaleTable(Table):
    """Sales on one subscription."""

    add_on = LinkColumn("add_on", accessor="add_on__name", key="add_on_id", verbose_name=gettext_lazy("Add-on"))
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    granted = GrantsColumn(verbose_name=gettext_lazy("Granted"))
    unit_price = PriceColumn(verbose_name=gettext_lazy("Unit price"))
    state = StatusColumn(verbose_name=gettext_lazy("Status"))
    sold_at = MomentColumn(verbose_name=gettext_lazy("Sold"))
    cancel = LinkColumn("add_on_sale_cancel", empty_values=(), verbose_name=gettext_lazy("Action"))

    def render_cancel(self, record: Any, column: LinkColumn) -> Any:
        if record.state != AddOnSale.State.ACTIVE:
            return "–"
        return column.render(_("Cancel"), record, self)


class OwnSaleTable(HeldSaleTable):
    """For the holder itself, who cancels with its seller."""

    class Meta:
        exclude = ("cancel",)


class GrantTable(Table):
    """What one unit of an add-on grants."""

    resource = Column(accessor="resource__name", verbose_name=gettext_lazy("Resource"))
    value = NumberColumn(verbose_name=gettext_lazy("Value"))
    minimum = NumberColumn(verbose_name=gettext_lazy("Minimum per sale"), empty_values=(None, 0))

    def render_value(self, value: int, record: Any) -> str:
        return f"{formats.number(value)} {record.resource.unit}".strip()


class PackageTable(Table):
    name = LinkColumn("package", verbose_name=gettext_lazy("Package"))
    audience = Column(verbose_name=gettext_lazy("For"))
    owner = Column(accessor="owner_name", verbose_name=gettext_lazy("Owner"))


class CopyTable(Table):
    """Copies of an add-on under resellers."""

    name = LinkColumn("add_on", verbose_name=gettext_lazy("Name"))
    owner = Column(accessor=seller_path("tenant"), verbose_name=gettext_lazy("Owner"))
    customer_price = MoneyColumn(verbose_name=gettext_lazy("Price for customers"))
    is_active = SoldColumn(verbose_name=gettext_lazy("Status"))


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

    subscription_name = LinkColumn("subscription", key="subject_id", verbose_name=gettext_lazy("Subscription"))
    subject_id = NumberColumn(verbose_name=gettext_lazy("Subscription ID"))
    holder_name = Column(verbose_name=gettext_lazy("Holder"))
    package_name = Column(verbose_name=gettext_lazy("Package"))
    outcome = OutcomeColumn(accessor="state", verbose_name=gettext_lazy("Outcome"))
    reason = SentenceColumn(verbose_name=gettext_lazy("Why"), orderable=False)

    def render_reason(self, value: str, record: Any) -> str:
        return outcome_words(value, record.facts or {})

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
        is_sold = value == SOLD
        return outcome_status(JobItem.State.DONE if is_sold else JobItem.State.SKIPPED, "" if is_sold else value)

    def render_why(self, value: str, record: Any) -> str:
        return "–" if value == SOLD else outcome_words(value, record.facts)


class ChargeTable(Table):
    """What each seller would be owed, and would owe, for the sales of a preview."""

    seller_name = Column(verbose_name=gettext_lazy("Owed to"))
    sales = NumberColumn(verbose_name=gettext_lazy("Sales"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Charged"))
    cost = MoneyColumn(verbose_name=gettext_lazy("Costs this seller"))
    cycle = Column(verbose_name=gettext_lazy("Billing cycle"))

    def render_cycle(self, value: str) -> str:
        return str(Cycle(value).label)


class UnreachedTable(Table):
    """Resellers that were chosen for a bulk sale and had no subscription that fits."""

    name = LinkColumn("reseller", verbose_name=gettext_lazy("Reseller"))
    pk = NumberColumn(verbose_name=gettext_lazy("ID"))
    status = StatusColumn(verbose_name=gettext_lazy("Status"))
    reason = SentenceColumn(empty_values=(), verbose_name=gettext_lazy("Why"), orderable=False)

    def render_reason(self) -> str:
        return outcome_words(NO_SUBSCRIPTION, {})

    def value_reason(self) -> str:
        return NO_SUBSCRIPTION
