"""What the fees of an add-on say beside the price: due at first, how it may be left, and what it costs later."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from addons.levels import levels_of
from addons.models import AddOnOneOff
from addons.selectors.sales import one_offs
from addons.services.ending import cancel_add_on_sale
from resellerhub.kernel.refusals import Forbidden
from subscriptions.models import OneOff
from subscriptions.refusals import QuoteChanged, WindowClosed
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.standing import Suspend
from subscriptions.services.life.steps.taking import preview_step, take_step
from tenants.models import Event
from tests.addons.callers import answered, price
from tests.addons.shop import allocated, let_oversell, work
from tests.addons.terms import DEAR, lines, said, seen
from tests.subscriptions.life import at
from tests.subscriptions.test_pages import text
from tests.world import customer

TENTH = at("2026-11-30")
"""Ten days after the term of the subscription began, of which twenty are left."""


def test_a_sale_is_charged_by_days_and_activated_at_every_level(stage):
    world, add_on = stage.world, stage.add_on()
    quote = stage.preview(add_on, now=TENTH)
    assert lines(quote.lines) == [("charge", 3, 20, 30, "8.00"), ("activation", 1, 0, 0, "7.00")]
    assert lines(quote.cost_lines) == [("charge", 3, 20, 30, "4.00"), ("activation", 1, 0, 0, "5.00")]
    assert (quote.first_total, quote.cost_total, quote.next_on, quote.total) == (15, 9, date(2026, 12, 20), 12)
    sale = stage.sell(add_on, now=TENTH)
    shop, north, house = world.shop.id, world.north.id, world.provider.id
    account = ("activation", shop, north, TENTH.date(), Decimal(7), None)
    cost = ("activation", north, house, TENTH.date(), Decimal(5), None)
    assert said(quote.one_offs) == {account, cost} == seen(world.north, sale) == seen(world.provider, sale)
    assert seen(world.shop, sale) == {account}
    assert not seen(world.south, sale) | seen(world.stranger, sale) | seen(world.north_east, sale)
    event = Event.objects.get(kind="add_on.sold", subject_id=sale.pk)
    assert (event.after["total"], len(event.after["lines"])) == ("15.00", 2)
    whole = stage.add_on("Whole", {}, {"prorates_first": False})
    assert lines(stage.preview(whole, now=TENTH).lines) == [("charge", 3, 30, 30, "12.00")]


def test_each_level_is_told_its_own_activation_and_none_above(stage):
    world, add_on = stage.world, stage.add_on()
    small = stage.market.package("Small", "reseller", {stage.market.mailbox: 20, stage.market.storage: 100})
    stage.market.subscribe(world.north_east, by=world.north, package=small)
    let_oversell(world.north_east)
    row = stage.mail(world.kiosk, by=world.north_east)
    told = {
        player: said(stage.preview(add_on, row, by=player).one_offs)
        for player in (world.north_east, world.north, world.provider)
    }
    sale = stage.sell(add_on, row, by=world.north_east)
    assert [len(rows) for rows in told.values()] == [2, 3, 3]
    for player, rows in told.items():
        assert seen(player, sale) == rows


def test_what_is_owed_once_is_activated_once_however_it_is_sold(stage):
    """By one sale and another, and by a bulk sale over many."""
    world, add_on = stage.world, stage.add_on(applies_more_than_once=False)
    other = stage.mail(customer(world.north, "Corner"))
    assert len(stage.preview(add_on).one_offs) == 2
    stage.sell(add_on)
    assert [row.payer_id for row in stage.preview(add_on, other).one_offs] == [other.tenant_id]
    order = stage.shop.to_customers(add_on_id=add_on.pk)
    assert [charge.activation for charge in stage.shop.preview(order, by=world.north).charges] == [14]
    bulk = stage.shop.start(order, by=world.north)
    assert set(work(bulk).values()) == {"sold"}
    due = AddOnOneOff.objects.filter(sale__add_on=add_on)
    assert (due.filter(payer=world.north.id).count(), due.exclude(payer=world.north.id).count()) == (1, 3)


def test_leaving_early_is_due_at_the_levels_that_are_bound(stage):
    world, add_on = stage.world, stage.add_on()
    both, alone = stage.sell(add_on), stage.sell(add_on)
    for sale, day, bound in ((both, date(2027, 5, 10), True), (alone, date(2027, 5, 25), False)):
        now = at(day.isoformat())
        quotes = {player: stage.told(sale, now, by=player) for player in (world.north, world.provider)}
        before = {player: seen(player, sale) for player in quotes}
        quote = quotes[world.north]
        assert [line.code for line in quote.lines] == ["credit", "cancellation"]
        assert [line.code for line in quote.cost_lines] == ["credit", "cancellation"][: 1 + bound]
        stage.end(sale, now, seal=quote.seal)
        early = {("cancellation", world.shop.id, world.north.id, day, Decimal(50), None)}
        if bound:
            early |= {("cancellation", world.north.id, world.provider.id, day, Decimal(30), None)}
        for player, told in quotes.items():
            assert seen(player, sale) - before[player] == said(told.one_offs) == early
        event = Event.objects.get(kind="add_on.cancelled", subject_id=sale.pk)
        assert event.after["total"] == str(quote.total)
        assert stage.end(sale, now).state == "cancelled"  # again: nothing more
        assert allocated(stage.subscription, stage.shop.shared) == (0 if sale == alone else 3)


def test_a_window_opens_with_the_sale_and_with_each_term(stage):
    world = stage.world
    sale = stage.sell(stage.add_on("Window", {"cancellation_hours": 24}, {"cancellation_hours": 72}), now=TENTH)
    inside, closed = TENTH + timedelta(hours=50), TENTH + timedelta(hours=72)
    quote = stage.told(sale, inside)
    assert lines(quote.lines) == [("credit", 3, 18, 30, "-7.20")]
    assert (lines(quote.cost_lines), len(quote.one_offs)) == ([], 1)
    (above,) = said(quote.one_offs)
    assert above == ("credit_from", world.north.id, world.provider.id, date(2026, 12, 20), None, 3)
    for attempt in (stage.told, stage.end):
        with pytest.raises(WindowClosed) as refused:
            attempt(sale, closed)
    assert refused.value.facts["ends_on"] == "2026-12-20"
    bound = stage.sell(stage.add_on("Bound", {}, {"cancellation_hours": 1, "cancellation_amount": Decimal(9)}))
    assert lines(stage.told(bound, TENTH).lines)[1] == ("cancellation", 1, 0, 0, "9.00")
    renewed = at("2026-12-21")
    assert lines(stage.told(sale, renewed).lines) == [("credit", 3, 30, 31, "-11.61")]
    stage.end(sale, renewed)
    assert seen(world.north, sale) == {(*above[:3], date(2027, 1, 20), None, 3)}


def test_a_quote_holds_who_ends_it(stage):
    sale = stage.sell(stage.add_on())
    seal = stage.told(sale, TENTH).seal
    with pytest.raises(QuoteChanged):
        stage.end(sale, at("2026-12-01"), seal=seal)
    assert stage.end(sale, TENTH, seal=seal).state == "cancelled"


def test_what_ends_with_its_subscription_follows_it(stage):
    """Its own minimum term and window do not count: it is given back from the day from which the subscription is."""
    world = stage.world
    whole = stage.package("Whole months", {}, {"prorates_last": False})
    row = stage.mail(package=whole)
    add_on = stage.add_on("Window", {"cancellation_hours": 1}, DEAR | {"cancellation_hours": 1})
    sale = stage.sell(add_on, row)
    had = seen(world.north, sale)
    quote = preview_step(actor=stage.actor, subscription_id=row.pk, step=Cancel(), now=TENTH)
    ends = date(2026, 12, 20)
    assert [(line.name, line.code, str(line.amount)) for line in quote.lines] == []
    assert lines(quote.cost_lines) == [("credit", 1, 20, 30, "-3.33"), ("credit", 3, 20, 30, "-4.00")]
    told = {(row.kind, row.payer_id, row.on, row.quantity) for row in quote.one_offs}
    assert told == {("credit_from", world.shop.id, ends, 1), ("credit_from", world.shop.id, ends, 3)}
    take_step(actor=stage.actor, subscription_id=row.pk, step=Cancel(), seal=quote.seal, now=TENTH)
    assert seen(world.north, sale) - had == {("credit_from", world.shop.id, world.north.id, ends, None, 3)}
    assert OneOff.objects.filter(subscription=row, kind="credit_from").count() == 1
    sale.refresh_from_db()
    assert (sale.state, sale.ended_at) == ("cancelled", TENTH)


def test_what_a_subscription_carries_is_in_the_quotes_of_its_life(stage):
    sale = stage.sell(stage.add_on("Plain", {}, {}))
    corner = customer(stage.world.north, "Corner")
    for step, codes in (
        (Cancel(), ["credit"]),
        (Suspend(), ["suspension"]),
        (Move(corner.id), ["credit", "charge"]),
    ):
        quote = preview_step(actor=stage.actor, subscription_id=stage.subscription.pk, step=step, now=TENTH)
        assert [(line.code, line.name, abs(line.amount)) for line in quote.lines] == [
            (code, "Call recording", Decimal("8.00")) for code in codes
        ]
    assert sale.state == "active"


def test_ending_over_rest(stage):
    world, sale = stage.world, stage.sell(stage.add_on())
    api = world.north.api()
    path = f"add-on-sales/{sale.pk}/cancel"
    told = answered(api.post(f"{path}/preview"))
    assert {line["code"] for line in told["lines"]} >= {"cancellation"}
    assert {row["kind"] for row in told["one_offs"]} >= {"cancellation"}
    assert told["resources"][0]["after"] == 0
    assert answered(api.post(path, {"seal": "another"}), 409)["code"] == "quote-changed"
    for rival, status in ((world.south, 404), (world.stranger_reseller, 404), (world.shop, 403)):
        for route in (path, f"{path}/preview"):
            assert rival.api().post(route).status_code == status
    row = answered(api.post(path, {"seal": told["seal"]}))
    assert (row["state"], row["first_sale"]) == ("cancelled", sale.pk)
    facts = answered(api.get(f"add-on-sales/{sale.pk}/one-offs"))["results"]
    assert sum(fact["kind"] == "cancellation" for fact in facts) == 2
    assert answered(world.shop.api().get(f"add-on-sales/{sale.pk}/one-offs"))["results"][0]["payer"] == world.shop.id
    assert world.south.api().get(f"add-on-sales/{sale.pk}/one-offs").status_code == 404
    assert answered(api.post(path, {"wrong": 1}), 400)


def test_a_sale_is_previewed_over_rest(stage):
    add_on = stage.add_on()
    body = {"subscription": stage.subscription.pk, "add_on": add_on.pk, "quantity": 2}
    told = answered(stage.world.north.api().post("add-on-sales/preview", body))
    assert [line["code"] for line in told["lines"]] == ["charge", "activation"]
    assert [line["code"] for line in told["seller_cost_lines"]] == ["charge", "activation"]
    assert (told["is_below_cost"], told["floor"], len(told["one_offs"])) == (False, None, 2)
    assert told["first_total"]["amount"] == str(sum(Decimal(line["amount"]["amount"]) for line in told["lines"]))
    assert told["total"] == price("8.00")


def test_the_pages_say_what_is_charged_and_given_back(stage):
    world, add_on = stage.world, stage.add_on()
    browser = world.north.browser()
    values = {"request_id": "8f6e0f4e-4b5c-4c6e-9a64-0d9a8a1a0001", "add_on": add_on.pk, "quantity": 3}
    page = text(browser.post(f"/portal/subscriptions/{stage.subscription.pk}/add-ons/new/", values | {"preview": "1"}))
    assert "What is charged first" in page
    assert "Activation fee" in page
    sale = stage.sell(add_on)
    url = f"/portal/add-on-sales/{sale.pk}/cancel/"
    page = browser.get(url)
    assert "Early cancellation fee" in text(page)
    again = browser.post(url, {"request_id": values["request_id"], "confirm": "Yes", "seal": "another"})
    assert "Meanwhile it would no longer be what the preview said" in text(again, 422)
    done = browser.post(
        url, {"request_id": values["request_id"], "confirm": "Yes", "seal": page.context["form"]["seal"].value()}
    )
    assert done.status_code == 302
    page = text(browser.get(done.url))
    assert "Due once for add-ons" in page


def test_facts_of_many_sales_take_as_many_statements(stage, django_assert_num_queries):
    add_on, actor = stage.add_on(), stage.actor
    sales = [stage.sell(add_on) for _time in range(2)]
    for number in (1, 2):
        rows = one_offs(actor).filter(sale__in=sales[:number]).order_by("pk")
        with django_assert_num_queries(1):
            assert {row.public_name for row in rows} == {"Call recording"}
        with django_assert_num_queries(2):
            assert {len(told) for told in levels_of(sales[:number]).values()} == {2}


def test_it_is_the_permission_to_sell_add_ons_that_ends_them(stage):
    sale = stage.sell(stage.add_on("Plain", {}, {}))
    with pytest.raises(Forbidden):
        cancel_add_on_sale(actor=stage.world.shop.actor, sale_id=sale.pk, now=TENTH)
