"""New resellers and customers: service, page, refusals, repeats."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from resellerhub.kernel.jobs.start import start_job
from resellerhub.kernel.models import Job
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from tenants.models import Event, ProviderSettings, Tenant, User
from tenants.services.customers import create_customer, create_customers
from tenants.services.details import Details
from tenants.services.people import EmailUnavailable, Person
from tenants.services.resellers import create_reseller
from tenants.services.status import suspend_tenant
from tenants.services.tree import CannotSell, TenantSuspended
from tenants.verify import tree
from tests.world import NOW, PASSWORD, World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def create(actor, seller, name="New", **more) -> Tenant:
    return create_customer(actor=actor, seller_id=seller.id, details=Details(name=name), now=NOW, **more)


def test_a_customer_stands_beneath_its_seller(world: World):
    tenant = create(world.north.actor, world.north_east, "Bakery")
    assert tenant.seller_id == world.north_east.id
    assert tenant.ancestors == [*world.north_east.tenant.ancestors, tenant.pk]
    event = Event.objects.get(tenant=tenant)
    assert (event.kind, event.user_id, event.after) == (
        "customer.created",
        world.north.user.pk,
        {"seller": tenant.seller_id},
    )


def test_nobody_plants_outside_their_scope(world: World):
    for seller in (world.south, world.provider, world.stranger):
        with pytest.raises(NotFound):
            create(world.north.actor, seller)


def test_a_customer_sells_to_nobody(world: World):
    with pytest.raises(CannotSell):
        create(world.provider.actor, world.shop)


def test_nothing_new_beneath_a_suspended_seller(world: World):
    suspend_tenant(actor=world.provider.actor, tenant_id=world.north.id, now=NOW)
    with pytest.raises(TenantSuspended):
        create(world.provider.actor, world.north)


def test_a_role_that_only_looks_creates_nothing(world: World):
    with pytest.raises(Forbidden):
        create(world.north.member("read_only"), world.north)


def test_a_blank_name_is_refused(world: World):
    with pytest.raises(Invalid):
        create(world.north.actor, world.north, "   ")


def test_an_address_makes_one_login(world: World):
    with pytest.raises(EmailUnavailable):
        create(world.north.actor, world.north, administrator=Person("Admin@South.example", password=PASSWORD))
    assert not Tenant.objects.filter(profile__name="New").exists()


def test_the_same_request_makes_one_tenant(world: World):
    request_id = uuid4()
    first = create(world.north.actor, world.north, request_id=request_id)
    assert create(world.north.actor, world.north, request_id=request_id) == first
    with pytest.raises(RequestReused):
        create(world.north.actor, world.north, "Other", request_id=request_id)
    with pytest.raises(RequestReused):
        create(world.provider.actor, world.south, request_id=request_id)


def test_oversell_unsaid_is_what_the_provider_says(world: World):
    def made(**more):
        details = Details(name="New")
        return create_reseller(
            actor=world.provider.actor, seller_id=world.provider.id, details=details, now=NOW, **more
        )

    assert made().terms.may_oversell is False
    ProviderSettings.objects.filter(tenant=world.provider.id).update(oversell_default=True)
    assert made().terms.may_oversell is True
    assert made(may_oversell=False).terms.may_oversell is False


@pytest.mark.parametrize("seller", ["provider", "north", "north_east"])
def test_many_customers_at_once_stand_where_one_would(world: World, seller: str):
    player = getattr(world, seller)
    many = [Details(name=f"Customer {number:03}") for number in range(50)]
    tenants = create_customers(actor=world.provider.actor, seller_id=player.id, customers=many, now=NOW)
    assert tree() == []
    assert [tenant.ancestors for tenant in tenants] == [[*player.tenant.ancestors, tenant.pk] for tenant in tenants]
    assert [tenant.profile.name for tenant in tenants] == [details.name for details in many]
    assert Event.objects.filter(kind="customer.created", tenant__in=tenants).count() == 50


def test_an_account_manager_sees_and_keeps_only_its_own(world: World):
    manager = world.north.member("account_manager")
    assert not Tenant.objects.visible_to(manager).exists()
    tenant = create(manager, world.north, "Mine")
    from tenants.actor import Actor
    from tenants.models import Membership

    again = Actor.of(Membership.objects.get(pk=manager.membership_id), "test")
    assert list(Tenant.objects.visible_to(again)) == [tenant]
    with pytest.raises(NotFound):
        create(manager, world.north_east)
    for actor in (world.north.actor, again):
        start_job(actor=actor, kind="report", title=actor.role, now=NOW)
    assert [job.title for job in Job.objects.visible_to(again)] == ["account_manager"]
    assert Job.objects.visible_to(world.north.actor).count() == 2


def form_values(page, **changes):
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in (values | changes).items() if value is not False}


def test_the_form_makes_a_reseller_whose_administrator_can_log_in(world: World):
    browser = world.provider.browser()
    page = browser.get("/console/resellers/new/")
    values = form_values(
        page,
        name="Löwe & Söhne",
        type="commission",
        admission="password",
        administrator_email="Boss@Loewe.example",
        administrator_name="Boss",
    )
    made = browser.post("/console/resellers/new/", values)
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    password = made.context["secret"]
    user = User.objects.get(email="boss@loewe.example")
    assert user.check_password(password)
    tenant = Tenant.objects.get(profile__name="Löwe & Söhne")
    assert (tenant.terms.type, tenant.seller_id) == ("commission", world.provider.id)
    again = browser.post("/console/resellers/new/", values)  # the browser's back button
    assert again.status_code == 302
    assert again.url == f"/console/resellers/{tenant.pk}/"
    assert Tenant.objects.filter(profile__name="Löwe & Söhne").count() == 1
    client = Client()
    client.post("/accounts/login/", {"login": "boss@loewe.example", "password": password})
    assert client.get("/portal/").status_code == 200


def test_a_refused_form_keeps_every_value_and_says_why(world: World):
    browser = world.north.browser()
    page = browser.get("/portal/customers/new/")
    values = form_values(page, name="Bakery", city="Köln", account_name="bakery", email="admin@south.example")
    refused = browser.post("/portal/customers/new/", values)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Bakery" in text
    assert "Köln" in text
    assert refused.context["form"].errors["email"]
    empty = browser.post("/portal/customers/new/", form_values(page, name=""))
    assert empty.status_code == 422
    assert empty.context["form"].errors["name"]


def test_a_form_cannot_name_a_seller_out_of_scope(world: World):
    browser = world.north.browser()
    values = form_values(browser.get("/portal/customers/new/"), name="Bakery", seller=world.south.id)
    assert browser.post("/portal/customers/new/", values).status_code == 422
    assert not Tenant.objects.filter(profile__name="Bakery").exists()


def test_the_command_makes_a_provider_whose_administrator_can_log_in(db: None):
    out = StringIO()
    names = {"name": "Hosting AG", "email": "Boss@hosting.example", "currency": "CHF", "language": "de"}
    call_command("create_provider", **names, stdout=out)
    settings = ProviderSettings.objects.get()
    assert (settings.tenant.profile.name, settings.currency, settings.language) == ("Hosting AG", "CHF", "de")
    assert User.objects.get(email="boss@hosting.example").check_password(out.getvalue().strip())
    for wrong in ({}, {"email": "nonsense"}, {"email": "a@b.example", "name": " "}):
        with pytest.raises(CommandError):
            call_command("create_provider", **names | wrong)
    assert Tenant.objects.count() == 1


def test_a_new_reseller_is_described_whole_and_an_error_keeps_all_of_it(world: World):
    browser, url = world.provider.browser(), "/console/resellers/new/"
    typed = {
        "name": "Löwe & Söhne",
        "legal_name": "Löwe & Söhne OHG",
        "vat_id": "DE 136695976",
        "iban": "DE89 3704 0044 0532 0130 00",
        "memo": "Knows the trade.",
        "signature_sales": "Leo Löwe",
        "signature_management": "Lea Löwe",
        "billing_street": "Postfach 1",
        "billing_city": "Köln",
        "billing_country": "DE",
        "billing_same": False,
        "administrator_name": "Leo",
        "administrator_email": "leo@loewe.example",
        "administrator_password": "a long enough passphrase",
        "payment_days": "30",
        "type": "prepaid",
        "is_large": True,
    }
    values = form_values(browser.get(url), **typed)
    refused = browser.post(url, values | {"payment_days": "400", "country": "DE", "vat_id": "DE1"})
    assert refused.status_code == 422
    assert refused["Cache-Control"] == "no-store"
    assert set(refused.context["form"].errors) == {"payment_days", "vat_id"}  # the form's own and the service's at once
    kept = {name: value for name, value in form_values(refused).items() if name in typed and value}
    assert kept == {name: value for name, value in typed.items() if value} | {"payment_days": "400", "vat_id": "DE1"}
    made = browser.post(url, form_values(refused, payment_days="30", vat_id=typed["vat_id"]), follow=True)
    assert "An invitation goes to leo@loewe.example." in made.content.decode()
    tenant = Tenant.objects.get(profile__name="Löwe & Söhne")
    assert (tenant.profile.vat_id, tenant.profile.payment_days, tenant.profile.billing_city) == (
        "DE136695976",
        30,
        "Köln",
    )
    assert dict(tenant.signatures.values_list("department", "text")) == {
        "sales": "Leo Löwe",
        "management": "Lea Löwe",
    }
    assert tenant.terms.is_large
    assert not User.objects.filter(email="leo@loewe.example").exists()
    assert tenant.invitations.get(into=tenant).email == "leo@loewe.example"
    assert Event.objects.filter(tenant=tenant, kind="reseller.created").count() == 1


def test_who_may_not_all_that_an_administrator_may_lets_none_in(world: World):
    """Neither a role nor a key that may make resellers alone: else its owner would have all rights by a login of it."""
    person = Person("boss@lark.example", password=PASSWORD)
    sales = world.north.member("sales")
    for way in ({"administrator": person}, {"invited": person.email}):
        with pytest.raises(Forbidden):
            create_reseller(actor=sales, seller_id=world.north.id, details=Details(name="Lark"), now=NOW, **way)
    key = world.provider.api("reseller.create", "reseller.view", "user.manage")
    for how in ({"password": PASSWORD}, {"invite": True}):
        body = {"name": "Lark", "type": "prepaid", "administrator": {"email": person.email, "name": "Lea", **how}}
        refused = key.post("resellers", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert not User.objects.filter(email=person.email).exists()
    assert not Tenant.objects.filter(profile__name="Lark").exists()
    assert key.post("resellers", {"name": "Lark", "type": "prepaid"}).status_code == 201
    browser = Client()
    browser.force_login(User.objects.get(pk=sales.user_id), backend=BACKEND)
    page = browser.get("/portal/resellers/new/")
    assert "administrator_email" not in page.context["form"].fields
    assert browser.post("/portal/resellers/new/", form_values(page, name="Wren", type="prepaid")).status_code == 302


def test_a_large_account_reseller_is_made_by_the_provider_alone(world: World):
    assert "is_large" not in world.north.browser().get("/portal/resellers/new/").context["form"].fields
    body = {"name": "New", "type": "prepaid", "is_large": True}
    assert world.north.api().post("resellers", body).status_code == 403
    body["administrator"] = {"email": "leo@loewe.example", "invite": True}
    made = world.provider.api().post("resellers", body | {"signatures": {"sales": "Leo"}})
    assert made.json()["is_large"] is True
    tenant = Tenant.objects.get(pk=made.json()["id"])
    assert tenant.signatures.get().text == "Leo"
    assert tenant.invitations.get().email == "leo@loewe.example"
    body["administrator"]["email"] = "admin@south.example"
    assert world.provider.api().post("resellers", body | {"name": "Other"}).status_code == 201
