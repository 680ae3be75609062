"""Usage alerts and quotas on pages and over REST."""

from uuid import uuid4

from subscriptions.models import UsageAlerts
from tests.subscriptions.quotas import package, use
from tests.world import NOW


def test_the_pages_show_what_was_crossed(market, django_assert_max_num_queries):
    world = market.world
    market.subscribe(world.north)
    hard = market.sell(world.shop, by=world.north, package=package(market, 20, overage=5))
    use(market, hard, 26)
    browser = world.north.browser()
    shown = browser.get(f"/portal/subscriptions/{hard.pk}/").content.decode()
    assert all(word in shown for word in ("Usage alerts", "Blocked", "Hard", "Ceiling", "80 %"))
    with django_assert_max_num_queries(16):
        listed = browser.get("/portal/usage-alerts/?kind=ceiling").content.decode()
    assert f"/portal/subscriptions/{hard.pk}/" in listed
    assert "80 %" not in listed
    assert f"/subscriptions/{hard.pk}/" not in world.south.browser().get("/portal/usage-alerts/").content.decode()
    assert world.shop.browser().get("/portal/usage-alerts/").status_code == 200


def test_a_seller_sets_its_thresholds_on_a_page(market):
    browser, url = market.world.north.browser(), "/portal/settings/usage-alerts/"
    assert 'value="80, 100"' in browser.get(url).content.decode()
    form = {"percents": "50 %, 90", "tells_holder": "on", "request_id": str(uuid4())}
    assert browser.post(url, form).status_code == 302
    assert UsageAlerts.objects.get().percents == [50, 90]
    for bad, sentence in (("5000", "from 1 to 1000"), ("a lot", "Whole numbers")):
        refused = browser.post(url, form | {"percents": bad})
        assert (refused.status_code, sentence in refused.content.decode()) == (422, True)
        assert f'value="{bad}"' in refused.content.decode()
    assert browser.post(url, form | {"inherit": "on"}).status_code == 302
    assert not UsageAlerts.objects.exists()
    assert market.world.shop.browser().get(url).status_code == 403


def test_quotas_and_alerts_over_rest(market):
    world = market.world
    provider, north, south = world.provider.api(), world.north.api(), world.south.api()
    market.subscribe(world.north)
    limit = {"resource": market.mailbox.pk, "limit": 20}
    body = {"service_type": market.exchange.pk, "name": "Twenty", "audience": "customer"}
    refused = provider.post("packages", body | {"limits": [limit | {"overage": 5}]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/limits/0/overage")
    made = provider.post("packages", body | {"limits": [limit | {"quota": "hard", "overage": 5}]}).json()
    assert (made["limits"][0]["quota"], made["limits"][0]["overage"]) == ("hard", 5)
    offer = {"tenant": world.shop.id, "package": made["id"], "service_instance": market.instance.pk}
    sold = north.post("subscriptions", offer).json()["id"]
    event = {"event_id": "a", "subscription": sold, "resource": "user_mailbox", "quantity": 25, "at": NOW.isoformat()}
    assert provider.post("usage", {"events": [event]}).json()["accepted"] == 1
    held = world.shop.api().get(f"subscriptions/{sold}/resources").json()["results"][0]
    assert (held["quota"], held["ceiling"], held["is_blocked"], held["used"]) == ("hard", 25, True, 25)
    assert held["aggregation"] == "last"
    told = north.get("usage-alerts", open="true").json()["results"]
    assert {(row["kind"], row["percent"], row["value"]) for row in told if row["subscription"] == sold} == {
        ("ceiling", None, 25),
        ("threshold", 100, 25),
        ("threshold", 80, 25),
    }
    assert len(north.get(f"subscriptions/{sold}/usage-alerts", kind="ceiling").json()["results"]) == 1
    assert south.get("usage-alerts").json()["results"] == []
    assert south.get(f"subscriptions/{sold}/usage-alerts").status_code == 404


def test_thresholds_over_rest(market):
    north, shop = market.world.north.api(), market.world.shop.api()
    usual = {"percents": [80, 100], "tells_holder": True, "tells_seller": False, "is_own": False}
    assert north.get("usage-alert-settings").json() == usual

    def change(api, **values):
        return api.patch("usage-alert-settings", values)

    assert change(north, percents=[90, 50, 90]).json() == usual | {"percents": [50, 90], "is_own": True}
    assert change(north, percents=[]).json()["percents"] == []
    assert change(north, percents=[0]).status_code == 422
    assert change(north, inherit=True).json() == usual
    assert change(shop, percents=[1]).status_code == 403
