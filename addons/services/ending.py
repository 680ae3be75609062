"""The end of a sale: on its own, as its fees let it go, or with its subscription."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q

from addons.levels import Level, levels_of
from addons.models import AddOnOneOff, AddOnSale
from addons.selectors.sales import granted_by
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from subscriptions.leaving import Leave, Stay, leave, unless_closed
from subscriptions.models import Grant, Holding, Subscription
from subscriptions.quoting import Limit, Line, Quote, once
from subscriptions.services.allocation import Change, allocate, check_room
from subscriptions.services.life.steps.lines import credit_beside
from subscriptions.services.life.steps.taking import Decision, Held, OnItsOwn, preview_step, take_step
from tenants.actor import Actor

State = AddOnSale.State


@dataclass(frozen=True, slots=True)
class EndAddOn(OnItsOwn):
    """Ends a sale today, with what it granted. Of one that went on as another that one ends.

    The rest of the billing period is given back as its fees say, by the rule of subscriptions: its minimum term counts
    from the day on which it was sold, its window opens when it is sold and with each term of its subscription.
    """

    permission = "add_on.sell"
    sale_id: int

    def decide(self, held: Held) -> Decision:
        """Refused: `WindowClosed`, and `BelowUtilised` where more is taken already than would remain."""
        sale = standing(held.actor, self.sale_id)
        if sale.state != State.ACTIVE:
            return Decision(_quote(held, sale))
        levels, taken = levels_of([sale])[sale.pk], granted_by(sale)
        leaves = _leaves(held, levels)
        limits = _limits(held, taken)
        check_room(held.subscription, {resource: -amount for resource, amount in taken.items()})
        lines, cost_lines = (
            [line for level in levels if level.payer_id == payer for line in _lines(held, level, leaves)]
            for payer in (sale.tenant_id, sale.seller_id)
        )
        quote = replace(_quote(held, sale), lines=lines, cost_lines=cost_lines, limits=limits)

        def write() -> None:
            changes = [Change(sale.subscription_id, resource, -amount, sale.pk) for resource, amount in taken.items()]
            allocate(changes, kind=Grant.Kind.ADD_ON, now=held.now)
            _end(held.actor, sale, taken, held.now, quote.told())

        return Decision(quote, write=write, one_offs=_due(held, levels, leaves))


@operation
def preview_add_on_end(*, actor: Actor, sale_id: int, now: datetime) -> Quote:
    """What ending a sale now would give back and charge, with the same refusals. Nothing is written."""
    actor.require("add_on.sell")
    seen = found(AddOnSale.objects.visible_to(actor), pk=sale_id)
    return preview_step(actor=actor, subscription_id=seen.subscription_id, step=EndAddOn(sale_id), now=now)


@operation
def cancel_add_on_sale(*, actor: Actor, sale_id: int, seal: str = "", now: datetime) -> AddOnSale:
    """End a sale and take back what it granted; repeating does nothing.

    Only the tenants above the holder may (`OwnSubscription`). Refused: `WindowClosed`, `QuoteChanged`; `BelowUtilised`
    when what remains is less than is taken already, unless the holder is a reseller that may oversell.
    """
    actor.require("add_on.sell")
    sale = standing(actor, sale_id)
    if sale.state != State.ACTIVE:
        return sale
    take_step(actor=actor, subscription_id=sale.subscription_id, step=EndAddOn(sale_id), seal=seal, now=now)
    return standing(actor, sale_id)


def standing(actor: Actor, sale_id: int) -> AddOnSale:
    """The last of those as which a sale went on, in scope."""
    rows = AddOnSale.objects.visible_to(actor)
    seen = found(rows, pk=sale_id)
    family = rows.filter(Q(pk=seen.first_id) | Q(origin=seen.first_id)).select_related("add_on")
    return family.latest("pk")


def end_with_subscription(actor: Actor, subscription: Subscription, now: datetime) -> None:
    """Nothing is charged for what is on a closed subscription; closing it takes back what the sales granted."""
    for sale in AddOnSale.objects.filter(subscription=subscription).active().locked().order_by("pk"):
        _end(actor, sale, granted_by(sale), now)


def due_with_subscription(held: Held, leaves: Mapping[int, Leave]) -> list[AddOnOneOff]:
    """What ends with its subscription is given back from the same day at each level, and is never left early."""
    follow = {payer: Leave(going.credited_from) for payer, going in leaves.items()}
    return _due(held, [level for level in held.beside if isinstance(level, Level)], follow)


def _leaves(held: Held, levels: list[Level]) -> dict[int, Leave]:
    """By payer. What is owed once, however many are sold, does not end with one of them."""
    found: dict[int, Leave] = {}
    for level in levels:
        if level.applies_more_than_once:
            decide = partial(leave, _stay(held, level), level)
            found[level.payer_id] = decide() if level.is_account else unless_closed(decide, held.period_of(level))
    return found


def _stay(held: Held, level: Level) -> Stay:
    row, sale = held.subscription, level.sale
    bought_at = sale.origin.sold_at if sale.origin else sale.sold_at
    opened_at = max(bought_at, row.committed_at)
    return Stay(day_of(bought_at), opened_at, held.period_of(level), row.renews_on, held.now)


def _due(held: Held, levels: list[Level], leaves: Mapping[int, Leave]) -> list[AddOnOneOff]:
    rows: list[AddOnOneOff] = []
    for level in levels:
        if level.applies_more_than_once and (going := leaves.get(level.payer_id)):
            since = replace(going, credited_from=max(going.credited_from, level.began_on))
            rows += [level.one_off(**said) for said in since.due(level, level.quantity, held.on)]
    return rows


def _lines(held: Held, level: Level, leaves: Mapping[int, Leave]) -> list[Line]:
    going = leaves.get(level.payer_id)
    if going is None:
        return []
    early = once("cancellation", level, level.cancellation_amount, held.on) if going.is_early else []
    return [*credit_beside(held, level, going.credited_from), *early]


def _quote(held: Held, sale: AddOnSale) -> Quote:
    price: dict[str, Any] = {"currency": sale.currency, "unit_price": sale.unit_price, "cycle": sale.cycle}
    return Quote(on=held.on, ends_on=held.on, quantity=0, **price)


def _limits(held: Held, taken: Mapping[int, int]) -> list[Limit]:
    rows = Holding.objects.filter(subscription=held.subscription, resource__in=taken).select_related("resource")
    return [
        Limit(
            row.resource_id, row.resource.name, row.resource.unit, row.allocated, row.allocated - taken[row.resource_id]
        )
        for row in rows.order_by("resource__position", "resource_id")
    ]


def _end(actor: Actor, sale: AddOnSale, taken: Mapping[int, int], at: datetime, lines: Mapping[str, Any] = {}) -> None:
    sale.state, sale.ended_at = State.CANCELLED, max(at, sale.sold_at)
    sale.save(update_fields=["state", "ended_at"])
    actor.record(
        "add_on.cancelled",
        sale,
        at=at,
        before={"state": State.ACTIVE.value},
        state=sale.state,
        add_on=sale.add_on_id,
        subscription=sale.subscription_id,
        quantity=sale.quantity,
        taken_back={str(resource): amount for resource, amount in taken.items()},
        **lines,
    )
