"""What of the report is seen, and what it can be asked for: scope and filters."""

import pytest

from reports.selectors import holding_behind, over_usage_rows
from resellerhub.kernel.refusals import NotFound
from subscriptions.selectors.over_usage import roll_up
from tests.reports.callers import api, get, page_rows

LIST = "/console/reports/usage/quota-over-usage/"
API = "/api/v1/reports/quota-over-usage"


def test_a_rival_sees_nothing_of_it(oversold):
    world = oversold.market.world
    south, north = world.south, world.north
    assert list(over_usage_rows(south.actor)) == []
    assert {row["subscription_id"] for row in over_usage_rows(south.actor, everything=True)} == {oversold.mill.pk}
    assert {row.branch_id for row in roll_up(south.actor)} == {south.id}
    browser, client = south.browser(), api(south)
    portal = LIST.replace("console", "portal")
    for address in ("", f"{oversold.north.pk}/{oversold.mailbox.pk}/"):
        assert get(browser, portal + address).status_code == (200 if not address else 404)
    for address in ("", "raise/", "sell/"):
        assert get(browser, f"{portal}{oversold.shop.pk}/{oversold.mailbox.pk}/{address}").status_code == 404
    base = f"{API}/{oversold.shop.pk}/{oversold.mailbox.pk}"
    for address in ("", "/subscriptions", "/measures", "/grants", "/raise", "/sell"):
        assert client.get(base + address).status_code == 404
    choices = get(browser, portal).content.decode()
    assert north.name not in choices
    assert client.get(API, {"branch": north.id}).status_code == 422
    with pytest.raises(NotFound):
        holding_behind(south.actor, oversold.north.pk, oversold.mailbox.pk)


def test_a_reseller_sees_its_own_row_and_its_branch(oversold):
    world = oversold.market.world
    browser = world.north.browser()
    rows = page_rows(browser, LIST.replace("console", "portal"))
    assert [(row[0], row[-1]) for row in rows] == [("North", "−20"), ("North", "−5")]
    assert {row.branch_id for row in roll_up(world.north.actor)} == {world.north.id, world.north_east.id}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"kind": "customer"}, ["Large", "Standard"]),
        ({"kind": "reseller"}, ["Wholesale"]),
        ({"q": "shop"}, ["Large"]),
        ({"q": "large"}, ["Large"]),
        ({"q": "100 %"}, []),
        ({"reseller": "provider"}, ["Standard"]),
        ({"reseller": "north"}, ["Wholesale", "Large"]),
        ({"branch": "north_east"}, []),
        ({"service_type": "exchange", "resource": "mailbox"}, ["Wholesale", "Large", "Standard"]),
        ({"resource": "storage"}, []),
    ],
)
def test_filters(oversold, query, names):
    world, market = oversold.market.world, oversold.market
    ids = {"exchange": market.exchange.pk, "mailbox": market.mailbox.pk, "storage": market.storage.pk}
    ids |= {name: getattr(world, name).id for name in ("provider", "north", "north_east")}
    asked = {name: ids.get(value, value) for name, value in query.items()}
    assert [row[1] for row in page_rows(world.provider.browser(), LIST, **asked)] == names
    if "q" in asked:
        asked["search"] = asked.pop("q")
    found = api(world.provider).get(API, asked).json()["results"]
    assert [row["subscription_name"] for row in found] == names


def test_a_subscription_is_found_by_its_id(oversold):
    rows = page_rows(oversold.market.world.provider.browser(), LIST, q=oversold.shop.pk)
    assert str(oversold.shop.pk) in {row[2] for row in rows}


@pytest.mark.parametrize("query", [{"branch": "x"}, {"kind": "provider"}, {"resource": "0"}, {"branch": "9" * 30}])
def test_a_filter_that_cannot_be_understood(oversold, query):
    world = oversold.market.world
    page = get(world.provider.browser(), LIST, **query)
    assert page.status_code == 200
    assert "A filter cannot be understood" in page.content.decode()
    (name,) = query
    answer = api(world.provider).get(API, query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == name


def test_an_unknown_parameter_is_refused(oversold):
    assert api(oversold.market.world.provider).get(API, {"resellers": 1}).status_code == 400
