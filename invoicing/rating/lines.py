"""The amounts of lines: an unrounded rate, rounded once."""

from decimal import Decimal

from invoicing.rating.charges import Charge, Kind
from invoicing.rating.policy import Policy
from invoicing.rating.segments import Segment
from resellerhub.kernel.money import portion
from resellerhub.kernel.periods import Period

NOTHING = Decimal(0)


def charged(segment: Segment, currency: str, policy: Policy) -> Charge:
    """What is owed for a segment."""
    return _line(Kind.RECURRING, segment, currency, policy)


def given_free(segment: Segment, currency: str, policy: Policy) -> Charge:
    """The same given back, on a line of its own: of a trial, or while it is suspended."""
    kind = Kind.SUSPENSION if segment.stretch.is_suspended else Kind.TRIAL
    return _line(kind, segment, currency, policy)


def _line(kind: Kind, segment: Segment, currency: str, policy: Policy) -> Charge:
    """unit price × quantity × days / days of the cycle."""
    stretch, period, start, end, counted_from, _free, due_on = segment
    price, quantity = stretch.unit_price, stretch.quantity
    cycle, between = period.cycle, policy.day_count.between
    part, whole = between(counted_from, end), between(cycle.start, cycle.end)
    amount = portion(price * quantity, part, whole, currency, policy.rounding)
    if kind is not Kind.RECURRING:
        amount = -amount
    service = cycle if start == cycle.start and end == cycle.end else Period(start, end)
    return Charge(kind, stretch.source, service, cycle, quantity, price, currency, part, whole, amount, due_on)


def capped(potential: Decimal, original: Decimal, earlier: Decimal) -> Decimal:
    """What may be given back of so much: never more than was billed less what was given back before (Flexprice,
    `CapCreditAmount`; Kill Bill, `getNetAmount`)."""
    return max(min(potential, original - earlier), NOTHING)
