"""What operators can look at and change by hand."""

import pytest
from django.test import Client

from tenants.models import User
from tests.world import PASSWORD, World


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.com", PASSWORD))
    return client


@pytest.mark.parametrize("model", ["user", "providersettings", "membership", "apikey", "event"])
def test_operators_may_look(operator: Client, world: World, model: str):
    world.north.key()
    assert operator.get(f"/admin/tenants/{model}/").status_code == 200
    assert operator.get(f"/admin/tenants/{model}/add/").status_code == 403


def test_settings_are_changed_by_their_services_alone(operator: Client, world: World):
    page = f"/admin/tenants/providersettings/{world.provider.id}/change/"
    assert operator.get(page).status_code == 200
    assert operator.post(page, {"currency": "USD", "language": "de", "oversell_default": "on"}).status_code == 403


def test_the_tree_has_no_admin_page(operator: Client):
    assert operator.get("/admin/tenants/tenant/").status_code == 404


@pytest.mark.parametrize(
    "model", ["auth/group", "account/emailaddress", "mfa/authenticator", "usersessions/usersession"]
)
def test_nothing_is_changed_by_hand_that_no_service_looks_after(operator: Client, model: str):
    assert operator.get(f"/admin/{model}/").status_code == 404


def test_an_operator_who_works_for_nobody_is_led_there(operator: Client):
    assert operator.get("/").headers["Location"] == "/admin/"


@pytest.mark.parametrize("player", ["north", "shop"])
def test_who_works_for_a_reseller_or_a_customer_does_not_come_in(world: World, player: str):
    """Not even with the mark of an operator."""
    one = getattr(world, player)
    User.objects.filter(pk=one.user.pk).update(is_staff=True, is_superuser=True)
    for path in ("/admin/", "/admin/login/", "/admin/tenants/user/", "/admin/catalog/package/add/"):
        assert one.browser().get(path, follow=True).status_code == 403


def test_an_operator_of_a_provider_sees_its_house_alone(world: World):
    User.objects.filter(pk=world.stranger.user.pk).update(is_staff=True, is_superuser=True)
    browser = world.stranger.browser()
    for model in ("user", "membership", "event", "providersettings"):
        page = browser.get(f"/admin/tenants/{model}/")
        assert page.status_code == 200
        assert "north.example" not in page.content.decode()
    assert browser.get(f"/admin/tenants/user/{world.north.user.pk}/change/").status_code == 302
    assert browser.post(f"/admin/tenants/user/{world.north.user.pk}/change/", {"name": "X"}).status_code == 302
    assert (
        f"/admin/tenants/user/{world.stranger.user.pk}/change/" in browser.get("/admin/tenants/user/").content.decode()
    )


def test_the_mark_alone_opens_nothing(world: World):
    """What an operator may see is granted besides."""
    User.objects.filter(pk=world.provider.user.pk).update(is_staff=True)
    browser = world.provider.browser()
    assert browser.get("/admin/").status_code == 200
    for page in ("tenants/user", "tenants/event", "catalog/package", "catalog/fee/add", "subscriptions/order"):
        assert browser.get(f"/admin/{page}/").status_code == 403


def test_members_are_no_operators(world: World):
    assert world.provider.browser().get("/admin/tenants/user/").status_code == 302
