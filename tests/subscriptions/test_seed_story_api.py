"""Call recording, told by programs: the provider asks 10 for each account and recommends 20; resellers ask what they
like."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from catalog.models import Fee
from subscriptions.verify import phases as faults
from tests.subscriptions.market import Market
from tests.subscriptions.prices import price_list, rule
from tests.world import Api, Player, customer, reseller

FIGURES = ("unit_price", "unit_income", "unit_cost", "margin", "cycle")


def on(month: int, day: int = 1) -> Any:
    return time_machine.travel(datetime(2026 + month // 12, month % 12 + 1, day, 9, tzinfo=UTC), tick=False)


NOVEMBER, DECEMBER, JANUARY = 10, 11, 12


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def done(answer: Any, status: int = 201) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class Story:
    """The provider's program, the reseller's, and what they trade with."""

    def __init__(self, market: Market) -> None:
        self.market, self.world = market, market.world
        self.provider, self.north = self.world.provider.api(), self.world.north.api()

    def fee(self, kind: str, amount: str, **options: Any) -> int:
        body = {"kind": kind, "name": f"{kind} of call recording", "public_name": "Call recording"}
        body |= {"amount": eur(amount), "is_shared": kind == "account", **options}
        return done(self.provider.post("fees", body))["id"]

    def package(self, reseller_fee: int, account_fee: int, **options: Any) -> int:
        limits = [{"resource": self.market.mailbox.pk, "limit": 1}]
        body = {"service_type": self.market.exchange.pk, "name": "Call recording", "audience": "customer"}
        fees = {"reseller_fee": reseller_fee, "account_fee": account_fee}
        return done(self.provider.post("packages", body | fees | {"limits": limits, **options}))["id"]

    def offer(self, holder: Player, package: int, price: str = "") -> dict[str, Any]:
        body = {"tenant": holder.id, "package": package, "service_instance": self.market.instance.pk}
        return body | ({"unit_price": eur(price)} if price else {})

    def sell(self, api: Api, holder: Player, package: int, price: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
        """What the preview said, and what was sold: the same."""
        body = self.offer(holder, package, price)
        said, sold = done(api.post("subscriptions/preview", body), 200), done(api.post("subscriptions", body))
        assert {name: said[name] for name in FIGURES} == {name: sold[name] for name in FIGURES}
        (phase,) = api.get(f"subscriptions/{sold['id']}/phases").json()["results"]
        assert phase["fees"] == said["fees"]
        assert (phase["version"], phase["quantity"]) == (said["version"], said["quantity"])
        return said, sold

    def held_on(self, api: Api, subscription: int, day: str) -> dict[str, Any]:
        """The phase of a day; another of that day that began later counts."""
        rows = api.get(f"subscriptions/{subscription}/phases").json()["results"]
        return next(row for row in rows if row["starts_on"] <= day and day < (row["ends_on"] or "9999"))

    def owed(self, subscriptions: list[int], day: str) -> Iterator[tuple[str, bool, bool]]:
        """What North owes the provider for the cycle of a day: price, whether for each, whether suspended or not."""
        for pk in subscriptions:
            for fee in self.held_on(self.provider, pk, day)["fees"]:
                if fee["payer"] == self.world.north.id:
                    assert fee["issuer"] == self.world.provider.id
                    yield fee["unit_price"]["amount"], fee["applies_more_than_once"], not fee["credits_suspension"]


@pytest.fixture
def story(market: Market) -> Story:
    return Story(market)


def test_thirty_are_owed_whatever_the_reseller_asks(story):
    """Also for an account that was suspended all month. Nothing is owed before it is assigned, and after it is not."""
    world, north = story.world, story.north
    shops = [world.shop, customer(world.north, "Second"), customer(world.north, "Third")]
    with on(NOVEMBER, 21):
        package = story.package(story.fee("reseller", "10"), story.fee("account", "20"))
        story.market.subscribe(world.north)
        assert [row["unit_price"] for row in north.get("subscriptions").json()["results"]] == [None]
        sold = []
        for shop, price, margin in zip(shops, ("", "25", "8"), ("10.00", "15.00", "-2.00"), strict=True):
            said, made = story.sell(north, shop, package, price)
            asked = {"": "20.00", "25": "25.00", "8": "8.00"}[price]
            assert (made["unit_price"], made["margin"], made["cycle"]) == (eur(asked), eur(margin), "month")
            assert (said["recommended_price"], said["list_price"], said["price_rule"]) == (*[eur("20.00")] * 2, None)
            assert (said["seller_cost"], said["seller_margin"]) == (eur("10.00"), eur(margin))
            assert (said["is_below_cost"], said["total"]) == (price == "8", eur(asked))
            sold.append(made["id"])
    with on(DECEMBER):
        done(north.post(f"customers/{shops[1].id}/suspend", {"reason": "unpaid"}), 200)
        suspended = north.get(f"subscriptions/{sold[1]}").json()
        assert (suspended["state"], suspended["margin"]) == ("suspended", eur("15.00"))
        assert refused(north.post(f"subscriptions/{sold[1]}/resume")) == (409, "holder-suspended")
    with on(JANUARY):
        done(north.post(f"customers/{shops[1].id}/resume"), 200)
        assert north.get(f"subscriptions/{sold[1]}").json()["state"] == "active"
        done(north.post(f"subscriptions/{sold[2]}/cancel"), 200)
    assert list(story.owed(sold, "2026-12-15")) == [("10.00", True, True)] * 3
    december = story.held_on(north, sold[1], "2026-12-15")
    credited = {fee["payer"]: fee["credits_suspension"] for fee in december["fees"]}
    assert (december["state"], december["starts_on"]) == ("suspended", "2026-12-01")
    assert credited == {shops[1].id: True, world.north.id: False}, "the customer's own fee alone"
    margins = [story.held_on(north, pk, "2026-12-15")["margin"] for pk in sold]
    assert margins == [eur("10.00"), eur("15.00"), eur("-2.00")]
    assert list(story.owed(sold[:2], "2027-01-15")) == [("10.00", True, True)] * 2
    closed = north.get(f"subscriptions/{sold[2]}").json()
    assert [closed[name] for name in FIGURES] == [None] * 5, "unassigned: nothing is owed any more"
    assert faults() == []

    seen = world.shop.api().get(f"subscriptions/{sold[0]}").json()
    assert [seen[name] for name in FIGURES] == [eur("20.00"), None, None, None, "month"]
    (phase,) = world.shop.api().get(f"subscriptions/{sold[0]}/phases").json()["results"]
    assert [fee["payer"] for fee in phase["fees"]] == [world.shop.id]
    seen = story.provider.get(f"subscriptions/{sold[0]}").json()
    assert [seen[name] for name in FIGURES] == [eur("20.00"), eur("10.00"), None, None, "month"]
    for rival in (world.south, world.stranger, shops[1]):
        assert rival.api().get(f"subscriptions/{sold[0]}/phases").status_code == 404


def test_once_per_reseller(story):
    """Three accounts, one fee: it is named with each, said to be owed once, and no part of the margin of one."""
    world = story.world
    with on(NOVEMBER, 21):
        fee = story.fee("reseller", "10", applies_more_than_once=False)
        package = story.package(fee, story.fee("account", "20"))
        story.market.subscribe(world.north)
        shops = [world.shop, customer(world.north, "Second"), customer(world.north, "Third")]
        sold = [story.sell(story.north, shop, package)[1]["id"] for shop in shops]
        told = done(story.north.post("subscriptions/preview", story.offer(world.shop, package, "8")), 200)
    assert list(story.owed(sold, "2026-12-15")) == [("10.00", False, True)] * 3
    assert (told["seller_cost"], told["seller_cost_once"], told["seller_margin"]) == (eur("10.00"), True, None)
    assert not told["is_below_cost"]
    for api, once in (
        (story.north, (False, True)),
        (story.provider, (True, False)),
        (world.shop.api(), (False, False)),
    ):
        seen = [row for row in api.get("subscriptions").json()["results"] if row["id"] in sold]
        seen += [story.held_on(api, sold[0], "2026-12-15")]
        assert {(row["income_once"], row["cost_once"], row["margin"] is None) for row in seen} == {(*once, True)}
    browser = world.north.browser()
    for path in ("", f"{sold[0]}/", f"{sold[0]}/?tab=timeline"):
        page = browser.get(f"/portal/subscriptions/{path}").content.decode()
        assert ("Your margin" in page) is (path == "")  # in the choice of columns alone
        assert ("once per reseller" in page) is (path != "")
    chosen = {"list": "subscriptions", "columns": ["name", "cost", "cost_once", "margin"]}
    assert browser.post(reverse("portal:list_columns"), chosen).status_code == 302
    assert browser.get("/portal/subscriptions/").content.decode().count("once per reseller") == 3


def test_what_the_reseller_manages_itself(story):
    """It edits the package and its account fee. The reseller fee it cannot touch, by no route; a rival sees nothing."""
    world, north = story.world, story.north
    with on(NOVEMBER, 21):
        owed = story.fee("reseller", "10")
        asked = story.fee("account", "20", managed_by=world.north.id)
        package = story.package(owed, asked, managed_by=world.north.id, is_shared=False)
        story.market.subscribe(world.north)

        def patch(path: str, **body: Any) -> Any:
            return north.patch(path, body)

        assert done(patch(f"packages/{package}", name="Recording by North"), 200)["reseller_fee"] == owed
        done(north.post(f"fees/{asked}/versions", {"amount": eur("21")}), 201)
        own = done(north.post("fees", {"kind": "reseller", "name": "Mine", "amount": eur("1")}))["id"]
        for chosen in (own, None):
            assert refused(patch(f"packages/{package}", reseller_fee=chosen)) == (403, "reseller-fee-fixed")
        for attempt in (
            patch(f"fees/{owed}", name="Mine now"),
            patch(f"fees/{owed}", applies_more_than_once=False),
            north.post(f"fees/{owed}/versions", {"amount": eur("0")}),
        ):
            assert refused(attempt) == (403, "managed-by-another")
        browser = world.north.browser()
        values = {"name": "By page", f"limit_{story.market.mailbox.pk}": 1, "account_fee": asked, "is_active": "on"}
        page = f"/portal/packages/{package}/edit/"
        assert browser.post(page, values | {"reseller_fee": own, "request_id": uuid4()}).status_code == 302
        assert browser.post(f"/portal/fees/{owed}/revise/", {"amount": "0"}).status_code == 403
        for path in (f"catalog/fee/{owed}/change/", f"catalog/package/{package}/change/"):
            assert browser.post(f"/admin/{path}", {"name": "By admin"}).status_code in {302, 403, 404}
        seen = north.get(f"packages/{package}").json()
        assert (seen["name"], seen["reseller_fee"], seen["account_fee"]) == ("By page", owed, asked)
        assert Fee.objects.get(pk=owed).versions.count() == 1

        rival = reseller(world.provider, "West")
        for path in (f"packages/{package}", f"fees/{owed}", f"fees/{asked}"):
            for player in (rival, world.south, world.stranger):
                assert player.api().get(path).status_code == 404
        said, made = story.sell(north, world.shop, package, "8")
        assert (said["recommended_price"], said["unit_cost"]) == (eur("21.00"), eur("10.00"))
        assert (said["is_below_cost"], made["margin"]) == (True, eur("-2.00"))
    assert list(story.owed([made["id"]], "2026-12-15")) == [("10.00", True, True)]


def test_each_level_is_told_its_own(story):
    """Provider, reseller, sub-reseller, customer: each its cost and its price, and none what the level above pays."""
    world, market = story.world, story.market
    east, kiosk = world.north_east, world.kiosk
    with on(NOVEMBER, 21):
        package = story.package(story.fee("reseller", "10"), story.fee("account", "20"))
        market.subscribe(world.north)
        market.subscribe(east, by=world.north, package=market.package("Small", "reseller", {market.mailbox: 30}))
        rule(price_list(world.north, "reseller"), "markup", "20")
        apis = {"kiosk": kiosk.api(), "east": east.api(), "north": story.north, "provider": story.provider}
        _said, sold = story.sell(apis["east"], kiosk, package, "25")
        body = story.offer(kiosk, package, "25")
        previews = {name: done(apis[name].post("subscriptions/preview", body), 200) for name in ("north", "provider")}
    told = {
        "kiosk": ["25.00", None, None, None],
        "east": ["25.00", "25.00", "12.00", "13.00"],
        "north": ["25.00", "12.00", "10.00", "2.00"],
        "provider": ["25.00", "10.00", None, None],
    }
    for name, api in apis.items():
        row, phase = api.get(f"subscriptions/{sold['id']}").json(), story.held_on(api, sold["id"], "2026-11-21")
        for seen in (row, phase, previews.get(name, row)):
            assert [seen[figure] and seen[figure]["amount"] for figure in FIGURES[:4]] == told[name], name
        assert [fee["unit_price"]["amount"] for fee in phase["fees"]] == ["25.00", "12.00", "10.00"][: order(name)]
        if name in previews:
            assert previews[name]["fees"] == phase["fees"]
            assert (previews[name]["seller_cost"], previews[name]["seller_margin"]) == (eur("12.00"), eur("13.00"))
    assert refused(apis["kiosk"].post("subscriptions/preview", body))[0] == 403
    assert refused(world.south.api().post("subscriptions/preview", body))[0] == 404
    assert refused(apis["east"].post("subscriptions/preview", body | {"unit_price": eur("-1")}))[0] == 422


def order(name: str) -> int:
    """How many levels of the line somebody sees."""
    return {"kiosk": 1, "east": 2, "north": 3, "provider": 3}[name]


def test_what_is_granted_and_what_of_the_source_remains(story):
    world, market = story.world, story.market
    wholesale = market.subscribe(world.north)
    body = {"tenant": world.shop.id, "package": market.standard.pk, "service_instance": market.instance.pk}
    said = done(story.north.post("subscriptions/preview", body | {"quantity": 3}), 200)
    told = [(row["code"], row["granted"], row["remaining_before"], row["remaining_after"]) for row in said["resources"]]
    assert told == [("user_mailbox", 30, 100, 70), ("storage_gb", 150, 1000, 850)]
    assert (said["source"], said["unit_price"], said["total"]) == (wholesale.pk, None, None)
    done(story.north.post("subscriptions", body | {"quantity": 3}))
    left = story.north.get(f"subscriptions/{wholesale.pk}/resources").json()["results"]
    assert [row["allocated"] - row["sold"] for row in left] == [70, 850]
    assert refused(story.north.post("subscriptions/preview", body | {"quantity": 8})) == (409, "oversell-refused")
    direct = done(story.provider.post("subscriptions/preview", body | {"tenant": world.direct.id}), 200)
    assert [row["remaining_after"] for row in direct["resources"]] == [None, None]
