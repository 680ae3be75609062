"""Over-usage. The rule stands here once: the report prints it, the bulk sale filters by it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, When

from resellerhub.kernel.text import id_in
from subscriptions.models import Holding, HoldingQuerySet
from subscriptions.naming import called
from tenants import naming
from tenants.models import Profile, Tenant
from tenants.models.scope import below
from tenants.roles import Kind

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
