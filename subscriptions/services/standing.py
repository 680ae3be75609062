"""Suspend, resume, close."""

from datetime import UTC, datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from subscriptions import hooks
from subscriptions.models import Grant, Holding, Subscription
from subscriptions.refusals import StillDrawn, SubscriptionNotActive, SubscriptionNotSuspended
from subscriptions.services.allocation import Change, allocate, locked_for_change
from subscriptions.services.crossings import note_crossings
from subscriptions.services.drawing import lock_branch, pass_up
from subscriptions.services.phases import go_on
from tenants.actor import Actor

State = Subscription.State


@operation
def suspend_subscription(*, actor: Actor, subscription_id: int, reason: str = "", now: datetime) -> Subscription:
    """Its holder keeps the allocation, but nothing is added to it until it is resumed."""
    actor.require("subscription.edit")
    subscription = locked_for_change(actor, subscription_id)
    if subscription.state != State.ACTIVE:
        raise SubscriptionNotActive()
    return _switch(actor, subscription, State.SUSPENDED, "subscription.suspended", now, reason)


@operation
def resume_subscription(*, actor: Actor, subscription_id: int, now: datetime) -> Subscription:
    """Undo a suspension."""
    actor.require("subscription.edit")
    subscription = locked_for_change(actor, subscription_id)
    if subscription.state != State.SUSPENDED:
        raise SubscriptionNotSuspended()
    return _switch(actor, subscription, State.ACTIVE, "subscription.resumed", now)


@operation
def close_subscription(*, actor: Actor, subscription_id: int, reason: str = "", now: datetime) -> Subscription:
    """End it for good: what it was allocated goes back to where it was drawn from, its use no longer counts there, and
    its holdings are gone.

    The ledgers stay. Refused: `StillDrawn` while open subscriptions draw on it.
    """
    actor.require("subscription.edit")
    found(Subscription.objects.visible_to(actor), pk=subscription_id)
    branch = lock_branch(subscription_id)
    subscription = locked_for_change(actor, subscription_id)
    if drawn := subscription.drawn.open().count():
        raise StillDrawn(count=drawn)
    for take_part in hooks.CLOSING:
        take_part(actor, subscription, now)
    touched = Holding.objects.filter(subscription__in=branch, resource__service_type=subscription.service_type_id)
    holdings = [row for row in touched.locked() if row.subscription_id == subscription.pk]
    changes = [Change(subscription.pk, row.resource_id, -row.allocated, subscription.pk) for row in holdings]
    allocate(changes, kind=Grant.Kind.CLOSING, now=now)
    pass_up([(subscription.pk, row.resource_id, -row.used) for row in holdings])
    Holding.objects.filter(subscription=subscription).delete()
    note_crossings(((subscription.pk, row.resource_id) for row in holdings), now)
    subscription.closed_on = now.astimezone(UTC).date()
    return _switch(actor, subscription, State.CLOSED, "subscription.closed", now, reason)


def _switch(
    actor: Actor, subscription: Subscription, state: str, event: str, now: datetime, reason: str = ""
) -> Subscription:
    before = subscription.state
    subscription.state = state
    subscription.save(update_fields=["state", "closed_on"])
    go_on(subscription, now)
    actor.record(event, subscription, at=now, before={"state": before}, state=state, reason=reason)
    return subscription
