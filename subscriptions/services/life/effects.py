"""What steps and due plans do to a subscription: its limits, its quantity, its end. The caller holds the locks.

Each takes effect on a day, which may be past where the clock was silent: phases and ends carry that day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from catalog.models import PackageVersion
from resellerhub.kernel.periods import day_of
from subscriptions import hooks
from subscriptions.models import Grant, Holding, PlannedChange, Subscription
from subscriptions.owing import Owed
from subscriptions.refusals import NothingAdded, StillDrawn
from subscriptions.services.allocation import Change, allocate, check_oversell, check_room, difference
from subscriptions.services.drawing import lock_branch, pass_up
from subscriptions.services.life.phases import go_on, go_on_with
from subscriptions.services.selling.pending import midnight
from subscriptions.services.usage.crossings import note_crossings
from tenants.actor import Actor

State = Subscription.State


def differences(subscription: Subscription, version: PackageVersion, quantity: int) -> dict[int, int]:
    """How much more or less of each resource it would be allocated by its package."""
    granted = subscription.grants.filter(kind=Grant.Kind.PACKAGE).values_list("resource_id").order_by()
    had: dict[int, int] = dict(granted.annotate(amount=Sum("amount")))
    return difference(had, version.granted(quantity))


def check_limits(subscription: Subscription, changes: Mapping[int, int]) -> None:
    """Refused: `OversellRefused` for what is more, `NothingAdded` while suspended, `BelowUtilised` for what is less.
    Locks the holdings."""
    if any(amount > 0 for amount in changes.values()):
        must_take_more(subscription)
    pair = [subscription.pk, subscription.source_id or subscription.pk]
    list(Holding.objects.filter(subscription__in=pair, resource__in=changes).locked().values_list("pk", flat=True))
    check_oversell(subscription.source, {key: amount for key, amount in changes.items() if amount > 0})
    check_room(subscription, {key: amount for key, amount in changes.items() if amount < 0})


def must_take_more(subscription: Subscription) -> None:
    if subscription.state == State.SUSPENDED:
        raise NothingAdded()


def change_to(
    subscription: Subscription,
    version: PackageVersion,
    quantity: int,
    owed: Sequence[Owed] | None,
    now: datetime,
    on: date,
    *,
    priced_by: PackageVersion | None = None,
) -> None:
    """Hold so many of this version from a day on, for these prices or for the same as before; limits follow at once.
    The prices are of its fees, or of those of another version."""
    changes = differences(subscription, version, quantity)
    check_limits(subscription, changes)
    if version.package_id == subscription.package_id and quantity > subscription.quantity:
        must_take_more(subscription)
    allocate(
        [Change(subscription.pk, key, amount, version.package_id) for key, amount in changes.items()],
        kind=Grant.Kind.PACKAGE,
        now=now,
    )
    subscription.package_id, subscription.quantity = version.package_id, quantity
    subscription.save(update_fields=["package_id", "quantity"])
    if owed is None:
        go_on(subscription, now, on=on)
    else:
        go_on_with(subscription, version, owed, now, on=on, priced_by=priced_by)


def end(
    actor: Actor,
    subscription: Subscription,
    now: datetime,
    *,
    on: date | None = None,
    reason: str = "",
    lines: Mapping[str, Any] | None = None,
) -> None:
    """For good, from a day on (today): what it was allocated goes back to where it was drawn from, its use no longer
    counts there, its holdings are gone; the ledgers stay. One that never began is closed on the day it is withdrawn.

    Refused: `StillDrawn` while open subscriptions draw on it.
    """
    branch = lock_branch(subscription.pk)
    if drawn := subscription.drawn.open().count():
        raise StillDrawn(count=drawn)
    day = on or day_of(now)
    for take_part in hooks.CLOSING:
        take_part(actor, subscription, now if day == day_of(now) else midnight(day))
    touched = Holding.objects.filter(subscription__in=branch, resource__service_type=subscription.service_type_id)
    holdings = [row for row in touched.locked() if row.subscription_id == subscription.pk]
    changes = [Change(subscription.pk, row.resource_id, -row.allocated, subscription.pk) for row in holdings]
    allocate(changes, kind=Grant.Kind.CLOSING, now=now)
    pass_up([(subscription.pk, row.resource_id, -row.used) for row in holdings])
    Holding.objects.filter(subscription=subscription).delete()
    note_crossings(((subscription.pk, row.resource_id) for row in holdings), now)
    before = subscription.state
    subscription.state, subscription.closed_on, subscription.suspended_with_holder = State.CLOSED, day, False
    subscription.save(update_fields=["state", "closed_on", "suspended_with_holder"])
    if before != State.PENDING:
        go_on(subscription, now, on=day)
    for plan in PlannedChange.objects.filter(subscription=subscription).open():
        close_plan(plan, PlannedChange.State.WITHDRAWN, now)
    facts = {"state": subscription.state, "reason": reason, "on": day.isoformat()} | dict(lines or {})
    actor.record("subscription.closed", subscription, at=now, before={"state": before}, **facts)


def close_plan(plan: PlannedChange, state: str, now: datetime, reason: str = "") -> None:
    plan.state, plan.settled_at, plan.reason = state, now, reason
    plan.save(update_fields=["state", "settled_at", "reason"])
