"""Reads for the reports: rows as plain values, what would help a row, and the roll-up as an indented tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from addons.models import AddOn, AddOnResource, AddOnVersion
from addons.owing import linked
from catalog.models import Resource
from reports.models import ReportRun
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.money import Money
from resellerhub.kernel.refusals import found
from subscriptions.models import QUANTITY_MAX, Grant, Holding, UsageEvent
from subscriptions.naming import called
from subscriptions.owing import line_of
from subscriptions.selectors.behind import counted_events, drawn_from
from subscriptions.selectors.over_usage import over_usage, roll_up
from tenants.actor import Actor
from tenants.models import Profile, Tenant
from tenants.naming import shown
from tenants.selectors import last_hidden

WITHDRAWN = "names_hidden"
"""Why a file that was written is not given any more."""

ROW = (
    "id",
    "subscription_id",
    "title",
    "subscription__state",
    "resource_id",
    "resource__name",
    "resource__unit",
    "resource__service_type__name",
    "tenant_id",
    "tenant__kind",
    "holder_name",
    "reseller_ref",
    "reseller_name",
    "basis",
    "allocated",
    "sold",
    "used",
    "utilised",
    "remaining",
)


def over_usage_rows(actor: Actor, **asked: Any) -> QuerySet[Holding, Any]:
    """The rows of `subscriptions.selectors.over_usage`, which takes the same filters, without their objects."""
    rows: QuerySet[Holding, Any] = over_usage(actor, **asked).values(*ROW)
    return rows


def holding_behind(actor: Actor, subscription_id: int, resource_id: int) -> Holding:
    """The one row of the report, over quota or not; `NotFound` when there is none in scope."""
    rows = over_usage(actor, everything=True, subscription=subscription_id, resource=resource_id)
    return found(rows.select_related("subscription__package", "resource__service_type", "tenant", "seller"))


def parts_sold(actor: Actor, holding: Holding) -> QuerySet[Holding, Any]:
    """The subscriptions that draw on the row; what they are allocated is what the row has sold."""
    names = {"title": called(actor, "subscription"), "holder_name": shown(actor)}
    rows: Any = drawn_from(holding).annotate(**names)
    return rows.values(  # type: ignore[no-any-return]
        "id",
        "subscription_id",
        "title",
        "subscription__state",
        "subscription__package__name",
        "tenant_id",
        "tenant__kind",
        "holder_name",
        "resource_id",
        "allocated",
        "used",
    )


def parts_used(actor: Actor, holding: Holding) -> QuerySet[UsageEvent, Any]:
    """The measurements that make up what the row has used."""
    rows = counted_events(holding).annotate(title=called(actor, "subscription"))
    return rows.values("id", "event_id", "subscription_id", "title", "quantity", "at", "received_at")


def parts_allocated(holding: Holding) -> QuerySet[Grant, Any]:
    """The grants whose sum is the row's allocation."""
    grants = Grant.objects.filter(subscription=holding.subscription_id, resource=holding.resource_id)
    return grants.order_by("-made_at", "-pk").values("id", "kind", "source_id", "amount", "made_at")


def total(parts: QuerySet[Any, Any], column: str) -> int:
    """The sum of all parts, in SQL."""
    return int(parts.order_by().aggregate(total=Sum(column))["total"] or 0)


@dataclass(frozen=True, slots=True)
class Remedy:
    """An add-on of the actor's own that raises the resource of a row and may be sold on its subscription."""

    add_on: AddOn
    value: int
    minimum: int
    unit_price: Decimal
    currency: str
    cycle: str
    holding: Holding

    @property
    def needed(self) -> int:
        """The least quantity that clears the row and is no smaller than one sale must be; 99,999 at most."""
        wanted = max(-self.holding.remaining, self.minimum, 1)
        units: int = -(-wanted // self.value)
        return min(units, QUANTITY_MAX)

    def granted(self, quantity: int) -> int:
        return self.value * quantity

    def remaining(self, quantity: int) -> int:
        return int(self.holding.remaining) + self.granted(quantity)

    def price(self, quantity: int) -> Money:
        """What the holder is charged for one billing cycle."""
        return Money(self.unit_price * quantity, self.currency).rounded()


def remedies(actor: Actor, holding: Holding, on: date) -> list[Remedy]:
    """The add-ons that would help, cheapest first for what is missing; none for what the actor holds itself."""
    if holding.tenant_id == actor.tenant_id:
        return []
    sellable = AddOn.objects.sellable_by(actor).filter(packages=holding.subscription.package_id)
    versions = linked(AddOnVersion.objects.filter(add_on__in=sellable.order_by().values("pk")).in_force(on), on)
    values = AddOnResource.objects.filter(version__in=versions, resource=holding.resource_id)
    raised = {each.version_id: each for each in values}
    line = line_of(holding.seller, versions, [holding.tenant], on)
    offers = []
    for version in sorted(versions, key=lambda version: (version.add_on.name, version.add_on_id)):
        if not (each := raised.get(version.pk)):
            continue
        owed = line.chain(version, [holding.tenant]).account[holding.tenant_id]
        offers.append(
            Remedy(
                add_on=version.add_on,
                value=each.value,
                minimum=each.minimum,
                unit_price=owed.amount or Decimal(0),
                currency=owed.currency,
                cycle=owed.cycle,
                holding=holding,
            )
        )
    return sorted(offers, key=lambda remedy: (remedy.currency, remedy.price(remedy.needed).amount))


def roll_up_rows(
    actor: Actor, *, resource: int | None = None, service_type: int | None = None, everything: bool = False
) -> list[dict[str, Any]]:
    """The roll-up in the order of the tree: each branch, by name, stands before what is beneath it.

    `depth` is how far a branch stands beneath the topmost one in sight.
    """
    sums = [row for row in roll_up(actor) if everything or row.over]
    resources = Resource.objects.visible_to(actor).in_bulk({row.resource_id for row in sums})
    branches = Tenant.objects.visible_to(actor).filter(pk__in={row.branch_id for row in sums}).order_by()
    places = dict(branches.values_list("pk", "ancestors"))
    names = dict(Profile.objects.visible_to(actor).filter(tenant__in=places).values_list("tenant", "name"))
    rows = []
    for row in sums:
        named = resources[row.resource_id]
        if resource not in (None, named.pk) or service_type not in (None, named.service_type_id):
            continue
        path = [branch for branch in places[row.branch_id] if branch in names]
        rows.append(
            {
                "branch_id": row.branch_id,
                "branch": names[row.branch_id],
                "depth": len(path) - 1,
                "path": [(names[branch], branch) for branch in path],
                "resource_id": row.resource_id,
                "resource": named.name,
                "position": (named.service_type_id, named.position, named.pk),
                "rows": row.rows,
                "over": row.over,
                "excess": row.excess,
                "allocated": row.allocated,
                "sold": row.sold,
                "used": row.used,
                "utilised": row.utilised,
                "remaining": row.remaining,
            }
        )
    return sorted(rows, key=lambda row: (row["path"], row["position"]))


SUMMED = ("rows", "over", "excess", "allocated", "sold", "used", "utilised", "remaining")


def roll_up_totals(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a roll-up sums to, for each resource by itself: its topmost branches, which hold all the others, so that
    every row of the report counts once."""
    totals: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["depth"]:
            continue
        begun = {"resource_id": row["resource_id"], "resource": row["resource"], "position": row["position"]}
        total = totals.setdefault(row["resource_id"], {**begun, **dict.fromkeys(SUMMED, 0)})
        for name in SUMMED:
            total[name] += row[name]
    return sorted(totals.values(), key=lambda total: total["position"])


def report_runs(actor: Actor) -> QuerySet[ReportRun]:
    """The files that the actor may fetch; `reason` says why there is none, and is empty else.

    A file may hold names that were hidden after it was asked for: it is withdrawn, until they are shown again.
    """
    failed = JobItem.objects.filter(job=OuterRef("job_id"), state=JobItem.State.FAILED).values("reason")
    runs = ReportRun.objects.visible_to(actor).select_related("job", "user")
    reason: Any = Coalesce(Subquery(failed[:1]), Value(""))
    if last := last_hidden(actor):
        reason = Case(When(~Q(file="") & Q(created_at__lte=last), then=Value(WITHDRAWN)), default=reason)
    return runs.annotate(reason=reason).order_by("-pk")
