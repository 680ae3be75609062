"""What a list says: many rules at once, previewed, refused by line; and the explanation of what comes of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.models import PriceRule
from catalog.refusals import BadLines, ListNotActive
from catalog.selectors.explaining import explain
from catalog.services.fees import Charging, revise_fee
from catalog.services.price_lines import LINES_MAX
from resellerhub.kernel.refusals import Invalid, NotFound
from subscriptions.services.selling.opening import preview_subscription
from tenants.models import Event
from tests.catalog.lists import assign, change, line, make, preview, put
from tests.subscriptions.prices import fee, later, owed, recording
from tests.together import together
from tests.world import NOW

TODAY = NOW.date()


@pytest.fixture
def package(market):
    market.subscribe(market.world.north)
    return recording(market)  # costs a reseller 10, recommended 20


def explained(player, buyer, package, **options):
    values = {"on": TODAY, "package_id": package.pk} | options
    return explain(player.actor, buyer_id=buyer.id, **values)


def test_lines_are_set_together_and_what_is_unchanged_adds_nothing(market, package):
    north = market.world.north
    gold = make(north)
    lines = [line("markup", "25"), line("fixed", "18.5", package_id=package.pk), line("keep", cycle="year")]
    assert len(put(north, gold, *lines)) == 2
    assert put(north, gold, *lines) == []
    [fixed] = put(north, gold, line("fixed", "18", package_id=package.pk), line("markup", "25.000"))
    event = Event.objects.filter(kind="price_list.priced").latest("pk")
    assert event.before["unit_price"] == "18.5"
    assert (event.after["unit_price"], event.after["currency"], event.after["package"]) == ("18", "EUR", package.pk)
    [ended] = put(north, gold, line("keep", "7", package_id=package.pk))
    assert (ended.method, ended.value, fixed.value) == ("keep", 0, 18)
    assert put(north, gold, line("keep", package_id=package.pk)) == []
    assert PriceRule.objects.count() == 4


def test_a_price_takes_effect_on_its_day_for_new_sales_alone(market, package):
    """T49: a change of a list reaches what is sold from then on; what is held keeps what was agreed."""
    world = market.world
    gold = make(world.north)
    assign(world.north, gold, world.shop)
    put(world.north, gold, line("fixed", "18", package_id=package.pk))
    sold = market.sell(world.shop, by=world.north, package=package)
    put(world.north, gold, line("fixed", "15", on=later(10).date(), package_id=package.pk))
    put(world.north, gold, line("fixed", "17", package_id=package.pk))
    assert owed(sold)[world.shop.id, world.north.id] == 18
    assert explained(world.north, world.shop, package).amount == 17
    assert explained(world.north, world.shop, package, on=later(9).date()).amount == 17
    assert explained(world.north, world.shop, package, on=later(10).date()).amount == 15
    again = market.sell(world.shop, by=world.north, package=package)
    assert owed(again)[world.shop.id, world.north.id] == 17
    put(world.north, gold, line("fixed", "17", on=later(10).date(), package_id=package.pk))  # as if not planned
    assert explained(world.north, world.shop, package, on=later(11).date()).amount == 17


WRONG = [
    (line("fixed", "-1"), "value"),
    (line("fixed", "NaN"), "value"),
    (line("fixed", "0.0000001"), "value"),
    (line("off", "101"), "value"),
    (line("split", "100.5"), "value"),
    (line("gift", "1"), "method"),
    (line("markup", "5"), "method"),  # a provider has no cost
    (line("split", "5"), "method"),
    (line("fixed", "1", cycle="day"), "cycle"),
    (line("fixed", "1", on=TODAY - timedelta(days=1)), "effective_on"),
    (line("fixed", "1", on=date(9999, 12, 31)), "effective_on"),
    (line("fixed", "1", package_id=2**40), "package"),
    (line("fixed", "1", add_on_id=2**40), "add_on"),
    (line("fixed", "1", service_type_id=2**40), "service_type"),
    (line("fixed", "1", package_id=1, service_type_id=1), "method"),
    (line("fixed", "1", floor="3", ceiling="2"), "ceiling"),
]


def test_all_or_nothing_with_each_line_that_is_wrong(market, package):
    provider = market.world.provider
    gold = make(provider, "reseller")
    good = line("off", "5")
    for bad, field in WRONG:
        for attempt in (put, preview):
            with pytest.raises(BadLines) as refused:
                attempt(provider, gold, good, bad)
            assert [list(errors) for errors in refused.value.errors["lines"]] == [[], [field]], bad
    twice = line("fixed", "1", package_id=package.pk)
    with pytest.raises(BadLines):
        put(provider, gold, twice, line("fixed", "2", package_id=package.pk))
    for many in ([good] * (LINES_MAX + 1), [line("fixed", str(n), on=later(n).date()) for n in range(1, 14)]):
        with pytest.raises(Invalid):
            put(provider, gold, *many)
    assert PriceRule.objects.count() == 0
    change(provider, gold, is_active=False)
    with pytest.raises(ListNotActive):
        put(provider, gold, good)


def test_a_list_in_another_currency_has_no_price_of_it(market, package):
    north = market.world.north
    dollars = make(north, currency="USD")
    with pytest.raises(BadLines) as refused:
        put(north, dollars, line("fixed", "1", package_id=package.pk))
    assert "EUR" in refused.value.lines[0]["package"][0]
    assert "USD" in refused.value.lines[0]["package"][0]
    assert [one.thing.name for one in preview(north, dollars, line("fixed", "1"))] == ["Standard"]  # it has no fees
    assert put(north, dollars, line("fixed", "1", package_id=market.standard.pk))


def test_the_preview_says_what_setting_does(market, package):
    north = market.world.north
    gold = make(north, is_default=True)
    lines = [line("markup", "25"), line("fixed", "8", on=later(5).date(), package_id=package.pk)]
    first, second = preview(north, gold, *lines)
    assert PriceRule.objects.count() == 0
    assert (first.thing.name, first.was, first.becomes, first.margin) == ("Call recording", 20, Decimal("12.5"), 2.5)
    assert (second.on, second.was, second.becomes) == (later(5).date(), 20, 8)
    assert (second.margin, second.is_below_cost, first.is_below_cost) == (-2, True, False)
    put(north, gold, *lines)
    assert preview(north, gold, *lines) == []
    assert explained(north, market.world.shop, package).amount == first.becomes
    assert explained(north, market.world.shop, package, on=second.on).amount == second.becomes


def test_the_explanation_is_what_a_sale_agrees(market, package):
    world = market.world
    gold = make(world.north, name="Gold")
    assign(world.north, gold, world.shop)
    put(
        world.north,
        gold,
        line("off", "10"),
        line("markup", "30", service_type_id=market.exchange.pk),
        line("split", "40", package_id=package.pk),
        line("fixed", "3", package_id=package.pk, cycle="year"),
        line("fixed", "2", package_id=package.pk, on=later(1).date()),
    )
    told = explained(world.north, world.shop, package)
    offer = market.offer(package)
    agreed = preview_subscription(actor=world.north.actor, tenant_id=world.shop.id, offer=offer, now=NOW).account
    assert (told.amount, told.cost, told.margin) == (16, 10, 6)
    assert (told.amount, told.cost, told.currency) == (agreed.amount, agreed.cost, agreed.currency)
    assert [(each.rule.method, each.verdict) for each in told.rules] == [
        ("split", "won"),
        ("markup", "wider"),
        ("off", "wider"),
        ("fixed", "planned"),
        ("fixed", "cycle"),
    ]
    assert (told.is_assigned, told.price_list) == (True, gold)
    assert explained(world.north, world.shop, package, cycle="year").amount == 3
    direct = explained(world.provider, world.direct, package)
    assert (direct.amount, direct.price_list, direct.cost) == (20, None, None)


def test_who_may_have_a_price_explained(market, package):
    world = market.world
    for player, buyer in (
        (world.south, world.shop),
        (world.north, world.north),
        (world.shop, world.shop),
        (world.stranger, world.shop),
        (world.north, world.mill),
    ):
        with pytest.raises(NotFound):
            explained(player, buyer, package)
    with pytest.raises(NotFound):
        explain(world.north.actor, buyer_id=world.shop.id, add_on_id=2**40, on=TODAY)
    assert explained(world.provider, world.shop, package).cost == 10  # what it is paid itself


def test_a_sub_reseller_is_priced_from_what_its_seller_pays(market, package):
    world = market.world
    tier = make(world.north, "reseller", is_default=True)
    [change_of_price] = preview(world.north, tier, line("markup", "20", package_id=package.pk))
    assert (change_of_price.was, change_of_price.becomes, change_of_price.cost) == (10, 12, 10)
    put(world.north, tier, line("markup", "20", package_id=package.pk))
    small = market.package("Small", "reseller", {market.mailbox: 30})
    market.subscribe(world.north_east, by=world.north, package=small)
    sold = market.sell(world.kiosk, by=world.north_east, package=package)
    assert (
        owed(sold)[world.north_east.id, world.north.id]
        == 12
        == explained(world.north, world.north_east, package).amount
    )


def test_the_numbers_are_those_of_the_day(market, package):
    north, provider = market.world.north, market.world.provider
    version = package.versions.get()
    charging = Charging("Call recording", Decimal(14))
    day = later(3).date()
    revise_fee(actor=provider.actor, fee_id=version.reseller_fee_id, charging=charging, effective_on=day, now=NOW)
    gold = make(north, is_default=True)
    first, second = preview(north, gold, line("markup", "50"), line("markup", "50", on=day, package_id=package.pk))
    assert [(one.cost, one.becomes) for one in (first, second)] == [(10, 15), (14, 21)]


def test_floors_of_a_monthly_fee_hold_for_a_yearly_price(market):
    world = market.world
    market.subscribe(world.north)
    pair = {"reseller_fee_id": fee(market, "reseller", "10").pk}
    pair["account_fee_id"] = fee(market, "account", "300", cycle="year").pk
    yearly = market.package("Yearly", "customer", {market.mailbox: 1}, pair)
    tier = make(world.provider, "reseller", is_default=True)
    put(world.provider, tier, line("fixed", "10", package_id=yearly.pk, floor="12"))
    offer = market.offer(yearly, unit_price=Decimal(144))
    said = preview_subscription(actor=world.north.actor, tenant_id=world.shop.id, offer=offer, now=NOW).account
    assert (said.amount, said.cost) == (144, 120)
    with pytest.raises(Exception, match="price-out-of-bounds"):
        market.sell(world.shop, by=world.north, package=yearly, unit_price=Decimal("143.99"))


def test_many_packages_cost_no_more_statements(market, package, django_assert_max_num_queries):
    north = market.world.north
    gold = make(north, is_default=True)
    with django_assert_max_num_queries(30):
        preview(north, gold, line("markup", "20"))
    for number in range(4):
        pair = {"account_fee_id": fee(market, "account", f"{number + 1}").pk}
        market.package(f"More {number}", "customer", {market.mailbox: 1}, pair)
    with django_assert_max_num_queries(30):
        assert len(preview(north, gold, line("off", "20"))) == 5


def test_two_grids_at_once_are_one_after_the_other(committed_market):
    north = committed_market.world.north
    gold = make(north)
    together(*(lambda: put(north, gold, line("fixed", "5")) for _attempt in range(3)))
    assert PriceRule.objects.count() == 1
