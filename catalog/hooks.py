"""Where apps above say what they do with fees, prices and packages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from tenants.actor import Actor

SHOWN = 25
"""How many users of one kind are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that uses a fee or a package: `note` says how, `url_name` where it is shown."""

    pk: int
    name: str
    note: Any
    url_name: str


@dataclass(frozen=True, slots=True)
class Uses:
    """All users of one kind: how many there are, and the first of them. `list_name` with `query` lists all."""

    label: Any
    count: int
    first: Sequence[Use]
    list_name: str
    query: str


LINKED: "list[Callable[[Actor], QuerySet[Any]]]" = []
"""The ids of reseller fees linked by what a reseller sees and may sell: it owes them, so it may read them."""

USED_BY: "list[Callable[[Actor, str, int, date], Uses | None]]" = []
"""Who uses a fee or a package (`"fee"` or `"package"`, its id) on a day, as far as the actor sees it."""
