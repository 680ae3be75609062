"""The numbers of pools: of a dashboard, of what was given, and the trend out of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from resellerhub.kernel.periods import add_months, month_of
from subscriptions.models import Pool, PoolAssignment
from subscriptions.selectors.pools import pools

if TYPE_CHECKING:
    from tenants.actor import Actor

SOON = timedelta(days=30)
MONTHS = 6


def expiring(at: datetime) -> Q:
    """Offered or held, and within 30 days over."""
    return Q(state__in=("pending", "active"), reclaimed_at=None, ends_at__gt=at, ends_at__lte=at + SOON)


@dataclass(frozen=True, slots=True)
class UnitNumbers:
    """Of one unit: units are never summed."""

    unit: str
    total: int
    allocated: int
    pending: int
    expiring: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of the pools that one grantor gave to a reseller, or of all that it holds; each equals the list behind it."""

    pools: int
    customers: int
    units: list[UnitNumbers]


def numbers(actor: "Actor", holder_id: int, at: datetime) -> Numbers:
    """Of what one holds, as far as the reader sees it, as it is at an instant: what has ended or was given back does
    not count. Allocated is what its customers have, of those that the reader sees."""
    rows = Pool.objects.visible_to(actor).held_by(holder_id)
    live = Q(ends_at__gt=at, reclaimed_at=None)
    active, waits = live & Q(state="active"), live & Q(state="pending")
    by_unit = (
        rows.filter(live, state__in=("active", "pending"))
        .order_by("unit")
        .values("unit")
        .annotate(
            sum_total=Sum("seats", filter=active),
            sum_pending=Sum("seats", filter=waits),
            sum_expiring=Sum("seats", filter=expiring(at)),
        )
    )
    held = rows.filter(active)
    hands = PoolAssignment.objects.visible_to(actor).current().filter(pool__in=held.order_by().values("pk"))
    handed = dict(hands.order_by().values_list("pool__unit").annotate(Sum("seats")))
    units = [
        UnitNumbers(
            row["unit"],
            row["sum_total"] or 0,
            handed.get(row["unit"], 0),
            row["sum_pending"] or 0,
            row["sum_expiring"] or 0,
        )
        for row in sorted(by_unit, key=lambda row: Pool.Unit.values.index(row["unit"]))
    ]
    return Numbers(held.count(), hands.values("tenant").distinct().count(), units)


@dataclass(frozen=True, slots=True)
class UnitGiven:
    """Of one unit; percents are None where there is nothing of it."""

    unit: str
    allocated: int
    pending: int
    available_percent: int | None
    unused_percent: int | None
    """Of what resellers have accepted: what they neither assigned nor gave on."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a grantor gave, of the pools that it holds itself."""

    resellers: int
    pools: int
    """Active ones that these have of it."""
    units: list[UnitGiven]


def totals_of(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """What pools come to, a row for each unit, named as the columns are."""
    fields = ("seats", "available", "waiting", "given_on", "assigned")
    found = rows.order_by().values("unit").annotate(**{f"sum_{field}": Sum(field) for field in fields})
    return [
        {"name": Pool.Unit(row["unit"]).label, **{field: row[f"sum_{field}"] for field in fields}}
        for row in sorted(found, key=lambda row: Pool.Unit.values.index(row["unit"]))
    ]


def handed_totals(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """What customers have, a row for each unit, named as the columns are."""
    found = dict(rows.order_by().values_list("pool__unit").annotate(Sum("seats")))
    return [{"tenant_name": Pool.Unit(unit).label, "seats": found[unit]} for unit in Pool.Unit.values if unit in found]


def given(actor: "Actor", tenant_id: int, at: datetime) -> Given:
    """Of one tenant's active pools, as they are at an instant."""
    active = pools(actor, at).active(at)
    held, children = active.filter(tenant=tenant_id), active.filter(grantor=tenant_id)
    own = _by_unit(held, total=Sum("seats"), left=Sum("available"), given=Sum("given_on"), offered=Sum("waiting"))
    theirs = _by_unit(children, total=Sum("seats"), left=Sum("available"))
    units = []
    for unit in (unit for unit in Pool.Unit.values if unit in own):
        mine, accepted = own[unit], theirs.get(unit, {"left": 0, "total": 0})
        shares = [_percent(each["left"], each["total"]) for each in (mine, accepted)]
        units.append(UnitGiven(unit, mine["given"], mine["offered"], *shares))
    return Given(children.order_by().values("tenant").distinct().count(), children.count(), units)


def _by_unit(rows: QuerySet[Any], **sums: Any) -> dict[str, dict[str, int]]:
    return {row["unit"]: row for row in rows.order_by().values("unit").annotate(**sums)}


def _percent(part: int | None, whole: int | None) -> int | None:
    return round(100 * (part or 0) / whole) if whole else None


@dataclass(frozen=True, slots=True)
class Point:
    """A pool on the first of a month."""

    on: date
    purchased: int
    allocated: int

    @property
    def available_percent(self) -> int | None:
        """None before there was anything to be available."""
        return None if not self.purchased else round(100 * (self.purchased - self.allocated) / self.purchased)


TREND = """
SELECT p.id, m.on_day, coalesce(sum(e.by_seats), 0)::bigint,
       coalesce(sum(e.by_pending + e.by_allocated + e.by_assigned), 0)::bigint
       - (SELECT coalesce(sum(c.seats), 0) FROM subscriptions_pool c
           WHERE c.parent_id = p.id AND c.state IN ('pending', 'active') AND c.ends_at <= m.at AND held.is_so
             AND NOT EXISTS (SELECT FROM subscriptions_seatentry r
                              WHERE r.child_id = c.id AND r.kind = 'reclaim'))::bigint
  FROM unnest(%(pools)s::bigint[]) AS p (id) JOIN subscriptions_pool own ON own.id = p.id
 CROSS JOIN (SELECT d, d::timestamp AT TIME ZONE 'UTC' FROM unnest(%(months)s::date[]) AS d) AS m (on_day, at)
 CROSS JOIN LATERAL (SELECT own.ends_at > m.at AND (own.parent_id IS NULL OR EXISTS (
     SELECT FROM subscriptions_seatentry a WHERE a.child_id = p.id AND a.kind = 'accept' AND a.made_at <= m.at
 ))) AS held (is_so)
  LEFT JOIN subscriptions_seatentry e ON e.pool_id = p.id AND e.made_at <= m.at AND held.is_so
 GROUP BY p.id, m.on_day, m.at, held.is_so ORDER BY p.id, m.on_day
"""
"""What has ended and was not taken back yet counts as available, as it will once it is: that entry is dated by the
end. Before it was accepted, and from its own end on, there is nothing of a pool."""


def trend(pool_ids: Sequence[int], at: datetime) -> dict[int, list[Point]]:
    """The first of this month and of the five before, out of the ledger: so it is right for any month in the past."""
    this = month_of(at).astimezone(UTC).date()
    months = [add_months(this, -back) for back in reversed(range(MONTHS))]
    points: dict[int, list[Point]] = {pk: [] for pk in pool_ids}
    with connection.cursor() as cursor:
        cursor.execute(TREND, {"pools": list(pool_ids), "months": months})
        for pk, on, purchased, allocated in cursor.fetchall():
            points[pk].append(Point(on, purchased, allocated))
    return points
