"""What the lists of subscriptions show, and what can be exported of them."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.models import PackageResource
from resellerhub.kernel.periods import Cycle
from resellerhub.web.shells import shell_url
from resellerhub.web.statuses import status
from resellerhub.web.tables import (
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SentenceColumn,
    StatusColumn,
    Table,
    YesNoColumn,
)
from subscriptions.models import PhaseFee
from subscriptions.push_words import ended, ended_status, outcome_of, sentence
from subscriptions.selectors.orders import public_name, tell_prices
from subscriptions.services.phases import day_of
from tenants.naming import seller_path


class FigureColumn(MoneyColumn):
    """One of the figures of a row; they are all for the cycle that stands with the price."""

    def __init__(self, figure: str, **options: Any) -> None:
        super().__init__(accessor=f"figures__{figure}", currency="figures__currency", orderable=False, **options)

    def render(self, value: Any, record: Any) -> str | SafeString:
        amount = super().render(value, record)
        return format_html('<span class="negative">{}</span>', amount) if value < 0 else amount


class PriceColumn(FigureColumn):
    def render(self, value: Any, record: Any) -> SafeString:
        cycle = Cycle(record.figures.cycle).label
        return format_html('{} <span class="text-secondary">{}</span>', super().render(value, record), cycle)


class OwedColumn(FigureColumn):
    """A figure that may be owed once by a reseller, however many it sells."""

    def render(self, value: Any, record: Any) -> str | SafeString:
        amount, key = super().render(value, record), str(self.accessor).removeprefix("figures__")
        told = format_html('{} <span class="text-secondary">{}</span>', amount, _("once per reseller"))
        return told if getattr(record.figures, f"{key}_once") else amount


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
    quota = Column(verbose_name=_("Quota"), orderable=False)
    ceiling = NumberColumn(verbose_name=_("Ceiling"))
    state = Column(verbose_name=_("Status"), accessor="is_blocked", orderable=False)

    def render_quota(self, value: str) -> Any:
        return PackageResource.Quota(value).label

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


class BuyerTable(Table):
    """Whom to sell to: a name leads to the form."""

    name = Column(verbose_name=_("Organisation"), order_by=("by_name",))
    id = Column(verbose_name=_("ID"), accessor="pk")
    kind = Column(verbose_name=_("Kind"))
    owner = Column(verbose_name=_("Tenant owner"), accessor="owner_email")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")

    def render_name(self, value: str, record: Any) -> SafeString:
        url = shell_url(self.request, "subscription_create")
        return format_html('<a href="{}?tenant={}">{}</a>', url, record.pk, value)

    def value_name(self, value: str) -> str:
        return value


class ListingTable(Table):
    """What can be ordered from the reader's own tenant."""

    package = LinkColumn("listing", verbose_name=_("Package"), accessor="package__name")
    audience = Column(verbose_name=_("For"), accessor="package__audience")
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    instance = Column(verbose_name=_("Service instance"), accessor="service_instance__name")
    price = MoneyColumn(verbose_name=_("Price"), accessor="asked__amount", currency="asked__currency", orderable=False)
    cycle = Column(verbose_name=_("Billing cycle"), accessor="asked__cycle", orderable=False)
    approval = YesNoColumn(verbose_name=_("Needs approval"), accessor="needs_approval")
    active = YesNoColumn(verbose_name=_("Can be ordered"), accessor="is_active")
    text = Column(verbose_name=_("Description"))

    default_columns = ("package", "audience", "price", "cycle", "approval", "active")

    def learn(self, records: Sequence[Any]) -> None:
        tell_prices(self.request.actor, records, day_of(timezone.now()))

    def render_audience(self, record: Any) -> str:
        return str(record.package.get_audience_display())

    def render_cycle(self, value: str) -> str:
        return cycle_word(value)


class ServiceTable(Table):
    """What the reader's tenant can order, by the name for end users."""

    name = Column(verbose_name=_("Service"), accessor="package__name")
    text = Column(verbose_name=_("Description"))
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    price = MoneyColumn(verbose_name=_("Price"), accessor="asked__amount", currency="asked__currency", orderable=False)
    cycle = Column(verbose_name=_("Billing cycle"), accessor="asked__cycle", orderable=False)
    approval = YesNoColumn(verbose_name=_("Needs approval"), accessor="needs_approval")

    stacks = True

    def learn(self, records: Sequence[Any]) -> None:
        tell_prices(self.request.actor, records, day_of(timezone.now()))

    def render_name(self, record: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', shell_url(self.request, "service", record.pk), public_name(record))

    def value_name(self, record: Any) -> str:
        return public_name(record)

    def render_cycle(self, value: str) -> str:
        return cycle_word(value)


class OrderTable(Table):
    number = LinkColumn("order", verbose_name=_("Number"), accessor="pk")
    who = Column(verbose_name=_("Ordered by"), accessor="tenant_name")
    service = Column(verbose_name=_("Service"), accessor="public_name")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    price = MoneyColumn(verbose_name=_("Price"), accessor="unit_price")
    total = MoneyColumn(verbose_name=_("Total"))
    cycle = Column(verbose_name=_("Billing cycle"))
    status = StatusColumn(verbose_name=_("Status"), accessor="state")
    ordered = MomentColumn(verbose_name=_("Ordered"), accessor="made_at")
    decided = MomentColumn(verbose_name=_("Decided"), accessor="decided_at")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    comment = Column(verbose_name=_("Comment"), accessor="comment_shown")

    default_columns = ("number", "who", "service", "quantity", "total", "cycle", "status", "ordered")


class OfferingTable(Table):
    """What a commission reseller may offer."""

    name = LinkColumn("package", verbose_name=_("Package"), accessor="package__name", key="package_id")
    audience = Column(verbose_name=_("For"), accessor="package__audience")
    service_type = Column(verbose_name=_("Service type"), accessor="package__service_type__name")
    active = YesNoColumn(verbose_name=_("Active"), accessor="package__is_active")
    chosen = MomentColumn(verbose_name=_("Chosen"), accessor="made_at")

    def render_audience(self, record: Any) -> str:
        return str(record.package.get_audience_display())


def cycle_word(cycle: str) -> str:
    return str(Cycle(cycle).label) if cycle in Cycle.values else cycle


class PushTable(Table):
    package = LinkColumn("push", accessor="package__name", verbose_name=_("New terms for"))
    id = Column(verbose_name=_("ID"), accessor="pk")
    limits = YesNoColumn(verbose_name=_("Limits"))
    prices = YesNoColumn(verbose_name=_("Prices"))
    state = StatusColumn(accessor="job__state", verbose_name=_("Status"))
    total = NumberColumn(accessor="job__total", verbose_name=_("Targets"))
    done = NumberColumn(accessor="job__done", verbose_name=_("Changed"))
    skipped = NumberColumn(accessor="job__skipped", verbose_name=_("Skipped"))
    failed = NumberColumn(accessor="job__failed", verbose_name=_("Failed"))
    next_on = DateColumn(verbose_name=_("Goes on"))
    by = Column(accessor=seller_path("tenant"), verbose_name=_("Pushed by"))
    created_at = MomentColumn(verbose_name=_("Started"))

    default_columns = (*("package", "limits", "prices", "state", "total", "done", "skipped", "failed"), "next_on")


class PushTargetTable(Table):
    """Every target of a push with its outcome."""

    subscription_name = LinkColumn("subscription", key="seen", verbose_name=_("Subscription"))
    subject_id = NumberColumn(verbose_name=_("Subscription ID"))
    holder_name = Column(verbose_name=_("Holder"))
    outcome = Column(accessor="state", verbose_name=_("Outcome"))
    why = SentenceColumn(accessor="reason", empty_values=(), verbose_name=_("Why"), orderable=False)

    def render_outcome(self, record: Any) -> SafeString:
        return ended_status(record.state, record.reason)

    def value_outcome(self, record: Any) -> str:
        return ended(record.state, record.reason)

    def render_why(self, record: Any) -> str:
        return sentence(outcome_of(record.state, record.reason), record.facts) or "–"

    def value_why(self, record: Any) -> str:
        return str(record.reason)


class ForeseenTable(Table):
    """Some targets of a preview, with what would become of each."""

    title = LinkColumn("subscription", key="pk", verbose_name=_("Subscription"))
    holder = Column(verbose_name=_("Holder"))
    seller = Column(verbose_name=_("Seller"))
    outcome = Column(verbose_name=_("Outcome"))
    why = SentenceColumn(verbose_name=_("Why"))
    change = Column(verbose_name=_("For one unit"))


class PushedMoneyTable(Table):
    """What those that change owe who pushes, before and then."""

    stream = Column(verbose_name=_("What is owed"))
    cycle = Column(verbose_name=_("Billing cycle"))
    targets = NumberColumn(verbose_name=_("Subscriptions"))
    before = MoneyColumn(verbose_name=_("Before"))
    after = MoneyColumn(verbose_name=_("Afterwards"))
    difference = MoneyColumn(verbose_name=_("Difference"))

    def render_stream(self, value: str) -> str:
        return str(PhaseFee.Stream(value).label)

    def render_cycle(self, value: str) -> str:
        return str(Cycle(value).label)


class GrantedTable(Table):
    """What a sale grants, and what its seller has left to sell of it."""

    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    granted = NumberColumn(verbose_name=_("Granted"), accessor="amount")
    unit = Column(verbose_name=_("Unit"), accessor="resource__unit")
    before = NumberColumn(verbose_name=_("Left to sell"), accessor="remaining_before")
    after = NumberColumn(verbose_name=_("Left afterwards"), accessor="remaining_after")


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
