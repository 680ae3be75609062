"""Suspend, resume, close."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from subscriptions.models import Subscription
from subscriptions.services.allocation import locked_for_change
from subscriptions.services.drawing import lock_branch
from subscriptions.services.life.effects import end
from subscriptions.services.life.steps.standing import Resume, Suspend
from subscriptions.services.life.steps.taking import take_step
from tenants.actor import Actor


@operation
def suspend_subscription(*, actor: Actor, subscription_id: int, reason: str = "", now: datetime) -> Subscription:
    """Its holder keeps the allocation, but nothing is added to it until it is resumed."""
    return take_step(actor=actor, subscription_id=subscription_id, step=Suspend(reason), now=now)


@operation
def resume_subscription(*, actor: Actor, subscription_id: int, now: datetime) -> Subscription:
    """Undo a suspension."""
    return take_step(actor=actor, subscription_id=subscription_id, step=Resume(), now=now)


@operation
def close_subscription(*, actor: Actor, subscription_id: int, reason: str = "", now: datetime) -> Subscription:
    """End it for good whatever its term says, as when its holder goes: what it was allocated goes back to where it was
    drawn from, its use no longer counts there, and its holdings are gone.

    The ledgers stay. Refused: `StillDrawn` while open subscriptions draw on it.
    """
    actor.require("subscription.edit")
    found(Subscription.objects.visible_to(actor), pk=subscription_id)
    lock_branch(subscription_id)
    subscription = locked_for_change(actor, subscription_id)
    end(actor, subscription, now, reason=reason)
    return subscription
