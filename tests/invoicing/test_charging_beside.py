"""Add-ons, support, another holder: charged with what they hang on, each between the two who owe it."""

from decimal import Decimal

import pytest

from addons.services.ending import EndAddOn
from catalog.models import Fee
from catalog.services.fees import Charging, revise_fee
from invoicing.models import Charge, Mark
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.standing import Suspend
from subscriptions.services.life.steps.taking import take_step
from tenants.services.accounts import Service, change_account
from tenants.services.moves import move_tenant
from tests.addons.shop import build_shop
from tests.addons.terms import Stage
from tests.invoicing.billing import Billing, total
from tests.subscriptions.life import at, package
from tests.tenants.test_support import account, ask, later
from tests.tenants.test_support import fee as support_fee
from tests.world import NOW, customer


@pytest.fixture
def stage(world) -> Stage:
    return Stage(build_shop(world))


@pytest.fixture
def billing(world) -> Billing:
    return Billing(world)


def step(stage: Stage, one, day: str) -> None:
    take_step(actor=stage.actor, subscription_id=stage.subscription.pk, step=one, now=at(day))


def test_an_add_on_is_charged_as_it_was_previewed(stage, billing):
    """3 × 4.00 a month and 3 × 2.00 of its seller, in periods of the subscription."""
    world = stage.world
    sale = stage.sell(stage.add_on(), now=at("2026-12-05"))
    billing.run(at("2026-12-05"))
    rows = Charge.objects.filter(stream="add_on").order_by("issuer", "pk")
    assert sorted((row.payer_id, row.kind, str(row.amount), row.ratio) for row in rows) == sorted(
        [
            (world.north.id, "activation", "5.000", "1/1"),
            (world.north.id, "recurring", "3.000", "15/30"),
            (world.shop.id, "activation", "7.000", "1/1"),
            (world.shop.id, "recurring", "6.000", "15/30"),
        ]
    )
    step(stage, Suspend(), "2026-12-10")
    billing.run(at("2026-12-10"))
    assert (total(world.shop), total(world.north)) == (9, 8)
    step(stage, EndAddOn(sale.pk), "2026-12-12")
    billing.run(at("2026-12-12"))
    last = Charge.objects.filter(stream="add_on", payer=world.shop.id).latest("pk")
    assert (last.kind, last.amount) == ("cancellation", 50)


def test_an_add_on_goes_on_for_another_holder_and_its_seller_pays_no_more(stage, billing):
    whole, world = {"prorates_first": False}, stage.world
    stage.sell(stage.add_on("Whole", whole, whole), now=at("2026-11-30"))
    billing.run(at("2026-11-30"))
    corner = customer(world.north, "Corner")
    step(stage, Move(corner.id), "2026-12-10")
    billing.run(at("2026-12-10"))
    assert (total(world.shop), total(corner), total(world.north)) == (6, 4, 6)
    assert Mark.objects.filter(about="add_on").count() == 3  # to the provider it is the same as before


def test_another_package_charges_the_year(stage, billing):
    world = stage.world
    stage.sell(stage.add_on("Plain", {}, {}))
    billing.run(NOW)
    step(stage, ChangePackage(package(stage.market, "By the year", "120", cycle="year").pk, when="now"), "2026-11-30")
    billing.run(at("2026-11-30"))
    told = Charge.objects.filter(payer=world.shop.id).order_by("pk").values_list("stream", "amount")
    assert [f"{stream} {amount:.2f}" for stream, amount in told] == [
        "add_on 12.00", "add_on -8.00", "add_on 12.00", "account 120.00",
    ]  # fmt: skip


def test_a_new_price_is_charged_from_the_next_term_on(stage, billing):
    """And in arrears when its days are over: the first month at the old price, the second at the new one."""
    market, world = stage.market, stage.world
    of = package(market, "Plain", "30", billed="arrears")
    row = market.sell(world.shop, by=world.north, package=of)
    fee = Fee.objects.get(name="Plain")
    charging = Charging("Plain", Decimal(40), billed="arrears")
    revise_fee(
        actor=world.provider.actor, fee_id=fee.pk, charging=charging, effective_on=at("2026-12-01").date(), now=NOW
    )
    for day in ("2026-11-20", "2026-12-20", "2027-01-19", "2027-01-20"):
        stage.due(at(day), row)
        billing.run(at(day))
    told = Charge.objects.filter(payer=world.shop.id).order_by("pk").values_list("due_on", "amount", "service_start")
    assert [(f"{due_on}", int(amount), f"{start}") for due_on, amount, start in told] == [
        ("2026-12-20", 30, "2026-11-20"),
        ("2027-01-20", 40, "2026-12-20"),
    ]


def test_an_add_on_of_the_middle_of_a_period_is_charged_its_share(stage, billing):
    """Source: cloud.im, co-termed add-on (T42): from the 20th of January until the 7th of February, 18 of 31 days."""
    world = stage.world
    base = package(stage.market, "Base", "30")
    row = stage.mail(package=base, starts_on=at("2027-01-07").date())
    stage.due(at("2027-01-07"), row)
    stage.sell(stage.add_on("Plain", {}, {}), on=row, now=at("2027-01-20"), quantity=31)
    billing.run(at("2027-01-20"))
    told = Charge.objects.filter(payer=world.shop.id, subscription=row.pk).order_by("stream")
    assert [(each.stream, each.ratio, int(each.amount)) for each in told] == [
        ("account", "31/31", 30),
        ("add_on", "18/31", 72),
    ]


def test_support_is_charged_at_the_price_of_each_day(world, billing):
    support_fee(world, "10")
    baker = account(world.north)
    billing.run(NOW)
    ask(world.north, world, "25", on=3)
    change_account(actor=world.north.actor, customer_id=baker.pk, service=Service("silver"), now=later(9))
    billing.run(later(9))
    told = Charge.objects.filter(payer=baker.pk, stream="support").order_by("pk").values_list("kind", "amount")
    assert [(kind, f"{amount:.2f}") for kind, amount in told] == [
        ("recurring", "10.00"),
        ("credit", "-9.00"),
        ("recurring", "5.00"),
    ]
    assert Charge.objects.filter(holder=baker.pk, payer=world.north.id).count() == 2
    assert set(Charge.objects.values_list("label", flat=True)) == {"Gold", "Silver"}


def test_who_moves_is_charged_by_another_and_gets_back_what_was_charged(stage, billing):
    """What was charged stays with the old seller, and is given back by it."""
    world = stage.world
    stage.market.subscribe(world.north_east, by=world.north)
    shop = world.shop.tenant
    billing.run(NOW)
    before = list(Charge.objects.filter(payer=shop.pk).values_list("issuer_id", "amount"))
    move_tenant(actor=world.provider.actor, tenant_id=shop.pk, seller_id=world.north_east.id, now=at("2026-12-05"))
    billing.run(at("2026-12-05"))
    told = Charge.objects.filter(payer=shop.pk).order_by("pk").values_list("issuer_id", "amount")
    assert list(told)[: len(before)] == before
    assert {issuer for issuer, _amount in told} <= {world.north.id, world.north_east.id}
    assert sum(Charge.objects.filter(payer=shop.pk, issuer=world.north.id).values_list("amount", flat=True)) <= sum(
        (amount for _issuer, amount in before), Decimal(0)
    )
