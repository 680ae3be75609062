"""What the lists of subscriptions show, and what can be exported of them."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.models import PackageResource
from resellerhub.web.statuses import status
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    NumberColumn,
    StatusColumn,
    Table,
    YesNoColumn,
)
from subscriptions.tables.columns import FigureColumn, OwedColumn, PriceColumn


class SubscriptionTable(Table):
    name = LinkColumn("subscription", verbose_name=_("Subscription"), accessor="title")
    id = Column(verbose_name=_("ID"), accessor="pk")
    owner = Column(verbose_name=_("Owner"), accessor="tenant_name")
    package = Column(verbose_name=_("Package"), accessor="package__name")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    price = PriceColumn("price", verbose_name=_("Price"))
    cost = OwedColumn("cost", verbose_name=_("Your cost"))
    cost_once = YesNoColumn(verbose_name=_("Cost owed once"), accessor="figures__cost_once", orderable=False)
    margin = FigureColumn("margin", verbose_name=_("Your margin"))
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    instance = Column(verbose_name=_("Service instance"), accessor="service_instance__name")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    status = StatusColumn(verbose_name=_("Status"), accessor="state")
    started = DateColumn(verbose_name=_("Started"), accessor="started_on")
    closed = DateColumn(verbose_name=_("Closed"), accessor="closed_on")

    default_columns = ("name", "id", "owner", "package", "quantity", "price", "seller", "status")


class HoldingTable(Table):
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    allocated = NumberColumn(verbose_name=_("Allocated"))
    sold = NumberColumn(verbose_name=_("Sold"))
    used = NumberColumn(verbose_name=_("Used"))
    remaining = NumberColumn(verbose_name=_("Remaining"))
    unit = Column(verbose_name=_("Unit"), accessor="resource__unit")
    measured = MomentColumn(verbose_name=_("Measured"), accessor="used_at")
    quota = ChoiceColumn(PackageResource.Quota.choices, verbose_name=_("Quota"), orderable=False)
    ceiling = NumberColumn(verbose_name=_("Ceiling"))
    state = Column(verbose_name=_("Status"), accessor="is_blocked", orderable=False)

    def render_state(self, value: bool, record: Any) -> SafeString:
        if value:
            return status("blocked", _("Blocked"), "bad")
        if record.remaining < 0:
            return status("over", _("Over quota"))
        return status("within", _("Within quota"), "good")


class GrantTable(Table):
    at = MomentColumn(verbose_name=_("When"), accessor="made_at")
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    kind = Column(verbose_name=_("Granted by"))
    amount = NumberColumn(verbose_name=_("Amount"))


class PhaseTable(Table):
    """The timeline: a day on which something changes belongs to what comes after."""

    starts = DateColumn(verbose_name=_("From"), accessor="starts_on")
    ends = DateColumn(verbose_name=_("Until"), accessor="ends_on")
    package = Column(verbose_name=_("Package"), accessor="version__package__name")
    version = DateColumn(verbose_name=_("Version of"), accessor="version__effective_on")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    status = StatusColumn(verbose_name=_("Status"), accessor="state")
    price = PriceColumn("price", verbose_name=_("Price"))
    income = OwedColumn("income", verbose_name=_("You are paid"))
    cost = OwedColumn("cost", verbose_name=_("Your cost"))
    margin = FigureColumn("margin", verbose_name=_("Your margin"))
