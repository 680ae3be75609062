"""What a step credits and charges the holder for the billing period that runs.

The suspension has credited its days until the end of that period, where the fee says so: they are given back only once,
and what is added for them is due when it is resumed. What resellers owe goes on, and so do later periods: these are
credited as they come, for as long as it stays suspended.
"""

from collections.abc import Callable
from datetime import date

from resellerhub.kernel.periods import Period
from subscriptions.models import Phase, PhaseFee
from subscriptions.quoting import Beside, Fee, Line, of_whole, part
from subscriptions.services.life.steps.taking import Held
from subscriptions.terms import Term, period_of


def charge(held: Held, fee: Fee, quantity: int, period: Period) -> list[Line]:
    """From today on, at a price that counts from today."""
    if held.phase is not None and _is_credited(held.phase, fee):
        return []
    line = part("charge", fee, quantity, period, held.on)
    return [line] if line else []


def credit(held: Held, quantity: int, since: date) -> list[Line]:
    """So many of what is held; days before `since`, and before anything but the state was another, stay as they are."""
    fee = held.fee
    if fee is None:
        return []
    stretches = _stretches(held, fee, since, held.period.end, lambda phase: _is_alike(held, phase, fee))
    return _credits(fee, quantity, held.period, stretches)


def beside(held: Held) -> list[Beside]:
    """What is owed for what else is held with it, by the holder or by whom is asked."""
    payer = held.payer_id or held.subscription.tenant_id
    return [one for one in held.beside if one.payer_id == payer and one.applies_more_than_once]


def credit_beside(held: Held, one: Beside, since: date) -> list[Line]:
    """Of one of them; never for days on which it was another."""
    period = held.period_of(one)
    stretches = _stretches(held, one, max(since, one.began_on), period.end, lambda _phase: True)
    return [as_charged(held, one, line) for line in _credits(one, one.quantity, period, stretches)]


def as_charged(held: Held, one: Beside, line: Line) -> Line:
    """What is given back of the period in which it began, where that was charged as a whole."""
    period = held.period_of(one)
    is_whole = period.start < one.began_on < period.end and not one.prorates_first
    return of_whole(line, period, one.began_on) if is_whole else line


def cut_beside(held: Held, term: Term, on: date) -> list[Line]:
    """It is charged in the periods of another term from a day on: the rest of the one that runs is given back, and the
    new one charged where it begins today."""
    lines: list[Line] = []
    for one in beside(held):
        lines += credit_beside(held, one, on)
        if on == held.on:
            lines += charge(held, one, one.quantity, period_of(term, one.cycle, on))
    return lines


def _credits(fee: Fee, quantity: int, period: Period, stretches: list[tuple[date, date]]) -> list[Line]:
    lines = (part("credit", fee, quantity, period, *days) for days in stretches)
    return [line for line in lines if line]


def _stretches(
    held: Held, fee: Fee, since: date, until: date, is_alike: Callable[[Phase], bool]
) -> list[tuple[date, date]]:
    """The days that are charged as today, together where they touch."""
    found: list[tuple[date, date]] = []
    for phase in _phases(held, since):
        if not is_alike(phase):
            break
        start = max(phase.starts_on, since)
        if start < until and not _is_credited(phase, fee):
            touches = found and found[-1][0] == until
            found.append((start, found.pop()[1] if touches else until))
        until = phase.starts_on
    return found[::-1]


def _phases(held: Held, since: date) -> list[Phase]:
    """The latest first; almost always the open one is enough."""
    last = held.must_be_begun()
    if last.starts_on <= since:
        return [last]
    earlier = Phase.objects.filter(subscription=held.subscription, ends_on__gt=since).order_by("-pk")
    return [last, *earlier.prefetch_related("fees")]


def _is_alike(held: Held, phase: Phase, fee: PhaseFee) -> bool:
    now = held.must_be_begun()
    if phase.pk == now.pk:
        return True
    if (phase.tenant_id, phase.version_id, phase.quantity) != (now.tenant_id, now.version_id, now.quantity):
        return False
    return any(one.payer_id == fee.payer_id and _price(one) == _price(fee) for one in phase.fees.all())


def _price(fee: PhaseFee) -> tuple[object, ...]:
    return fee.unit_price, fee.currency, fee.cycle, fee.credits_suspension


def _is_credited(phase: Phase, fee: Fee) -> bool:
    return phase.state == Phase.State.SUSPENDED and fee.credits_suspension
