"""Logging in, acting for one tenant of several, and belonging nowhere."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from tenants.models import Membership, User
from tenants.roles import LOOKING, PERMISSIONS, ROLES, permissions, scope_permissions
from tests.world import NOW, PASSWORD, World


def test_login_by_email(world: World):
    client = Client()
    assert client.get("/portal/").status_code == 302
    client.post("/accounts/login/", {"login": "ADMIN@north.example", "password": PASSWORD})
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/portal/"
    assert client.get("/console/").status_code == 404


def test_nobody_signs_up(db: None):
    answer = Client().post(
        "/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code == 404
    assert not User.objects.exists()


def test_who_belongs_nowhere_gets_a_page_that_says_so(db: None):
    client = Client()
    client.force_login(User.objects.create_user("lost@example.com", PASSWORD))
    for path in ("/", "/portal/", "/console/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "no organisation" in answer.content.decode()
    assert client.post("/accounts/logout/").status_code == 302


def test_a_user_with_several_memberships_acts_in_one(world: World):
    second = Membership.objects.create(
        user=world.north.user,
        tenant=world.south.tenant,
        provider=world.provider.tenant,
        role="read_only",
        created_at=NOW,
    )
    browser = world.north.browser()
    assert "Shop" in browser.get("/portal/customers/").content.decode()
    assert "South" in browser.get("/portal/profile/").content.decode()
    assert browser.post(f"/portal/memberships/{second.pk}/switch/").status_code == 302
    page = browser.get("/portal/customers/").content.decode()
    assert "Mill" in page
    assert "Shop" not in page
    other = Membership.objects.get(user=world.mill.user)
    assert browser.post(f"/portal/memberships/{other.pk}/switch/").status_code == 404
    assert browser.get(f"/portal/memberships/{second.pk}/switch/").status_code == 405


def test_a_closed_tenant_is_gone(world: World):
    browser = world.shop.browser()
    type(world.shop.tenant).objects.filter(pk=world.shop.id).update(status="closed", closed_at=NOW)
    assert browser.get("/portal/").status_code == 403


def test_a_suspended_member_may_still_leave_and_switch(world: World):
    type(world.north.tenant).objects.filter(pk=world.north.id).update(status="suspended")
    browser = world.north.browser()
    page = browser.get("/portal/profile/")
    values = {
        "request_id": page.context["form"]["request_id"].value(),
        "name": "Nora",
        "language": "de",
        "time_zone": "Europe/Vienna",
    }
    assert browser.post("/portal/profile/", values).status_code == 302
    assert User.objects.get(pk=world.north.user.pk).name == "Nora"
    assert browser.post("/accounts/logout/").status_code == 302


def test_staff_of_a_provider_need_a_second_factor(world: World, settings):
    """Before anything else, whatever they ask for; resellers and keys do not."""
    settings.REQUIRE_TOTP_FOR_PROVIDERS = True
    browser, set_up = world.provider.browser(), "/accounts/2fa/"
    for path in ("/", "/console/", "/console/events/?page=1"):
        assert browser.get(path)["Location"] == set_up
    assert browser.post("/console/customers/new/", {"name": "New"})["Location"] == set_up
    assert browser.get("/console/profile/").status_code == 200
    assert "set up an authenticator app or a passkey first" in browser.get("/console/", follow=True).content.decode()
    assert world.north.browser().get("/portal/").status_code == 200
    assert world.provider.api().get("me").status_code == 200
    TOTP.activate(world.provider.user, generate_totp_secret())
    assert browser.get("/console/").status_code == 200


def test_columns_are_remembered_per_user(world: World):
    browser = world.north.browser()
    browser.post("/portal/columns/", {"list": "customers", "columns": ["name", "city"]})
    headers = [column.name for column in browser.get("/portal/customers/").context["table"].columns]
    assert headers == ["name", "city"]
    assert "city" not in [
        column.name for column in world.south.browser().get("/portal/customers/").context["table"].columns
    ]
    browser.post("/portal/columns/", {"list": "customers", "reset": "1"})
    assert "city" not in [column.name for column in browser.get("/portal/customers/").context["table"].columns]


def test_the_team_page_adds_a_user_of_ones_own(world: World):
    browser = world.shop.browser()
    form = browser.get("/portal/team/new/").context["form"]
    assert [value for value, _label in form.fields["role"].choices] == ["administrator", "read_only"]
    values = {"request_id": form["request_id"].value(), "email": "Clerk@shop.example", "role": "read_only"}
    made = browser.post("/portal/team/new/", values)
    clerk = User.objects.get(email="clerk@shop.example")
    assert clerk.check_password(made.context["secret"])
    assert "clerk@shop.example" in browser.get("/portal/team/").content.decode()
    assert browser.post("/portal/team/new/", values).status_code == 422
    assert browser.post("/portal/team/new/", values | {"role": "sales"}).status_code == 422


@pytest.mark.parametrize("kind", ROLES)
def test_roles_know_only_permissions_that_exist(kind: str):
    for role, allowed in ROLES[kind].items():
        assert allowed <= PERMISSIONS, role
    assert permissions(kind, "nonsense") == frozenset()
    assert ROLES[kind]["read_only"] <= LOOKING


def test_scopes():
    assert scope_permissions(["*"]) == PERMISSIONS
    assert scope_permissions(["read", "add_on.sell"]) == LOOKING | {"add_on.sell"}
    assert scope_permissions(["nonsense"]) == frozenset()
