"""What a buyer would be charged on a day, and how the price comes about. The same as a sale of that day agrees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.hooks import Sold
from catalog.models import PriceList, PriceRule
from catalog.price_rules import RulesInForce
from catalog.pricing import Priced, Weighed, per_cycle, price, weighed
from catalog.selectors.prices import sold
from resellerhub.kernel.refusals import NotFound, found
from tenants.models import Profile, Tenant
from tenants.roles import Kind
from tenants.selectors import directory

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Charged:
    """What a buyer would be charged for one unit of something and one cycle. `price_list`: whose rules were asked."""

    thing: Sold
    currency: str
    priced: Priced
    price_list: PriceList | None

    @property
    def amount(self) -> Decimal | None:
        return self.priced.amount

    @property
    def cost(self) -> Decimal | None:
        return self.thing.cost

    @property
    def margin(self) -> Decimal | None:
        """What is left to the seller."""
        return self.thing.margin(self.amount)

    @property
    def is_below_cost(self) -> bool:
        return self.margin is not None and self.margin < 0


@dataclass(frozen=True, slots=True)
class Explained(Charged):
    """The same with every rule of the list that is about it. `is_assigned`: the buyer holds the list, it is not just
    the default of its seller."""

    buyer: Tenant
    on: date
    is_assigned: bool
    rules: Sequence[Weighed]


def buyers_in_sight(actor: "Actor") -> "QuerySet[Tenant]":
    """Whose prices the actor may ask for: of those beneath it, never its own."""
    return directory(actor).filter(kind__in=[Kind.RESELLER, Kind.CUSTOMER]).exclude(status=Tenant.Status.CLOSED)


def prices_for(actor: "Actor", buyer: Tenant, on: date) -> list[Charged]:
    """Everything that its seller sells to a buyer in sight."""
    seller: Tenant = Tenant.objects.get(pk=buyer.seller_id)
    own = _usual_currency(seller)
    things = sold(actor, seller, buyer, on)
    rules = RulesInForce({thing.issuer_id for thing in things}, [buyer.pk], on)
    return [_charged(thing, buyer, rules, own) for thing in things]


def explain(
    actor: "Actor",
    *,
    buyer_id: int,
    package_id: int | None = None,
    add_on_id: int | None = None,
    cycle: str = "",
    on: date,
) -> Explained:
    """How the price of a package or an add-on comes about; for its own cycle, or for another: as it is offered by that,
    else turned into it by months.

    `NotFound` where the buyer is not in sight, or its seller does not sell this to it.
    """
    buyer = found(buyers_in_sight(actor), pk=buyer_id)
    seller: Tenant = Tenant.objects.get(pk=buyer.seller_id)
    asked = (package_id, add_on_id)
    offered = [one for one in sold(actor, seller, buyer, on) if (one.about.package_id, one.about.add_on_id) == asked]
    if not offered:
        raise NotFound()
    thing = next((one for one in offered if one.about.cycle == cycle), offered[0])
    thing = _turned(thing, cycle) if cycle else thing
    rules = RulesInForce([thing.issuer_id], [buyer.pk], on)
    charged = _charged(thing, buyer, rules, _usual_currency(seller))
    row = charged.price_list
    every = PriceRule.objects.filter(price_list=row).select_related("package", "service_type") if row else []
    told = weighed(every, thing.about, on, cost=thing.cost, recommended=thing.recommended)
    is_assigned = bool(row and row.pk == rules.assigned(buyer.pk))
    return Explained(thing, charged.currency, charged.priced, row, buyer, on, is_assigned, told)


def _usual_currency(seller: Tenant) -> str:
    return str(Profile.objects.values_list("currency", flat=True).get(tenant=seller.pk))


def _charged(thing: Sold, buyer: Tenant, rules: RulesInForce, own_currency: str) -> Charged:
    issuer_id = thing.issuer_id
    currency = thing.currency or rules.currency(issuer_id, buyer) or own_currency
    numbers = {"stated": thing.stated, "cost": thing.cost, "recommended": thing.recommended}
    priced = price(rules.between(issuer_id, buyer, currency), thing.about, **numbers)
    return Charged(thing, currency, priced, rules.price_list(issuer_id, buyer, currency))


def _turned(thing: Sold, cycle: str) -> Sold:
    """For another length of cycle, by months."""
    had = thing.about.cycle
    if had == cycle:
        return thing
    return replace(
        thing,
        about=replace(thing.about, cycle=cycle, own_cycle=thing.about.own_cycle or had),
        stated=per_cycle(thing.stated, had, cycle),
        cost=per_cycle(thing.cost, had, cycle),
        recommended=per_cycle(thing.recommended, had, cycle),
    )
