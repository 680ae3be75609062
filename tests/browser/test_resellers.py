"""Resellers in a browser: one that is made with an error first, edited and mapped; one that asks and is approved."""

import pytest
from playwright.sync_api import expect

from tenants.models import Registration, Tenant
from tenants.services.settings import TypeChange, change_house, change_reseller_types
from tests.world import NOW

WORDS = {
    "en": {
        "name": "Organisation", "vat": "VAT ID", "city": "City", "admin": "E-mail", "create": "Create reseller",
        "no_vat": "This is no valid VAT ID.", "invited": "An invitation goes to lea@lark.example.",
        "edit": "Edit company", "save": "Save", "map": "Map", "mapped": "Mapped",
        "saved": "The company data was saved.", "your_name": "Your name", "street": "Street and number",
        "country": "Country", "send": "Send the request", "thanks": "Thank you", "approve": "Approve",
        "accept": "I accept the terms", "become": "Become a reseller", "is_now": "Lark Ltd is a reseller now.",
    },
    "de": {
        "name": "Organisation", "vat": "USt-IdNr.", "city": "Ort", "admin": "E-Mail", "create": "Reseller anlegen",
        "no_vat": "Das ist keine gültige USt-IdNr.", "invited": "Eine Einladung geht an lea@lark.example.",
        "edit": "Unternehmen bearbeiten", "save": "Speichern", "map": "Zuordnen",
        "mapped": "Zugeordnet", "saved": "Die Unternehmensdaten wurden gespeichert.", "your_name": "Ihr Name",
        "street": "Straße und Hausnummer", "country": "Land", "send": "Anfrage senden", "thanks": "Vielen Dank",
        "approve": "Annehmen", "accept": "Bedingungen", "become": "Reseller werden",
        "is_now": "Lark Ltd ist jetzt Reseller.",
    },
}  # fmt: skip


@pytest.fixture(params=["en", "de"])
def words(request, window, context):
    context.add_cookies([{"name": "language", "value": request.param, "url": window.base}])
    return WORDS[request.param]


def unexpected(window) -> list[str]:
    """Of a refused form the browser complains by itself."""
    return [text for text in window.complaints if "422" not in text]


def test_a_new_reseller_is_made_after_an_error_then_edited_and_mapped(window, page, committed_world, words):
    window.log_in(committed_world.provider)
    window.open("/console/resellers/new/")
    assert window.findings() == []
    page.get_by_label(words["admin"], exact=False).first.fill("lea@lark.example")
    expect(page.locator("input[name=administrator_password]")).to_be_hidden()
    expect(page.locator("input[name=billing_city]")).to_be_hidden()
    page.locator("input[name=name]").fill("Lark Ltd")
    page.get_by_label(words["vat"]).fill("DE1")
    page.locator("[name=signature_sales]").fill("Lea Lark, Sales")
    page.locator("input[name=type][value=prepaid]").check()
    page.get_by_role("button", name=words["create"]).click()
    expect(page.locator(".field-error", has_text=words["no_vat"])).to_be_visible()
    expect(page.locator("input[name=name]")).to_have_value("Lark Ltd")
    expect(page.locator("[name=signature_sales]")).to_have_value("Lea Lark, Sales")
    page.get_by_label(words["vat"]).fill("DE 136695976")
    page.get_by_role("button", name=words["create"]).click()
    expect(page.get_by_text(words["invited"])).to_be_visible()
    expect(page.get_by_text("Lea Lark, Sales")).to_be_visible()

    page.get_by_role("link", name=words["edit"]).click()
    page.locator("input[name=city]").fill("Bonn")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()

    made = Tenant.objects.get(profile__name="Lark Ltd")
    assert (made.profile.vat_id, made.profile.city) == ("DE136695976", "Bonn")
    north = committed_world.north.id
    window.open(f"/console/resellers/{north}/")
    page.locator(".page-actions summary").click()
    page.get_by_role("link", name=words["map"], exact=True).click()
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["mapped"], exact=True).first).to_be_visible()
    assert unexpected(window) == []


def test_somebody_asks_to_become_a_reseller_and_is_approved(window, page, committed_world, words):
    provider = committed_world.provider
    change_reseller_types(actor=provider.actor, types=[TypeChange("prepaid", terms="Pay first.")], now=NOW)
    change_house(actor=provider.actor, slug="groupware", takes_registrations=True, now=NOW)
    window.open("/register/groupware/")
    assert window.findings() == []
    assert window.overflow() <= 0
    page.get_by_label(words["your_name"]).fill("Lea Lark")
    page.locator("input[name=email]").fill("lea@lark.example")
    page.get_by_label(words["name"]).fill("Lark Ltd")
    page.get_by_label(words["street"]).fill("Weg 1")
    page.get_by_label(words["city"]).fill("Bonn")
    page.locator("select[name=country]").select_option("DE", force=True)
    page.locator("input[name=reseller_type][value=prepaid]").check()
    page.get_by_role("button", name=words["send"]).click()
    expect(page.locator(".field-error")).to_be_visible()
    expect(page.get_by_label(words["your_name"])).to_have_value("Lea Lark")
    page.locator("input[name=accept]").check()
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("heading", name=words["thanks"])).to_be_visible()

    row = Registration.objects.get()
    window.log_in(provider)
    window.open(f"/console/registrations/{row.pk}/")
    page.get_by_role("link", name=words["approve"], exact=True).click()
    page.get_by_role("button", name=words["approve"], exact=True).click()
    expect(page.get_by_text(words["is_now"])).to_be_visible()
    assert unexpected(window) == []
