"""An account for a customer that came without one: on its page, over REST, or as columns of an import."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.actor import Actor
from tenants.models import ApiKey, CustomerAccount, Event, Mail, Membership, Profile, TariffLimit, Tenant, User
from tenants.services.account_logins import administrator_of
from tenants.services.accounts import AccountNameTaken, AccountThere, Login, Service, open_account
from tenants.services.closing import close_tenant
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.imports import check_import, import_customers
from tenants.services.limits import AccountNotActive, NotYourCustomer
from tenants.services.managers import assign_customers
from tenants.services.members import deactivate_user
from tenants.services.people import EmailUnavailable, Person, add_user
from tenants.services.visibility import hide_customers
from tests.tenants.test_accounts import log_in
from tests.tenants.test_creation import form_values
from tests.tenants.test_imports import faults, table
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World, customer

HEADINGS = ["name", "owner_email", "account_name", "support_level", "light", "premium"]


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


def test_columns_of_an_import(world: World):
    rows = [
        ["One", "one@one.example", "One-1", "Gold", "3", ""],
        ["Two", "", "", "", "", "2"],
        ["Three", "three@three.example", "three", "", "", ""],
    ]
    made = import_customers(
        actor=world.north.actor, seller_id=world.north.id, table=table(rows, headings=HEADINGS), now=NOW,
        request_id=uuid4(),
    )  # fmt: skip
    accounts = {row.pk: (row.login.account_name, row.support_level.code) for row in CustomerAccount.objects.all()}
    first = User.objects.get(account_name="three").account.support_level.code
    assert accounts == {made[0].pk: ("one-1", "gold"), made[2].pk: ("three", first)}
    limits = TariffLimit.objects.values_list("tenant_id", "tariff", "maximum")
    assert set(limits) == {(made[0].pk, "light", 3), (made[1].pk, "premium", 2)}
    assert Profile.objects.get(pk=made[2].pk).owner_email == "three@three.example"
    assert [mail.to for mail in Mail.objects.order_by("pk")] == ["one@one.example", "three@three.example"]


def test_what_is_wrong_with_columns_of_an_import(world: World):
    opened(world.north, world.shop)
    rows = [
        ["One", "one@one.example", "the-shop", "", "", ""],
        ["Two", "", "two-2", "", "", ""],
        ["Three", world.mill.user.email, "three", "", "", ""],
        ["Four", "", "", "Gold", "", ""],
        ["Five", "five@one.example", "five", "Brass", "", ""],
        ["Six", "", "", "", "many", "-1"],
        ["Seven", "seven@one.example", "Seven", "", "", ""],
        ["Eight", "eight@one.example", "seven", "", "", ""],
        ["Nine", "n@one.example", "?", "", "", ""],
    ]
    before = Tenant.objects.count()
    wrong = faults(
        lambda: check_import(
            actor=world.north.actor,
            kind="customer",
            seller_id=world.north.id,
            table=table(rows, headings=HEADINGS),
            now=NOW,
        )
    )
    assert wrong == {
        (2, "Account name"), (3, "Tenant owner"), (4, "Tenant owner"), (5, "Support level"), (6, "Support level"),
        (7, "LIGHT mailboxes"), (7, "PREMIUM mailboxes"), (9, "Account name"), (10, "Account name"),
    }  # fmt: skip
    assert Tenant.objects.count() == before


def test_a_file_keeps_to_the_mails_of_a_day(world: World, settings):
    settings.INVITATIONS_PER_TENANT = 2
    opened(world.north, world.shop, email="new@shop.example")
    rows = [[f"C{number}", f"c{number}@one.example", f"c-{number}", "", "", ""] for number in range(3)]
    north = world.north
    with CaptureQueriesContext(connection) as queries:
        wrong = faults(
            lambda: import_customers(
                actor=north.actor, seller_id=north.id, table=table(rows, headings=HEADINGS), now=NOW
            )
        )
    assert wrong == {(3, "Tenant owner"), (4, "Tenant owner")}
    assert sum("tenants_mail" in query["sql"] for query in queries) == 2
    settings.INVITATIONS_PER_TENANT, settings.INVITATIONS_PER_ADDRESS = 10, 1
    rows[0][1] = "new@one.example"
    customer(north, "Other")
    open_account(
        actor=north.actor, customer_id=Tenant.objects.get(profile__name="Other").pk, login=Login("o-1", rows[1][1]),
        now=NOW,
    )  # fmt: skip
    User.objects.filter(email=rows[1][1]).update(email="changed@one.example")
    assert (3, "Tenant owner") in faults(
        lambda: check_import(
            actor=north.actor, kind="customer", seller_id=north.id, table=table(rows, headings=HEADINGS), now=NOW
        )
    )


def test_limits_in_a_file_are_whoever_sells_sets(world: World):
    rows = [["One", "", "", "", "3", ""], ["Two", "", "", "", "", ""], ["Three", "t@t.example", "t-3", "Gold", "", "0"]]

    def load(by: Player) -> list[Tenant]:
        return import_customers(
            actor=by.actor, seller_id=world.north_east.id, table=table(rows, headings=HEADINGS), now=NOW
        )

    assert faults(lambda: load(world.north)) == {(2, "LIGHT mailboxes"), (4, "Support level")}
    assert len(load(world.provider)) == 3
