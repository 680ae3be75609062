"""While a customer is suspended, so is what it holds: dated facts say that its fee is credited. What its seller owes
goes on.

A reseller's own subscriptions go on, and so does what is sold beneath it: it owes for that all the same.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Prefetch

from resellerhub.kernel.periods import day_of
from subscriptions.models import Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.services.drawing import with_sources
from subscriptions.services.life.phases import all_go_on
from subscriptions.services.life.settling import settle
from subscriptions.services.life.steps.standing import Resume, Suspend
from subscriptions.services.life.steps.taking import Held, held_beside
from tenants.actor import Actor
from tenants.models import Event, Tenant
from tenants.roles import Kind

State = Subscription.State


def suspend_with_holder(actor: Actor, tenants: Sequence[Tenant], reason: str, now: datetime) -> None:
    """What these customers hold and is active. The caller has locked their branches."""
    _switch(actor, tenants, Suspend(reason), State.SUSPENDED, now, lambda row: row.state == State.ACTIVE)


def resume_with_holder(actor: Actor, tenants: Sequence[Tenant], now: datetime) -> None:
    """What was suspended with them, and nothing that was suspended on its own."""
    _switch(actor, tenants, Resume(), State.ACTIVE, now, lambda row: row.suspended_with_holder)


def _switch(
    actor: Actor,
    tenants: Sequence[Tenant],
    step: Suspend | Resume,
    state: str,
    now: datetime,
    concerns: Callable[[Subscription], bool],
) -> None:
    """Each as the step decides it, all written at once."""
    rows = [row for row in _settled(tenants, now) if concerns(row)]
    if not rows:
        return
    fees = Prefetch("fees", PhaseFee.objects.order_by("pk"))
    open_phases = Phase.objects.filter(subscription__in=[row.pk for row in rows], ends_on=None).prefetch_related(fees)
    last = {phase.subscription_id: phase for phase in open_phases}
    events: list[Event] = []
    beside = held_beside([row.pk for row in rows])
    for row in rows:
        phase = last[row.pk]
        decision = step.decide(Held(actor, row, now, phase, tuple(phase.fees.all()), beside=beside[row.pk]))
        facts = dict(decision.facts) | decision.quote.told()
        events.append(actor.event(decision.event, row, at=now, before=decision.before, facts=facts))
    is_suspended = state == State.SUSPENDED
    for row in rows:
        row.state, row.suspended_with_holder = state, is_suspended
    Subscription.objects.filter(pk__in=last).update(state=state, suspended_with_holder=is_suspended)
    all_go_on(rows, last, now)
    Event.objects.bulk_create(events)


def _settled(tenants: Sequence[Tenant], now: datetime) -> list[Subscription]:
    """What the customers among these hold, locked with all it draws on; first what is due is done, so that nothing
    overtakes it."""
    customers = [tenant.pk for tenant in tenants if tenant.kind == Kind.CUSTOMER]
    held = Subscription.objects.open().filter(tenant__in=customers).order_by("pk")
    ids = list(held.values_list("pk", flat=True)) if customers else []
    if not ids:
        return []
    list(Subscription.objects.filter(pk__in=with_sources(ids)).locked().values_list("pk", flat=True))
    today = day_of(now)
    planned = PlannedChange.objects.due(today).filter(subscription__in=ids).order_by()
    due = set(planned.values_list("subscription_id", flat=True))
    rows = list(held.filter(pk__in=ids).select_related("source", "seller", "tenant"))
    for row in rows:
        if row.pk in due or (row.state != State.PENDING and row.renews_on <= today):
            settle(row, now)
    return rows
