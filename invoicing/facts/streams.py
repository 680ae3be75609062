"""What one owes another for one thing, as the facts say it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from invoicing.rating.charges import Charge
from invoicing.rating.policy import Anchor
from invoicing.rating.timeline import DueOnce, GivenBack, Stream, Stretch
from resellerhub.kernel.periods import Cycle
from subscriptions.terms import Term, grid_of

Source = tuple[str, int]
"""The kind of a fact that is charged for, and its id."""


class Key(NamedTuple):
    """What a stream is about (`Mark.About`), and between whom."""

    about: str
    about_id: int
    payer_id: int
    issuer_id: int
    currency: str


class Said(NamedTuple):
    """What a charge says beside its amount."""

    stream: str
    label: str
    holder_id: int
    seller_id: int
    subscription_id: int | None


@dataclass(slots=True)
class Facts:
    """All that is known of one stream. `said` is by the source of what is charged."""

    stretches: list[Stretch] = field(default_factory=list)
    anchors: Sequence[Anchor] = ()
    given_back: list[GivenBack] = field(default_factory=list)
    due_once: list[DueOnce] = field(default_factory=list)
    said: dict[Source, Said] = field(default_factory=dict)

    @property
    def began_on(self) -> date:
        return min([*(row.starts_on for row in self.stretches[:1]), *(row.on for row in self.due_once)])

    @property
    def days(self) -> list[date]:
        """All on which something happens."""
        ends = [row.ends_on for row in self.stretches if row.ends_on]
        once = [*(row.on for row in self.due_once), *(row.since for row in self.given_back)]
        return [*(row.starts_on for row in self.stretches), *ends, *once]

    @property
    def costs_something(self) -> bool:
        return bool(self.due_once) or any(row.unit_price for row in self.stretches)

    @property
    def digest(self) -> str:
        """The same as long as nothing happens to it: that a term is followed by another one like it is nothing."""
        told = (self.stretches, list(_irregular(self.anchors)), self.given_back, self.due_once)
        return blake2b(repr(told).encode(), digest_size=16).hexdigest()

    def stream(self, currency: str, billed: Sequence[Charge] = (), since: date = date.min) -> Stream:
        """What is billed until `since` is left out; then only what is due once and not billed is asked of the rest."""
        is_compared = since == date.min
        return Stream(
            currency,
            self.stretches,
            self.anchors,
            billed,
            self.given_back if is_compared else (),
            self.due_once if is_compared else (),
            since,
        )


def _irregular(anchors: Sequence[Anchor]) -> Iterable[Anchor]:
    yield from anchors[:1]
    for before, anchor in pairwise(anchors):
        if (anchor.since, anchor.day) != (before.until, before.day):
            yield anchor


def anchor_of(starts_on: date, ends_on: date, anchor_day: int) -> Anchor:
    """From a term of a subscription, as it was said."""
    grid = grid_of(Term(starts_on, ends_on, anchor_day), Cycle.MONTH)
    return Anchor(starts_on, starts_on, grid.anchor, ends_on)
