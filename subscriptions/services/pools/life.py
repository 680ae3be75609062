"""What the end of a customer, another kind or another seller means for the seats that it has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Busy
from subscriptions.models import Pool, PoolAssignment
from subscriptions.services.pools.assigning import release_all
from tenants.actor import Actor
from tenants.hooks import LISTED, Following, Part, Parts
from tenants.models import Tenant
from tenants.services.obstacles import CannotFollow


def seats_had(actor: Actor, tenant: Tenant) -> Parts:
    """A customer's seats are those of its seller's pools, of which whoever looks may see none."""
    hands = PoolAssignment.objects.filter(tenant=tenant).current().select_related("pool").order_by("pk")
    named = hands.filter(pool__in=Pool.objects.visible_to(actor))
    first = [Part("pool", row.pool_id, row.pool.name) for row in named[:LISTED]]
    return Parts(_("Seats of pools"), hands.count(), first)


def keeps_its_seats(actor: Actor, tenant: Tenant, kind: str) -> Sequence[Parts]:
    """Customers have seats of pools, resellers hold pools."""
    return [seats_had(actor, tenant)]


def seats_stay(actor: Actor, tenant: Tenant, seller: Tenant) -> Following:
    """They are released before a customer moves."""
    return Following(blocked=[seats_had(actor, tenant)])


def moved_without_seats(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> dict[str, Any]:
    """Looked at again where the customer is locked: some may have been assigned since it was looked whether it may
    move."""
    if (seats := seats_had(actor, tenant)).count:
        raise CannotFollow([seats])
    return {}


def stays_over(actor: Actor, tenant: Tenant, now: datetime) -> None:
    """What it held of pools has ended: it does not come back to life when those above it are extended. Refused: `Busy`
    where one above was extended meanwhile, so that there is something to be refused for."""
    held = Pool.objects.held_by(tenant.pk)
    for pool in held.ended(now).locked():
        pool.own_end, pool.renews = pool.ends_at, False
        pool.save(update_fields=["own_end", "renews"])
    if held.live(now).exists():
        raise Busy()


def release_seats(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """Who ends has no seats any more, and what has ended of the pools that it held stays so."""
    stays_over(actor, tenant, now)
    count = release_all(actor=actor, tenant=tenant, now=now)
    return {"assignments": count} if count else {}
