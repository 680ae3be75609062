"""The same on pages and over REST: users, their roles, and the customers that account managers look after."""

import pytest

from tenants.actor import Actor
from tenants.models import Event, Invitation, ManagedCustomer, Membership
from tenants.services.managers import NotBeneath, NotColleagues, assign_customers, hand_on_customers
from tests.tenants.test_members import member, mine
from tests.world import NOW, World, customer


def post(browser, path: str, **values):
    page = browser.get(path)
    assert page.status_code == 200, path
    form = page.context["form"]
    filled = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    return browser.post(path, filled | values)


def actor_of(membership: Membership) -> Actor:
    return Actor.of(Membership.objects.select_related("tenant", "user").get(pk=membership.pk), "test")


@pytest.fixture
def manager(world: World) -> Membership:
    return member(world.north, "account_manager")


def test_the_page_of_a_user(world: World):
    clerk = member(world.shop, "read_only")
    browser = world.north.browser()
    team = browser.get(f"/portal/customers/{world.shop.id}/?tab=users").content.decode()
    assert f"/portal/users/{clerk.pk}/" in team
    assert "Invite user" in team
    page = browser.get(f"/portal/users/{clerk.pk}/").content.decode()
    assert clerk.user.email in page
    for words in ("Open sessions", "User added", "Change role", "Deactivate", "Log in as"):
        assert words in page
    assert world.south.browser().get(f"/portal/users/{clerk.pk}/").status_code == 404
    own = browser.get(f"/portal/users/{mine(world.north).pk}/").content.decode()
    assert "Deactivate" not in own
    support = world.provider.member("support")
    assert support.can("user.visit")
    assert not support.can("user.manage")


def test_change_deactivate_reactivate_remove(world: World):
    clerk, browser = member(world.north, "read_only"), world.north.browser()
    path = f"/portal/users/{clerk.pk}/"
    assert post(browser, f"{path}role/", role="sales")["Location"] == path
    assert browser.post(f"{path}deactivate/").status_code == 302
    assert "Deactivated" in browser.get(path).content.decode()
    assert browser.get(f"{path}deactivate/").status_code == 405
    assert browser.post(f"{path}reactivate/").status_code == 302
    refused = post(browser, f"{path}remove/", confirm="yes")
    assert refused.status_code == 422
    assert "exactly" in refused.content.decode()
    assert post(browser, f"{path}remove/", confirm="Yes")["Location"] == "/portal/team/"
    assert browser.get(path).status_code == 404


def test_a_refusal_stands_beside_the_role(world: World):
    path = f"/portal/users/{mine(world.north).pk}/role/"
    answer = post(world.north.browser(), path, role="sales")
    assert answer.status_code == 422
    assert "last active administrator" in answer.content.decode()
    assert answer.context["form"]["role"].value() == "sales"
    assert post(world.north.browser(), path, role="emperor").status_code == 422
    off = world.north.browser().post(f"/portal/users/{mine(world.north).pk}/deactivate/", follow=True)
    assert "Nobody does this to themselves" in off.content.decode()


def test_inviting_beside_adding(world: World):
    browser = world.north.browser()
    assert "/portal/team/invite/" in browser.get("/portal/team/").content.decode()
    answer = post(browser, "/portal/team/invite/", email="New@north.example", role="sales", language="de")
    assert answer["Location"] == "/portal/team/"
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.into_id, invitation.role) == ("new@north.example", world.north.id, "sales")
    beneath = post(browser, f"/portal/tenants/{world.shop.id}/users/invite/", email="x@shop.example", role="read_only")
    assert beneath["Location"] == f"/portal/customers/{world.shop.id}/?tab=users"
    assert browser.get(f"/portal/tenants/{world.mill.id}/users/invite/").status_code == 404


def test_over_rest(world: World):
    clerk, api = member(world.north, "read_only"), world.north.api()
    path = f"users/{clerk.pk}"
    row = api.get(path).json()
    assert (row["id"], row["user"], row["role"], row["active"]) == (clerk.pk, clerk.user_id, "read_only", True)

    assert api.patch(path, {"role": "sales"}).json()["role"] == "sales"
    assert api.patch(path, {"role": "emperor"}).status_code == 422
    assert api.post(f"{path}/deactivate").json()["active"] is False
    assert api.post(f"{path}/reactivate").json()["active"] is True
    last = api.post(f"users/{mine(world.north).pk}/deactivate")
    assert (last.status_code, last.json()["code"]) == (409, "own-login")
    rival = world.south.api()
    assert rival.get(path).status_code == 404
    for action in ("deactivate", "reactivate"):
        assert rival.post(f"{path}/{action}").status_code == 404
    assert rival.delete(path).status_code == 404
    assert world.north.api("read").get("users").status_code == 403
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


def test_a_key_gives_nobody_more_than_it_may_itself(world: World):
    clerk, api = member(world.north, "read_only"), world.north.api("user.manage", "read")
    answer = api.patch(f"users/{clerk.pk}", {"role": "administrator"})
    assert answer.status_code == 403


def assigned(manager: Membership) -> set[int]:
    return set(ManagedCustomer.objects.filter(membership=manager).values_list("tenant_id", flat=True))


def test_customers_are_assigned_from_their_list(world: World, manager: Membership):
    second = customer(world.north, "Second")
    browser = world.north.browser()
    assert "Assign to account manager" in browser.get("/portal/customers/").content.decode()
    first = browser.post("/portal/customers/assign/", {"selected": [world.shop.id, second.id], "query": ""})
    assert first.status_code == 200
    assert "Assign 2 customers" in first.content.decode()
    form = first.context["form"]
    values = {"request_id": form["request_id"].value(), "selected": [world.shop.id, second.id], "query": ""}
    assert browser.post("/portal/customers/assign/", values | {"to": ""}).status_code == 422
    assert browser.post("/portal/customers/assign/", values | {"to": manager.pk})["Location"] == "/portal/customers/"
    assert assigned(manager) == {world.shop.id, second.id}
    assert Event.objects.filter(kind="customer.handed").count() == 2
    everything = browser.post("/portal/customers/assign/", {"all": "1", "query": "q=Kiosk", "to": manager.pk,
        "request_id": form["request_id"].value()})  # fmt: skip
    assert everything.status_code == 302
    assert assigned(manager) == {world.shop.id, second.id, world.kiosk.id}
    nothing = browser.post("/portal/customers/assign/", {"query": ""}, follow=True)
    assert "Nothing was selected" in nothing.content.decode()


def test_taken_away_and_handed_on(world: World, manager: Membership):
    other = member(world.north, "account_manager", "other@north.example")
    second = customer(world.north, "Second")
    assign_customers(actor=world.north.actor, membership_id=manager.pk, customer_ids=[world.shop.id], now=NOW)
    assign_customers(actor=world.north.actor, membership_id=other.pk, customer_ids=[world.shop.id, second.id], now=NOW)
    browser, path = world.north.browser(), f"/portal/users/{other.pk}/customers/"
    assert "Second" in browser.get(path).content.decode()
    assert "Second" in browser.get(f"/portal/users/{other.pk}/?tab=customers").content.decode()
    assert post(browser, f"{path}hand-on/", to=manager.pk)["Location"] == path
    assert (assigned(manager), assigned(other)) == ({world.shop.id, second.id}, set())
    browser.post(f"/portal/users/{manager.pk}/customers/release/", {"selected": [second.id, world.mill.id]})
    assert assigned(manager) == {world.shop.id}
    assert Event.objects.filter(kind="customer.taken_back").count() == 1
    assert browser.get(f"/portal/users/{mine(world.north).pk}/customers/").status_code == 404


def test_managers_over_rest(world: World, manager: Membership):
    api, path = world.north.api(), f"users/{manager.pk}/customers"
    assert api.post(f"{path}/assign", {"customers": [world.shop.id, world.kiosk.id]}).json() == {"count": 2}
    assert api.post(f"{path}/assign", {"customers": [world.shop.id]}).json() == {"count": 0}
    assert {row["name"] for row in api.get(path).json()["results"]} == {"Shop", "Kiosk"}
    assert api.post(f"{path}/assign", {"customers": [world.mill.id]}).status_code == 404
    assert api.post(f"{path}/assign", {"customers": []}).status_code == 422
    assert api.post(f"{path}/release", {"customers": [world.kiosk.id]}).json() == {"count": 1}
    same = api.post(f"{path}/hand-on", {"to": manager.pk})
    assert (same.status_code, same.json()["code"]) == (422, "same-manager")
    rival = world.south.api()
    assert rival.get(path).status_code == 404
    for action, body in (("assign", {"customers": [world.mill.id]}), ("hand-on", {"to": manager.pk})):
        assert rival.post(f"{path}/{action}", body).status_code == 404


def test_only_what_is_beneath_the_manager(world: World, manager: Membership):
    with pytest.raises(NotBeneath):
        assign_customers(
            actor=world.provider.actor, membership_id=manager.pk, customer_ids=[world.shop.id, world.mill.id], now=NOW
        )
    assert assigned(manager) == set()
    southern = member(world.south, "account_manager")
    with pytest.raises(NotColleagues):
        hand_on_customers(actor=world.provider.actor, membership_id=manager.pk, to_id=southern.pk, now=NOW)


def test_an_account_manager_sees_the_assigned_customers_alone(world: World, manager: Membership):
    """Every list, count, export and search of pages and API."""
    from tests.isolation.routes import routes

    assign_customers(actor=world.north.actor, membership_id=manager.pk, customer_ids=[world.kiosk.id], now=NOW)
    player = type(world.north)(world.north.tenant, manager.user, actor_of(manager))
    browser, seen = player.browser(), 0
    browser.raise_request_exception = False
    for route in routes():
        if route.shell != "portal" or route.parameters or "get" not in route.methods:
            continue
        for query in ("", "?export=csv", "?q=Sho"):
            answer = browser.get(f"/{route.path}{query}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode(errors="replace")
            assert "Shop" not in text, f"{route.path}{query}"
            assert "admin@shop.example" not in text, f"{route.path}{query}"
            seen += "Kiosk" in text
    assert seen > 1
    assert browser.get(f"/portal/customers/{world.kiosk.id}/").status_code == 200
    assert browser.get(f"/portal/customers/{world.shop.id}/").status_code == 404


def test_a_new_account_manager_comes_with_customers(world: World):
    browser = world.north.browser()
    chosen = {"email": "mia@north.example", "role": "account_manager", "customers": [world.shop.id]}
    assert post(browser, "/portal/team/new/", **chosen).status_code == 200
    assert assigned(Membership.objects.get(user__email="mia@north.example")) == {world.shop.id}
    wrong = post(browser, "/portal/team/new/", **chosen | {"email": "max@north.example", "role": "sales"})
    assert wrong.status_code == 422
    assert "Only an account manager is given customers" in wrong.content.decode()
    out = post(browser, "/portal/team/new/", **chosen | {"email": "max@north.example", "customers": [world.mill.id]})
    assert out.status_code == 422
    body = {"email": "ida@north.example", "role": "account_manager", "customers": [world.kiosk.id]}
    made = world.north.api().post("users", body).json()
    assert assigned(Membership.objects.get(pk=made["id"])) == {world.kiosk.id}
    assert not Membership.objects.filter(user__email="max@north.example").exists()


def test_a_new_customer_comes_with_its_account_manager(world: World, manager: Membership):
    account = {"account_name": "bakery", "email": "b@bakery.example", "account_manager": manager.pk}
    made = world.north.api().post("customers", {"name": "Bakery", "account": account})
    assert made.status_code == 201, made.content
    assert assigned(manager) == {made.json()["id"]}
    southern = member(world.south, "account_manager")
    account |= {"account_name": "butcher", "email": "b@butcher.example", "account_manager": southern.pk}
    assert world.north.api().post("customers", {"name": "Butcher", "account": account}).status_code == 404
    browser = world.north.browser()
    answer = post(
        browser, "/portal/customers/new/",
        account_name="florist", email="f@florist.example", name="Florist", account_manager=manager.pk,
    )  # fmt: skip
    assert answer.status_code in {200, 302}
    assert len(assigned(manager)) == 2
