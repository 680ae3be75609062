"""An add-on of the provider's with fees at both levels, sold by North on a subscription of Shop's."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from addons.models import AddOn, AddOnOneOff, AddOnSale
from addons.services.ending import cancel_add_on_sale, preview_add_on_end
from addons.services.sales import preview_add_on_sale, sell_add_on
from catalog.models import Package
from catalog.services.packages import Content, create_package
from subscriptions.models import Subscription
from subscriptions.services.life.settling import settle_one
from subscriptions.services.selling.agreeing import Price
from tests.addons.shop import Shop, let_oversell
from tests.subscriptions.prices import fee
from tests.world import NOW, Player

DEAR = {"activation_amount": Decimal(7), "minimum_months": 12, "cancellation_amount": Decimal(50)}
OURS = {"activation_amount": Decimal(5), "minimum_months": 6, "cancellation_amount": Decimal(30)}


class Stage:
    def __init__(self, shop: Shop) -> None:
        self.shop, self.market, self.world = shop, shop.market, shop.world
        self.market.subscribe(self.world.north)
        let_oversell(self.world.north)
        self.actor = self.world.north.actor
        self.subscription = self.mail()

    def mail(self, holder: Player | None = None, by: Player | None = None, package: Package | None = None, **options):
        """A subscription with a term of a month, from NOW on."""
        holder, by = holder or self.world.shop, by or self.world.north
        return self.market.sell(holder, by=by, package=package, **options)

    def package(self, name: str, ours: dict[str, Any], dear: dict[str, Any]) -> Package:
        """Another one for customers: 5 and 10 a month."""
        pair = (
            fee(self.market, "reseller", "5", name=f"{name} cost", charging=ours).pk,
            fee(self.market, "account", "10", name=name, charging=dear).pk,
        )
        content = Content({self.market.mailbox.pk: 1}, *pair)
        parts = {"service_type_id": self.market.exchange.pk, "audience": "customer", "now": NOW}
        return create_package(actor=self.world.provider.actor, name=name, content=content, **parts)

    def add_on(self, name: str = "Archive", ours: dict[str, Any] = OURS, dear: dict[str, Any] = DEAR, **once) -> AddOn:
        """2 and 4 a month; shared."""
        pair = {
            "reseller_fee_id": fee(self.market, "reseller", "2", name=f"{name} cost", charging=ours, **once).pk,
            "account_fee_id": fee(self.market, "account", "4", name=name, charging=dear).pk,
        }
        prices = {"reseller_price": None, "customer_price": None, "currency": None, "cycle": None}
        return self.shop.make(name, {self.shop.shared: 1}, is_shared=True, **pair, **prices)

    def preview(
        self, add_on: AddOn, on: Subscription | None = None, now: datetime = NOW, by: Player | None = None, **more
    ):
        return preview_add_on_sale(
            actor=(by or self.world.north).actor,
            subscription_id=(on or self.subscription).pk,
            add_on_id=add_on.pk,
            quantity=more.pop("quantity", 3),
            price=more.pop("price", Price()),
            now=now,
        )

    def sell(self, add_on: AddOn, on: Subscription | None = None, now: datetime = NOW, **more) -> AddOnSale:
        return sell_add_on(
            actor=more.pop("by", self.world.north).actor,
            subscription_id=(on or self.subscription).pk,
            add_on_id=add_on.pk,
            quantity=more.pop("quantity", 3),
            price=more.pop("price", Price()),
            request_id=uuid4(),
            now=now,
        )

    def end(self, sale: AddOnSale, now: datetime, **more) -> AddOnSale:
        return cancel_add_on_sale(actor=self.actor, sale_id=sale.pk, now=now, **more)

    def told(self, sale: AddOnSale, now: datetime, by: Player | None = None):
        """What ending it would come to."""
        return preview_add_on_end(actor=(by or self.world.north).actor, sale_id=sale.pk, now=now)

    def due(self, now: datetime, row: Subscription | None = None) -> None:
        settle_one(subscription_id=(row or self.subscription).pk, now=now)


def said(rows) -> set[tuple]:
    return {(row.kind, row.payer_id, row.issuer_id, row.on, row.amount, row.quantity) for row in rows}


def seen(player: Player, *sales: AddOnSale) -> set[tuple]:
    return said(AddOnOneOff.objects.visible_to(player.actor).filter(sale__in=sales))


def lines(rows) -> list[tuple]:
    return [(line.code, line.quantity, line.days, line.of_days, str(line.amount)) for line in rows]
