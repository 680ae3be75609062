"""A customer's account and what becomes of it, as a person does it: in English, and in German."""

import pytest
from playwright.sync_api import Page, expect

from tenants.models import CustomerAccount, Tenant
from tests.subscriptions.market import build_market
from tests.world import World, reseller

WORDS = {
    "en": {
        "customers": "New customer", "organisation": "Organisation", "account": "Account name",
        "email": "E-mail of the login", "password": "Password", "gold": "Gold", "light": "LIGHT mailboxes",
        "create": "Create customer", "mailboxes": "Mailboxes", "new_mailbox": "New mailbox", "address": "Address",
        "create_mailbox": "Create mailbox", "full": "there is no room for another", "edit": "Edit",
        "save": "Save changes", "below": "is less than the 1 in use", "delete": "Delete",
        "convert": "Convert to reseller",
        "do_convert": "Convert", "prepaid": "Prepaid", "move": "Move", "seller": "New seller", "preview": "Preview",
        "along": "This comes along", "done": "is deleted", "exact": "exactly as it stands here",
    },
    "de": {
        "customers": "Neuer Kunde", "organisation": "Organisation", "account": "Kontoname",
        "email": "E-Mail der Anmeldung", "password": "Passwort", "gold": "Gold", "light": "LIGHT-Postfächer",
        "create": "Kunden anlegen", "mailboxes": "Postfächer", "new_mailbox": "Neues Postfach", "address": "Adresse",
        "create_mailbox": "Postfach anlegen", "full": "ist kein Platz", "edit": "Bearbeiten",
        "save": "Änderungen speichern", "below": "ist weniger als die 1", "delete": "Löschen",
        "convert": "In Reseller umwandeln", "do_convert": "Umwandeln", "prepaid": "Prepaid", "move": "Umziehen",
        "seller": "Neuer Verkäufer", "preview": "Vorschau", "along": "Das kommt mit", "done": "ist gelöscht",
        "exact": "genau so",
    },
}  # fmt: skip


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest, committed_world: World) -> dict[str, str]:
    for player in (committed_world.north, committed_world.provider):
        type(player.user).objects.filter(pk=player.user.pk).update(language=request.param)
    return WORDS[request.param]


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def test_an_account_from_its_first_day_to_its_last(window, page: Page, committed_world: World, words):
    window.log_in(committed_world.north)
    window.open("/portal/customers/new/")
    assert window.findings() == []
    page.get_by_label(words["organisation"], exact=True).fill("Bäckerei Sommer")
    page.get_by_label(words["account"]).fill("sommer")
    page.get_by_label(words["email"]).fill("boss@sommer.example")
    page.locator("#id_password").fill("eine lange Parole")
    page.get_by_label(words["gold"]).check()
    page.get_by_label(words["light"]).fill("1")
    page.locator(".page-actions").get_by_role("button", name=words["create"]).click()
    expect(page.get_by_role("heading", name="Bäckerei Sommer")).to_be_visible()
    made = CustomerAccount.objects.get().pk

    page.get_by_role("main").get_by_role("link", name=words["mailboxes"]).click()
    for number in range(2):
        if number == 0:
            follow(page, words["new_mailbox"])
        else:
            window.open(f"/portal/customers/{made}/mailboxes/new/")
        page.get_by_label(words["address"]).fill(f"{number}@sommer.example")
        press(page, words["create_mailbox"])
    expect(page.locator(".error-summary")).to_contain_text(words["full"])

    window.open(f"/portal/customers/{made}/edit/")
    expect(page.get_by_text("sommer", exact=False).first).to_be_visible()
    page.get_by_label(words["light"]).fill("0")
    press(page, words["save"])
    expect(page.locator(".error-summary")).to_contain_text(words["below"])
    page.get_by_label(words["light"]).fill("2")
    press(page, words["save"])
    expect(page.get_by_text("1 von 2" if words["create"].startswith("Kunden") else "1 of 2")).to_be_visible()

    page.locator(".page-actions summary").click()
    follow(page, words["delete"])
    page.locator("[name=confirmation]").fill("yes")
    press(page, words["delete"])
    expect(page.locator(".error-summary")).to_contain_text(words["exact"])
    page.locator("[name=confirmation]").fill("Yes")
    press(page, words["delete"])
    expect(page.get_by_role("main")).to_contain_text(words["done"])
    assert Tenant.objects.get(pk=made).status == "closed"


def test_move_and_convert(window, page: Page, committed_world: World, words):
    world, market = committed_world, build_market(committed_world)
    west = reseller(world.provider, "West")
    market.subscribe(world.north)
    market.subscribe(west, name="West wholesale")
    mail = market.sell(world.shop)
    window.log_in(world.provider)
    window.open(f"/console/customers/{world.shop.id}/move/")
    assert window.findings() == []
    page.locator("select[name=seller]").select_option(str(west.id), force=True)
    press(page, words["preview"])
    expect(page.get_by_role("heading", name=words["along"])).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("West wholesale")
    assert window.findings() == []
    press(page, words["move"])
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()
    mail.refresh_from_db()
    assert mail.seller_id == west.id

    window.open(f"/console/customers/{world.shop.id}/convert/")  # its subscription is in the way
    page.get_by_role("main").get_by_role("link", name=mail.name).wait_for()
    window.open(f"/console/customers/{world.direct.id}/")
    page.locator(".page-actions summary").click()
    follow(page, words["convert"])
    page.get_by_label(words["prepaid"]).check()
    press(page, words["do_convert"])
    expect(page.get_by_role("heading", name="Direct")).to_be_visible()
    assert Tenant.objects.get(pk=world.direct.id).kind == "reseller"
