"""What operators can look at and change by hand."""

import pytest
from django.contrib import admin
from django.test import Client

from resellerhub.kernel.refusals import Forbidden
from tenants.models import Event, User
from tenants.services.operators import change_operator
from tests.together import together
from tests.world import NOW, PASSWORD, World


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
    assert browser.post(f"/admin/tenants/user/{world.north.user.pk}/change/", {"name": "X"}).status_code == 403
    assert (
        f"/admin/tenants/user/{world.stranger.user.pk}/change/" in browser.get("/admin/tenants/user/").content.decode()
    )


def mark(user: User, **also) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True, **also)
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def answers(browser: Client, *pages: str) -> set[int]:
    return {browser.get(f"/admin/{page}").status_code for page in pages}


def test_the_mark_is_the_door_and_inside_the_role_decides(world: World):
    """Nothing is granted besides."""
    everything = ("tenants/user/", "tenants/apikey/", "tenants/event/", "catalog/fee/", "subscriptions/order/")
    administrator = mark(world.provider.user)
    assert answers(administrator, *everything, "catalog/fee/add/", "subscriptions/pool/add/") == {200}
    made = {"name": "Seat", "kind": "account", "amount": "20", "currency": "EUR", "cycle": "month", "billed": "advance"}
    inlines = {f"versions-{what}_FORMS": 0 for what in ("TOTAL", "INITIAL")}
    administrator.post("/admin/catalog/fee/add/", made | inlines)
    assert Event.objects.get(kind="fee.created").user == world.provider.user
    reader = mark(User.objects.get(pk=world.provider.member("read_only").user_id))
    assert answers(reader, "", "tenants/event/", "catalog/fee/", "subscriptions/order/") == {200}
    not_for_it = ("tenants/user/", "tenants/apikey/", "tenants/providersettings/", "catalog/fee/add/")
    assert answers(reader, *not_for_it) == {403}
    outsider = mark(User.objects.create_user("outside@example.com"))
    assert answers(outsider, *everything) == {200}
    assert answers(outsider, "catalog/fee/add/") == {403}
    for browser in (administrator, reader, outsider):
        page = f"/admin/tenants/user/{world.stranger.user.pk}/change/"
        assert browser.post(page, {"is_staff": "on"}).status_code == 403


def test_who_works_somewhere_is_not_taken_for_one_who_works_for_nobody(world: World, rf):
    """By the address of a brand where one does not belong there is no actor, and would be no bound."""
    for player, comes_in in ((world.provider, False), (None, True)):
        user = player.user if player else User(is_staff=True, pk=0)
        request = rf.get("/admin/")
        request.user, request.actor, user.is_staff = user, None, True
        assert admin.site.has_permission(request) == comes_in


def appoint(browser: Client, user: User, **flags: str):
    return browser.post(f"/admin/tenants/user/{user.pk}/change/", flags)


def flags(user: User) -> tuple[bool, bool]:
    user.refresh_from_db()
    return user.is_staff, user.is_superuser


def test_operators_are_appointed_with_an_event_and_nothing_else_is_changed(operator: Client, world: World):
    person = world.provider.user
    page = operator.get(f"/admin/tenants/user/{person.pk}/change/").text
    assert 'name="is_staff"' in page
    for field in ("name", "email", "is_active", "language", "password"):
        assert f'name="{field}"' not in page
    assert person.password not in page
    assert appoint(operator, person, is_staff="on", is_active="", name="X", language="de").status_code == 302
    person.refresh_from_db()
    assert (person.is_staff, person.is_active, person.language, "X" in person.name) == (True, True, "en", False)
    told = Event.objects.get(kind="user.operator_changed")
    assert (told.tenant_id, told.user.email, told.subject_id) == (world.provider.id, "operator@example.com", person.pk)
    assert (told.before["operator"], told.after["operator"]) == (False, True)
    appoint(operator, person, is_staff="on")
    assert Event.objects.filter(kind="user.operator_changed").count() == 1
    assert "Operator appointed or dismissed" in world.provider.browser().get("/console/events/").text


def test_whom_and_by_whom(operator: Client, world: World):
    me = User.objects.get(email="operator@example.com")
    assert appoint(operator, me).status_code == 403
    assert flags(me) == (True, True)
    for wrong, sent, field in (
        (world.north.user, {"is_staff": "on"}, "is_staff"),
        (world.provider.user, {"is_superuser": "on"}, "is_superuser"),
    ):
        refused = appoint(operator, wrong, **sent)
        assert field in refused.context["adminform"].form.errors
        assert flags(wrong) == (False, False)
    appoint(operator, world.provider.user, is_staff="on", is_superuser="on")
    ours = world.provider.browser()
    colleague = User.objects.get(pk=world.provider.member("support").user_id)
    assert appoint(ours, colleague, is_staff="on").status_code == 302
    assert flags(colleague) == (True, False)
    assert appoint(ours, world.stranger.user, is_staff="on").status_code == 403
    assert appoint(ours, me).status_code == 403
    assert (flags(world.stranger.user), flags(me)) == ((False, False), (True, True))
    with pytest.raises(Forbidden):
        dismiss(colleague, world.provider.user, world.provider.actor)


def dismiss(by: User, user: User, actor=None):
    return change_operator(
        actor=actor, by_id=by.pk, user_id=user.pk, is_operator=False, appoints=False, request_id="", now=NOW
    )


def test_of_two_who_dismiss_each_other_one_stays(committed_world):
    one, other = (User.objects.create_superuser(f"{name}@example.com") for name in ("one", "other"))
    ended = together(lambda: dismiss(one, other), lambda: dismiss(other, one))
    assert sorted(type(end).__name__ for end in ended) == ["Forbidden", "User"]
    assert User.objects.filter(is_superuser=True).count() == 1


def test_members_are_no_operators(world: World):
    assert world.provider.browser().get("/admin/tenants/user/").status_code == 302
