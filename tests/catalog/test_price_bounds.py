"""What whoever holds a list may charge in turn: at least and at most."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.refusals import BadLines
from catalog.services.fees import Charging, revise_fee
from subscriptions.refusals import PriceOutOfBounds
from tenants.models import Event
from tests.catalog.lists import assign, line, make, preview, put
from tests.catalog.test_price_lines import explained
from tests.subscriptions.prices import TODAY, owed, recording
from tests.world import NOW


@pytest.fixture
def package(market):
    market.subscribe(market.world.north)
    return recording(market)  # costs a reseller 10, recommended 20


def test_bounds_lie_between_what_the_buyer_pays_and_what_is_recommended(market, package):
    world = market.world
    tier = make(world.provider, "reseller")
    about = {"package_id": package.pk}
    for bounds, field in (({"floor": "9.99"}, "floor"), ({"ceiling": "20.01"}, "ceiling")):
        with pytest.raises(BadLines) as refused:
            put(world.provider, tier, line("fixed", "10", **about, **bounds))
        assert list(refused.value.lines[0]) == [field]
    put(world.provider, tier, line("fixed", "10", **about, floor="10", ceiling="20"))
    with pytest.raises(BadLines) as refused:
        put(world.north, make(world.north), line("fixed", "10", **about, floor="10"))
    assert list(refused.value.lines[0]) == ["floor"]
    assign(world.provider, tier, world.north)
    told = explained(world.provider, world.north, package)
    assert (told.amount, told.priced.floor, told.priced.ceiling, told.cost) == (10, 10, 20, None)


def test_bounds_need_no_price_and_follow_the_fee(market, package):
    """P05: the reseller fee as it is, and what the reseller asks from 12 to 20."""
    world, about = market.world, {"package_id": package.pk}
    tier = make(world.provider, "reseller", is_default=True)
    with pytest.raises(BadLines) as refused:
        put(world.provider, tier, line("stated", **about, floor="9.99"))
    assert list(refused.value.lines[0]) == ["floor"]
    [bound] = put(world.provider, tier, line("off", "40"), line("stated", "7", **about, floor="12", ceiling="20"))[1:]
    assert (bound.value, bound.price, bound.percent) == (0, None, None)
    assert put(world.provider, tier, line("stated", **about, floor="12", ceiling="20")) == []
    event = Event.objects.filter(kind="price_list.priced").latest("pk").after
    assert {"unit_price", "percent"} & set(event) == set()
    assert (event["method"], event["floor"], event["ceiling"]) == ("stated", "12", "20")
    told = explained(world.provider, world.north, package)
    assert (told.amount, told.priced.floor, told.priced.ceiling) == (10, 12, 20)
    for asked in ("11.99", "20.01"):
        with pytest.raises(PriceOutOfBounds):
            market.sell(world.shop, by=world.north, package=package, unit_price=Decimal(asked))
    sold = market.sell(world.shop, by=world.north, package=package, unit_price=Decimal(12))
    assert owed(sold)[world.north.id, world.provider.id] == 10
    fee_row = package.versions.get().reseller_fee
    charging = Charging("Call recording", Decimal("10.5"))
    revise_fee(actor=world.provider.actor, fee_id=fee_row.pk, charging=charging, effective_on=TODAY, now=NOW)
    assert explained(world.provider, world.north, package).amount == Decimal("10.5")


def test_a_wide_line_is_held_against_all_whose_price_it_makes(market, package):
    world = market.world
    tier = make(world.provider, "reseller")

    def refused(*lines):
        with pytest.raises(BadLines) as error:
            preview(world.provider, tier, *lines)
        return error.value.lines[0]

    wide = ({}, {"service_type_id": market.exchange.pk}, {"cycle": "month"})
    for about in wide:
        [sentence] = refused(line("off", "50", **about, floor="9.99"))["floor"]
        assert "Call recording: 10." in sentence
        [sentence] = refused(line("off", "50", **about, ceiling="20.01"))["ceiling"]
        assert "Call recording: 20." in sentence
    low = line("off", "50", floor="9.99", ceiling="20")
    own = line("fixed", "9", package_id=package.pk, floor="9")
    put(world.provider, tier, low, own)  # a narrower line makes the price of this one
    put(world.provider, tier, line("off", "50", cycle="year", floor="1"))  # nothing is sold by the year
    assert list(refused(line("off", "40", floor="9.99"), line("keep", package_id=package.pk))) == ["floor"]
    put(world.provider, tier, line("off", "40", floor="9.99"))

    def counted():
        with CaptureQueriesContext(connection) as queries:
            refused(
                line("off", "10", service_type_id=market.exchange.pk, floor="1"), line("keep", package_id=package.pk)
            )
        return len(queries)

    before = counted()
    for number in range(3):
        market.package(f"More {number}", "customer", {market.mailbox: 1})
    assert counted() == before
