"""Where apps above take part in what happens here. They register when they are ready; this app does not know them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from subscriptions.models import Subscription
from tenants.actor import Actor

if TYPE_CHECKING:
    from subscriptions.leaving import Leave
    from subscriptions.quoting import Beside, OneOff
    from subscriptions.services.life.steps.taking import Held

BESIDE: list[Callable[[Sequence[int]], Mapping[int, Sequence["Beside"]]]] = []
"""What is owed for what else is held with each of these subscriptions: steps of their lives say what they do to it."""

ENDING: list[Callable[["Held", Mapping[int, "Leave"]], Sequence["OneOff"]]] = []
"""What is due once because that ends with it: rows that are not written yet. The leave is said by payer."""

RENEWED: list[Callable[[Actor, Subscription, date, datetime], None]] = []
"""Called inside the transaction in which a new term begins, with its first day."""

ELSEWHERE: list[Callable[[Actor, Sequence[int], datetime], None]] = []
"""Called inside the transaction after which these subscriptions are sold by, or beneath, somebody else."""

CLOSING: list[Callable[[Actor, Subscription, datetime], None]] = []
"""Called inside the transaction that closes a subscription, before its allocation is taken back."""

MOVED: list[Callable[[Actor, Subscription, datetime], None]] = []
"""Called inside the transaction that gives a subscription to another holder, when it is theirs already."""

EVENTS: list[Callable[[Subscription], Q]] = []
"""Which events of other things are about this subscription, too: a condition on the event log."""

SECTIONS: list[Callable[[Any, Subscription], Any]] = []
"""Called with the request and the subscription for its page: returns a `web.details.Section`, or None."""
