"""The one way to move seats: an entry of the ledger, which the database counts, or refuses by the name of a rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.models import COUNT_MAX
from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Invalid, Refusal, found
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.pool_refusals import (
    NotYoursToChange,
    PaymentTypeKept,
    PoolExhausted,
    PoolNotActive,
    PoolOver,
    PoolResolved,
)
from subscriptions.refusals import HolderNotActive
from tenants.actor import Actor
from tenants.models import Tenant

Kind = SeatEntry.Kind

RULES: dict[str, type[Refusal]] = {
    "pool_not_active": PoolNotActive,
    "pool_over": PoolOver,
    "pool_resolved_once": PoolResolved,
    "pool_not_negative": PoolResolved,
    "pool_reclaimed": PoolResolved,
    "pool_resized": PoolResolved,
    "pool_payment_type_kept": PaymentTypeKept,
    "pool_assignment_of_customer": HolderNotActive,
}


def move(
    kind: str,
    pool: Pool,
    seats: int,
    *,
    child: Pool | None = None,
    assignment: PoolAssignment | None = None,
    asked: int | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> SeatEntry:
    """Write the entry last, after the event: from here to the commit nobody else moves seats of the pool. `asked`: so
    many are moved with it, which a refusal says."""
    with allowed(pool, seats if asked is None else asked):
        return SeatEntry.objects.create(
            provider_id=pool.provider_id,
            pool=pool,
            child=child,
            assignment=assignment,
            kind=kind,
            seats=seats,
            request_id=request_id,
            made_at=now,
        )


@contextmanager
def allowed(pool: Pool, asked: int) -> Iterator[None]:
    """What the database refuses, said as a refusal."""
    rules: dict[str, Refusal] = {name: refusal() for name, refusal in RULES.items()}
    with refusing(rules | {"pool_free": _Exhausted(pool, asked)}):
        yield


class _Exhausted(PoolExhausted):
    """Says how many are free when it is read, after the failed movement was undone."""

    def __init__(self, pool: Pool, asked: int) -> None:
        super().__init__(free=pool.free, asked=abs(asked), unit=pool.unit, field="seats")


def own_pool(actor: Actor, pool_id: int) -> Pool:
    """A pool that the actor's tenant holds, or anybody's of its house for a provider's staff. Not locked."""
    pools = Pool.objects.visible_to(actor)
    return found(pools if actor.is_provider else pools.held_by(actor.tenant_id), pk=pool_id)


def given_pool(actor: Actor, pool_id: int) -> Pool:
    """A pool that the actor's tenant gave. Who holds it sees it, and may not. Not locked."""
    pool = found(Pool.objects.visible_to(actor).exclude(parent=None), pk=pool_id)
    if not actor.is_provider and pool.grantor_id != actor.tenant_id:
        raise NotYoursToChange()
    return pool


def check_seats(seats: int) -> None:
    if not 1 <= seats <= COUNT_MAX:
        raise Invalid({"seats": [_("The number is a whole one from 1 to %(most)s.") % {"most": COUNT_MAX}]})


def log_of(pool: Pool) -> int:
    """In whose log stands what the giver does: the taker's, which the giver reads; from a supplier that is not above
    the taker the supplier's own."""
    beneath = Tenant.objects.filter(pk=pool.tenant_id, ancestors__contains=[pool.grantor_id]).exists()
    return pool.tenant_id if beneath or pool.grantor_id is None else pool.grantor_id
