"""What holdings have to be, as plain sums over what was sold: no database, no counters, nothing kept twice."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from resellerhub.kernel.refusals import Refusal
from tests.world import NOW


class Refused(Exception):
    """What the model says must be refused."""

    def __init__(self, kind: type[Refusal], **facts: int) -> None:
        self.kind, self.facts = kind, facts


@dataclass
class Held:
    """A subscription as it was agreed; everything else about it is worked out anew whenever it is asked for."""

    holder: str
    is_reseller: bool
    source: "Held | None"
    limits: dict[str, int]
    quantity: int
    package: str = ""
    state: str = "active"
    raised: Counter[str] = field(default_factory=Counter)
    sales: dict[int, dict[str, int]] = field(default_factory=dict)
    gauge: tuple[int, int] = (-1, 0)
    """Of the mailboxes: when, and how many."""
    mails: int = 0
    drawn: list["Held"] = field(default_factory=list)
    planned: int | None = None
    """The quantity from the end of the term on."""
    terms: int = 0
    """That are over."""

    @property
    def now(self) -> datetime:
        """In its own term: time passes for one after the other."""
        return NOW + timedelta(days=31 * self.terms)

    @property
    def is_open(self) -> bool:
        return self.state != "closed"

    @property
    def open_drawn(self) -> list["Held"]:
        return [one for one in self.drawn if one.is_open]

    def allocated(self, resource: str) -> int:
        bought = sum(values.get(resource, 0) for values in self.sales.values())
        return self.limits.get(resource, 0) * self.quantity + self.raised[resource] + bought

    def sold(self, resource: str) -> int:
        return sum(one.allocated(resource) for one in self.open_drawn)

    def used(self, resource: str) -> int:
        here = {"user_mailbox": self.gauge[1], "mails": self.mails}.get(resource, 0)
        return here + sum(one.used(resource) for one in self.open_drawn)

    def utilised(self, resource: str) -> int:
        return self.sold(resource) if self.is_reseller else self.used(resource)

    def left(self, resource: str) -> int:
        """What can still be sold from it."""
        return max(self.allocated(resource) - self.sold(resource), 0)

    def row(self, resource: str) -> tuple[int, int, int, int]:
        allocated, sold, used = self.allocated(resource), self.sold(resource), self.used(resource)
        return allocated, sold, used, allocated - self.utilised(resource)
