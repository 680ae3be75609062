"""Reads of pools: lists with the status of the moment, the numbers of a dashboard, the trend out of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from resellerhub.kernel.periods import add_months, month_of
from subscriptions.models import Pool, PoolAssignment
from tenants import naming

if TYPE_CHECKING:
    from tenants.actor import Actor

SOON = timedelta(days=30)
MONTHS = 6


def pools(actor: "Actor", at: datetime) -> Any:
    """In scope, with `status`, and `available`: what is free, with the seats of what was given and has ended."""
    ended = Q(children__state__in=("pending", "active"), children__reclaimed_at=None, children__ends_at__lte=at)
    back: Any = Coalesce(Sum("children__seats", filter=ended & Q(ends_at__gt=at)), 0, output_field=BigIntegerField())
    rows: Any = Pool.objects.visible_to(actor).with_status(at).select_related("service_type")
    return rows.annotate(
        available=F("free") + back,
        holder_name=naming.seller_name("tenant"),
        grantor_name=naming.seller_name("grantor"),
    )


def assignments(actor: "Actor") -> Any:
    """What customers have, with their names as far as the actor may read them."""
    rows: Any = PoolAssignment.objects.visible_to(actor).current().select_related("pool__service_type")
    return rows.annotate(tenant_name=naming.shown(actor), named=naming.is_named(actor))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of the pools that one grantor gave to a reseller, or of all that it holds; each equals the list behind it."""

    pools: int
    customers: int
    total: int
    allocated: int
    pending: int
    expiring: int


def numbers(rows: QuerySet[Any], at: datetime) -> Numbers:
    """Of these pools, as they are at an instant: what has ended or was given back does not count."""
    live = Q(ends_at__gt=at, reclaimed_at=None)
    active, waits = live & Q(state="active"), live & Q(state="pending")

    def total(*fields: str, where: Q) -> Any:
        return Coalesce(sum_of(*fields, where=where), 0, output_field=BigIntegerField())

    counted = rows.order_by().aggregate(
        total=total("seats", where=active),
        allocated=total("allocated", "pending", "assigned", where=active),
        pending=total("seats", where=waits),
        expiring=total("seats", where=(active | waits) & Q(ends_at__lte=at + SOON)),
    )
    held = rows.filter(active)
    customers = PoolAssignment.objects.current().filter(pool__in=held.order_by().values("pk"))
    return Numbers(pools=held.count(), customers=customers.values("tenant").distinct().count(), **counted)


@dataclass(frozen=True, slots=True)
class Given:
    """What a grantor gave, of the pools that it holds itself; percents are None where there is nothing of it."""

    resellers: int
    available_percent: int | None
    unused_percent: int | None
    """Of what resellers have accepted: what they neither assigned nor gave on."""


def given(actor: "Actor", tenant_id: int, at: datetime) -> Given:
    """Of one tenant's active pools, as they are at an instant."""
    held = Pool.objects.visible_to(actor).active(at).filter(tenant=tenant_id)
    children = Pool.objects.visible_to(actor).active(at).filter(grantor=tenant_id)
    own = held.order_by().aggregate(seats=Sum("seats"), free=Sum("free"))
    theirs = children.order_by().aggregate(seats=Sum("seats"), free=Sum("free"))
    resellers = children.values("tenant").distinct().count()
    return Given(resellers, _percent(own["free"], own["seats"]), _percent(theirs["free"], theirs["seats"]))


def _percent(part: int | None, whole: int | None) -> int | None:
    return round(100 * (part or 0) / whole) if whole else None


def sum_of(*fields: str, where: Q) -> Any:
    total: Any = F(fields[0])
    for field in fields[1:]:
        total = total + F(field)
    return Sum(total, filter=where)


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
  FROM unnest(%(pools)s::bigint[]) AS p (id) CROSS JOIN unnest(%(months)s::date[]) AS m (on_day)
  LEFT JOIN subscriptions_seatentry e ON e.pool_id = p.id AND e.made_at < m.on_day::timestamp AT TIME ZONE 'UTC'
 GROUP BY p.id, m.on_day ORDER BY p.id, m.on_day
"""


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
