"""Where apps above say what they do with fees, prices and packages."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from catalog.models import Fee
    from catalog.pricing import About
    from resellerhub.kernel.refusals import Refusal
    from tenants.actor import Actor
    from tenants.models import Tenant

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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a seller sells to whom: one buyer, or with the id 0 anybody of a kind, on a day."""

    seller: "Tenant"
    buyer: "Tenant"
    on: date


@dataclass(frozen=True, slots=True)
class Sold:
    """One thing that a seller sells to a buyer, with what stands beside the rules of a price list, for its cycle.

    `currency` is that of its fees, empty where it has none; `stated` what it costs the buyer where no rule says
    another; `cost` what the seller itself pays.
    """

    about: "About"
    name: str
    currency: str
    stated: "Decimal | None"
    cost: "Decimal | None"
    recommended: "Decimal | None"
    note: Any = ""
    cost_once: bool = False
    """The seller owes its cost once, however many it sells: there is no margin of one unit."""
    issuer_id: int = 0
    """To whom it is owed, and whose price lists count: the seller, or whoever bills for one on commission."""

    def margin(self, amount: "Decimal | None") -> "Decimal | None":
        """What is left to the seller of what it charges for one unit."""
        return None if amount is None or self.cost is None or self.cost_once else amount - self.cost


NAMING: "list[Callable[[Fee, date], QuerySet[Any]]]" = []
"""What beside packages names a fee on a day or will, in anybody's sight: rows with a name, a manager and switches."""

SOLD_AT: "list[Callable[[Fee], bool]]" = []
"""Whether anything beside packages was sold at a fee."""

SOLD: "list[Callable[[Actor, Asked], Iterable[Sold]]]" = []
"""What is sold at prices that lists of the seller make, as far as the actor sees it."""


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What the reader's tenant is charged for one unit and cycle; `once`: however many it sells."""

    amount: "Decimal"
    currency: str
    cycle: str
    once: bool = False


OWN_PRICES: "list[Callable[[Actor, int, date], Sequence[OwnPrice]]]" = []
"""By the price lists of its seller, what a reseller is charged for what it holds or sells of a package, by its id."""

ADD_ONS: "list[Callable[[Actor, Collection[int]], Mapping[int, str]]]" = []
"""The names of add-ons that rules are about."""

LISTED: "list[Callable[[Actor], Q]]" = []
"""Which of the packages in an actor's sight lists show; the others are looked at where something leads to them."""

WITHOUT_PLANS: "list[Callable[[Actor], Refusal | None]]" = []
"""Why an actor makes no packages of its own, or not yet: the page says it, and the operation refuses with it."""
