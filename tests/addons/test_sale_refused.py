"""What a sale refuses its preview refuses; and on what has ended by its day nothing is sold, nor given."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest

from addons.models import AddOn, AddOnOneOff, AddOnSale
from addons.services import bulk
from addons.services.add_ons import associate_add_on, deactivate_add_on
from addons.services.previews import preview_bulk_sale
from addons.services.sales import FROM_LIST
from addons.services.selling import sell_to_items
from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Subscription
from subscriptions.refusals import SubscriptionClosed
from subscriptions.services.life.changing import raise_allocation
from subscriptions.services.life.standing import close_subscription, suspend_subscription
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.life.steps.terms import SetRenewal
from subscriptions.services.selling.agreeing import Price
from tenants.services.status import suspend_tenant
from tests.addons.shop import let_oversell, work
from tests.addons.terms import Stage
from tests.subscriptions.life import at
from tests.world import NOW, customer


@dataclass
class Asked:
    stage: Stage
    add_on: AddOn
    quantity: int = 1
    price: Price = FROM_LIST

    @property
    def house(self):
        return self.stage.world.provider.actor

    def not_associated(self) -> None:
        associate_add_on(actor=self.house, add_on_id=self.add_on.pk, packages=[self.stage.market.wholesale.pk], now=NOW)

    def nothing_left(self) -> None:
        let_oversell(self.stage.world.north, False)

    def source_suspended(self) -> None:
        suspend_subscription(actor=self.house, subscription_id=self.stage.subscription.source_id, now=NOW)

    def suspended(self) -> None:
        suspend_subscription(actor=self.house, subscription_id=self.stage.subscription.pk, now=NOW)

    def holder_suspended(self) -> None:
        suspend_tenant(actor=self.house, tenant_id=self.stage.world.shop.id, now=NOW)

    def closed(self) -> None:
        close_subscription(actor=self.house, subscription_id=self.stage.subscription.pk, now=NOW)

    def inactive(self) -> None:
        deactivate_add_on(actor=self.house, add_on_id=self.add_on.pk, now=NOW)

    def by_quarter(self) -> None:
        self.price = Price(Decimal(1), cycle="quarter")

    def too_many(self) -> None:
        self.quantity = 10**12


@pytest.mark.parametrize(
    ("make_so", "code"),
    [
        (Asked.not_associated, "not-associated"),
        (Asked.nothing_left, "oversell-refused"),
        (Asked.source_suspended, "target-not-active"),
        (Asked.suspended, "target-not-active"),
        (Asked.holder_suspended, "target-not-active"),
        (Asked.closed, "subscription-closed"),
        (Asked.inactive, "not-found"),
        (Asked.by_quarter, "cycle-not-offered"),
        (Asked.too_many, "invalid"),
    ],
)
def test_a_preview_refuses_what_the_sale_refuses(stage, make_so: Callable[[Asked], None], code):
    asked = Asked(stage, stage.add_on("Plain", {}, {}))
    stage.preview(asked.add_on, quantity=1)
    make_so(asked)
    said = []
    for attempt in (stage.preview, stage.sell):
        with pytest.raises(Refusal) as refused:
            attempt(asked.add_on, quantity=asked.quantity, price=asked.price)
        said.append((refused.value.code, refused.value.facts))
    assert said[0] == said[1]
    assert said[0][0] == code
    assert not AddOnSale.objects.exists()


@pytest.mark.parametrize("step", [SetRenewal(False), Cancel(when="period_end")])
def test_nothing_is_sold_on_what_has_ended_though_no_clock_came(stage, step):
    row, add_on = stage.subscription, stage.add_on()
    take_step(actor=stage.actor, subscription_id=row.pk, step=step, now=NOW)
    stage.preview(add_on, now=at("2026-12-19"))
    for day in ("2026-12-20", "2026-12-27"):
        for attempt in (stage.preview, stage.sell):
            with pytest.raises(SubscriptionClosed):
                attempt(add_on, now=at(day))
        with pytest.raises(SubscriptionClosed):
            raise_allocation(
                actor=stage.actor, subscription_id=row.pk, resource_id=stage.shop.shared.pk, amount=1,
                request_id=uuid4(), now=at(day),
            )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, AddOnOneOff.objects.exists()) == ("active", False)


def test_a_preview_of_a_sale_does_nothing_of_what_is_due(stage):
    add_on, before = stage.add_on(), stage.subscription.renews_on
    assert stage.preview(add_on, now=at("2026-12-20")).next_on == at("2027-01-20").date()
    stage.subscription.refresh_from_db()
    assert stage.subscription.renews_on == before
    stage.sell(add_on, now=at("2026-12-20"))
    stage.subscription.refresh_from_db()
    assert stage.subscription.renews_on == at("2027-01-20").date()


def test_a_bulk_sale_passes_over_what_has_ended(shop, monkeypatch):
    goes_on, ends = (shop.market.sell(customer(shop.world.provider, name)) for name in "AB")
    Subscription.objects.filter(pk=ends.pk).update(renews=False)
    order, actor = shop.to_customers(), shop.world.provider.actor
    for day, closed in (("2026-12-19", 0), ("2026-12-20", 1)):
        assert preview_bulk_sale(actor=actor, order=order, now=at(day)).counts["closed"] == closed

    def then(terms, sale, items, params):
        sell_to_items(terms, sale, items, params | {"day": ends.renews_on})

    monkeypatch.setattr(bulk, "sell_to_items", then)
    assert work(shop.start(order)) == {goes_on.pk: "sold", ends.pk: "closed"}
