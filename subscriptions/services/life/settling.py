"""What the calendar does to a subscription: it begins, changes as planned, renews, or ends, each on its due day.

Safe at any time and as often as one likes: after days of silence everything happens in the order of its days, with
these days, as if somebody had looked each night. Nothing that was planned is lost quietly: what cannot be done any more
is told in an event, and the plan says why it failed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import structlog

from catalog.models import PackageVersion
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Refusal, found
from subscriptions import hooks
from subscriptions.models import Grant, Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.owing import Owed, chain
from subscriptions.refusals import HolderNotActive, NoSource, StillDrawn
from subscriptions.services.allocation import Change, allocate, check_oversell, locked_for_change
from subscriptions.services.drawing import lock_branch, with_sources
from subscriptions.services.life.effects import change_to, close_plan, end
from subscriptions.services.life.phases import begin, go_on_for
from subscriptions.services.life.repricing import renewed, told
from subscriptions.services.selling.agreeing import Terms
from subscriptions.services.selling.pending import midnight
from subscriptions.terms import Term, months_of
from tenants.actor import Actor
from tenants.models import Event, Tenant

log = structlog.get_logger(__name__)
CHUNK = 500
"""How many keys are read at once; each subscription is a transaction of its own, so that nobody waits for long."""

State, Kind, Done = Subscription.State, PlannedChange.Kind, PlannedChange.State


@operation
def settle_one(*, subscription_id: int, now: datetime) -> None:
    """All that is due for one subscription."""
    lock_branch(subscription_id)
    row = Subscription.objects.select_related("source").filter(pk=subscription_id).first()
    if row is not None:
        settle(row, now)


def settle_due(*, now: datetime) -> int:
    """All that is due anywhere, one subscription after the other; returns how many. One that breaks stops no other."""
    done, last = 0, 0
    while ids := due_subscriptions(day_of(now), last, CHUNK):
        for pk in ids:
            try:
                settle_one(subscription_id=pk, now=now)
            except Exception:
                log.exception("settling_failed", subscription=pk)
            else:
                done += 1
        last = ids[-1]
    return done


def due_subscriptions(on: date, after: int, most: int) -> list[int]:
    """The next of those for which something is due, by their keys."""
    open_ones = Subscription.objects.open().filter(pk__gt=after)
    renewing = open_ones.exclude(state=State.PENDING).filter(renews_on__lte=on).order_by("pk").values_list("pk")[:most]
    planned = PlannedChange.objects.due(on).filter(subscription__gt=after).order_by("subscription")
    rows = {*renewing, *planned.values_list("subscription")[:most]}
    return sorted(pk for (pk,) in rows)[:most]


def settled_for_change(actor: Actor, subscription_id: int, now: datetime, also: Iterable[int] = ()) -> Subscription:
    """Open, in scope and locked with all it draws on; first what is due is done, so that nothing overtakes it."""
    ids = with_sources([found(Subscription.objects.visible_to(actor), pk=subscription_id).pk, *also])
    list(Subscription.objects.filter(pk__in=ids).locked().values_list("pk", flat=True))
    settle(locked_for_change(actor, subscription_id), now)
    return locked_for_change(actor, subscription_id)


def settle(subscription: Subscription, now: datetime) -> None:
    """Do what is due until today. The caller holds the locks of the subscription and of all it draws on."""
    actor = Actor.system(subscription.provider_id, "")
    while subscription.state != State.CLOSED:
        plan = PlannedChange.objects.filter(subscription=subscription).due(day_of(now)).first()
        is_pending = subscription.state == State.PENDING
        if plan is not None and (is_pending or plan.on <= subscription.renews_on):
            if not _carry_out(actor, subscription, plan, now):
                return
        elif not is_pending and subscription.renews_on <= day_of(now):
            _renew_or_end(actor, subscription, now)
        else:
            return


def _carry_out(actor: Actor, subscription: Subscription, plan: PlannedChange, now: datetime) -> bool:
    """False where it waits for another day: what cannot begin yet begins as soon as it can."""
    try:
        _as_planned(actor, subscription, plan, now)
    except Refusal as refusal:
        subscription.refresh_from_db()
        waits = plan.kind == Kind.START
        if not (waits and plan.reason == refusal.code):
            facts: dict[str, Any] = {"on": plan.on.isoformat(), "cause": refusal.code}
            actor.record("subscription.plan_failed", subscription, at=now, planned=plan.kind, **facts)
        if waits:
            plan.reason = refusal.code
            plan.save(update_fields=["reason"])
        else:
            close_plan(plan, Done.FAILED, now, refusal.code)
        return not waits
    if plan.state == Done.PLANNED:
        close_plan(plan, Done.DONE, now)
    return True


@operation
def _as_planned(actor: Actor, subscription: Subscription, plan: PlannedChange, now: datetime) -> None:
    """All of it or nothing."""
    {Kind.START: _start, Kind.CHANGE: _change, Kind.END: _end}[Kind(plan.kind)](actor, subscription, plan, now)


def _start(actor: Actor, subscription: Subscription, plan: PlannedChange, now: datetime) -> None:
    """On its day; where it could not begin then, on the day on which it can: while its holder, its seller or what it
    draws on is suspended, nothing could be sold either."""
    columns = ["state"]
    day = plan.on if not plan.reason else max(plan.on, day_of(now))
    version = _version(plan)
    limits = version.granted(subscription.quantity)
    _must_be_active(subscription)
    check_oversell(subscription.source, limits)
    owed = _owed(subscription, version, plan, day)
    if day != subscription.started_on:
        term = Term.first(day, months_of_phase(owed))
        subscription.started_on, subscription.anchor_day = day, term.anchor
        subscription.term_starts_on, subscription.renews_on = term.starts_on, term.ends_on
        subscription.committed_at = midnight(day)
        columns += ["started_on", "anchor_day", "term_starts_on", "renews_on", "committed_at"]
    subscription.state = State.ACTIVE
    subscription.save(update_fields=columns)
    changes = [Change(subscription.pk, key, amount, version.package_id) for key, amount in limits.items()]
    allocate(changes, kind=Grant.Kind.PACKAGE, now=now)
    begin([subscription], version, [owed], now)
    before = {"state": State.PENDING.value}
    facts: dict[str, Any] = {"state": subscription.state, "on": day.isoformat()}
    actor.record("subscription.started", subscription, at=now, before=before, **facts)


def _must_be_active(subscription: Subscription) -> None:
    if any(tenant.status != Tenant.Status.ACTIVE for tenant in (subscription.tenant, subscription.seller)):
        raise HolderNotActive()
    if subscription.source and subscription.source.state != State.ACTIVE:
        raise NoSource()


def _change(actor: Actor, subscription: Subscription, plan: PlannedChange, now: datetime) -> None:
    """Of the same package, limits that were pushed since it was planned stay."""
    agreed = _version(plan)
    before = {"package": subscription.package_id, "quantity": subscription.quantity}
    held = Phase.objects.select_related("version__package").get(subscription=subscription, ends_on=None).version
    is_same = held.package_id == agreed.package_id
    keeps = is_same and plan.is_of_quantity
    is_later = is_same and (held.effective_on, held.pk) > (agreed.effective_on, agreed.pk)
    version, quantity = held if keeps or is_later else agreed, plan.quantity or subscription.quantity
    owed = None if keeps else _owed(subscription, agreed, plan, plan.on)
    change_to(subscription, version, quantity, owed, now, plan.on, priced_by=agreed)
    facts: dict[str, Any] = {
        "package": subscription.package_id,
        "quantity": subscription.quantity,
        "on": plan.on.isoformat(),
    }
    actor.record("subscription.changed", subscription, at=now, before=before, **facts)


def _end(actor: Actor, subscription: Subscription, plan: PlannedChange, now: datetime) -> None:
    close_plan(plan, Done.DONE, now)
    end(actor, subscription, now, on=plan.on)


def _renew_or_end(actor: Actor, subscription: Subscription, now: datetime) -> None:
    """What others still draw on cannot end: it goes on for another term, which is told."""
    day = subscription.renews_on
    if not subscription.renews:
        try:
            _end_with_term(actor, subscription, now)
            return
        except StillDrawn as refusal:
            subscription.refresh_from_db()
            facts: dict[str, Any] = {"on": day.isoformat(), "cause": refusal.code}
            actor.record("subscription.plan_failed", subscription, at=now, planned=Kind.END.value, **facts)
    again = _at_prices_in_force(actor, subscription, now)
    months = months_of(again.cycle, again.minimum_months) if again else 1
    term = Term(subscription.term_starts_on, day, subscription.anchor_day).following(months)
    subscription.term_starts_on, subscription.renews_on = term.starts_on, term.ends_on
    subscription.committed_at = midnight(day)
    subscription.save(update_fields=["term_starts_on", "renews_on", "committed_at"])
    facts = {"on": day.isoformat(), "renews_on": term.ends_on.isoformat()}
    actor.record("subscription.renewed", subscription, at=now, before={"renews_on": day.isoformat()}, **facts)
    for take_part in hooks.RENEWED:
        take_part(actor, subscription, day, now)


def _at_prices_in_force(actor: Actor, subscription: Subscription, now: datetime) -> PhaseFee | None:
    """What the holder owes in the term that begins; where anything that is owed is another, a phase begins with it."""
    day = subscription.renews_on
    phases = Phase.objects.select_related("version__package", "reseller_fee", "account_fee")
    phase = phases.get(subscription=subscription, ends_on=None)
    said = PlannedChange.objects.filter(subscription=subscription, on=day, state=Done.DONE, unit_price__isnull=False)
    again = renewed(subscription, phase, day, is_agreed=said.exists())
    if again.moved:
        go_on_for(subscription, phase, again.fees, now, on=day)
        Event.objects.bulk_create(told(actor, subscription, again.moved, day, now))
    return again.account


@operation
def _end_with_term(actor: Actor, subscription: Subscription, now: datetime) -> None:
    """All of it or nothing."""
    end(actor, subscription, now, on=subscription.renews_on)


def _version(plan: PlannedChange) -> PackageVersion:
    versions = PackageVersion.objects.select_related("package", "reseller_fee", "account_fee")
    return versions.get(pk=plan.version_id or 0)


def _owed(subscription: Subscription, version: PackageVersion, plan: PlannedChange, on: date) -> list[Owed]:
    """At the price that was agreed, and what is owed above it on the day."""
    owing = chain(subscription.seller, version, [subscription.tenant], on, plan.cycle)
    terms = Terms(version, owing, plan.unit_price, plan.cycle)
    return [_as_agreed(one, plan, subscription) for one in terms.owed(subscription.tenant_id)]


def _as_agreed(owed: Owed, plan: PlannedChange, subscription: Subscription) -> Owed:
    """What made the price when it was agreed names it still, though list or fee say another by now: else it would pass
    for one that the seller named itself, and no new term would follow them."""
    if owed.payer_id != subscription.tenant_id or owed.amount == owed.priced.amount:
        return owed
    if plan.price_rule:
        return replace(owed, priced=replace(owed.priced, rule=plan.price_rule))
    return replace(owed, terms=plan.fee_version) if plan.fee_version else owed


def months_of_phase(owed: list[Owed]) -> int:
    account = next((one for one in owed if one.stream == PhaseFee.Stream.ACCOUNT), None)
    return months_of(account.cycle, account.terms.minimum_months if account.terms else 0) if account else 1
