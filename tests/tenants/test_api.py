"""Tenants over REST: scope, permissions, shapes, bad input, repeats."""

import pytest
from django.test import Client

from tenants.models import Tenant
from tests.world import Api, World


def ids(answer) -> set[int]:
    assert answer.status_code == 200, answer.content
    return {row["id"] for row in answer.json()["results"]}


def test_without_a_key_nothing_is_told(world: World):
    for path in ("me", "resellers", "customers", "events", "users", "api-keys", f"customers/{world.shop.id}"):
        answer = Client().get(f"/api/v1/{path}")
        assert answer.status_code == 401, path
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert world.north.browser().get(f"/api/v1/{path}").status_code == 401  # a session is no key


def test_me(world: World):
    me = world.north.api("read").get("me").json()
    assert (me["tenant"], me["kind"], me["provider"], me["role"]) == (
        world.north.id,
        "reseller",
        world.provider.id,
        "administrator",
    )
    assert "customer.view" in me["permissions"]
    assert "customer.create" not in me["permissions"]


def test_lists_are_scoped(world: World):
    assert ids(world.provider.api().get("resellers")) == {world.north.id, world.south.id, world.north_east.id}
    assert ids(world.north.api().get("resellers")) == {world.north_east.id}
    assert ids(world.north.api().get("customers")) == {world.shop.id, world.kiosk.id}
    assert ids(world.south.api().get("customers")) == {world.mill.id}
    assert ids(world.north.api().get("customers", seller=world.north_east.id)) == {world.kiosk.id}
    assert ids(world.north.api().get("customers", search="sho")) == {world.shop.id}
    assert world.north.api().get("customers", seller=world.south.id).status_code in {400, 422}
    users = world.north.api().get("users").json()["results"]
    assert {user["tenant"] for user in users} == {world.north.id, world.north_east.id, world.shop.id, world.kiosk.id}
    assert world.shop.api().get("customers").status_code == 403


def test_what_belongs_to_others_is_absent(world: World):
    api = world.south.api()
    for path in (
        f"customers/{world.shop.id}",
        f"resellers/{world.north.id}",
        f"resellers/{world.shop.id}",
        f"customers/{2**63}",
        f"events/{world.north.api().get('events').json()['results'][0]['id']}",
    ):
        assert api.get(path).status_code == 404, path
    for path in (f"resellers/{world.north.id}/suspend", f"customers/{world.shop.id}/resume"):
        assert api.post(path).status_code == 404, path


def test_create_a_customer(world: World):
    api = world.north.api()
    body = {
        "name": "Bäckerei & Söhne",
        "seller": world.north_east.id,
        "country": "DE",
        "administrator": {"email": "Anna@Baeckerei.example", "password": "long enough for this"},
    }
    made = api.post("customers", body, key="order-1")
    assert made.status_code == 201, made.content
    customer = made.json()
    assert (customer["name"], customer["seller"], customer["status"]) == (
        "Bäckerei & Söhne",
        world.north_east.id,
        "active",
    )
    assert made["Location"].endswith(f"/api/v1/customers/{customer['id']}")
    again = api.post("customers", body, key="order-1")
    assert again.json() == customer
    assert again["Idempotent-Replayed"] == "true"
    assert api.post("customers", body | {"name": "Other"}, key="order-1").status_code == 422
    taken = api.post("customers", body)
    assert taken.status_code == 422
    assert taken.json()["code"] == "email-unavailable"


def test_create_a_reseller(world: World):
    made = world.provider.api().post("resellers", {"name": "West", "type": "commission"})
    assert made.status_code == 201, made.content
    assert (made.json()["type"], made.json()["may_oversell"], made.json()["customers"]) == ("commission", False, 0)
    assert made.json()["seller"] == world.provider.id


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": "   "}, 422),
        ({"name": "x" * 201}, 422),
        ({"name": "a\u202eb"}, 422),
        ({"name": "a\x00b"}, 422),
        ({"name": 5}, 422),
        ({"name": "Good", "seller": 2**63}, 422),
        ({"name": "Good", "seller": 0}, 422),
        ({"name": "Good", "seller": "1"}, 422),
        ({"name": "Good", "country": "Germany"}, 422),
        ({"name": "Good", "owner_email": "nonsense"}, 422),
        ({"name": "Good", "administrator": {"email": "nonsense"}}, 422),
        ({"name": "Good", "surprise": 1}, 400),
        ({"name": "Good", "seller": 2**62}, 404),
    ],
)
def test_bad_input_is_refused(world: World, body, status):
    answer = world.north.api().post("customers", body)
    assert answer.status_code in {status, 400} if status == 422 else answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert Tenant.objects.filter(ancestors__contains=[world.north.id]).count() == 4


def test_suspend_and_resume(world: World):
    api = world.north.api()
    answer = api.post(f"customers/{world.shop.id}/suspend", {"reason": "unpaid"})
    assert answer.json()["status"] == "suspended"
    assert api.post(f"customers/{world.shop.id}/suspend").status_code == 409
    assert api.post(f"customers/{world.shop.id}/resume").json()["status"] == "active"


def test_a_suspended_tenant_looks_and_changes_nothing(world: World):
    api = world.north.api()
    world.provider.api().post(f"resellers/{world.north.id}/suspend")
    assert api.get("customers").status_code == 200
    refused = api.post("customers", {"name": "New"})
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    browser = world.north.browser()
    assert browser.get("/portal/customers/").status_code == 200
    assert browser.post(f"/portal/customers/{world.shop.id}/resume/").status_code == 403
    assert browser.post("/portal/customers/new/").status_code == 403
    assert api.post("report-runs", {"report": "quota-over-usage", "format": "csv"}).status_code == 202  # it may export
    form = browser.get("/portal/reports/runs/new/").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    assert browser.post("/portal/reports/runs/new/", values).status_code == 302


def test_events_tell_before_and_after(world: World):
    world.provider.api().post(f"resellers/{world.north.id}/suspend", {"reason": "unpaid"})
    event = world.north.api().get("events", kind="reseller.suspended").json()["results"][0]
    assert event["before"] == {"status": "active"}
    assert event["after"] == {"status": "suspended", "reason": "unpaid"}
    assert event["who"] == ""  # whoever sells to North is not named to North
    seen = world.provider.api().get(f"events/{event['id']}").json()
    assert seen["who"] == "Groupware GmbH administrator"
    assert seen["request_id"]


def test_keys_are_made_shown_once_and_die_at_once(world: World):
    api = world.north.api()
    made = api.post("api-keys", {"name": "shop system", "scopes": ["customer.view"]}, key="key-1")
    assert made.status_code == 201, made.content
    key = made.json()
    assert api.post("api-keys", {"name": "shop system", "scopes": ["customer.view"]}, key="key-1").status_code == 409
    shown = api.get(f"api-keys/{key['id']}").json()
    assert "key" not in shown
    assert key["key"].startswith(shown["prefix"])
    narrow = Api(key["key"])
    assert narrow.get("customers").status_code == 200
    assert narrow.get("events").status_code == 403
    assert narrow.post("customers", {"name": "New"}).status_code == 403
    assert api.post(f"api-keys/{key['id']}/revoke").status_code == 200
    assert narrow.get("customers").status_code == 401
    assert world.south.api().post(f"api-keys/{key['id']}/revoke").status_code == 404
    assert world.provider.api().get(f"api-keys/{key['id']}").status_code == 404


def test_a_key_makes_no_key_that_may_more(world: World):
    api = world.north.api("api_key.manage", "customer.view")
    assert api.post("api-keys", {"name": "n", "scopes": ["customer.view"]}).status_code == 201
    assert api.post("api-keys", {"name": "n", "scopes": ["*"]}).status_code == 403
    assert api.post("api-keys", {"name": "n", "scopes": ["nonsense"]}).status_code == 422


def test_a_key_gives_nobody_more_than_it_may_itself(world: World):
    body = {"email": "thief@north.example", "role": "administrator", "password": "long enough for this"}
    api = world.north.api("user.manage", "read")
    refused = api.post("users", body)
    assert (refused.status_code, refused.json()["permission"]) == (403, "add_on.edit")
    assert api.post("users", body | {"tenant": world.north_east.id}).status_code == 403
    assert api.post("users", body | {"role": "read_only"}).status_code == 201


@pytest.mark.parametrize("password", ["short", "password123"])
def test_a_password_that_is_easily_guessed_is_refused(world: World, password: str):
    api = world.north.api()
    refused = api.post("users", {"email": "new@north.example", "role": "sales", "password": password})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/password")
    refused = api.post("customers", {"name": "New", "administrator": {"email": "a@b.example", "password": password}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/administrator/password")


def test_users(world: World):
    api = world.north.api()
    made = api.post("users", {"email": "Sales@North.example", "role": "sales", "name": "Sally"})
    assert made.status_code == 201, made.content
    assert api.get(made["Location"].partition("/api/v1/")[2]).json()["email"] == "sales@north.example"
    assert (made.json()["email"], made.json()["tenant"]) == ("sales@north.example", world.north.id)
    wrong = {"email": "x@north.example", "role": "sales", "tenant": world.shop.id}
    assert api.post("users", wrong).json()["code"] == "unknown-role"
    assert api.post("users", wrong | {"tenant": world.mill.id}).status_code == 404
