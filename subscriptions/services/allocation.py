"""How allocations move: each grant changes its holding, and what the source of its subscription has sold, with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from catalog.models import Resource
from resellerhub.kernel.refusals import Invalid, found
from subscriptions.models import QUANTITY_MAX, Holding, Subscription
from subscriptions.refusals import BelowUtilised, OversellRefused, OwnSubscription, SourceSuspended, SubscriptionClosed
from subscriptions.services.usage.crossings import note_crossings
from tenants.actor import Actor
from tenants.models import ResellerTerms

BASIS_READ = """
    CASE t.kind WHEN 'reseller' THEN coalesce((SELECT p.over_quota_basis FROM tenants_providersettings p
                                                WHERE p.tenant_id = s.provider_id), 'sold') ELSE 'used' END
"""

BASIS = BASIS_READ.replace("s.provider_id)", "s.provider_id FOR SHARE)")
"""For a new holding. It holds the setting until the row is committed, so a change of it sees the row or is seen."""

MISSING = f"""
WITH pairs AS (
    SELECT DISTINCT s.id, p.resource_id
      FROM unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[]) AS p (subscription_id, resource_id)
      JOIN subscriptions_subscription d ON d.id = p.subscription_id
      JOIN subscriptions_subscription s ON s.id IN (d.id, d.source_id))
INSERT INTO subscriptions_holding
       (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated, sold, used)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, pairs.resource_id, {BASIS}, 0, 0, 0
  FROM pairs JOIN subscriptions_subscription s USING (id) JOIN tenants_tenant t ON t.id = s.tenant_id
 WHERE NOT EXISTS (SELECT FROM subscriptions_holding h
                    WHERE h.subscription_id = s.id AND h.resource_id = pairs.resource_id)
 ORDER BY s.id, pairs.resource_id
    ON CONFLICT (subscription_id, resource_id) DO NOTHING
"""

ALLOCATE = """
WITH granted AS (
    INSERT INTO subscriptions_grant
           (provider_id, tenant_id, subscription_id, resource_id, kind, source_id, amount, made_at, request_id)
    SELECT s.provider_id, s.tenant_id, s.id, g.resource_id, %(kind)s, g.source_id, g.amount, %(now)s, %(request)s::uuid
      FROM unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[], %(sources)s::bigint[], %(amounts)s::bigint[])
           AS g (subscription_id, resource_id, source_id, amount)
      JOIN subscriptions_subscription s ON s.id = g.subscription_id
    RETURNING subscription_id, resource_id, amount
), moved AS (
    SELECT subscription_id, resource_id, sum(allocated) AS allocated, sum(sold) AS sold
      FROM (SELECT subscription_id, resource_id, amount AS allocated, 0 AS sold FROM granted
            UNION ALL
            SELECT s.source_id, g.resource_id, 0, g.amount
              FROM granted g JOIN subscriptions_subscription s ON s.id = g.subscription_id
             WHERE s.source_id IS NOT NULL) AS each
     GROUP BY subscription_id, resource_id
)
UPDATE subscriptions_holding h SET allocated = h.allocated + moved.allocated, sold = h.sold + moved.sold
  FROM moved WHERE h.subscription_id = moved.subscription_id AND h.resource_id = moved.resource_id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One grant to be: `source_id` is what it comes from, as `Grant.kind` says."""

    subscription_id: int
    resource_id: int
    amount: int
    source_id: int


def difference(had: Mapping[int, int], wanted: Mapping[int, int]) -> dict[int, int]:
    """How much more or less of each resource; what stays as it is is not named."""
    both = {key: wanted.get(key, 0) - had.get(key, 0) for key in sorted({*had, *wanted})}
    return {key: amount for key, amount in both.items() if amount}


def allocate(changes: Iterable[Change], *, kind: str, now: datetime, request_id: UUID | None = None) -> None:
    """Grant these amounts, or take back negative ones. The caller holds the locks and has checked the rules."""
    wanted = [change for change in changes if change.amount]
    values: dict[str, Any] = {
        "subscriptions": [change.subscription_id for change in wanted],
        "resources": [change.resource_id for change in wanted],
        "sources": [change.source_id for change in wanted],
        "amounts": [change.amount for change in wanted],
        "kind": kind,
        "now": now,
        "request": str(request_id) if request_id else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(MISSING, values)
        cursor.execute(ALLOCATE, values)
    note_crossings(((change.subscription_id, change.resource_id) for change in wanted), now)


def wrong_quantity(quantity: int) -> dict[str, list[str]]:
    """What is said of a quantity that nobody can hold; nothing of one that can be held."""
    if 1 <= quantity <= QUANTITY_MAX:
        return {}
    return {"quantity": [_("The quantity is a whole number from 1 to %(most)s.") % {"most": QUANTITY_MAX}]}


def check_quantity(quantity: int) -> None:
    """Refused, as `Invalid`: a quantity that nobody can hold."""
    if errors := wrong_quantity(quantity):
        raise Invalid(errors)


def check_oversell(source: Subscription | None, asked: Mapping[int, int]) -> None:
    """Refuse what the source's holder may not sell any more; `asked` maps resources to amounts above zero.

    Locks the source's holdings: whoever sells from them next waits, and sees what is left then. Refused:
    `OversellRefused`; `SourceSuspended`, while what is drawn on is.
    """
    if source is None or not asked:
        return
    if source.state != Subscription.State.ACTIVE:
        raise SourceSuspended()
    if (short := _short([source], asked).get(source.pk)) is not None:
        resource_id, remaining = short
        name = Resource.objects.get(pk=resource_id).name
        raise OversellRefused(resource=name, resource_id=resource_id, remaining=remaining, asked=asked[resource_id])


def with_room(sources: Sequence[Subscription], asked: Mapping[int, int]) -> Subscription:
    """Of what one tenant holds the first that has enough of everything; where none has, the first, which is refused
    with its numbers. Locks their holdings."""
    short = _short(sources, asked)
    return next((source for source in sources if source.pk not in short), sources[0])


def _short(sources: Sequence[Subscription], asked: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Which of them have too little: of which resource first, and what remains of it. Who may oversell has enough of
    whatever it was allocated some of."""
    holdings = Holding.objects.filter(subscription__in=sources, resource__in=asked).locked()
    held = {(row.subscription_id, row.resource_id): row for row in holdings}
    is_endless = ResellerTerms.objects.filter(pk=sources[0].tenant_id, may_oversell=True).exists()
    short: dict[int, tuple[int, int]] = {}
    for source, (resource_id, amount) in product(sources, sorted(asked.items())):
        row = held.get((source.pk, resource_id))
        remaining = max(row.allocated - row.sold, 0) if row else 0
        is_enough = amount <= remaining or (is_endless and row is not None and row.allocated > 0)
        if not is_enough:
            short.setdefault(source.pk, (resource_id, remaining))
    return short


def check_room(subscription: Subscription, changes: Mapping[int, int]) -> None:
    """What is utilised stays allocated when these amounts (below zero) are taken, unless the holder may oversell.

    Locks the holdings, those of the source with them: `allocate` counts on it. Refused: `BelowUtilised`.
    """
    pair = [subscription.pk, subscription.source_id or subscription.pk]
    holdings = Holding.objects.filter(subscription__in=pair, resource__in=changes).locked().select_related("resource")
    own = [holding for holding in holdings if holding.subscription_id == subscription.pk]
    if ResellerTerms.objects.filter(pk=subscription.tenant_id, may_oversell=True).exists():
        return
    for holding in own:
        left = holding.allocated + changes[holding.resource_id]
        if left < holding.utilised:
            raise BelowUtilised(resource=holding.resource.name, asked=left, utilised=holding.utilised)


def locked_for_change(actor: Actor, subscription_id: int, *, closed: bool = False) -> Subscription:
    """An open subscription in scope, locked together with its source; nobody changes what they hold themselves."""
    rows = Subscription.objects.visible_to(actor)
    seen = found(rows, pk=subscription_id)
    list(Subscription.objects.filter(pk__in=[seen.pk, seen.source_id or seen.pk]).locked())
    subscription = found(rows.select_related("source"), pk=seen.pk)  # while we waited it may have moved out of sight
    if subscription.source_id not in {None, seen.source_id}:
        list(Subscription.objects.filter(pk=subscription.source_id).locked())
    if subscription.tenant_id == actor.tenant_id:
        raise OwnSubscription()
    if subscription.state == Subscription.State.CLOSED and not closed:
        raise SubscriptionClosed()
    return subscription
