"""An add-on as the thing that is managed and shared: what can be done with it beside what can be done with packages."""

from dataclasses import replace
from typing import Any

from addons.models import AddOn, AddOnSale, BulkSale
from addons.services.add_ons import associate_add_on, create_add_on
from addons.services.content import Content, Value
from tests.catalog.matrix import IN_BULK, OF_BOTH, OF_FEES, Operation, changing, looking
from tests.catalog.stage import Stage
from tests.world import NOW


class AddOnStage(Stage):
    """One case with its add-on and fees."""

    area = "add-ons"

    def make(self, fees: dict[str, int], whose: dict[str, Any]) -> AddOn:
        self.stock()
        return create_add_on(
            actor=self.world.provider.actor,
            service_type_id=self.market.exchange.pk,
            name="Tried",
            values=[Value(self.mailbox, 1)],
            packages=[self.market.standard.pk],
            now=NOW,
            **fees | whose,
        )

    def state(self) -> Any:
        version = self.thing.versions.latest("pk")
        packages = self.thing.packages.through.objects.filter(add_on=self.thing).count()
        sold = AddOn.objects.filter(name="Made").count(), AddOnSale.objects.count(), BulkSale.objects.count()
        return self.switches(), replace(Content.of(version)), self.charged(), packages, sold

    def filled(self) -> dict[str, Any]:
        prices = {"currency": "EUR", "cycle": "month", "reseller_price": "10", "customer_price": "10"}
        return {f"value_{self.mailbox}": 1} | prices

    def hold(self) -> None:
        """Customers hold something that the add-on goes with."""
        small = self.market.package("Small", "customer", {self.market.mailbox: 1})
        house = self.world.provider.actor
        associate_add_on(actor=house, add_on_id=self.thing.pk, packages=[small.pk], now=NOW)
        sellers = ("provider", "north", "north_east", "west")
        self.held = {who: self.market.sell(self.customers[who], package=small).pk for who in sellers}

    def sale(self, who: str) -> dict[str, int]:
        """To a customer of theirs; South has none of these, and tries another's."""
        return {"subscription": self.held.get(who, self.held["north"]), "add_on": self.thing.pk, "quantity": 1}

    def sell_by_page(self, who: str) -> int:
        values = self.sale(who)
        return self.post(who, f"subscriptions/{values.pop('subscription')}/add-ons/new", **values)

    @property
    def in_bulk(self) -> dict[str, Any]:
        everybody = {"service_type": self.market.exchange.pk, "add_on": self.thing.pk, "owner": "all", "quantity": 1}
        return everybody | {"only_over_quota": False}

    def sell_in_bulk(self, who: str) -> int:
        return self.programs[who].post("bulk-sales", {"audience": "customers", **self.in_bulk}).status_code

    def create(self, who: str) -> int:
        grants = {"service_type": self.market.exchange.pk, "values": [{"resource": self.mailbox, "value": 1}]}
        price = {"cycle": "month", "customer_price": {"amount": "5", "currency": "EUR"}}
        whose = {"managed_by": self.players[self.case.managed_by].id}
        return self.programs[who].post("add-ons", {"name": "Made", **grants, **price, **whose}).status_code

    @property
    def made(self) -> dict[str, Any]:
        return {"service_type": self.market.exchange.pk, "name": "Made", **self.filled()}

    def grant(self, who: str) -> int:
        values = [{"resource": self.mailbox, "value": 2}]
        return self.patch(who, self.path, values=values)

    def leave(self, who: str) -> int:
        """Its packages."""
        return self.programs[who].post(f"{self.path}/associate", {"packages": []}).status_code


OF_ADD_ONS = {"look": looking("thing", is_for_buyers=True), "rename": OF_BOTH["rename"]}
OF_SIGHT = {
    "share": OF_BOTH["share"],
    **{name: OF_FEES[name] for name in ("look_at_reseller_fee", "look_at_account_fee", "keep_fee_back")},
}
"""What comes out otherwise where it is not shared."""
OF_EDITING = {
    **{name: OF_BOTH[name] for name in ("set_account_fee", "drop_reseller_fee")},
    "rename_account_fee": OF_FEES["rename_account_fee"],
    "grant": Operation(lambda stage, who: stage.save(who, **{f"value_{stage.mailbox}": 2}), AddOnStage.grant),
    "associate": Operation(lambda stage, who: stage.post(who, f"{stage.path}/packages"), AddOnStage.leave),
    "withdraw": replace(changing(is_active=False), page=lambda stage, who: stage.post(who, f"{stage.path}/deactivate")),
}
OF_SELLING = {
    "sell": Operation(
        AddOnStage.sell_by_page,
        lambda stage, who: stage.programs[who].post("add-on-sales", stage.sale(who)).status_code,
        before=AddOnStage.hold,
    ),
    IN_BULK: Operation(
        lambda stage, who: stage.post(who, "bulk-sales/to-customers", sell="1", **stage.in_bulk),
        AddOnStage.sell_in_bulk,
        before=AddOnStage.hold,
    ),
}
OF_MAKING = {
    "create": Operation(
        lambda stage, who: stage.post(who, "add-ons/new", **stage.made, **stage.managed_by),
        AddOnStage.create,
        admin=lambda stage, who: stage.make_in_admin(who, AddOn, stage.of_type, **stage.made),
    )
}
