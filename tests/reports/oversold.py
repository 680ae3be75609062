"""The market with sales and use in it: who is over, who is exactly at quota, who is within."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from addons.models import AddOn
from addons.services.add_ons import Value, create_add_on
from catalog.models import Resource
from subscriptions.models import Holding, Subscription
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import ResellerTerms
from tests.subscriptions.market import Market
from tests.world import NOW, Player


@dataclass(frozen=True)
class Oversold:
    """North may oversell: it holds 100 mailboxes, and sold 120; North-East holds 20 of these and sold 20, exactly.

    Shop holds 90 and uses 95; Mill and Direct hold 10 each and use 10 and 11.
    """

    market: Market
    north: Subscription
    north_east: Subscription
    shop: Subscription
    kiosk: Subscription
    mill: Subscription
    direct: Subscription

    @property
    def mailbox(self) -> Resource:
        return self.market.mailbox

    def row(self, subscription: Subscription) -> Holding:
        return Holding.objects.get(subscription=subscription, resource=self.mailbox)

    @property
    def over(self) -> list[tuple[int, int]]:
        """(subscription, remaining) of every row that is over, worst first."""
        return [(self.north.pk, -20), (self.shop.pk, -5), (self.direct.pk, -1)]

    def add_on(self, name: str = "Mailboxes", value: int = 4, owner: Player | None = None, **options) -> AddOn:
        """An add-on that raises mailboxes, associated with everything its owner sees."""
        values = {"currency": "EUR", "cycle": "month", "packages": "all", "now": NOW}
        prices = {"reseller_price": Decimal("1.50"), "customer_price": Decimal("2.25")}
        return create_add_on(
            actor=(owner or self.market.world.provider).actor,
            service_type_id=self.market.exchange.pk,
            name=name,
            values=[Value(self.mailbox.pk, value)],
            **{**values, **prices, **options},
        )


def build_oversold(market: Market) -> Oversold:
    world = market.world
    ResellerTerms.objects.filter(tenant=world.north.id).update(may_oversell=True)
    large = market.package("Large", "customer", {market.mailbox: 90})
    twenty = market.package("Twenty", "customer", {market.mailbox: 20})
    small = market.package("Small wholesale", "reseller", {market.mailbox: 20})
    made = Oversold(
        market=market,
        north=market.subscribe(world.north),
        north_east=market.subscribe(world.north_east, package=small),
        shop=market.sell(world.shop, package=large),
        kiosk=market.sell(world.kiosk, package=twenty),
        mill=market.sell(world.mill),
        direct=market.sell(world.direct),
    )
    # 90 to Shop, 20 to North-East, and 10 more: 120 of 100
    market.sell(world.shop, package=market.standard, name="Second of Shop")
    used = {made.shop: 95, made.kiosk: 20, made.mill: 10, made.direct: 11}
    report(market, used)
    return made


def report(market: Market, used: dict[Subscription, int], minutes: int = 0) -> None:
    done = ingest_usage(
        actor=market.world.provider.actor,
        measures=[
            Measure(str(uuid4()), subscription.pk, market.mailbox.code, quantity, NOW + timedelta(minutes=minutes))
            for subscription, quantity in used.items()
        ],
        now=NOW + timedelta(minutes=minutes),
    )
    assert not done.rejected
