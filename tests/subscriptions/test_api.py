from datetime import timedelta

import pytest

from subscriptions.models import Grant, Subscription
from subscriptions.verify import holdings
from tests.subscriptions.market import held
from tests.world import NOW


def offer(market, package, **more):
    return {"package": package.pk, "service_instance": market.instance.pk, **more}


def created(answer):
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_subscribe_as_reseller_and_sell(market):
    world, api = market.world, market.world.provider.api()
    wholesale = created(
        api.post("subscriptions", offer(market, market.wholesale, tenant=world.north.id, quantity=2, name="Main"))
    )
    assert (wholesale["name"], wholesale["state"], wholesale["quantity"]) == ("Main", "active", 2)
    also = created(api.post(f"resellers/{world.north.id}/subscribe", offer(market, market.wholesale)))
    answer = api.get(f"subscriptions/{also['id']}", expand="resources").json()
    assert [(row["code"], row["allocated"], row["remaining"]) for row in answer["resources"]] == [
        ("user_mailbox", 100, 100),
        ("storage_gb", 1000, 1000),
    ]
    north = world.north.api()
    sold = created(north.post("subscriptions", offer(market, market.standard, tenant=world.shop.id, source=also["id"])))
    assert sold["source"] == also["id"]
    rows = north.get(f"subscriptions/{also['id']}/resources").json()["results"]
    assert [(row["sold"], row["remaining"]) for row in rows] == [(10, 90), (50, 950)]


def test_a_commission_reseller_is_forbidden(market):
    world, api = market.world, market.world.provider.api()
    for answer in (
        api.post("subscriptions", offer(market, market.wholesale, tenant=world.south.id)),
        api.post(f"resellers/{world.south.id}/subscribe", offer(market, market.wholesale)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "commission-reseller")


def test_the_same_key_sells_once(market):
    world, api = market.world, market.world.provider.api()
    body = offer(market, market.standard, tenant=world.direct.id)
    first, again = (api.post("subscriptions", body, key="k1") for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.post("subscriptions", body | {"quantity": 2}, key="k1").status_code == 422
    assert Subscription.objects.count() == 1
    answer = api.client.post("/api/v1/subscriptions", body, content_type="application/json")
    assert answer.status_code == 400


def test_oversell_says_what_remains(market):
    world = market.world
    market.subscribe(world.north)
    answer = world.north.api().post("subscriptions", offer(market, market.standard, tenant=world.shop.id, quantity=11))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "oversell-refused")
    assert (problem["remaining"], problem["asked"], problem["resource"]) == (100, 110, "User mailboxes")


def test_change_suspend_resume_cancel(market):
    world = market.world
    wholesale = market.subscribe(world.north)
    sold = market.sell(world.shop, by=world.north)
    api = world.north.api()
    assert api.post(f"subscriptions/{sold.pk}/change", {"quantity": 3}).json()["quantity"] == 3
    assert held(wholesale, market.mailbox)[1] == 30
    assert api.post(f"subscriptions/{sold.pk}/suspend", {"reason": "Unpaid"}).json()["state"] == "suspended"
    assert api.post(f"subscriptions/{sold.pk}/suspend").status_code == 409
    assert api.post(f"subscriptions/{sold.pk}/resume").json()["state"] == "active"
    assert api.post(f"subscriptions/{wholesale.pk}/cancel").status_code == 403
    refused = world.provider.api().post(f"subscriptions/{wholesale.pk}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "still-drawn")
    assert api.get(f"subscriptions/{sold.pk}").json()["renews"] is True
    closed = api.post(f"subscriptions/{sold.pk}/cancel").json()
    assert (closed["state"], closed["renews"], closed["renews_on"]) == ("closed", False, None)
    assert api.get(f"subscriptions/{sold.pk}", expand="resources").json()["resources"] == []
    assert holdings() == []


def test_lists_and_filters(market, django_assert_max_num_queries):
    world = market.world
    wholesale = market.subscribe(world.north)
    sold = [market.sell(world.shop, by=world.north).pk for _ in range(3)]
    direct = market.sell(world.direct, name="Something else").pk
    api = world.provider.api()

    def ids(**query):
        answer = api.get("subscriptions", **query)
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    assert ids() == [direct, *reversed(sold), wholesale.pk]
    assert ids(kind="reseller") == [wholesale.pk]
    assert ids(tenant=world.shop.id, ordering="name") == sold
    assert ids(source=wholesale.pk) == sold[::-1]
    assert ids(seller=world.provider.id, kind="customer") == [direct]
    assert ids(search="something") == [direct]
    assert ids(search=str(direct)) == [direct]
    assert ids(state="closed") == []
    assert ids(package=market.wholesale.pk, service_type=market.exchange.pk) == [wholesale.pk]
    assert api.get("subscriptions", colour="red").status_code == 400
    with django_assert_max_num_queries(9):
        api.get("subscriptions", expand="resources")


def test_a_rival_sees_and_changes_nothing(market):
    world = market.world
    wholesale = market.subscribe(world.north)
    sold = market.sell(world.shop, by=world.north)
    for rival in (world.south, world.stranger, world.mill):
        api = rival.api()
        assert api.get("subscriptions").json()["results"] == []
        for row in (wholesale, sold):
            assert api.get(f"subscriptions/{row.pk}").status_code == 404
            assert api.get(f"subscriptions/{row.pk}/resources").status_code == 404
    for rival in (world.south, world.stranger):
        api = rival.api()
        assert api.post(f"subscriptions/{sold.pk}/change", {"quantity": 2}).status_code == 404
        assert api.post(f"subscriptions/{sold.pk}/suspend").status_code == 404
        answer = api.post("subscriptions", offer(market, market.standard, tenant=world.shop.id))
        assert answer.status_code == 404
    assert Grant.objects.filter(subscription=sold).count() == 2


def test_a_customer_sees_its_own_and_not_what_it_is_drawn_from(market):
    world = market.world
    market.subscribe(world.north)
    sold = market.sell(world.shop, by=world.north)
    api = world.shop.api()
    (row,) = api.get("subscriptions").json()["results"]
    assert (row["id"], row["source"]) == (sold.pk, None)
    assert api.get("subscriptions", source=sold.source_id).status_code == 422, "as one that is not there"
    assert api.post(f"subscriptions/{sold.pk}/cancel").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"quantity": 100_000},
        {"quantity": "1"},
        {"quantity": True},
        {"quantity": 2**63},
        {"name": "x" * 121},
        {"tenant": -1},
        {"package": None},
    ],
)
def test_bad_values_are_named(market, wrong):
    body = offer(market, market.standard, tenant=market.world.direct.id) | wrong
    answer = market.world.provider.api().post("subscriptions", body)
    assert answer.status_code == 422, answer.content
    assert Subscription.objects.count() == 0


def test_usage_in_a_batch(market):
    world = market.world
    sold = market.sell(world.direct)
    api = world.provider.api()
    good = {
        "event_id": "a",
        "subscription": sold.pk,
        "resource": "user_mailbox",
        "quantity": 12,
        "at": "2026-11-20T10:00:00Z",
    }
    body = {
        "events": [
            good,
            good,
            good | {"event_id": "b", "quantity": -1},
            good | {"event_id": "c", "subscription": 10**12},
            good | {"event_id": "d", "resource": "nothing"},
            good | {"event_id": "e", "at": (NOW + timedelta(days=4000)).isoformat()},
        ]
    }
    answer = api.post("usage", body)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["accepted"], told["duplicates"]) == (1, 1)
    assert [(row["position"], row["code"]) for row in told["rejected"]] == [
        (2, "quantity"),
        (3, "unknown-subscription"),
        (4, "unknown-resource"),
        (5, "future"),
    ]
    assert held(sold, market.mailbox) == (10, 0, 12, -2)
    assert world.north.api().post("usage", body).status_code == 403
    assert world.shop.api().post("usage", body).status_code == 403
    assert api.post("usage", {"events": []}).status_code == 422
    assert api.post("usage", {"events": [good | {"quantity": 1.5}]}).status_code == 422
    assert api.post("usage", {"events": [good | {"at": "yesterday"}]}).status_code == 422


def test_packages(market):
    world, api = market.world, market.world.provider.api()
    body = {
        "service_type": market.exchange.pk,
        "name": "Large",
        "audience": "customer",
        "limits": [{"resource": market.mailbox.pk, "limit": 500}],
    }
    made = created(api.post("packages", body))
    limit = {"resource": market.mailbox.pk, "code": "user_mailbox", "limit": 500, "quota": "soft", "overage": None}
    assert made["limits"] == [limit]
    again = api.post("packages", body)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "#/name")
    url = f"packages/{made['id']}"
    changed = api.patch(url, {"name": "Larger"}).json()
    assert (changed["name"], changed["limits"]) == ("Larger", made["limits"])
    assert api.post(f"packages/{made['id']}/deactivate").json()["is_active"] is False

    north = world.north.api()
    assert north.patch(url, {"name": "Mine"}).status_code == 404
    refused = north.post("packages", body | {"name": "Own"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no-reseller-subscription")
    market.subscribe(world.north)
    own = created(north.post("packages", body | {"name": "Own"}))
    assert own["owner"] == world.north.id
    assert world.south.api().get(f"packages/{own['id']}").status_code == 404
    for limits in ([], [{"resource": market.mailbox.pk, "limit": -1}], [{"resource": 10**9, "limit": 1}]):
        assert api.post("packages", body | {"name": "Bad", "limits": limits}).status_code == 422
