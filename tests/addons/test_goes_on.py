"""A sale of an add-on goes on as another: in a new term, of another holder, under another seller."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from addons.models import AddOnOneOff, AddOnSale
from addons.services.ending import cancel_add_on_sale
from catalog.services.fees import Charging, revise_fee
from resellerhub.kernel.refusals import NotFound
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.selling.agreeing import Price
from tenants.models import Event
from tenants.services.moves import move_tenant
from tests.addons.shop import allocated, copy_of, let_oversell, price_list
from tests.addons.terms import seen
from tests.subscriptions.life import at
from tests.world import NOW, customer, reseller

TENTH = at("2026-11-30")


def revise(stage, fee, amount: str, on: date, **others):
    charging = replace(Charging.of(fee.versions.latest("pk")), amount=Decimal(amount), **others)
    revise_fee(actor=stage.world.provider.actor, fee_id=fee.pk, charging=charging, effective_on=on, now=NOW)


def test_a_new_term_has_the_prices_in_force(stage):
    world, add_on = stage.world, stage.add_on()
    version = add_on.versions.get()
    listed, named = stage.sell(add_on), stage.sell(add_on, price=Price(Decimal(9)))
    ends, later = date(2026, 12, 20), date(2027, 1, 20)
    revise(stage, version.account_fee, "6", date(2026, 12, 1), minimum_months=24, cancellation_amount=Decimal(99))
    revise(stage, version.reseller_fee, "3", later)
    stage.due(at("2026-12-19"))
    assert AddOnSale.objects.count() == 2
    stage.due(at("2027-02-25"))
    rows = AddOnSale.objects.order_by("pk")
    assert [(row.first_id, row.state, row.sold_at.date(), row.unit_price, row.unit_cost) for row in rows] == [
        (listed.pk, "continued", NOW.date(), 4, 2),
        (named.pk, "continued", NOW.date(), 9, 2),
        (listed.pk, "continued", ends, 6, 2),
        (named.pk, "active", later, 9, 3),
        (listed.pk, "active", later, 6, 3),
    ]
    assert allocated(stage.subscription, stage.shop.shared) == 6
    events = Event.objects.filter(kind__in=("add_on.repriced", "add_on.cost_changed")).order_by("pk")
    assert [*events.values_list("tenant", "before__unit_price", "after__unit_price")] == [
        (world.shop.id, "4", "6"),
        (world.north.id, "2", "3"),
        (world.north.id, "2", "3"),
    ]
    assert AddOnOneOff.objects.count() == 4  # nothing is activated again
    quote = stage.told(listed, at("2027-02-25"))  # how it may be left stays as it was agreed
    assert [str(line.amount) for line in quote.lines] == ["-14.79", "50.00"]
    ended = stage.end(listed, at("2027-02-25"))
    assert (ended.first_id, ended.state, ended.unit_price) == (listed.pk, "cancelled", 6)
    due = AddOnOneOff.objects.get(sale=ended, kind="cancellation", payer=world.shop.id)
    assert (due.amount, due.fee_version_id) == (50, listed.fee_version_id)
    assert {row.kind for row in AddOnOneOff.objects.filter(sale=ended)} == {"cancellation"}


def test_a_new_term_follows_price_lists_and_stays_in_its_currency(stage):
    add_on = stage.add_on("Listed", {}, {})
    sale = stage.sell(add_on)
    price_list(stage.world.north, stage.world.shop, add_on, Decimal("3.5"), effective_on=date(2026, 12, 1))
    stage.due(at("2026-12-20"))
    assert AddOnSale.objects.get(origin=sale).unit_price == Decimal("3.5")
    stage.due(at("2027-01-20"))
    assert AddOnSale.objects.count() == 2  # the same again is no change


def test_what_is_sold_after_the_day_of_a_late_renewal_stays(stage):
    add_on = stage.add_on("Late", {}, {})
    revise(stage, add_on.versions.get().account_fee, "6", date(2026, 12, 20))
    sale = stage.sell(add_on, now=at("2026-12-22"))
    stage.due(at("2026-12-23"))
    sale.refresh_from_db()
    assert (sale.state, sale.unit_price) == ("active", 6)


def test_a_copy_follows_what_its_original_costs(stage):
    world, add_on = stage.world, stage.add_on("Original", {}, {})
    stage.shop.run(stage.shop.to_resellers(world.north, add_on_id=add_on.pk, create_copy=True))
    copy = copy_of(add_on)
    sale = stage.sell(copy)
    revise(stage, add_on.versions.get().reseller_fee, "3", date(2026, 12, 1))
    stage.due(at("2026-12-20"))
    assert AddOnSale.objects.get(origin=sale).unit_cost == 3


def test_another_holder_has_it_as_it_was_agreed(stage):
    world, sale = stage.world, stage.sell(stage.add_on())
    corner = customer(world.north, "Corner")
    take_step(actor=stage.actor, subscription_id=stage.subscription.pk, step=Move(corner.id), now=TENTH)
    old, new = AddOnSale.objects.order_by("pk")
    assert (old.pk, old.tenant_id, old.state, new.tenant_id, new.state) == (
        sale.pk, world.shop.id, "continued", corner.id, "active",
    )  # fmt: skip
    assert (new.origin_id, new.unit_price, new.quantity, AddOnOneOff.objects.count()) == (sale.pk, 4, 3, 2)
    stage.end(sale, at("2027-05-10"))
    early = AddOnOneOff.objects.filter(kind="cancellation").values_list("payer", "amount")
    assert set(early) == {(corner.id, 50), (world.north.id, 30)}
    assert not seen(world.shop, new)


def test_another_seller_charges_by_its_own_line(stage):
    world, add_on = stage.world, stage.add_on()
    other = reseller(world.provider, "Other")
    stage.market.subscribe(other)
    let_oversell(other)
    price_list(world.provider, other, add_on, Decimal("1.5"))
    sale = stage.sell(add_on, price=Price(Decimal(9)))
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=other.id, now=TENTH)
    new = AddOnSale.objects.get(origin=sale)
    assert (new.seller_id, new.issuer_id, new.unit_price, new.unit_cost) == (other.id, other.id, 4, Decimal("1.5"))
    assert (new.cost_issuer_id, new.sold_at, new.is_own_price) == (world.provider.id, TENTH, False)
    with pytest.raises(NotFound):
        stage.end(sale, TENTH)
    assert not AddOnSale.objects.visible_to(other.actor).filter(pk=sale.pk).exists()
    ended = cancel_add_on_sale(actor=other.actor, sale_id=new.pk, now=at("2026-12-01"))
    assert ended.state == "cancelled"
    assert {row[0] for row in seen(other, new)} == set()  # who comes in later binds nobody
