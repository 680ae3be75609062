"""Reads about what is held. The over-usage rule stands here once: the report prints it, the bulk sale filters by it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL

from catalog.models import Package, Resource, ServiceInstance
from resellerhub.kernel.text import id_in
from subscriptions import hooks
from subscriptions.models import Holding, HoldingQuerySet, Subscription, UsageEvent
from subscriptions.naming import called
from tenants import naming
from tenants.models import Profile, ResellerTerms, ResellerType, Tenant
from tenants.models.scope import below
from tenants.roles import Kind
from tenants.selectors import directory, events

if TYPE_CHECKING:
    from tenants.actor import Actor


def over_usage(actor: "Actor", **asked: Any) -> HoldingQuerySet:
    """What is utilised beyond its allocation, worst first; `asked` are the filters of `over_usage_alone`.

    Rows carry `reseller_ref` and `reseller_name`: the reseller that holds it, else whoever sold it; `holder_name` and
    `title`, the name of the subscription, as far as the actor may read them. Names of tenants are subqueries, because a
    page of 50 is planned in 1 ms with them, and in 10 with two more joins.
    """
    name = Profile.objects.filter(tenant=OuterRef("reseller_ref")).order_by().values("name")
    return (
        over_usage_alone(actor, **asked)
        .annotate(
            reseller_ref=Case(When(tenant__kind=Kind.RESELLER, then=F("tenant_id")), default=F("seller_id")),
            reseller_name=Subquery(name[:1], output_field=CharField()),
            holder_name=naming.shown_of(actor, "tenant_id"),
            title=called(actor, "subscription"),
        )
        .select_related("subscription", "resource", "tenant")
        .order_by("remaining", "pk")
    )


def over_usage_alone(
    actor: "Actor",
    *,
    everything: bool = False,
    branch: int | None = None,
    reseller: int | None = None,
    kind: str | None = None,
    service_type: int | None = None,
    resource: int | None = None,
    subscription: int | None = None,
    search: str = "",
) -> HoldingQuerySet:
    """The rows of `over_usage` without names and order, to be counted; with `everything` also those within their quota.

    A row is one resource of one subscription: `remaining` is allocated − utilised and negative when over. `branch` is a
    tenant with all beneath it; `reseller` who holds the subscription or sold it to a customer; `kind` that of the
    holder.
    """
    rows = Holding.objects.visible_to(actor)
    if not everything:
        rows = rows.over_quota()
    if branch is not None:
        rows = rows.filter(below([branch]))
    if reseller is not None:
        rows = rows.filter(Q(tenant=reseller) | Q(seller=reseller, tenant__kind=Kind.CUSTOMER))
    for field, value in {
        "tenant__kind": kind,
        "resource__service_type": service_type,
        "resource": resource,
        "subscription": subscription,
    }.items():
        if value:
            rows = rows.filter(**{field: value})
    if search:
        private = Q(subscription__name__resembles=search) | naming.holding("tenant", search)
        found = (naming.readable(actor) & private) | naming.holding("seller", search)
        if (pk := id_in(search)) is not None:
            found |= Q(subscription=pk)
        rows = rows.filter(found)
    return rows


@dataclass(frozen=True, slots=True)
class RollUp:
    """One resource in one branch: the sums over all rows of `over_usage(everything=True, branch=…, resource=…)`.

    A reseller's allocation and what it handed on from it are rows of their own, so the sums count each level.
    """

    branch_id: int
    resource_id: int
    rows: int
    over: int
    allocated: int
    sold: int
    used: int
    utilised: int
    excess: int
    """What is over, summed over the rows that are over."""

    @property
    def remaining(self) -> int:
        return self.allocated - self.utilised


ROLL_UP = """
WITH mine (id, kind) AS MATERIALIZED ({mine}), sold_by AS (
    SELECT seller_id, resource_id, count(*) AS rows, count(*) FILTER (WHERE remaining < 0) AS over,
           sum(allocated)::bigint AS allocated, sum(sold)::bigint AS sold, sum(used)::bigint AS used,
           sum(utilised)::bigint AS utilised,
           coalesce(sum(-remaining) FILTER (WHERE remaining < 0), 0)::bigint AS excess
      FROM subscriptions_holding h WHERE provider_id = %s {scope} GROUP BY seller_id, resource_id
), placed AS (
    SELECT branch_id, sold_by.* FROM sold_by
      JOIN tenants_tenant seller ON seller.id = sold_by.seller_id, unnest(seller.ancestors) AS branch_id
     UNION ALL
    SELECT h.tenant_id, h.tenant_id, resource_id, 1, (remaining < 0)::int, allocated, sold, used, utilised,
           greatest(-remaining, 0)
      FROM mine JOIN subscriptions_holding h ON h.tenant_id = mine.id WHERE mine.kind = 'reseller'
)
SELECT branch_id, resource_id, sum(rows)::bigint, sum(over)::bigint, sum(allocated)::bigint, sum(sold)::bigint,
       sum(used)::bigint, sum(utilised)::bigint, sum(excess)::bigint
  FROM placed WHERE branch_id IN (SELECT id FROM mine WHERE kind <> 'customer')
 GROUP BY branch_id, resource_id ORDER BY 9 DESC, 1, 2
"""
SCOPE = "AND tenant_id = ANY (ARRAY(SELECT id FROM mine))"


def roll_up(actor: "Actor") -> list[RollUp]:
    """Per branch that the actor sees and per resource, most excess first.

    Grouped by seller, then handed to everybody above the seller: one pass over the holdings, whatever the tree.
    """
    mine, params = Tenant.objects.visible_to(actor).order_by().values("pk", "kind").query.sql_with_params()
    statement = ROLL_UP.format(mine=mine, scope="" if actor.is_provider else SCOPE)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, actor.provider_id])
        return [RollUp(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows whose `amount` add up to what a holding utilises."""

    drawn: QuerySet[Holding] | None = None
    """Basis sold: the holdings of the open subscriptions that draw on it; their `allocated` add up to `sold`."""
    events: QuerySet[UsageEvent] | None = None
    """Basis used: of a gauge the event that counts, of a counter those of its month, of the subscription and of those
    that draw on it; their `quantity` make `used`."""


def behind(holding: Holding) -> Behind:
    """What stands behind a row of the report. The caller has found the holding in its scope; all behind it is below."""
    if holding.basis == Holding.Basis.SOLD:
        return Behind(drawn=drawn_from(holding))
    return Behind(events=counted_events(holding))


def drawn_from(holding: Holding) -> QuerySet[Holding]:
    """What of this holding was handed on, the largest part first; names are for the caller to join."""
    return (
        Holding.objects.filter(subscription__source=holding.subscription_id, resource=holding.resource_id)
        .select_related("subscription__package", "tenant")
        .order_by("-allocated", "pk")
    )


DRAWING = """
WITH RECURSIVE drawing AS (
    SELECT %s::bigint AS id UNION ALL
    SELECT s.id FROM drawing JOIN subscriptions_subscription s ON s.source_id = drawing.id)
SELECT e.id FROM drawing JOIN subscriptions_holding h ON h.subscription_id = drawing.id AND h.resource_id = %s
"""
COUNTED = {
    Resource.Metering.GAUGE: """
 CROSS JOIN LATERAL (
       SELECT e.id FROM subscriptions_usageevent e
        WHERE e.subscription_id = h.subscription_id AND e.resource_id = h.resource_id AND e.at = h.used_at
        ORDER BY e.quantity DESC, e.id LIMIT 1) AS e
""",
    Resource.Metering.COUNTER: """
  JOIN subscriptions_usageevent e ON e.subscription_id = h.subscription_id AND e.resource_id = h.resource_id
   AND e.at >= date_trunc('month', h.used_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
   AND e.at < (date_trunc('month', h.used_at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
""",
}


def counted_events(holding: Holding) -> QuerySet[UsageEvent]:
    """The events behind `used`: those of the subscription, and of all that draw on it at whatever depth."""
    counted = COUNTED[Resource.Metering(holding.resource.metering)]
    events = RawSQL(DRAWING + counted, (holding.subscription_id, holding.resource_id))  # noqa: S611
    return UsageEvent.objects.filter(pk__in=events).order_by("-at", "pk")


def subscriptions(actor: "Actor") -> QuerySet[Subscription]:
    """In scope, with names as far as the actor may read them: `title` is that of the subscription, `tenant_name` that
    of its holder. `source_shown` is empty where the actor does not see what is drawn on."""
    rows = (
        Subscription.objects.visible_to(actor)
        .select_related("tenant", "package", "service_type", "service_instance")
        .annotate(
            title=called(actor),
            tenant_name=naming.shown(actor),
            seller_name=naming.seller_name("seller"),
            named=naming.is_named(actor),
        )
    )
    if actor.is_provider:
        return rows.annotate(source_shown=F("source_id"))
    seen = Subscription.objects.visible_to(actor).filter(pk=OuterRef("source_id"))
    return rows.annotate(source_shown=Case(When(Exists(seen), then=F("source_id")), output_field=BigIntegerField()))


def holdings_in_order() -> QuerySet[Holding]:
    """For prefetching: with their resources, in the order of these."""
    return Holding.objects.select_related("resource").order_by("resource__position", "resource_id")


def events_about(actor: "Actor", subscription: Subscription) -> QuerySet[Any]:
    """What happened to a subscription, and what apps above say is about it: the sales on it, say."""
    about = Q(subject_type="subscription", subject_id=subscription.pk)
    for also in hooks.EVENTS:
        about |= also(subscription)
    return events(actor).filter(about)


def buyers(actor: "Actor") -> QuerySet[Tenant]:
    """To whom the actor can sell a subscription: active customers and prepaid resellers below it."""
    active: QuerySet[Tenant] = directory(actor).filter(status=Tenant.Status.ACTIVE)
    return active.filter(Q(kind=Kind.CUSTOMER) | Q(kind=Kind.RESELLER, terms__type=ResellerType.PREPAID))


def is_prepaid(reseller_id: int) -> bool:
    return ResellerTerms.objects.filter(pk=reseller_id, type=ResellerType.PREPAID).exists()


def offered_packages(actor: "Actor", seller: Tenant, kind: str) -> QuerySet[Package]:
    """What may be sold by this seller to resellers or customers: packages of its own, and what those above share.

    Whoever sells in its place may also sell what it has not shared itself.
    """
    own = Q(tenant__in=[seller.pk, actor.tenant_id])
    rows = Package.objects.visible_to(actor).filter(own | Q(is_shared=True), tenant__in=seller.ancestors)
    return rows.filter(audience=kind, is_active=True, service_type__is_active=True).select_related("service_type")


def offered_instances(actor: "Actor", seller: Tenant) -> QuerySet[ServiceInstance]:
    """Where this seller can sell: a prepaid reseller only where it holds an active subscription."""
    rows = ServiceInstance.objects.visible_to(actor).active().select_related("service_type")
    if seller.kind == Kind.RESELLER and is_prepaid(seller.pk):
        rows = rows.filter(pk__in=Subscription.objects.active().filter(tenant=seller).values("service_instance"))
    return rows


def sources(seller: Tenant) -> QuerySet[Subscription]:
    """From which subscriptions of its own this seller can sell; none where it need not draw on any."""
    if seller.kind != Kind.RESELLER or not is_prepaid(seller.pk):
        return Subscription.objects.none()
    return Subscription.objects.active().filter(tenant=seller).select_related("service_instance").order_by("pk")


def granted_resources(actor: "Actor", service_type_id: int) -> QuerySet[Resource]:
    """Of what a reseller can make plans: the resources of a service type that its subscriptions grant."""
    held = Holding.objects.filter(tenant=actor.tenant_id, allocated__gt=0).order_by().values("resource")
    return Resource.objects.filter(service_type=service_type_id, pk__in=held).in_order()


def month_of(at: datetime) -> datetime:
    """The first instant of the calendar month in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
