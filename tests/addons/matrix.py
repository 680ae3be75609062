"""An add-on as the thing that is managed and shared: what can be done with it beside what can be done with packages."""

from dataclasses import replace
from typing import Any

from addons.models import AddOn
from addons.services.add_ons import create_add_on
from addons.services.content import Content, Value
from tests.catalog.matrix import OF_BOTH, OF_FEES, Operation, changing, looking
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
        return self.switches(), replace(Content.of(version)), self.charged(), packages

    def filled(self) -> dict[str, Any]:
        prices = {"currency": "EUR", "cycle": "month", "reseller_price": "10", "customer_price": "10"}
        return {f"value_{self.mailbox}": 1} | prices

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
