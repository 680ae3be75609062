"""A customer's account: made on one page, changed, logged in with; support levels."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import CustomerAccount, Event, Mail, SupportLevel, Tenant, User
from tenants.services.accounts import AccountNameTaken, Login, Service, change_account, create_account
from tenants.services.company import NotItsSeller
from tenants.services.details import Details
from tenants.services.limits import NotYourCustomer
from tenants.services.people import EmailUnavailable
from tenants.services.support import change_support_level
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World

LIMITS = {"light": 3, "standard": 2, "premium": 1, "mailing_list": 0}


def account(by: Player, name: str = "baeckerei-sommer", email: str = "boss@sommer.example", **more) -> Tenant:
    return create_account(
        actor=by.actor,
        seller_id=by.id,
        details=Details(name="Bäckerei Sommer"),
        login=Login(name, email, password=more.pop("password", PASSWORD)),
        service=Service("gold", LIMITS),
        now=NOW,
        **more,
    )


def paid(world: World, code: str = "gold", fee: str = "12.345678") -> SupportLevel:
    level = SupportLevel.objects.get(provider=world.provider.id, code=code)
    return change_support_level(
        actor=world.provider.actor, support_level_id=level.pk, name=level.name, monthly_fee=Decimal(fee),
        currency="EUR", is_active=True, now=NOW,
    )  # fmt: skip


def log_in(name: str, password: str = PASSWORD) -> int:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return client.get("/portal/").status_code


def test_all_of_it_at_once(world: World):
    paid(world)
    made = account(world.north)
    row = CustomerAccount.objects.get(pk=made.pk)
    assert (row.login.account_name, row.support_level.code) == ("baeckerei-sommer", "gold")
    assert dict(made.tariff_limits.values_list("tariff", "maximum")) == {k: v for k, v in LIMITS.items() if v}
    event = Event.objects.get(kind="customer.account_opened")
    assert (event.after["monthly_fee"], event.after["currency"]) == ("12.345678", "EUR")
    assert Event.objects.get(kind="customer.limits_changed").after == {k: v for k, v in LIMITS.items() if v}
    assert not Mail.objects.exists()


@pytest.mark.parametrize("name", ["baeckerei-sommer", "BAECKEREI-Sommer", "boss@sommer.example", "Boss@Sommer.example"])
def test_it_logs_in_by_name_and_by_address(world: World, name: str):
    account(world.north)
    assert log_in(name) == 200
    assert log_in(name, "wrong") == 302


def test_without_a_password_a_mail_brings_a_link(world: World):
    made = account(world.north, password=None)
    mail = Mail.objects.get()
    assert (mail.kind, mail.to, mail.tenant_id, mail.about_id) == (
        "account_created", "boss@sommer.example", world.north.id, made.pk
    )  # fmt: skip
    assert mail.facts["account_name"] == "baeckerei-sommer"


def test_a_name_is_taken_once_wherever(world: World):
    account(world.north)
    before = Tenant.objects.count(), User.objects.count()
    for by in (world.north, world.south, world.stranger):
        with pytest.raises(AccountNameTaken) as refused:
            account(by, email="other@example.com")
        assert refused.value.field == "account_name"
    with pytest.raises(EmailUnavailable):
        account(world.south, name="other", email="admin@north.example")
    assert (Tenant.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize("name", ["ab", "", "-ab", "a b c", "müller", "a" * 65, "a@b.example", "abc\u200b"])
def test_names_that_are_none(world: World, name: str):
    with pytest.raises(Invalid) as refused:
        account(world.north, name=name)
    assert "account_name" in refused.value.errors
    answer = world.north.api().post("customers", body(account_name=name))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(("#/account_name", "#/account/account_name"))


def test_the_same_request_makes_one(world: World):
    key = uuid4()
    assert account(world.north, request_id=key) == account(world.north, request_id=key)
    assert CustomerAccount.objects.count() == 1


def body(**changes):
    login = {"account_name": "baeckerei-sommer", "email": "boss@sommer.example", "password": PASSWORD} | changes
    return {"name": "Bäckerei Sommer", "account": login | {"support_level": "silver", "limits": {"light": 5}}}


def test_over_rest(world: World):
    api = world.north.api()
    made = api.post("customers", body())
    assert (made.status_code, made.json()["account_name"], made.json()["support_level"]) == (
        201, "baeckerei-sommer", "Silver"
    )  # fmt: skip
    pk = made.json()["id"]
    assert api.get(f"customers/{pk}/limits").json()["light"] == {"maximum": 5, "used": 0}
    assert [row["id"] for row in api.get("customers", search="baeckerei-s").json()["results"]] == [pk]
    again = api.post("customers", body(email="x@y.example"))
    assert (again.status_code, again.json()["code"]) == (422, "account-name-taken")
    both = body() | {"administrator": {"email": "a@b.example"}}
    assert api.post("customers", both).status_code == 422
    unknown = body(account_name="other", email="o@o.example")
    unknown["account"]["support_level"] = "diamond"
    assert api.post("customers", unknown).json()["errors"][0]["pointer"] == "#/support_level"
    path = f"customers/{pk}/account"
    changed = world.north.api().patch(path, {"support_level": "platinum"})
    assert (changed.status_code, changed.json()["support_level"]) == (200, "Platinum")
    assert world.south.api().patch(path, {"support_level": "gold"}).status_code == 404
    assert world.stranger.api().patch(path, {"support_level": "gold"}).status_code == 404


def test_changing_the_level_notes_both_fees(world: World):
    paid(world)
    made = account(world.north)
    change_account(actor=world.north.actor, customer_id=made.pk, service=Service("reseller"), now=NOW)
    event = Event.objects.get(kind="customer.account_changed")
    assert event.before == {"support_level": "gold", "monthly_fee": "12.345678", "currency": "EUR"}
    assert event.after == {"support_level": "reseller", "monthly_fee": "0", "currency": "EUR"}
    change_account(actor=world.north.actor, customer_id=made.pk, service=Service("reseller"), now=NOW)
    assert Event.objects.filter(kind="customer.account_changed").count() == 1


def test_who_may_change_it(world: World):
    made = account(world.north_east)
    change = {"customer_id": made.pk, "now": NOW}
    with pytest.raises(NotYourCustomer):
        change_account(actor=world.north.actor, service=Service("silver"), **change)
    with pytest.raises(NotItsSeller):
        change_account(actor=world.north.actor, details=Details(name="Other"), **change)
    change_account(actor=world.provider.actor, service=Service("silver", {"light": 9}), **change)
    for by in (world.south, world.stranger):
        with pytest.raises(NotFound):
            change_account(actor=by.actor, service=Service("silver"), **change)
    with pytest.raises(Forbidden):
        change_account(actor=world.north_east.member("read_only"), service=Service("gold"), **change)
    closed = SupportLevel.objects.get(provider=world.provider.id, code="gold")
    SupportLevel.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(Invalid):
        change_account(actor=world.north_east.actor, service=Service("gold"), **change)


def values_of(page, **changes):
    given = {"name": "Bäckerei Sommer", "account_name": "Sommer", "email": "boss@sommer.example", "light": "3"}
    return form_values(page, **given | changes)


def test_the_page_makes_it_and_shows_the_password_once(world: World):
    browser = world.north.browser()
    page = browser.get("/portal/customers/new/")
    assert page.content.decode().count("Create customer</button>") == 2
    made = browser.post("/portal/customers/new/", values_of(page, support_level="gold"))
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
    assert log_in("sommer", made.context["secret"]) == 200
    tenant = CustomerAccount.objects.get().tenant
    shown = browser.get(f"/portal/customers/{tenant.pk}/").content.decode()
    assert "sommer" in shown
    assert "0 of 3" in shown
    again = browser.post("/portal/customers/new/", values_of(page))
    assert again["Location"] == f"/portal/customers/{tenant.pk}/"
    assert browser.post("/portal/customers/new/", values_of(page, account_name="winter")).status_code == 422
    fresh = browser.post("/portal/customers/new/", values_of(page, email="n@s.example", request_id=uuid4(), city="Ulm"))
    assert fresh.status_code == 422
    assert fresh.context["form"].errors["account_name"]
    assert "Ulm" in fresh.content.decode()


def test_the_page_changes_all_but_the_name(world: World):
    made = account(world.north)
    browser, path = world.north.browser(), f"/portal/customers/{made.pk}/edit/"
    page = browser.get(path)
    assert "account_name" not in page.context["form"].fields
    values = form_values(page, city="Ulm", support_level="platinum", light="7", vat_id="nonsense")
    refused = browser.post(path, values)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["vat_id"])
    assert browser.post(path, values | {"vat_id": "DE136695976"}).status_code == 302
    made.refresh_from_db()
    assert (made.profile.city, made.account.support_level.code) == ("Ulm", "platinum")
    assert made.tariff_limits.get(tariff="light").maximum == 7
    provider = world.provider.browser().get(f"/console/customers/{made.pk}/edit/").context["form"]
    assert set(provider.fields) == {"request_id", "support_level", *LIMITS}
    assert world.south.browser().get(path).status_code == 404
    assert world.north.browser().get(f"/portal/customers/{world.kiosk.id}/edit/").status_code == 403


def test_support_levels_are_the_providers(world: World):
    api = world.provider.api()
    rows = api.get("support-levels").json()["results"]
    assert [row["code"] for row in rows] == ["reseller", "silver", "gold", "platinum"]
    pk = rows[1]["id"]
    path = f"support-levels/{pk}"
    changed = world.provider.api().patch(path, {"monthly_fee": {"amount": "9.123456", "currency": "CHF"}})
    assert changed.json()["monthly_fee"] == {"amount": "9.123456", "currency": "CHF"}
    event = Event.objects.get(kind="support_level.changed")
    assert (event.before, event.after["monthly_fee"]) == ({"monthly_fee": "0", "currency": "EUR"}, "9.123456")
    for fee in ({"amount": "-1", "currency": "EUR"}, {"amount": "1", "currency": "QQQ"}, "1"):
        assert world.provider.api().patch(path, {"monthly_fee": fee}).status_code == 422
    assert world.north.api().patch(path, {"name": "Mine"}).status_code == 403
    assert world.stranger.api().patch(path, {"name": "Mine"}).status_code == 404
    browser = world.provider.browser()
    page = browser.get(f"/console/support-levels/{pk}/edit/")
    assert "9.123456" in page.content.decode()
    saved = browser.post(f"/console/support-levels/{pk}/edit/", form_values(page, name="Silber", monthly_fee="10"))
    assert saved["Location"] == "/console/support-levels/"
    assert "Silber" in browser.get("/console/support-levels/").content.decode()
    assert browser.post(f"/console/support-levels/{pk}/edit/", form_values(page, monthly_fee="-1")).status_code == 422
    assert world.north.browser().get(f"/portal/support-levels/{pk}/edit/").status_code == 403


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenants_user SET account_name = 'Upper'",
        "INSERT INTO tenants_supportlevel (provider_id, code, name, provider_supports, is_active, position)"
        " SELECT provider_id, code, name, false, true, 9 FROM tenants_supportlevel LIMIT 1",
    ],
)
def test_the_database_keeps_the_rules(world: World, statement: str):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_cannot_have_one_name(committed_world: World):
    outcomes = together(
        lambda: account(committed_world.north, email="a@a.example"),
        lambda: account(committed_world.south, email="b@b.example"),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountNameTaken", "Tenant"]
    assert CustomerAccount.objects.count() == 1
