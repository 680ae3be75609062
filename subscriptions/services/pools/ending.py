"""What has ended gives its seats back to where they came from; purchases that renew themselves go on."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import add_months
from subscriptions.models import Pool
from subscriptions.services.pools.ledger import Kind, move
from tenants.actor import Actor


@operation
def reclaim_seats(*, parent_id: int, now: datetime) -> int:
    """Take back the seats of what was given from this pool and has ended while the pool itself goes on; how many."""
    parent = Pool.objects.filter(pk=parent_id).locked().first()
    if parent is None or parent.ends_at is None or parent.ends_at <= now:
        return 0
    actor = Actor.system(parent.provider_id, "")
    ended = Pool.objects.filter(parent=parent, state__in=("pending", "active"), reclaimed_at=None, ends_at__lte=now)
    back = 0
    for pool in ended.locked():
        actor.record("pool.reclaimed", pool, at=now, seats=pool.seats)
        move(Kind.RECLAIM, parent, pool.seats, child=pool, now=now)
        back += pool.seats
    return back


def due_for_reclaim(now: datetime) -> list[int]:
    """Pools that go on, of which something was given that has ended."""
    ended = Pool.objects.filter(
        state__in=("pending", "active"), reclaimed_at=None, ends_at__lte=now, parent__ends_at__gt=now
    )
    return list(ended.order_by("parent_id").values_list("parent_id", flat=True).distinct())


def due_for_renewal(now: datetime) -> list[int]:
    return list(
        Pool.objects.filter(parent=None, renews=True, own_end__lte=now).order_by("pk").values_list("pk", flat=True)
    )


@operation
def renew_pool(*, pool_id: int, now: datetime) -> Pool | None:
    """Extend a purchase that renews itself by its term, as often as it takes to be in the future; nothing else."""
    pool = Pool.objects.filter(pk=pool_id, parent=None, renews=True, own_end__lte=now).locked().first()
    if pool is None or pool.own_end is None:
        return None
    end = pool.own_end
    anchor = end.day
    while end <= now:
        end = datetime.combine(add_months(end.date(), pool.term_months, anchor=anchor), end.timetz())
    before, pool.own_end = pool.own_end, end
    pool.save(update_fields=["own_end"])
    actor = Actor.system(pool.provider_id, "")
    actor.record("pool.renewed", pool, at=now, before={"ends_at": before.isoformat()}, ends_at=end.isoformat())
    pool.refresh_from_db()
    return pool
