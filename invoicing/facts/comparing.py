"""Which streams have to be compared with what was billed, and which need not be. No table, no clock."""

from collections.abc import Sequence
from datetime import date, timedelta

from invoicing.facts.streams import Facts
from invoicing.rating.charges import Charge
from invoicing.rating.correcting import COUNTED, Stood
from invoicing.rating.engine import rate
from invoicing.rating.policy import Policy
from invoicing.rating.timeline import DAY, as_said

FOREVER = date.max
LATER = timedelta(days=800)
"""By then all is due of what has ended: no cycle is longer than a year."""

Outcome = tuple[Sequence[Charge], date | None]
"""What is to be billed; and until when nothing is left to compare while nothing happens, `FOREVER` for what has ended
and is billed. None: all has to be compared again."""


def compared(facts: Facts, currency: str, rules: Policy, billed: Sequence[Charge], until: date) -> Outcome:
    """Of a stream of which something is new, or was not billed in whole cycles."""
    charges = rate(facts.stream(currency, billed), rules, until)
    return charges, _settled(facts, currency, rules, [*billed, *charges], until)


def untouched(facts: Facts, currency: str, rules: Policy, since: date, until: date) -> Outcome:
    """Of a stream that is as it was when it was billed until `since`."""
    charges = [] if since == FOREVER else rate(facts.stream(currency, since=since), rules, until)
    return charges, _settled(facts, currency, rules, charges, until) if charges else since


def _settled(facts: Facts, currency: str, rules: Policy, charges: Sequence[Charge], until: date) -> date | None:
    """The end of the last cycle that stands, where it stands until its end; all before was billed with it."""
    if not facts.stretches or facts.stretches[-1].ends_on is not None:
        numbered = [row if row.id else row._replace(id=-number) for number, row in enumerate(charges, 1)]
        more = rate(facts.stream(currency, numbered), rules, max(facts.days) + LATER)
        return None if more else FOREVER
    if max(facts.days) > until or as_said(facts.stretches, rules) is not facts.stretches:
        return None
    stood: dict[object, Stood] = {}
    for number, row in enumerate(charges):
        if row.credits in stood:
            stood[row.credits].credits.append(row)
        elif row.kind in COUNTED:
            stood[row.id or -number] = Stood(row)
    live = [each for each in stood.values() if each.days]
    ends = [end for each in live if each.units((end := each.charge.service.end) - DAY, end)]
    cycles = [each.charge.billing.end for each in live]
    return max(cycles) if ends and max(ends) == max(cycles) else None
