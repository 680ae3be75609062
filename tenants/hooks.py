"""Where apps above take part in what happens here. They register when they are ready; this app does not know them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tenants.actor import Actor
from tenants.models import Mail, Tenant

LISTED = 20
"""So many of each kind are named where something is in the way; the count is always whole."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that stands in the way, or comes along. `page` is the url name of its page in both shells."""

    page: str
    pk: int
    name: str
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Things of one kind: what they are called, how many there are, and the first of them by name."""

    label: Any
    count: int
    first: Sequence[Part] = ()


ACTIVE: list[Callable[[Actor, Tenant], Sequence[Parts]]] = []
"""What is active of a reseller: while there is any, it is not closed."""

CLOSING_TENANT: list[Callable[[Actor, Tenant, datetime], dict[str, Any]]] = []
"""Called inside the transaction that closes a tenant, its branch locked: ends what is open, through services of its
own; what comes back goes into the event. Invoicing writes its last invoice here: it registers last, and finds ended
what ends."""

CONVERTING: list[Callable[[Actor, Tenant, str], Sequence[Parts]]] = []
"""What keeps a tenant from becoming one of the other kind, which is named."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a move to another seller means: what comes along, and what is in its way."""

    along: Sequence[Parts] = ()
    blocked: Sequence[Parts] = ()


FOLLOWING: list[Callable[[Actor, Tenant, Tenant], Following]] = []
"""Called with a tenant and the seller it is to have: for the preview, and again before the move, under the locks of
both branches. Anything blocked refuses the move."""

MOVED: list[Callable[[Actor, Tenant, Tenant, datetime], dict[str, Any]]] = []
"""Called when a tenant stands beneath its new seller, inside the transaction: takes along what follows; what comes back
goes into the event."""

CONVERTED: list[Callable[[Actor, Tenant, datetime], None]] = []
"""Called when a tenant has become one of the other kind, inside the transaction: ends what only the old kind has."""

SUSPENDED: list[Callable[[Actor, Sequence[Tenant], str, datetime], None]] = []
"""Called with those that have just been suspended and the reason, inside the transaction, their branches locked."""

RESUMED: list[Callable[[Actor, Sequence[Tenant], datetime], None]] = []
"""The same, of those that are active again."""

CHARGED: list[Callable[[int], bool]] = []
"""Whether a tenant was charged something: its currency stays then."""

UNREAD: list[Callable[[Actor, QuerySet[Mail]], QuerySet[Mail]]] = []
"""Leaves out mails that a reseller does not read, though they went out in its name."""

UNTOLD: list[Callable[[Actor], Q]] = []
"""Which events a reseller is not told of, though the tenant that they are of is beneath it: conditions on events."""
