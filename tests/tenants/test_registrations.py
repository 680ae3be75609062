"""Self-registration: the public page tells nothing, staff decide once, and what was accepted is kept."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import Event, Mail, Registration, ResellerTerms, Tenant, User
from tenants.services.branding import change_branding
from tenants.services.details import Details
from tenants.services.proofs import vouch
from tenants.services.registrations import (
    AlreadyDecided,
    Applicant,
    approve_registration,
    reject_registration,
    request_registration,
)
from tenants.services.settings import (
    TermsNotAccepted,
    TypeChange,
    TypeUnavailable,
    change_house,
    change_reseller_types,
)
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, World

URL, THANKS = "/register/groupware/", "/register/groupware/thanks/"
EMAIL = "lea@lark.example"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def open_house(world: World) -> World:
    terms = TypeChange("prepaid", terms="Pay first.")
    change_reseller_types(actor=world.provider.actor, types=[terms], now=NOW)
    change_house(actor=world.provider.actor, slug="groupware", takes_registrations=True, now=NOW)
    return world


@pytest.fixture
def house(world: World) -> World:
    return open_house(world)


def ask(world: World, email: str = EMAIL, **more) -> Registration | None:
    said = {"reseller_type": "prepaid", "terms_version": 2, "message": "Hello"} | more
    details = said.pop("details", None) or Details(name="Lark Ltd", owner_email=email, contact_name="Lea Lark")
    return request_registration(
        provider_id=world.provider.id, applicant=Applicant(details, **said), request_id=uuid4(), now=NOW
    )


def approve(world: World, row: Registration, **more) -> Registration:
    return approve_registration(actor=world.provider.actor, registration_id=row.pk, now=NOW, **more)


def typed(page, **changes) -> dict[str, str]:
    values = {
        "contact_name": "Lea Lark",
        "email": EMAIL,
        "organisation": "Lark Ltd",
        "street": "Weg 1",
        "city": "Bonn",
        "country": "DE",
        "reseller_type": "prepaid",
        "accept": "prepaid:2",
    }
    return form_values(page, **values | changes)


def test_what_was_accepted_is_kept_until_staff_decide(house: World):
    row = ask(house)
    assert (row.state, row.terms_version, row.terms_accepted_at) == ("pending", 2, NOW)
    assert Mail.objects.get(kind="registration_received").to == EMAIL
    approve(house, row)
    row.refresh_from_db()
    assert (row.state, row.decided_by_id) == ("approved", house.provider.user.pk)
    reseller = row.reseller
    terms = ResellerTerms.objects.get(pk=reseller.pk)
    assert (terms.type, terms.terms_version, terms.terms_accepted_at) == ("prepaid", 2, NOW)
    assert (reseller.seller_id, reseller.profile.owner_email) == (house.provider.id, EMAIL)
    mail = Mail.objects.get(kind="registration_approved")
    assert (mail.to, mail.invitation.into_id, mail.facts["organisation"]) == (EMAIL, reseller.pk, "Lark Ltd")
    assert not Mail.objects.filter(kind="member_invitation").exists()
    kinds = ["registration.received", "registration.approved"]
    assert list(Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True)) == kinds


def test_one_open_request_per_address(house: World):
    row = ask(house)
    assert ask(house, email="LEA@lark.example") is None
    assert Mail.objects.filter(kind="registration_received").count() == 1
    reject_registration(actor=house.provider.actor, registration_id=row.pk, reason="Not in your country.", now=NOW)
    assert ask(house) is not None
    insert = (
        "INSERT INTO tenants_registration (tenant_id, provider_id, state, email, contact_name, organisation,"
        " reseller_type, details, message, language, terms_version, terms_accepted_at, created_at, reason)"
        " SELECT tenant_id, provider_id, 'pending', email, contact_name, organisation, reseller_type, details, message,"
        " language, terms_version, terms_accepted_at, created_at, '' FROM tenants_registration WHERE state = 'pending'"
    )
    for attack in (insert, "UPDATE tenants_registration SET state = 'approved', decided_at = now()"):
        with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(attack)


def test_of_two_who_approve_at_once_one_does(committed_world: World):
    world = open_house(committed_world)
    row = ask(world)
    outcomes = together(*[lambda: approve(world, row)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDecided", "Registration"]
    assert Tenant.objects.filter(profile__name="Lark Ltd").count() == 1


def test_of_two_who_ask_at_once_one_row_is_made(committed_world: World):
    world = open_house(committed_world)
    outcomes = together(*[lambda: ask(world)] * 3)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NoneType", "Registration"]


def test_a_rejection_says_why(house: World):
    row = ask(house)
    with pytest.raises(Invalid):
        reject_registration(actor=house.provider.actor, registration_id=row.pk, reason=" ", now=NOW)
    reject_registration(actor=house.provider.actor, registration_id=row.pk, reason="Not in your country.", now=NOW)
    assert Mail.objects.get(kind="registration_rejected").facts["reason"] == "Not in your country."
    with pytest.raises(AlreadyDecided):
        approve(house, row)
    assert not Tenant.objects.filter(profile__name="Lark Ltd").exists()


def test_what_is_refused(house: World):
    with pytest.raises(TermsNotAccepted):
        ask(house, terms_version=1)
    with pytest.raises(Invalid) as refused:
        ask(house, details=Details(name=" ", owner_email="nobody", vat_id="DE1"))
    assert set(refused.value.errors) == {"organisation", "email", "vat_id", "contact_name"}
    with pytest.raises(NotFound):
        request_registration(
            provider_id=house.stranger.id, applicant=Applicant(Details(name="Lark"), "prepaid"), now=NOW
        )
    change_reseller_types(actor=house.provider.actor, types=[TypeChange("commission", is_enabled=False)], now=NOW)
    with pytest.raises(TypeUnavailable):
        ask(house, reseller_type="commission")
    row = ask(house)
    with pytest.raises(TypeUnavailable):
        approve(house, row, reseller_type="commission")
    for actor, refusal in (
        (house.north.actor, Forbidden),
        (house.stranger.actor, NotFound),
        (house.provider.member("support"), Forbidden),
    ):
        with pytest.raises(refusal):
            approve_registration(actor=actor, registration_id=row.pk, now=NOW)


def test_another_type_is_given_without_its_terms_accepted(house: World):
    row = approve(house, ask(house), reseller_type="commission")
    terms = ResellerTerms.objects.get(pk=row.reseller_id)
    assert (terms.type, terms.terms_version) == ("commission", None)


def test_the_public_page_answers_everybody_alike(house: World):
    browser = Client()
    page = browser.get(URL)
    assert "Pay first." in page.content.decode()
    refused = browser.post(URL, typed(page, vat_id="DE1"))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"vat_id"}
    for kept in ("Lark Ltd", EMAIL, "DE1"):
        assert kept in refused.content.decode()
    refused = browser.post(URL, {name: value for name, value in typed(page).items() if name != "accept"})
    assert refused.context["form"].errors["accept"]
    for values in (
        typed(page),
        typed(page),
        typed(browser.get(URL)),
        typed(browser.get(URL), email="admin@north.example"),
    ):
        sent = browser.post(URL, values)
        assert (sent.status_code, sent["Location"]) == (302, THANKS)
    assert sorted(Registration.objects.values_list("email", flat=True)) == ["admin@north.example", EMAIL]
    thanked = browser.get(THANKS).content.decode()
    assert EMAIL not in thanked
    row = Registration.objects.get(email="admin@north.example")
    approve(house, row)
    assert User.objects.filter(email="admin@north.example").count() == 1
    assert browser.get("/register/nobody/").status_code == 404
    assert browser.get("/register/nobody/thanks/").status_code == 404


def test_programs_and_who_asks_too_often_are_thanked_and_not_heard(house: World, settings):
    settings.ACCOUNT_RATE_LIMITS = {"registration": "2/m/ip"}
    browser = Client()
    page = browser.get(URL)
    assert browser.post(URL, typed(page, website="https://spam.example"))["Location"] == THANKS
    assert not Registration.objects.exists()
    for number in range(4):
        values = typed(browser.get(URL), email=f"{number}@lark.example")
        assert browser.post(URL, values)["Location"] == THANKS
    assert Registration.objects.count() == 2


def test_a_form_without_its_token_is_refused(house: World):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, typed(strict.get(URL))).status_code == 403


def test_who_registers_where(house: World):
    assert URL not in Client().get("/accounts/login/").content.decode()  # two providers: which of them?
    brands = {"provider": house.provider, "reseller": house.north}
    for name, player in brands.items():
        change_branding(actor=player.actor, fields={"product_name": name, "domain": f"{name}.example"}, now=NOW)
        vouch(tenant_id=player.id, request_id="test", now=NOW)
    at_provider, at_reseller = ({"headers": {"host": f"{name}.example"}} for name in brands)
    assert URL in Client().get("/accounts/login/", **at_provider).content.decode()
    assert URL not in Client().get("/accounts/login/", **at_reseller).content.decode()
    assert Client().get(URL, **at_provider).status_code == 200
    assert Client().get(URL, **at_reseller).status_code == 404


def test_the_language_of_the_page_is_that_of_the_mail(house: World):
    browser = Client(headers={"accept-language": "de"})
    page = browser.get(URL)
    assert '<html lang="de"' in page.content.decode()
    browser.post(URL, typed(page))
    assert Mail.objects.get(kind="registration_received").language == "de"


def test_staff_answer_on_their_pages(house: World):
    first, second = ask(house), ask(house, email="second@lark.example")
    browser = house.provider.browser()
    listed = browser.get("/console/registrations/?status=pending").content.decode()
    assert EMAIL in listed
    assert "http://testserver/register/groupware/" in listed
    assert "Registrations waiting" in browser.get("/console/").content.decode()
    detail = f"/console/registrations/{first.pk}/"
    assert "Lea Lark" in browser.get(detail).content.decode()
    done = browser.post(f"{detail}approve/", form_values(browser.get(f"{detail}approve/")), follow=True)
    assert f"An invitation goes to {EMAIL}." in done.content.decode()
    assert browser.get(f"{detail}approve/").status_code == 409
    detail = f"/console/registrations/{second.pk}/"
    page = browser.get(f"{detail}reject/")
    assert browser.post(f"{detail}reject/", form_values(page)).status_code == 422
    assert browser.post(f"{detail}reject/", form_values(page, reason="No room."))["Location"] == detail
    assert "No room." in browser.get(detail).content.decode()
    assert house.north.browser().get("/portal/registrations/").status_code == 404
    assert house.stranger.browser().get(detail).status_code == 404


def test_over_rest(house: World):
    first, second = ask(house), ask(house, email="second@lark.example")
    api = house.provider.api()
    assert {row["email"] for row in api.get("registrations", status="pending").json()["results"]} == {
        EMAIL,
        "second@lark.example",
    }
    approved = api.post(f"registrations/{first.pk}/approve").json()
    assert (approved["status"], Tenant.objects.filter(pk=approved["reseller"]).exists()) == ("approved", True)
    assert api.post(f"registrations/{first.pk}/approve").json()["code"] == "already-decided"
    assert api.post(f"registrations/{second.pk}/reject", {}).status_code == 422
    assert api.post(f"registrations/{second.pk}/reject", {"reason": "No room."}).json()["status"] == "rejected"
    for player in (house.north, house.stranger):
        assert player.api().get(f"registrations/{first.pk}").status_code == 404
        assert player.api().get("registrations").json()["results"] == []
        assert player.api().post(f"registrations/{second.pk}/approve").status_code in (403, 404)
