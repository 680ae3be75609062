"""What has ended gives its seats back to where they came from; purchases that renew themselves go on."""

from datetime import datetime, timedelta

from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import add_months
from subscriptions.models import Pool
from subscriptions.pool_refusals import PoolInUse
from subscriptions.selectors.pools import holders
from subscriptions.services.pools.expiry import end_of, last_day, text_of
from subscriptions.services.pools.ledger import Kind, move
from tenants.actor import Actor
from tenants.hooks import LISTED

AHEAD = timedelta(days=1)
"""So long before its end a purchase is renewed: what was given of it does not end meanwhile."""


@operation
def reclaim_seats(*, parent_id: int, now: datetime) -> int:
    """Take back the seats of what was given from this pool and has ended while the pool itself goes on; how many.

    The movements are dated by the ends: the ledger says of any day what was available, whenever this runs.
    """
    parent = Pool.objects.filter(pk=parent_id).locked().first()
    if parent is None or parent.ends_at is None or parent.ends_at <= now:
        return 0
    actor = Actor.system(parent.provider_id, "")
    back = 0
    for pool in Pool.objects.filter(parent=parent, seats__gt=0).ended(now).locked():
        actor.record("pool.reclaimed", pool, at=now, seats=pool.seats)
        move(Kind.RECLAIM, parent, pool.seats, child=pool, now=pool.ends_at or now)
        back += pool.seats
    return back


def make_room(pool: Pool, seats: int, now: datetime) -> None:
    """Where a pool seems to have less than is asked for: what has ended gives back its seats at once, without a job."""
    if pool.free < seats and reclaim_seats(parent_id=pool.pk, now=now):
        pool.refresh_from_db()


def refuse_below_use(actor: Actor, pool: Pool, seats: int, now: datetime) -> None:
    """Nothing is dropped in silence; what has ended gives back its seats first. Refused: `PoolInUse`, with who has how
    many."""
    make_room(pool, pool.seats - seats, now)
    used = pool.seats - pool.free
    if seats < used:
        rows = holders(actor, pool)
        more = max(0, len(rows) - LISTED)
        raise PoolInUse(used=used, asked=seats, unit=pool.unit, holders=rows[:LISTED], more=more, field="seats")


def due_for_reclaim(now: datetime) -> list[int]:
    """Pools that go on, of which something was given that has ended."""
    ended = Pool.objects.ended(now).filter(parent__ends_at__gt=now, seats__gt=0)
    return list(ended.order_by("parent_id").values_list("parent_id", flat=True).distinct())


def due_for_renewal(now: datetime) -> list[int]:
    due = Pool.objects.filter(parent=None, renews=True, own_end__lte=now + AHEAD)
    return list(due.order_by("pk").values_list("pk", flat=True))


@operation
def renew_pool(*, pool_id: int, now: datetime) -> Pool | None:
    """Extend a purchase that renews itself by its term, as often as it takes; nothing that is not due."""
    due = Pool.objects.filter(pk=pool_id, parent=None, renews=True, own_end__lte=now + AHEAD)
    pool = due.locked().first()
    if pool is None or pool.own_end is None:
        return None
    before = end = pool.own_end
    while end <= now + AHEAD:
        end = end_of(add_months(last_day(end), pool.term_months, anchor=pool.end_day))
    pool.own_end = end
    pool.save(update_fields=["own_end"])
    actor = Actor.system(pool.provider_id, "")
    actor.record("pool.renewed", pool, at=now, before={"ends_at": text_of(before)}, ends_at=text_of(end))
    pool.refresh_from_db()
    return pool
