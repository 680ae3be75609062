"""A German groupware provider with resellers, customers, subscriptions and usage, made by running the real services."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.utils.translation import gettext_lazy as _

from resellerhub.demo.accounts import price_support
from resellerhub.demo.add_ons import make_add_ons
from resellerhub.demo.billing import make_bills
from resellerhub.demo.brands import make_brand
from resellerhub.demo.catalogue import make_catalogue
from resellerhub.demo.companies import tell_of_companies
from resellerhub.demo.life import plan_ahead
from resellerhub.demo.logins import Credentials, login
from resellerhub.demo.pools import make_pools
from resellerhub.demo.prices import make_price_lists
from resellerhub.demo.self_service import choose_offerings, open_self_service
from resellerhub.demo.sellers import (
    PARTNER,
    Seller,
    Stage,
    make_wishes,
    open_customers,
    open_reseller,
    own_plan,
    sell,
    subscribe,
)
from resellerhub.demo.usage import measure_usage
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Subscription
from subscriptions.services.life.standing import close_subscription, suspend_subscription
from subscriptions.services.selling.opening import Offer, subscribe_reseller
from tenants.models import Tenant
from tenants.services.providers import create_provider
from tenants.services.status import suspend_tenant

SEED = 20261121
PROVIDER = "Groupware GmbH"


@dataclass(frozen=True)
class Size:
    resellers: int
    customers: int


SIZES = {"small": Size(6, 60), "medium": Size(20, 2_000), "large": Size(200, 60_000)}


class NotEmpty(Refusal):
    code, message = "not-empty", _("There are tenants already: demo data is made in an empty database only.")


@operation
def seed(*, size: Size, url: str, say: Callable[[str], None] = print, now: datetime) -> Credentials:
    """All of the demo or nothing of it. The same size gives the same data but for secrets and times.

    Refused: `NotEmpty` where there are tenants.
    """
    if Tenant.objects.exists():
        raise NotEmpty()
    random = Random(SEED)  # noqa: S311  not a secret: the same every time
    person = login("Greta Lindqvist", "admin@groupware.example")
    provider = create_provider(name=PROVIDER, administrator=person, language="de", now=now)
    credentials = Credentials(url)
    actor = credentials.hand_over(provider, PROVIDER, person, now)
    stage = Stage(random, actor, make_catalogue(actor, now), credentials, now)
    price_support(actor, now)
    say("The provider and its catalogue are there.")

    sellers, sub = _open_sellers(stage, size)
    say(f"{len(sellers)} sellers with {sum(len(seller.customers) for seller in sellers)} customers are there.")
    make_price_lists(stage, sellers)
    for seller in sellers:
        make_wishes(stage, seller)
    _subscribe_resellers(stage, sellers, sub)
    choose_offerings(stage, sellers)
    sold = sum(sell(stage, seller) for seller in sellers)
    say(f"{sold} subscriptions are sold.")
    say(f"{open_self_service(stage, sellers)} orders are placed.")
    say(f"{measure_usage(stage)} usage events are counted.")
    say(f"{make_add_ons(stage)} add-ons are sold.")
    make_brand(stage, sellers[2])
    _let_things_happen(stage, sellers[0])
    plan_ahead(stage, sellers[1])
    tell_of_companies(stage, sellers[1:-1])
    say(f"{make_pools(stage, sellers[1], sellers[2], sub)} pools are given.")
    say(f"{make_bills(stage, sellers[0], [sellers[1]])} documents are made.")
    return credentials


def _open_sellers(stage: Stage, size: Size) -> tuple[list[Seller], Seller]:
    """The provider first, then the resellers, last the sub-reseller; four of them and a customer of each can log in."""
    resellers = [
        open_reseller(stage, stage.provider, position, shown=position < 2) for position in range(size.resellers)
    ]
    sub = open_reseller(stage, resellers[0].actor, 0, shown=True)
    sellers = [Seller(stage.provider, PROVIDER), *resellers, sub]
    shares = _shares(size.customers, len(sellers))
    for position, (seller, count) in enumerate(zip(sellers, shares, strict=True)):
        shown = position < 3 or seller is sub
        open_customers(stage, seller, count, 1 + sum(shares[:position]), shown=shown)
    return sellers, sub


def _shares(customers: int, sellers: int) -> list[int]:
    """How many customers each has: alike, and what is left over goes to the first."""
    least = customers // sellers
    return [least + (position < customers - least * sellers) for position in range(sellers)]


def _subscribe_resellers(stage: Stage, sellers: list[Seller], sub: Seller) -> None:
    """Each buys what its customers need; the sub-reseller a plan of its reseller's."""
    above = sellers[1]
    needed = sub.demand(PARTNER.service)
    units = max(-(-amount // PARTNER.limits[code]) for code, amount in needed.items())
    extra = Counter({code: limit * units for code, limit in PARTNER.limits.items()})
    for seller in sellers[1:]:
        if seller.is_prepaid and seller is not sub:
            subscribe(stage, seller, extra if seller is above else None)
    offer = Offer(
        package_id=own_plan(stage, above, PARTNER, "reseller"),
        service_instance_id=stage.catalogue.instances[PARTNER.service].pk,
        quantity=units,
    )
    subscribe_reseller(actor=above.actor, reseller_id=sub.id, offer=offer, now=stage.now)


def _let_things_happen(stage: Stage, provider: Seller) -> None:
    """A suspended customer, a suspended subscription and one that was cancelled."""
    last = Subscription.objects.filter(seller=provider.id, tenant__kind="customer").active().order_by("-pk")
    actor, now = stage.provider, stage.now
    first, second = last[:2]
    suspend_subscription(actor=actor, subscription_id=first.pk, reason="Zahlungsverzug", now=now)
    close_subscription(actor=actor, subscription_id=second.pk, reason="Kündigung", now=now)
    suspend_tenant(actor=actor, tenant_id=provider.customers[-1].pk, reason="Zahlungsverzug", now=now)
