"""An account for a customer that came without one: on its page or over REST."""

import pytest
from django.test import Client

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.actor import Actor
from tenants.models import ApiKey, CustomerAccount, Event, Mail, Membership, TariffLimit, User
from tenants.services.account_logins import administrator_of
from tenants.services.accounts import AccountNameTaken, AccountThere, Login, Service, open_account
from tenants.services.closing import close_tenant
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.limits import AccountNotActive, NotYourCustomer
from tenants.services.managers import assign_customers
from tenants.services.members import deactivate_user
from tenants.services.people import EmailUnavailable, Person, add_user
from tenants.services.visibility import hide_customers
from tests.tenants.test_accounts import log_in
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World


def opened(by: Player, of: Player, name: str = "the-shop", email: str = "", **more) -> CustomerAccount:
    login = Login(name, email or of.user.email, password=more.pop("password", None))
    open_account(
        actor=by.actor,
        customer_id=of.id,
        login=login,
        service=more.pop("service", Service("gold", {"light": 3})),
        now=NOW,
    )
    return CustomerAccount.objects.get(pk=of.id)


def test_its_administrator_keeps_the_login_and_gets_the_name(world: World):
    row = opened(world.north, world.shop)
    assert (row.login_id, row.support_level.code) == (world.shop.user.pk, "gold")
    assert log_in("the-shop") == log_in(world.shop.user.email) == 200
    assert TariffLimit.objects.get(tenant=world.shop.tenant).maximum == 3
    assert Event.objects.get(kind="customer.account_opened").after["account"] == "the-shop"
    assert not Mail.objects.exists()
    with pytest.raises(AccountThere):
        opened(world.north, world.shop, "another")


def test_another_address_gets_a_login_of_its_own(world: World):
    row = opened(world.north, world.shop, email="new@shop.example")
    assert row.login.email == "new@shop.example"
    assert Mail.objects.get().kind == "account_created"
    assert opened(world.provider, world.direct, "direct", "d@d.example", password=PASSWORD).login.check_password(
        PASSWORD
    )


def managed(world: World) -> Actor:
    """An account manager of North's who looks after the shop."""
    manager = world.north.member("account_manager")
    assign_customers(
        actor=world.north.actor, membership_id=manager.membership_id, customer_ids=[world.shop.id], now=NOW
    )
    return Actor.of(Membership.objects.get(pk=manager.membership_id), "test")


def narrow_key(world: World) -> Actor:
    world.north.key("customer.edit")
    member = Membership.objects.get(pk=world.north.actor.membership_id)
    return Actor.of(member, "test", ApiKey.objects.get(user=world.north.user))


NARROW = {
    "support of the provider": lambda world: world.provider.member("support"),
    "support": lambda world: world.north.member("support"),
    "sales": lambda world: world.north.member("sales"),
    "account manager": managed,
    "narrow key": narrow_key,
}


@pytest.mark.parametrize("who", NARROW)
def test_only_who_may_all_of_it_lets_an_administrator_in(world: World, who: str):
    actor, before = NARROW[who](world), User.objects.count()
    for password in (PASSWORD, None):
        with pytest.raises(Forbidden):
            open_account(
                actor=actor,
                customer_id=world.shop.id,
                login=Login("mine", "me@evil.example", password=password),
                now=NOW,
            )
    assert (User.objects.count(), Mail.objects.exists(), CustomerAccount.objects.exists()) == (before, False, False)
    open_account(
        actor=actor, customer_id=world.shop.id, login=Login("shop", world.shop.user.email, password="x"), now=NOW
    )
    assert log_in("shop") == 200


def test_a_narrow_key_over_rest(world: World):
    body = {"account_name": "mine", "email": "me@evil.example", "password": PASSWORD}
    path, api = f"customers/{world.shop.id}/account", world.north.api("customer.edit", "customer.view")
    assert api.post(path, body).status_code == 403
    assert api.post(path, body | {"email": world.shop.user.email}).status_code == 200


def test_the_page_of_who_lets_nobody_in(world: World):
    support = User.objects.get(pk=world.north.member("support").user_id)
    browser, url = Client(), f"/portal/customers/{world.shop.id}/account/"
    browser.force_login(support, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = browser.get(url)
    assert form.context["form"].fields["email"].disabled
    browser.post(url, form_values(form, account_name="the-shop", email="me@evil.example"))
    assert CustomerAccount.objects.get().login == world.shop.user
    bare = create_customer(actor=world.north.actor, seller_id=world.north.id, details=Details(name="Bare"), now=NOW)
    url = f"/portal/customers/{bare.pk}/account/"
    assert browser.get(url).status_code == 403
    assert url not in browser.get(f"/portal/customers/{bare.pk}/").content.decode()
    assert url in world.north.browser().get(f"/portal/customers/{bare.pk}/").content.decode()


def test_who_was_let_in_is_told_of(world: World):
    opened(world.north, world.shop, email="new@shop.example")
    added, account = Event.objects.filter(tenant=world.shop.id).order_by("-pk").filter(
        kind__in=("user.added", "customer.account_opened")
    )[:2]  # fmt: skip
    assert (added.kind, added.after) == ("user.added", {"role": "administrator", "email": "new@shop.example"})
    assert account.after["email"] == "new@shop.example"


def test_a_login_that_is_dead_does_not_become_the_accounts(world: World):
    add_user(
        actor=world.shop.actor,
        tenant_id=world.shop.id,
        person=Person("second@shop.example"),
        role="administrator",
        now=NOW,
    )
    member = Membership.objects.get(user=world.shop.user)
    deactivate_user(actor=world.north.actor, membership_id=member.pk, now=NOW)
    assert administrator_of(world.shop.tenant) == "second@shop.example"
    with pytest.raises(EmailUnavailable):
        opened(world.north, world.shop)


def test_what_is_refused(world: World):
    opened(world.north, world.shop)
    for name, email, refusal in (
        ("the-shop", "", AccountNameTaken),
        ("x", "", Invalid),
        ("fresh", world.shop.user.email, EmailUnavailable),
    ):
        with pytest.raises(refusal):
            opened(world.provider, world.kiosk, name, email)
    with pytest.raises(Invalid) as both:
        opened(world.provider, world.kiosk, "the-shop", world.shop.user.email)
    assert set(both.value.errors) == {"account_name", "email"}
    with pytest.raises(NotYourCustomer):
        opened(world.north, world.kiosk)
    for by, of in ((world.south, world.kiosk), (world.stranger, world.kiosk), (world.north, world.north)):
        with pytest.raises(NotFound):
            opened(by, of)
    with pytest.raises(Forbidden):
        open_account(
            actor=world.north_east.member("read_only"), customer_id=world.kiosk.id, login=Login("k-1", "k@k.example"),
            now=NOW,
        )  # fmt: skip
    close_tenant(actor=world.south.actor, tenant_id=world.mill.id, confirmation="Yes", now=NOW)
    with pytest.raises(AccountNotActive):
        opened(world.south, world.mill)
    hide_customers(actor=world.north_east.actor, reseller_id=world.north_east.id, now=NOW)
    with pytest.raises(NotFound):
        opened(world.provider, world.kiosk, "hidden")


def test_of_two_at_once_one_opens_it(committed_world: World):
    world = committed_world
    outcomes = together(*[lambda: opened(world.north, world.shop)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountThere", "CustomerAccount"]


def test_the_page(world: World):
    browser, url = world.north.browser(), f"/portal/customers/{world.shop.id}/account/"
    page = browser.get(f"/portal/customers/{world.shop.id}/").content.decode()
    assert "It has no account yet" in page
    assert url in page
    form = browser.get(url)
    assert form.context["form"].initial["email"] == world.shop.user.email
    wrong = browser.post(url, form_values(form, account_name="?", email=world.mill.user.email, light="-1"))
    assert set(wrong.context["form"].errors) == {"account_name", "email", "light"}
    done = browser.post(url, form_values(form, account_name="the-shop", light="4"), follow=True).content.decode()
    assert "the-shop" in done
    assert "0 of 4" in done
    assert browser.get(url).status_code == 409
    made = world.south.browser().post(f"/portal/customers/{world.mill.id}/account/", form_values(form, account_name="m-1", email="m@m.example"))  # fmt: skip  # noqa: E501
    assert log_in("m-1", made.context["secret"]) == 200
    assert world.south.browser().get(url).status_code == 404


def test_over_rest(world: World):
    api = world.north.api()
    body = {"account_name": "the-shop", "email": "new@shop.example", "support_level": "gold", "limits": {"light": 2}}
    assert world.south.api().post(f"customers/{world.shop.id}/account", body).status_code == 404
    made = api.post(f"customers/{world.shop.id}/account", body)
    assert (made.status_code, made.json()["account_name"]) == (200, "the-shop")
    again = api.post(f"customers/{world.shop.id}/account", body)
    assert (again.status_code, again.json()["code"]) == (409, "account-there")
