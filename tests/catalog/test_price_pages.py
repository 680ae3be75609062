"""Price lists in the browser and over REST: made, priced in the grid, assigned, and a price explained."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import PriceList, PriceRule
from tests.catalog.lists import assign, held, line, make, put
from tests.subscriptions.prices import price_list, recording, rule
from tests.world import NOW, customer


@pytest.fixture
def package(market):
    market.subscribe(market.world.north)
    return recording(market)


def grid(browser, url, **cells):
    """What a browser sends: every cell as it is shown, these changed."""
    shown = browser.get(url).context["form"]
    values = {name: shown[name].value() for name in shown.fields}
    sent = {name: "" if value is None else value for name, value in values.items()} | {"request_id": uuid4()}
    return browser.post(url, sent | {name.replace("_", "-"): value for name, value in cells.items()})


@pytest.mark.parametrize(
    ("who", "shell", "audience"), [("provider", "console", "reseller"), ("north", "portal", "customer")]
)
def test_a_list_is_made_priced_assigned_and_taken_away(market, package, who, shell, audience):
    seller = getattr(market.world, who)
    buyer = market.world.north if who == "provider" else market.world.shop
    browser = seller.browser()

    def url(name, *args):
        return reverse(f"{shell}:{name}", args=args)

    values = {"name": "Gold", "audience": audience, "currency": "EUR", "request_id": uuid4()}
    refused = browser.post(url("price_list_create"), values | {"currency": "eur"})
    assert (refused.status_code, b'value="Gold"' in refused.content) == (422, True)
    made = browser.post(url("price_list_create"), values)
    gold = PriceList.objects.get()
    assert made.url == url("price_list_prices", gold.pk)
    name = f"p{package.pk}"
    prices = url("price_list_prices", gold.pk)
    wrong = grid(browser, prices, **{f"{name}_method": "fixed", "preview": "1"})
    assert wrong.status_code == 422
    assert f'href="#id_{name}-value"'.encode() in wrong.content
    cells = {f"{name}_method": "fixed", f"{name}_value": "8", "all_method": "off", "all_value": "10"}
    said = grid(browser, prices, **cells, preview="1")
    assert (said.status_code, PriceRule.objects.count()) == (200, 0)
    assert "€8.00" in said.content.decode()
    assert ("Below cost" in said.content.decode()) == (who == "north")
    assert f'name="{name}-value" value="8"' in said.content.decode()
    late = grid(browser, prices, **cells, **{f"{name}_from": "2020-01-01"})
    assert (late.status_code, b"today or later" in late.content) == (422, True)
    saved = grid(browser, prices, **cells)
    assert (saved.url, PriceRule.objects.count()) == (url("price_list", gold.pk), 2)
    assert grid(browser, prices).url == saved.url
    assert PriceRule.objects.count() == 2
    buyers = url("price_list_buyers", gold.pk)
    assert buyer.name in browser.get(buyers).content.decode()
    browser.post(url("price_list_assign", gold.pk), {"selected": [buyer.id]})
    assert held(buyer) == [gold.pk]
    shown = {tab: browser.get(saved.url, {"tab": tab}).content.decode() for tab in ("prices", "holders", "activity")}
    assert "Recommended price minus 10 %" in shown["prices"]
    assert buyer.name in shown["holders"]
    assert "Price list assigned" in shown["activity"]
    for tab in ("planned", "history"):
        assert "No prices here" in browser.get(saved.url, {"tab": tab}).content.decode()
    kind = "reseller" if who == "provider" else "customer"
    assert "Gold" in browser.get(url(kind, buyer.id)).content.decode()
    browser.post(url("price_list_release", gold.pk), {"all": "1", "query": "holds=this"})
    assert held(buyer) == [None]
    browser.post(url("price_list_of", buyer.id), {"price_list": gold.pk, "request_id": uuid4()})
    assert held(buyer) == [gold.pk]
    assert "Gold" in browser.get(url("price_list_of", buyer.id)).content.decode()
    browser.post(url("price_list_of", buyer.id), {"price_list": "", "request_id": uuid4()})
    assert held(buyer) == [None]
    switched = browser.post(url("price_list_edit", gold.pk), {"name": "Golden", "request_id": uuid4()})
    assert switched.url == saved.url
    assert browser.get(prices).status_code == 409
    assert "Golden" in browser.get(url("price_lists")).content.decode()
    assert b"Golden" in browser.get(url("price_lists"), {"export": "csv"}).getvalue()


def test_what_somebody_else_set_meanwhile_is_not_set_back(market, package):
    north = market.world.north
    gold = make(north)
    browser, url = north.browser(), reverse("portal:price_list_prices", args=[gold.pk])
    shown = browser.get(url).context["form"]
    sent = {name: "" if shown[name].value() is None else shown[name].value() for name in shown.fields}
    put(north, gold, line("fixed", "7", package_id=package.pk))
    browser.post(url, sent | {"request_id": uuid4(), "all-method": "markup", "all-value": "5"})
    assert list(PriceRule.objects.order_by("pk").values_list("method", flat=True)) == ["fixed", "markup"]


def test_a_providers_list_reckons_with_no_cost(market, package):
    """The grid offers neither method, REST refuses them beside the field; what was said before stays until changed."""
    world = market.world
    gold = make(world.provider, "reseller")
    PriceRule.objects.create(price_list=gold, method="markup", value=5, effective_on=NOW.date(), made_at=NOW)
    browser, url = world.provider.browser(), reverse("console:price_list_prices", args=[gold.pk])

    def methods(page, row):
        return [method for method, _label in page.context["form"].fields[f"{row}-method"].choices]

    shown = browser.get(url)
    assert methods(shown, f"p{package.pk}") == ["keep", "fixed", "off", "stated"]
    assert methods(shown, "all") == ["keep", "fixed", "markup", "off", "stated"]
    grid(browser, url)
    assert PriceRule.objects.count() == 1
    changed = grid(browser, url, all_value="6")
    assert (changed.status_code, b"there is no cost here" in changed.content) == (422, True)
    api = world.provider.api()
    for method in ("markup", "split"):
        lines = [{"package": package.pk, "method": method, "percent": "5"}]
        for action in ("prices", "preview"):
            refused = api.post(f"price-lists/{gold.pk}/{action}", {"lines": lines})
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/lines/0/method")
    api.post(f"price-lists/{gold.pk}/prices", {"lines": [{"method": "keep"}]})
    assert methods(browser.get(url), "all") == ["keep", "fixed", "off", "stated"]
    mine = world.north.browser().get(reverse("portal:price_list_prices", args=[make(world.north).pk]))
    assert methods(mine, "all") == ["keep", "fixed", "markup", "off", "split", "stated"]


def test_bounds_alone_on_the_grid_over_rest_and_explained(market, package):
    world = market.world
    tier = make(world.provider, "reseller", is_default=True)
    browser, url, row = world.provider.browser(), reverse("console:price_list_prices", args=[tier.pk]), f"p{package.pk}"
    cells = {f"{row}_method": "stated", f"{row}_floor": "12", f"{row}_ceiling": "20"}
    wrong = grid(browser, url, **cells | {f"{row}_value": "9"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, [f"{row}-value"])
    shown = grid(browser, url, **cells, preview="1").text
    assert "€12.00 – €20.00" in shown
    assert "Per month: " in shown
    assert not re.search(r"·\s*</span>", shown), "no dot behind which nothing comes"
    grid(browser, url, **cells)
    assert grid(browser, url).status_code == 302
    bound = PriceRule.objects.get()
    assert (bound.method, bound.value, bound.floor, bound.ceiling) == ("stated", 0, 12, 20)
    assert "As the fee says" in browser.get(reverse("console:price_list", args=[tier.pk])).text
    asked = {"buyer": world.north.id, "thing": row}
    assert "leaves the price as the fee says: €10.00" in browser.get(reverse("console:price_explain"), asked).text
    api, bounds = world.provider.api(), {"floor": {"amount": "13", "currency": "EUR"}}
    path = f"price-lists/{tier.pk}/prices"
    [set_now] = api.post(path, {"lines": [{"package": package.pk, "method": "stated", **bounds}]}).json()
    assert (set_now["method"], set_now["price"], set_now["percent"]) == ("stated", None, None)
    assert (set_now["floor"]["amount"], set_now["ceiling"]) == ("13.00", None)
    for method, more, pointer in (("stated", {"percent": "5"}, "percent"), ("keep", bounds, "floor")):
        refused = api.post(path, {"lines": [{"package": package.pk, "method": method, **more}]})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"#/lines/0/{pointer}")


def test_a_price_is_explained(market, package):
    world = market.world
    gold = make(world.north, name="Gold")
    assign(world.north, gold, world.shop)
    put(world.north, gold, line("markup", "25"), line("split", "40", package_id=package.pk))
    browser, url = world.north.browser(), reverse("portal:price_explain")
    assert "Shop" in browser.get(url).content.decode()
    every = browser.get(url, {"buyer": world.shop.id}).content.decode()
    assert "€16.00" in every
    one = browser.get(url, {"buyer": world.shop.id, "thing": f"p{package.pk}", "on": "2027-01-01"}).content.decode()
    for words in ("The buyer holds the price list Gold.", "40 % go to the buyer: €16.00", "Not asked", "Margin"):
        assert words in one
    for query in (
        {"buyer": world.mill.id},
        {"buyer": world.north.id},
        {"buyer": "x"},
        {"buyer": world.shop.id, "on": "x"},
    ):
        assert "€16.00" not in browser.get(url, query).content.decode()
    mine = world.south.browser().get(url, {"buyer": world.shop.id}).content.decode()
    assert "€16.00" not in mine
    assert "Call recording" not in mine


def test_a_reseller_reads_what_it_is_charged_itself(market, package):
    """Beside the fee, which says what is charged without a price list."""
    page = f"/portal/packages/{package.pk}/"
    assert "€10.00" in market.world.north.browser().get(page).text
    rule(price_list(market.world.provider, "reseller", market.world.north), "fixed", "11", package=package)
    said = " ".join(market.world.north.browser().get(page).text.split())
    assert re.search(r"You are charged for each unit</dt> ?<dd[^>]*> ?€11.00", said), said[
        said.index("You are charged") :
    ][:300]
    assert "You are charged" not in market.world.provider.browser().get(f"/console/packages/{package.pk}/").text


def test_over_rest(market, package):
    world = market.world
    api = world.north.api()
    made = api.post("price-lists", {"name": "Gold", "audience": "customer", "currency": "EUR"})
    pk = made.json()["id"]
    assert (made.status_code, made["Location"][-len(f"price-lists/{pk}") :]) == (201, f"price-lists/{pk}")
    euro = {"currency": "EUR"}
    lines = [
        {"package": package.pk, "method": "fixed", "price": {"amount": "8", **euro}},
        {"method": "markup", "percent": "12.5"},
    ]
    said = api.post(f"price-lists/{pk}/preview", {"lines": lines})
    changed = {row["name"]: row for row in said.json()}
    assert changed["Call recording"]["before"] == {"amount": "20.00", **euro}
    assert changed["Call recording"]["after"] == {"amount": "8.00", **euro}
    assert (changed["Call recording"]["margin"], changed["Call recording"]["is_below_cost"]) == (
        {"amount": "-2.00", **euro},
        True,
    )
    put_in = api.post(f"price-lists/{pk}/prices", {"lines": lines})
    assert [row["method"] for row in put_in.json()] == ["fixed", "markup"]
    assert (put_in.json()[0]["price"]["amount"], put_in.json()[1]["percent"]) == ("8.00", "12.5")
    assert api.post(f"price-lists/{pk}/prices", {"lines": lines}).json() == []
    api.post(f"price-lists/{pk}/prices", {"lines": [{"package": package.pk, "method": "keep"}]})
    listed = api.get(f"price-lists/{pk}/prices").json()["results"]
    assert [row["state"] for row in listed] == ["ended", "in_force", "replaced"]
    bad = [lines[1], {"package": package.pk, "method": "off", "percent": "101"}]
    refused = api.post(f"price-lists/{pk}/prices", {"lines": bad})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/lines/1/percent")
    for wrong, pointer in (
        ({"method": "fixed", "percent": "1"}, "#/lines/0/price"),
        ({"method": "fixed", "price": {"amount": "1", "currency": "USD"}}, "#/lines/0/price"),
        ({"method": "keep", "percent": "1"}, "#/lines/0/percent"),
    ):
        refused = api.post(f"price-lists/{pk}/prices", {"lines": [wrong]})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert api.post(f"price-lists/{pk}/holders", {"buyers": [world.shop.id]}).status_code == 204
    assert [row["id"] for row in api.get(f"price-lists/{pk}/holders").json()["results"]] == [world.shop.id]
    told = api.post("prices/explain", {"buyer": world.shop.id, "package": package.pk}).json()
    assert (told["amount"]["amount"], told["cost"]["amount"], told["price_list"]) == ("11.25", "10.00", pk)
    assert told["steps"][-1] == "Cost 10.00 EUR plus 12.5 % makes 11.25 EUR."
    assert [row["verdict"] for row in told["rules"]] == ["ended", "won", "replaced"]
    used = api.patch(f"price-lists/{pk}", {"is_active": False})
    assert (used.status_code, used.json()["code"]) == (409, "list-assigned")
    assert api.post(f"price-lists/{pk}/holders/release", {"buyers": [world.shop.id]}).status_code == 204
    assert api.get("price-lists").json()["results"][0]["holders"] == 0
    rival, looking = world.south.api(), world.north.api("catalog.view")
    assert rival.post("prices/explain", {"buyer": world.shop.id, "package": package.pk}).status_code == 404
    assert rival.post(f"price-lists/{pk}/holders", {"buyers": [world.mill.id]}).status_code == 404
    assert api.post(f"price-lists/{pk}/holders", {"buyers": [world.mill.id]}).status_code == 404
    assert api.post(f"price-lists/{pk}/holders", {"buyers": [world.kiosk.id]}).status_code == 422
    assert looking.post(f"price-lists/{pk}/prices", {"lines": lines}).status_code == 403
    assert looking.post(f"price-lists/{pk}/preview", {"lines": lines}).status_code == 403
    assert looking.post("prices/explain", {"buyer": world.shop.id, "package": package.pk}).status_code == 200


def test_lists_cost_as_many_statements_however_long_they_are(market, package):
    north = market.world.north
    browser, url = north.browser(), reverse("portal:price_lists")
    gold = make(north, is_default=True)
    pages = [url, reverse("portal:price_list_buyers", args=[gold.pk]), reverse("portal:price_list", args=[gold.pk])]
    pages += [reverse("portal:price_list_prices", args=[gold.pk])]
    explain = reverse("portal:price_explain") + f"?buyer={market.world.shop.id}"

    def counted():
        found = []
        for page in [*pages, explain]:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(page).status_code == 200
            found.append(len(queries))
        return found

    put(north, gold, line("markup", "1"))
    counted()
    before = counted()
    for number in range(3):
        assign(north, make(north), customer(north, f"Buyer {number}"))
        put(north, gold, line("markup", "2", cycle=("month", "year", "quarter")[number]))
        market.package(f"More {number}", "customer", {market.mailbox: 1})
    assert counted() == before
