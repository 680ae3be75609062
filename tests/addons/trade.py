"""Who trades with whom where random operations are tried: resellers at three depths, and a customer of each seller."""

from datetime import datetime

from subscriptions.models import Subscription
from tests.addons.ledger import Held
from tests.world import customer, reseller

LIMITS = {
    "Lot": {"user_mailbox": 30, "storage_gb": 60},
    "Ten": {"user_mailbox": 10, "storage_gb": 20},
    "Other": {"user_mailbox": 14, "storage_gb": 5},
}
"""What a package for resellers grants, and two for customers."""


class Stage:
    """What all runs begin with."""

    def __init__(self, shop) -> None:
        world, market = shop.world, shop.market
        below = reseller(world.north, "Below", may_oversell=True)
        deep = reseller(below, "Deep")
        self.provider = world.provider.actor
        self.resellers = [world.north, below, deep]
        self.overseller = below.name
        self.customers = [
            world.direct,
            customer(world.north, "First"),
            customer(below, "Second"),
            customer(deep, "Third"),
        ]
        line = [world.provider, *self.resellers]
        self.sellers = {one.name: line[at].actor for at, one in enumerate(self.resellers)}
        self.sellers |= {one.name: line[at].actor for at, one in enumerate(self.customers)}
        self.resources = {one.code: one for one in (market.mailbox, market.storage, market.traffic)}
        self.market, self.shop = market, shop
        self.heirs = {"First": customer(world.north, "Heir"), "Heir": self.customers[1]}
        self.sellers["Heir"] = world.north.actor
        self.packages = {
            name: market.package(name, "reseller" if name == "Lot" else "customer", self.amounts(limits))
            for name, limits in LIMITS.items()
        }
        self.add_on = shop.make("Three", {market.mailbox: 3})
        self.held: dict[int, Held] = {}
        """Something to sell from at every depth."""
        source = None
        for at, holder in enumerate(self.resellers):
            one = Held(holder.name, True, source, LIMITS["Lot"], 3 - at, "Lot")
            self.held[self.sell(holder, at, one.quantity).pk] = one
            if source is not None:
                source.drawn.append(one)
            source = one

    def amounts(self, limits: dict[str, int]):
        return {self.resources[code]: limit for code, limit in limits.items()}

    def sell(self, holder, at: int, quantity: int):
        is_reseller = holder in self.resellers
        sell = self.market.subscribe if is_reseller else self.market.sell
        by = [self.shop.world.provider, *self.resellers][at]
        return sell(holder, by=by, package=self.packages["Lot" if is_reseller else "Ten"], quantity=quantity)

    def sell_add_on(self, pk: int, quantity: int, now: datetime):
        return self.shop.sell(Subscription.objects.get(pk=pk), self.add_on, quantity, now=now)
