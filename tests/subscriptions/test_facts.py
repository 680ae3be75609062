"""What invoices will read beside phases: what is due once, and from which day something is given back."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError

from catalog.selectors.explaining import explain
from catalog.services.packages import Content, create_package
from catalog.services.price_lines import Line, preview_prices
from subscriptions.models import OneOff, PhaseFee
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import preview_step
from subscriptions.services.selling.opening import preview_subscription
from subscriptions.timeline import one_offs as facts_of
from subscriptions.timeline import with_payers
from subscriptions.verify import one_offs
from tenants.services.visibility import hide_customers
from tests.subscriptions.life import START, Stage, at, sound
from tests.subscriptions.market import Market
from tests.subscriptions.prices import fee, later, price_list
from tests.subscriptions.test_life_rules import run
from tests.subscriptions.test_pages import text, url
from tests.together import together
from tests.world import NOW

DEAR = {"activation_amount": Decimal(7), "minimum_months": 12, "cancellation_amount": Decimal(50)}
OURS = {"activation_amount": Decimal(5), "minimum_months": 6, "cancellation_amount": Decimal(30)}


def pair(market: Market, name: str, ours=OURS, dear=DEAR, price="10", **options):
    """A package whose fees at both levels are due once, too."""
    fees = (
        fee(market, "reseller", "5", name=f"{name} cost", charging=ours, **options).pk,
        fee(market, "account", price, name=name, charging=dear).pk,
    )
    content = Content({market.mailbox.pk: 1}, *fees)
    parts = {"service_type_id": market.exchange.pk, "audience": "customer", "now": NOW}
    return create_package(actor=market.world.provider.actor, name=name, content=content, **parts)


def said(rows) -> set[tuple]:
    return {(row.kind, row.payer_id, row.issuer_id, row.on, row.amount, row.quantity, row.step) for row in rows}


def seen(actor, row) -> set[tuple]:
    return said(OneOff.objects.visible_to(actor).filter(subscription=row))


def same_as_previewed(stage, row, step, now, *viewers):
    """Each who may take the step is told beforehand what of it is written for it; returns what is written anew."""
    before = set(OneOff.objects.values_list("pk", flat=True))
    told = {}
    for viewer in viewers:
        had = seen(viewer, row)
        quote = preview_step(actor=viewer, subscription_id=row.pk, step=step, now=now)
        told[viewer] = said(quote.one_offs) | had
    stage.take(row, step, now)
    for viewer, expected in told.items():
        assert seen(viewer, row) == expected
    return said(OneOff.objects.exclude(pk__in=before))


def test_a_sale_writes_what_is_due_once_at_every_level(market, stage):
    world = market.world
    of = pair(market, "Dear")
    market.subscribe(world.north_east, by=world.north)
    offer = market.offer(of)
    preview = preview_subscription(actor=world.north_east.actor, tenant_id=world.kiosk.id, offer=offer, now=NOW)
    row = market.sell(world.kiosk, by=world.north_east, package=of, quantity=3)
    kiosk, east, north, house = world.kiosk.id, world.north_east.id, world.north.id, world.provider.id
    account = ("activation", kiosk, east, START, Decimal(7), None, "start")
    to_north = ("activation", east, north, START, Decimal(5), None, "start")
    to_house = ("activation", north, house, START, Decimal(5), None, "start")
    assert said(preview.one_offs) == seen(world.north_east.actor, row) == {account, to_north}
    assert seen(world.north.actor, row) == {account, to_north, to_house} == seen(world.provider.actor, row)
    assert seen(world.kiosk.actor, row) == {account}
    assert not seen(world.south.actor, row) | seen(world.stranger.actor, row)
    assert sound()
    hide_customers(actor=world.provider.actor, reseller_id=world.north_east.id, now=NOW)
    actor = world.provider.actor
    names = {one.payer_name for one in with_payers(actor, facts_of(actor, row.pk))}
    assert names == {f"Customer {kiosk}", world.north_east.name, world.north.name}


def test_what_is_left_early_is_due_at_the_levels_that_are_bound(market, stage):
    world, of = market.world, pair(market, "Dear")
    row = stage.sold(of, quantity=2)
    viewers = (world.north.actor, world.provider.actor)
    early = same_as_previewed(stage, row, Cancel(), at("2027-05-10"), *viewers)
    day = date(2027, 5, 10)
    assert early == {
        ("cancellation", world.shop.id, world.north.id, day, Decimal(50), None, "end"),
        ("cancellation", world.north.id, world.provider.id, day, Decimal(30), None, "end"),
    }
    row = stage.sold(of)
    assert same_as_previewed(stage, row, Cancel(), at("2027-05-25"), *viewers) == {
        ("cancellation", world.shop.id, world.north.id, date(2027, 5, 25), Decimal(50), None, "end")
    }
    assert sound()


def test_a_window_says_from_which_day_it_gives_back(market, stage):
    world = market.world
    closes = {"cancellation_hours": 24}
    of = pair(market, "Window", ours=closes, dear={"cancellation_hours": 168})
    row = stage.sold(of, quantity=5)
    ends = date(2026, 12, 20)
    assert same_as_previewed(stage, row, ChangeQuantity(3), NOW + timedelta(hours=30), world.north.actor) == {
        ("credit_from", world.north.id, world.provider.id, ends, None, 2, "reduction")
    }
    assert same_as_previewed(stage, row, Cancel(), NOW + timedelta(hours=60), world.provider.actor) == {
        ("credit_from", world.shop.id, world.north.id, date(2026, 11, 22), None, 3, "end"),
        ("credit_from", world.north.id, world.provider.id, ends, None, 3, "end"),
    }
    row = stage.sold(pair(market, "Whole months", ours={}, dear={"prorates_last": False}))
    assert same_as_previewed(stage, row, Cancel(), later(5), world.north.actor) == {
        ("credit_from", world.shop.id, world.north.id, ends, None, 1, "end")
    }
    assert sound()


def test_another_package_is_activated_when_it_begins(market, stage, small):
    world, of = market.world, pair(market, "Dear", dear=DEAR | {"minimum_months": 0})
    row = stage.sold(small)
    day = date(2026, 11, 23)
    assert same_as_previewed(stage, row, ChangePackage(of.pk, when="now"), later(3), world.north.actor) == {
        ("activation", world.shop.id, world.north.id, day, Decimal(7), None, "change"),
        ("activation", world.north.id, world.provider.id, day, Decimal(5), None, "change"),
    }
    stage.take(row, ChangeQuantity(4), later(4))
    assert OneOff.objects.count() == 2
    row = stage.sold(small)
    quote = stage.preview(row, ChangePackage(of.pk, when="period_end"))
    stage.take(row, ChangePackage(of.pk, when="period_end"))
    assert not OneOff.objects.filter(subscription=row).exists()
    stage.due(row, at("2026-12-21"))
    assert seen(stage.actor, row) == said(quote.one_offs)
    assert {one.on for one in quote.one_offs} == {date(2026, 12, 20)}
    assert sound()


def test_a_fee_that_is_owed_once_is_activated_once(market, stage):
    of = pair(market, "Once", applies_more_than_once=False)
    first, second = stage.sold(of), stage.sold(of)
    ours = ("activation", market.world.north.id, market.world.provider.id, START, Decimal(5), None, "start")
    assert ours in seen(stage.actor, first)
    assert [row[0:2] for row in seen(stage.actor, second)] == [("activation", market.world.shop.id)]
    early = same_as_previewed(stage, first, Cancel(), later(3), stage.actor)
    assert {row[1] for row in early} == {market.world.shop.id}
    assert sound()


@pytest.mark.django_db(transaction=True)
def test_of_two_sales_at_once_one_activates(committed_market: Market):
    stage = Stage(committed_market)
    of = pair(committed_market, "Once", applies_more_than_once=False)
    together(*[lambda: stage.sold(of)] * 3)
    assert OneOff.objects.filter(payer=committed_market.world.north.id).count() == 1
    assert OneOff.objects.filter(payer=committed_market.world.shop.id).count() == 3
    assert one_offs() == []


INSERT = """
INSERT INTO subscriptions_oneoff (provider_id, subscription_id, phase_fee_id, kind, step, "on", payer_id, issuer_id,
       fee_version_id, once_of_id, currency, amount, quantity, made_at)
SELECT {provider}, {subscription}, f.id, '{kind}', '{step}', {on}, {payer}, f.issuer_id, f.fee_version_id, NULL,
       {currency}, {amount}, {quantity}, now()
  FROM subscriptions_phasefee f JOIN subscriptions_phase p ON p.id = f.phase_id WHERE f.id = {fee}
"""


def fact(**changed: str) -> str:
    usual = {
        "provider": "f.provider_id",
        "subscription": "p.subscription_id",
        "payer": "f.payer_id",
        "quantity": "NULL",
    }
    usual |= {"kind": "credit_from", "step": "reduction", "on": "p.starts_on", "fee": "%(ended)s"}
    return INSERT.format(**usual | {"currency": "f.currency", "amount": "NULL", "quantity": "1"} | changed)


DUE = {"amount": "f.activation_amount", "quantity": "NULL"}
ACTIVATION = {"kind": "activation", "step": "start"} | DUE
EARLY = {"kind": "cancellation", "amount": "f.cancellation_amount", "quantity": "NULL"}
ATTACKS = {
    "another amount": "UPDATE subscriptions_oneoff SET amount = 1",
    "gone": "DELETE FROM subscriptions_oneoff",
    "all gone": "TRUNCATE subscriptions_oneoff",
    "activated twice": fact(fee="%(first)s", **ACTIVATION),
    "activated by more of the same": fact(fee="%(open)s", **ACTIVATION | {"step": "change"}),
    "an activation of its own": fact(fee="%(open)s", **ACTIVATION | {"amount": "999"}),
    "left early for what is the same": fact(fee="%(ended)s", step="change", **EARLY | {"on": "p.ends_on"}),
    "left early and still held": fact(fee="%(open)s", step="end", **EARLY),
    "given back while it is held": fact(fee="%(open)s"),
    "given back long after": fact(fee="%(first)s"),
    "given back at the end, and not ended": fact(step="end"),
    "more than there was": fact(quantity="9"),
    "none of it": fact(quantity="0"),
    "with an amount": fact(amount="5"),
    "of another subscription": fact(subscription="%(other)s"),
    "of another house": fact(provider="%(stranger)s"),
    "of another payer": fact(payer="%(mill)s"),
    "in another currency": fact(currency="'USD'"),
    "of no kind": fact(kind="gift"),
    "by no step": fact(step="start"),
}


def test_the_database_refuses(market, stage):
    of = pair(market, "Dear", dear={"activation_amount": Decimal(7), "cancellation_amount": Decimal(50)})
    row, other = stage.sold(of), stage.sold(of)
    for quantity, day in ((3, 1), (2, 2)):
        stage.take(row, ChangeQuantity(quantity), later(day))
    fees = PhaseFee.objects.filter(phase__subscription=row, stream="account").order_by("pk")
    first, ended, last = fees.values_list("pk", flat=True)
    values = {"first": first, "ended": ended, "open": last, "other": other.pk}
    values |= {"stranger": market.world.stranger.id, "mill": market.world.mill.id}
    before = list(OneOff.objects.order_by("pk").values())
    for name, attack in ATTACKS.items():
        with pytest.raises(DatabaseError):
            run(attack, **values)
        assert list(OneOff.objects.order_by("pk").values()) == before, name
    run(fact(), **values)
    with pytest.raises(DatabaseError):
        run(fact(), **values)


def test_by_page_and_by_rest(market, stage):
    world, of = market.world, pair(market, "Dear")
    north, shop = world.north.api(), world.shop.api()
    asked = {"tenant": world.shop.id, "package": of.pk, "service_instance": market.instance.pk, "quantity": 2}
    sale = north.post("subscriptions/preview", asked).json()["one_offs"]
    pk = north.post("subscriptions", asked).json()["id"]

    def listed(api):
        rows = api.get(f"subscriptions/{pk}/one-offs").json()["results"]
        return [{key: value for key, value in row.items() if key not in {"id", "made_at"}} for row in rows]

    money = {"amount": "7.00", "currency": "EUR"}
    assert {row["payer"]: row["amount"]["amount"] for row in sale} == {world.shop.id: "7.00", world.north.id: "5.00"}
    assert sorted(listed(north), key=str) == sorted(sale, key=str)
    assert [(row["kind"], row["payer"], row["amount"]) for row in listed(shop)] == [
        ("activation", world.shop.id, money)
    ]
    [term] = north.get(f"subscriptions/{pk}/terms").json()["results"]
    assert term["ends_on"] > term["starts_on"]
    for path in ("one-offs", "terms"):
        assert world.south.api().get(f"subscriptions/{pk}/{path}").status_code == 404

    quote = north.post(f"subscriptions/{pk}/preview", {"operation": "cancel"}).json()
    assert [line["code"] for line in quote["lines"]] == ["credit", "cancellation"]
    form = url("subscription_cancel", pk, inside="portal")
    shown = text(world.north.browser().post(form, {"preview": "1", "when": "now", "request_id": uuid4()}))
    assert "Due once of resellers, and given back to them" in shown
    assert "€30.00" in shown
    north.post(f"subscriptions/{pk}/cancel", {"seal": quote["seal"]})
    assert sorted(quote["one_offs"], key=str) == sorted((row for row in listed(north) if row not in sale), key=str)
    timeline = url("subscription", pk, inside="portal", tab="timeline")
    ours, theirs = (text(player.browser().get(timeline)) for player in (world.north, world.shop))
    for words in ("Early cancellation fee: Call recording", "€50.00", "€7.00"):
        assert words in ours
        assert words in theirs
    assert "€30.00" in ours
    assert "€30.00" not in theirs


def test_a_long_list_takes_as_many_statements(market, stage, django_assert_num_queries):
    of, actor = pair(market, "Window", dear={"cancellation_hours": 9, "activation_amount": 7}), market.world.north.actor
    row = stage.sold(of, quantity=9)
    for quantity in (7, 5, 3):
        stage.take(row, ChangeQuantity(quantity), NOW + timedelta(hours=8))
        with django_assert_num_queries(2):
            assert with_payers(actor, facts_of(actor, row.pk))


def test_a_cost_that_is_owed_once_is_nothing_of_one_unit(market, stage):
    of, north = pair(market, "Once", applies_more_than_once=False), market.world.north
    row = stage.sold(of)
    told = explain(north.actor, buyer_id=market.world.shop.id, package_id=of.pk, on=START)
    assert (told.cost, told.thing.cost_once, told.margin) == (5, True, None)
    shops = price_list(north, "customer", market.world.shop)
    asked = [Line("fixed", Decimal(3), package_id=of.pk)]
    [line] = preview_prices(actor=north.actor, price_list_id=shops.pk, lines=asked, now=NOW)
    assert (line.cost, line.margin, line.is_below_cost) == (5, None, False)
    quote = stage.preview(row, ChangeQuantity(2))
    assert (quote.cost, quote.cost_once, quote.margin) == (5, True, None)
