"""What is to be billed of each stream: facts, marks and what was billed, held against each other. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from invoicing.facts.streams import Facts, Key
from invoicing.models import BillingPolicy, Mark
from invoicing.models import Charge as ChargeRow
from invoicing.rating.charges import Charge, Kind
from invoicing.rating.correcting import COUNTED, Stood
from invoicing.rating.engine import rate
from invoicing.rating.policy import Policy
from invoicing.rating.timeline import DAY, as_said
from invoicing.selectors.policies import by_which
from resellerhub.kernel.periods import Period

COLUMNS = (
    *("mark", "pk", "kind", "source_kind", "source_id"),
    *("service_start", "service_end", "billing_start", "billing_end", "quantity", "unit_price"),
    *("currency", "part", "whole", "amount", "due_on", "credits", "nth"),
)
"""Of what was billed, in the order of `rating.charges.Charge`."""
DEFAULTS = Policy()
FOREVER = date.max
LATER = timedelta(days=800)
"""By then all is due of what has ended: no cycle is longer than a year."""


class Line(NamedTuple):
    """A charge that is not written yet, of one stream."""

    key: Key
    facts: Facts
    charge: Charge


@dataclass(frozen=True, slots=True)
class Rated:
    """What comes of a stream; `since` and `seen` are what its mark is to say."""

    key: Key
    facts: Facts
    policy: BillingPolicy | None
    charges: Sequence[Charge]
    since: date | None
    seen: str

    @property
    def lines(self) -> Iterator[Line]:
        return (Line(self.key, self.facts, charge) for charge in self.charges)


def marks_of(issuer_id: int, payer_ids: Sequence[int]) -> dict[Key, Mark]:
    return _by_key(Mark.objects.filter(issuer=issuer_id, payer__in=payer_ids))


def locked_marks_of(issuer_id: int, payer_ids: Sequence[int]) -> dict[Key, Mark]:
    return _by_key(Mark.objects.filter(issuer=issuer_id, payer__in=payer_ids).locked())


def _by_key(rows: Iterable[Mark]) -> dict[Key, Mark]:
    return {key_of(row): row for row in rows}


def key_of(mark: Mark) -> Key:
    return Key(mark.about, mark.about_id, mark.payer_id, mark.issuer_id, mark.currency)


def rated(
    found: Mapping[Key, Facts], marks: Mapping[Key, Mark], versions: Sequence[BillingPolicy], until: date
) -> list[Rated]:
    """Of all that was found. `versions` are those of the issuer, newest first. One statement."""
    seen = {key: facts.digest for key, facts in found.items()}
    billed = billed_of(
        [mark.pk for key, mark in marks.items() if mark.until and not _is_as_it_was(mark, seen.get(key))]
    )
    by_id = {row.pk: row for row in versions}
    rows: list[Rated] = []
    for key, facts in found.items():
        mark = marks.get(key)
        policy = by_id.get(mark.policy_id or 0) if mark else by_which(versions, facts.began_on, until)
        rules = policy.rated_by if policy else DEFAULTS
        if mark and mark.since and _is_as_it_was(mark, seen[key]):
            charges = _untouched(key, facts, rules, mark.since, until)
            since = _settled(key, facts, rules, charges, until) if charges else mark.since
        else:
            before = billed[mark.pk] if mark else []
            charges = rate(facts.stream(key.currency, before), rules, until)
            since = _settled(key, facts, rules, [*before, *charges], until)
        rows.append(Rated(key, facts, policy, charges, since, seen[key]))
    return rows


def _is_as_it_was(mark: Mark, seen: str | None) -> bool:
    return mark.since is not None and mark.seen == seen


def billed_of(mark_ids: Sequence[int]) -> dict[int, list[Charge]]:
    """What was billed of these, in the order in which it was."""
    found: dict[int, list[Charge]] = defaultdict(list)
    for row in ChargeRow.objects.filter(mark__in=mark_ids).order_by("pk").values_list(*COLUMNS) if mark_ids else ():
        mark_id, pk, kind, source_kind, source_id, start, end, begins, ends, *rest = row
        days = (Period(start, end), Period(begins, ends))
        found[mark_id].append(Charge._make((Kind(kind), (source_kind, source_id), *days, *rest, pk)))
    return found


def _untouched(key: Key, facts: Facts, rules: Policy, since: date, until: date) -> Sequence[Charge]:
    return [] if since == FOREVER else rate(facts.stream(key.currency, since=since), rules, until)


def _settled(key: Key, facts: Facts, rules: Policy, charges: Sequence[Charge], until: date) -> date | None:
    """Until when nothing is left to compare while nothing happens: the end of the last cycle billed, where it
    was billed whole. `FOREVER` for what has ended and is billed; None where all has to be compared again."""
    if not facts.stretches or facts.stretches[-1].ends_on is not None:
        numbered = [row if row.id else row._replace(id=-number) for number, row in enumerate(charges, 1)]
        last = max(facts.days)
        return None if rate(facts.stream(key.currency, numbered), rules, last + LATER) else FOREVER
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
