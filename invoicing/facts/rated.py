"""What is to be billed of each stream: facts, marks and what was billed, held against each other. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from invoicing.facts.comparing import FOREVER, compared, untouched
from invoicing.facts.streams import Facts, Key
from invoicing.models import BillingPolicy, Mark
from invoicing.models import Charge as ChargeRow
from invoicing.rating.charges import Charge, Kind
from invoicing.rating.policy import Policy
from invoicing.selectors.policies import by_which
from resellerhub.kernel.periods import Period

COLUMNS = (
    *("mark", "pk", "kind", "source_kind", "source_id"),
    *("service_start", "service_end", "billing_start", "billing_end", "quantity", "unit_price"),
    *("currency", "part", "whole", "amount", "due_on", "credits", "nth"),
)
"""Of what was billed, in the order of `rating.charges.Charge`."""
DEFAULTS = Policy()


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
        if mark and _is_as_it_was(mark, seen[key]):
            charges, since = untouched(facts, key.currency, rules, mark.since or FOREVER, until)
        else:
            charges, since = compared(facts, key.currency, rules, billed[mark.pk] if mark else [], until)
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
