"""The demo's resellers and their customers, and how much of what each sells."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from random import Random

from catalog.services.packages import Content
from resellerhub.demo import names
from resellerhub.demo.accounts import open_account
from resellerhub.demo.catalogue import RETAIL, WHOLESALE, Catalogue, Recipe
from resellerhub.demo.logins import Credentials, administrator, login
from subscriptions.models import Subscription
from subscriptions.services.selling.opening import Offer, sell_subscriptions, subscribe_reseller
from subscriptions.services.selling.plans import create_plan
from tenants.actor import Actor
from tenants.models import ResellerType, Tenant
from tenants.services.customers import create_customers
from tenants.services.people import Person
from tenants.services.resellers import create_reseller

CHUNK = 2_000
ROOM = 1.25
"""What a reseller that may not oversell buys, for each that it needs."""
SHORT = 0.8
"""The same for one that may: it ends up over quota."""
OFFICE = Recipe(
    "exchange",
    "Office",
    {"user_mailbox": 10, "shared_mailbox": 2, "storage_gb": 120, "distribution_list": 10, "contact": 100},
)
PARTNER = Recipe(
    "exchange",
    "Partner",
    {
        "user_mailbox": 25,
        "shared_mailbox": 10,
        "resource_mailbox": 5,
        "storage_gb": 500,
        "archive_gb": 250,
        "distribution_list": 25,
        "contact": 250,
    },
)
Sold = tuple[Recipe, int]
"""A package and how many times."""


@dataclass
class Seller:
    """The provider or a reseller, with whom it sells to and what."""

    actor: Actor
    name: str = ""
    is_prepaid: bool = False
    may_oversell: bool = False
    services: tuple[str, ...] = ("exchange", "mail")
    customers: list[Tenant] = field(default_factory=list)
    wishes: dict[Sold, list[int]] = field(default_factory=dict)
    """What is sold to which customers."""

    @property
    def id(self) -> int:
        return self.actor.tenant_id

    def demand(self, service: str) -> Counter[str]:
        """How much of each resource its customers' subscriptions need."""
        needed: Counter[str] = Counter()
        for (recipe, quantity), customers in self.wishes.items():
            if recipe.service == service:
                needed.update({code: limit * quantity * len(customers) for code, limit in recipe.limits.items()})
        return needed


@dataclass(frozen=True)
class Stage:
    """What all of the demo is made with."""

    random: Random
    provider: Actor
    catalogue: Catalogue
    credentials: Credentials
    now: datetime


def open_reseller(stage: Stage, above: Actor, position: int, *, shown: bool) -> Seller:
    """A reseller with its administrator. Every third takes commission; of the prepaid every second may oversell."""
    is_sub = above.tenant_id != stage.provider.tenant_id
    details, domain = names.sub_reseller(stage.random) if is_sub else names.reseller(stage.random, position)
    is_prepaid = is_sub or position % 3 != 2
    may_oversell = is_prepaid and not is_sub and position % 2 == 0
    name = names.person(stage.random)
    person = login(name, f"admin@{domain}") if shown else Person(f"admin@{domain}", name, language="de")
    tenant = create_reseller(
        actor=above,
        seller_id=above.tenant_id,
        details=details,
        reseller_type=ResellerType.PREPAID if is_prepaid else ResellerType.COMMISSION,
        may_oversell=may_oversell,
        administrator=person,
        now=stage.now,
    )
    note = stage.credentials.hand_over
    actor = note(tenant, details.name, person, stage.now) if shown else administrator(tenant)
    return Seller(actor, details.name, is_prepaid, may_oversell, ("exchange",) if is_sub else ("exchange", "mail"))


def open_customers(stage: Stage, seller: Seller, count: int, first: int, *, shown: bool) -> None:
    """`count` customers of a seller; the first can log in when `shown`."""
    numbers = iter(range(first, first + count))
    if shown:
        number = next(numbers)
        details = names.customer(stage.random, number)
        person = login(details.contact_name, f"admin@kunde-{number}.example")
        tenant = open_account(seller.actor, details, person, number, stage.now)
        stage.credentials.hand_over(tenant, details.name, person, stage.now)
        seller.customers.append(tenant)
    while part := [names.customer(stage.random, number) for number in islice(numbers, CHUNK)]:
        seller.customers += create_customers(actor=seller.actor, seller_id=seller.id, customers=part, now=stage.now)


def make_wishes(stage: Stage, seller: Seller) -> None:
    """Every customer wants Exchange, mail or both; of a prepaid reseller often its own plan."""
    exchange = [recipe for recipe in RETAIL if recipe.service == "exchange"] + [OFFICE] * seller.is_prepaid
    mail = [recipe for recipe in RETAIL if recipe.service == "mail"]
    for customer in seller.customers:
        lot = stage.random.random()
        both = len(seller.services) > 1
        for wanted, recipes in ((lot < 0.8 or not both, exchange), (lot > 0.55 and both, mail)):
            if wanted:
                sold = (stage.random.choice(recipes), stage.random.choice((1, 1, 1, 2, 3)))
                seller.wishes.setdefault(sold, []).append(customer.pk)


def subscribe(stage: Stage, seller: Seller, extra: Counter[str] | None = None) -> list[Subscription]:
    """What a prepaid reseller buys to sell on; `extra` goes to its sub-reseller."""
    held = []
    for recipe in WHOLESALE:
        needed = seller.demand(recipe.service)
        needed.update({code: amount for code, amount in (extra or {}).items() if code in recipe.limits})
        if not needed:
            continue
        room = SHORT if seller.may_oversell else ROOM
        units = max(-(-int(amount * room) // recipe.limits[code]) for code, amount in needed.items())
        offer = Offer(
            package_id=stage.catalogue.packages[recipe.name].pk,
            service_instance_id=stage.catalogue.instances[recipe.service].pk,
            quantity=max(units, 1),
        )
        held.append(subscribe_reseller(actor=stage.provider, reseller_id=seller.id, offer=offer, now=stage.now))
    return held


def sell(stage: Stage, seller: Seller) -> int:
    """Everything that its customers want; how many subscriptions that is."""
    packages = {recipe.name: stage.catalogue.packages[recipe.name].pk for recipe in RETAIL}
    if any(recipe is OFFICE for recipe, _quantity in seller.wishes):
        packages[OFFICE.name] = own_plan(stage, seller, OFFICE, "customer")
    count = 0
    for (recipe, quantity), customers in seller.wishes.items():
        offer = Offer(
            package_id=packages[recipe.name],
            service_instance_id=stage.catalogue.instances[recipe.service].pk,
            quantity=quantity,
        )
        for part in parts(customers):
            sell_subscriptions(actor=seller.actor, customer_ids=part, offer=offer, now=stage.now)
            count += len(part)
    return count


def own_plan(stage: Stage, seller: Seller, recipe: Recipe, audience: str) -> int:
    """A plan in the reseller's own name."""
    plan = create_plan(
        actor=seller.actor,
        service_type_id=stage.catalogue.types[recipe.service].pk,
        name=f"{seller.name.split()[0]} {recipe.name}",
        content=Content(stage.catalogue.limits(recipe)),
        audience=audience,
        now=stage.now,
    )
    return plan.pk


def parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
