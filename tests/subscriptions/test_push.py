"""New terms for what is sold already: who may push what, to whom, and what becomes of each subscription."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.refusals import BeforeToday, ManagedByAnother
from catalog.services.packages import Content
from resellerhub.kernel.jobs.control import retry_failed
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.models import Phase, PhaseFee, Push
from subscriptions.refusals import NothingSold, VersionLater
from subscriptions.services.life.changing import raise_allocation
from subscriptions.services.life.standing import close_subscription, suspend_subscription
from subscriptions.services.pushes.previews import preview_push
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event
from tests.subscriptions.market import change_quantity, held
from tests.subscriptions.prices import TODAY, fee, later, owed, phases, price_list, rule
from tests.subscriptions.pushes import days, work
from tests.world import NOW, customer


def test_each_pushes_what_is_owed_to_it_and_nothing_else(sold):
    world = sold.world
    provider, north, shop = world.provider, world.north, world.shop
    mine = sold.sell(shop, north)
    direct = sold.sell(world.direct, provider)
    sold.charge("reseller", "12")
    sold.charge("account", "24")
    assert sold.push(provider, limits=False) == {direct.pk: "changed", mine.pk: "changed"}
    assert owed(mine) == {(shop.id, north.id): 20, (north.id, provider.id): 12}
    assert owed(direct) == {(world.direct.id, provider.id): 24}
    assert sold.push(north, limits=False) == {mine.pk: "changed"}
    assert owed(mine) == {(shop.id, north.id): 24, (north.id, provider.id): 12}
    assert sold.push(north, limits=False) == {mine.pk: "unchanged"}


def test_a_sub_reseller_is_asked_by_its_own_seller(sold):
    world = sold.world
    small = sold.market.package("Small", "reseller", {sold.market.mailbox: 30})
    sold.market.subscribe(world.north_east, by=world.north, package=small)
    of_kiosk = sold.sell(world.kiosk, world.north_east)
    before = owed(of_kiosk)
    sold.charge("reseller", "12")
    rule(price_list(world.north, "reseller"), "markup", "50")
    sold.push(world.provider, limits=False)
    assert owed(of_kiosk) == before | {(world.north.id, world.provider.id): 12}
    sold.push(world.north, limits=False)
    assert owed(of_kiosk) == before | {
        (world.north.id, world.provider.id): 12,
        (world.north_east.id, world.north.id): 18,
    }
    told = Event.objects.filter(kind="subscription.cost_changed").order_by("pk")
    assert list(told.values_list("tenant_id", flat=True)) == [world.north.id, world.north_east.id]
    assert (told[1].before["unit_price"], told[1].after["unit_price"]) == ("10", "18")
    assert not Event.objects.filter(kind="subscription.repriced").exists()


def test_by_the_price_list_and_without_prices_that_were_set_freely(sold):
    world = sold.world
    plain, free = (
        sold.sell(world.shop, world.north),
        sold.sell(customer(world.north, "Free"), world.north, unit_price=Decimal(25)),
    )
    rule(price_list(world.north), "fixed", "21")
    ended = sold.push(world.north, limits=False)
    assert ended == {plain.pk: "changed", free.pk: "own_price"}
    assert owed(plain)[world.shop.id, world.north.id] == 21
    assert sold.push(world.north, limits=False, keeps_own_prices=False) == {plain.pk: "unchanged", free.pk: "changed"}
    assert owed(free)[free.tenant_id, world.north.id] == 21
    told = Event.objects.filter(kind="subscription.repriced").latest("pk")
    assert (told.tenant_id, told.before["unit_price"], told.after) == (
        free.tenant_id,
        "25",
        {"unit_price": "21", "currency": "EUR", "cycle": "month", "effective_on": TODAY.isoformat()},
    )


def test_what_was_agreed_at_the_sale_is_not_agreed_again(sold):
    of_shop = sold.sell(sold.world.shop, sold.world.north)
    new = {"activation_amount": Decimal(50), "minimum_months": 24, "cancellation_amount": Decimal(99)}
    sold.charge("account", "22", **new)
    sold.push(sold.world.north, limits=False)
    now = PhaseFee.objects.get(phase__subscription=of_shop, phase__ends_on=None, stream="account")
    assert (now.unit_price, now.activation_amount, now.minimum_months, now.cancellation_amount) == (22, 0, 0, 0)


def test_limits_follow_and_the_price_stays(sold):
    world, mailbox = sold.world, sold.market.mailbox
    of_shop = sold.sell(world.shop, world.north, quantity=3)
    before = owed(of_shop)
    sold.grant(4)
    sold.charge("account", "30")
    assert sold.push(world.provider, prices=False) == {of_shop.pk: "changed"}
    assert held(of_shop, mailbox)[0] == 12
    assert owed(of_shop) == before
    assert phases(of_shop) == [(0, 0, 3, "active"), (0, None, 3, "active")]
    assert Phase.objects.get(subscription=of_shop, ends_on=None).version == sold.package.versions.latest("pk")
    told = Event.objects.get(kind="subscription.limits_changed")
    assert (told.before["limits"], told.after["limits"]) == ({str(mailbox.pk): 3}, {str(mailbox.pk): 12})
    change_quantity(actor=world.north.actor, subscription_id=of_shop.pk, quantity=2, now=later(1))
    assert held(of_shop, mailbox)[0] == 8


def test_a_resource_comes_and_another_goes(sold):
    market, world = sold.market, sold.world
    of_direct = sold.sell(world.direct, world.provider, quantity=2)
    sold.become(Content({market.storage.pk: 7}))
    assert sold.push(world.provider, prices=False) == {of_direct.pk: "changed"}
    assert (held(of_direct, market.mailbox)[0], held(of_direct, market.storage)[0]) == (0, 14)


def test_oversell_and_what_is_taken_are_refused_one_by_one_and_can_be_tried_again(sold):
    market, world = sold.market, sold.world
    targets = [sold.sell(customer(world.north, name), world.north, quantity=10) for name in "ABC"]
    sold.grant(4)  # 30 more for each; 70 remain of North's 100
    request = sold.start(world.provider, prices=False)
    ended = work(request)
    assert [ended[one.pk] for one in targets] == ["changed", "changed", "oversell_refused"]
    assert JobItem.objects.get(state="failed").facts == {"resource": "User mailboxes", "asked": 30, "remaining": 10}
    wholesale = targets[0].source_id
    more = {"resource_id": market.mailbox.pk, "amount": 20, "request_id": uuid4(), "now": NOW}
    raise_allocation(actor=world.provider.actor, subscription_id=wholesale, **more)
    retry_failed(actor=world.provider.actor, job_id=request.job_id, now=NOW)
    assert set(work(request).values()) == {"changed"}
    ingest_usage(actor=world.provider.actor, measures=[Measure("e", targets[1].pk, "user_mailbox", 25, NOW)], now=NOW)
    sold.grant(2)
    ended = sold.push(world.provider, prices=False)
    assert [ended[one.pk] for one in targets] == ["changed", "below_utilised", "changed"]
    assert JobItem.objects.get(state="failed").facts == {"resource": "User mailboxes", "asked": 20, "utilised": 25}


def test_what_is_skipped(sold):
    world = sold.world
    names = ("Suspended", "Closed", "Left")
    suspended, closed, left = (sold.sell(customer(world.north, name), world.north) for name in names)
    sold.charge("account", "22")
    started = sold.start(world.north, limits=False)
    suspend_subscription(actor=world.north.actor, subscription_id=suspended.pk, now=NOW)
    close_subscription(actor=world.north.actor, subscription_id=closed.pk, now=NOW)
    assert work(started) == {suspended.pk: "suspended", closed.pk: "closed", left.pk: "changed"}


def test_another_currency_and_prices_out_of_bounds(sold):
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    rule(price_list(world.provider, "reseller"), "fixed", "10", floor=Decimal(15), ceiling=Decimal(30))
    rule(price_list(world.north), "fixed", "31")
    started = sold.start(world.north, limits=False)
    assert work(started) == {of_shop.pk: "price_out_of_bounds"}
    assert JobItem.objects.get().facts == {"floor": "15", "ceiling": "30", "asked": "31", "currency": "EUR"}
    dollars = fee(sold.market, "account", "20", currency="USD", name="Dollars")
    sold.become(Content({sold.market.mailbox.pk: 1}, account_fee_id=dollars.pk))
    assert sold.push(world.north, limits=False) == {of_shop.pk: "other_currency"}


def test_the_preview_tells_counts_money_and_what_is_granted(sold):
    world = sold.world
    sold.sell(world.shop, world.north, quantity=3)
    sold.sell(world.direct, world.provider, quantity=2)
    sold.charge("reseller", "12.5")
    sold.charge("account", "24")
    sold.grant(2)
    said = sold.preview(world.provider)
    assert (said.total, said.counts["changed"]) == (2, 2)
    assert said.granted == {sold.market.mailbox.pk: 5}
    rows = [(row.stream, row.currency, row.cycle, row.targets, str(row.before), str(row.after)) for row in said.money]
    assert rows == [
        ("account", "EUR", "month", 1, "40.00", "48.00"),
        ("reseller", "EUR", "month", 1, "30.00", "37.50"),
    ]
    assert not Push.objects.exists()
    assert len(said.sample) == 2


def test_a_request_starts_once(sold):
    world = sold.world
    sold.sell(world.shop, world.north)
    request = uuid4()
    first = sold.start(world.north, limits=False, request_id=request)
    assert sold.start(world.north, limits=False, request_id=request) == first
    with pytest.raises(RequestReused):
        sold.start(world.north, limits=False, keeps_own_prices=False, request_id=request)
    assert Push.objects.count() == 1


def test_what_is_refused(sold):
    world = sold.world
    sold.sell(world.shop, world.north)
    sold.grant(2, effective_on=days(5))
    to_come = sold.package.versions.latest("pk").pk
    for refusal, by, options in (
        (Invalid, world.provider, {"limits": False, "prices": False}),
        (BeforeToday, world.provider, {"effective_on": days(-1)}),
        (Invalid, world.provider, {"effective_on": date(9999, 12, 31)}),
        (VersionLater, world.provider, {"version_id": to_come}),
        (NotFound, world.provider, {"version_id": 10**9}),
        (NotFound, world.provider, {"sellers": (world.stranger_reseller.id,)}),
        (NotFound, world.stranger, {}),
        (ManagedByAnother, world.north, {}),
        (NothingSold, world.south, {"limits": False}),
        (NothingSold, world.provider, {"sellers": (world.south.id,)}),
        (Forbidden, world.shop, {"limits": False}),
    ):
        for ask in (sold.preview, sold.start):
            with pytest.raises(refusal):
                ask(by, **options)
    reader = world.north.member("sales")
    with pytest.raises(Forbidden):
        preview_push(actor=reader, asked=sold.asked(limits=False), now=NOW)
    assert not Push.objects.exists()


def test_more_targets_cost_no_more_statements(sold):
    world, counts = sold.world, []
    for number in (3, 15):
        for each in range(number):
            sold.sell(customer(world.north, f"C{number}-{each}"), world.north)
        sold.charge("account", str(number + 20))
        sold.grant(2 if number == 3 else 3)
        started = sold.start(world.provider)
        with CaptureQueriesContext(connection) as caught:
            assert set(work(started).values()) == {"changed"}
        counts.append(len(caught))
    assert counts[0] == counts[1]
