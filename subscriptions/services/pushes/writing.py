"""Writes what was decided of the targets of a push: phases, what is owed in them, grants, events. All at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from subscriptions.models import Grant, Phase, PhaseFee
from subscriptions.services.allocation import Change, allocate
from subscriptions.services.life.phases import new_phase, placed
from subscriptions.services.life.repricing import told
from subscriptions.services.pushes.decision import CHANGED, REFUSED, WAITING, Decision
from subscriptions.services.pushes.terms import NewTerms
from subscriptions.services.usage.crossings import note_crossings_of
from tenants.actor import Actor
from tenants.models import Event

END = """
UPDATE subscriptions_phase p SET ends_on = d.day FROM unnest(%s::bigint[], %s::date[]) AS d (id, day) WHERE p.id = d.id
"""

SETTLE = """
UPDATE kernel_jobitem i SET state = d.state, reason = d.reason, facts = d.facts::jsonb, result_id = d.result_id
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[]) AS d (id, state, reason, facts, result_id)
 WHERE i.id = d.id
"""


def write(actor: Actor, terms: NewTerms, decisions: Sequence[Decision], now: datetime) -> dict[int, int]:
    """Those that change, whose rows the caller has locked; the id of the phase that begins, by subscription."""
    changed = [one for one in decisions if one.outcome == CHANGED]
    if not changed:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(END, [[_phase(one).pk for one in changed], [one.day for one in changed]])
    phases = Phase.objects.bulk_create(
        new_phase(one.subscription, _version(terms, one), one.priced_by or _phase(one), _day(one), now)
        for one in changed
    )
    fees: list[PhaseFee] = []
    for phase, one in zip(phases, changed, strict=True):
        fees += [placed(phase, fee) for fee in one.fees]
    PhaseFee.objects.bulk_create(fees)
    if terms.pushes_limits:
        grants = [
            Change(one.subscription.pk, resource, amount, one.subscription.package_id)
            for one in changed
            for resource, amount in sorted(one.changes.items())
        ]
        allocate(grants, kind=Grant.Kind.PACKAGE, now=now)
        note_crossings_of([one.subscription.pk for one in changed], now)
    Event.objects.bulk_create(event for one in changed for event in _events(actor, terms, one, now))
    return {phase.subscription_id: phase.pk for phase in phases}


def settle(outcomes: Sequence[tuple[int, Decision, int | None]], encode: Any) -> None:
    """Say of each item how it ended: its id, the decision, and the phase that it has begun."""
    rows = [
        (item, _state(one.outcome), "" if one.outcome == CHANGED else one.outcome, _facts(one, encode), phase)
        for item, one, phase in outcomes
    ]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [list(column) for column in zip(*rows, strict=True)])


def _state(outcome: str) -> str:
    return "done" if outcome == CHANGED else "failed" if outcome in REFUSED else "skipped"


def _facts(one: Decision, encode: Any) -> str | None:
    """With the day, of what changes or waits for it."""
    day = {"on": one.day.isoformat()} if one.day and one.outcome in {CHANGED, WAITING} else {}
    facts = one.facts | day
    return encode(facts) if facts else None


def _phase(one: Decision) -> Phase:
    assert one.phase is not None  # noqa: S101 -- what changes has one
    return one.phase


def _day(one: Decision) -> date:
    assert one.day is not None  # noqa: S101
    return one.day


def _version(terms: NewTerms, one: Decision) -> int:
    """Which limits are held: prices have a pair of fees of their own."""
    return terms.version.pk if terms.pushes_limits else _phase(one).version_id


def _events(actor: Actor, terms: NewTerms, one: Decision, now: datetime) -> list[Event]:
    """One for each who pays another price, which it reads with all above it; and one for the holder's limits."""
    events = [*told(actor, one.subscription, one.moved, _day(one), now)]
    if one.changes:
        before_limits = one.limits_before
        after_limits = {key: before_limits.get(key, 0) + amount for key, amount in one.changes.items()}
        had = {key: before_limits.get(key, 0) for key in one.changes}
        events.append(
            actor.event(
                "subscription.limits_changed",
                one.subscription,
                at=now,
                before={"limits": _text_keys(had)},
                facts={"limits": _text_keys(after_limits), "effective_on": _day(one).isoformat()},
            )
        )
    return events


def _text_keys(numbers: Mapping[int, int]) -> dict[str, int]:
    """JSON knows no numbers as keys."""
    return {str(key): number for key, number in sorted(numbers.items())}
