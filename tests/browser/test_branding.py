"""A reseller dresses its portal: what its customers see at its own address, in its colour, in both themes."""

import re

from playwright.sync_api import expect

from tenants.models import Branding
from tenants.services.proofs import vouch
from tests.tenants.test_branding import picture
from tests.world import NOW

DOMAIN = "nord.localhost"
"""Chromium finds the machine itself there."""


def at(window, path: str) -> str:
    return re.sub("//[^:/]+", f"//{DOMAIN}", window.base) + path


def test_a_reseller_dresses_its_portal(window, committed_world, tmp_path):
    page, logo = window.page, tmp_path / "logo.png"
    logo.write_bytes(picture())
    window.log_in(committed_world.north)
    window.open("/portal/branding/")
    assert window.findings() == []
    assert window.overflow() <= 0
    page.get_by_label("Name of the portal").fill("Nordportal")
    page.locator("[name=logo]").set_input_files(logo)
    page.get_by_label("Colour").fill("#ffee00")
    page.get_by_label("Domain").fill(DOMAIN)
    page.get_by_label("Address of the sender").fill("portal@nord.example")
    page.get_by_label("Support address").fill("help@nord.example")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-error")).to_contain_text("has a contrast of 1.20:1; 4.5:1 is needed.")
    expect(page.get_by_label("Name of the portal")).to_have_value("Nordportal")
    page.get_by_label("Colour").fill("#7b2d8b")
    page.locator("[name=logo]").set_input_files(logo)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Branding · Nordportal")
    expect(page.get_by_role("heading", name="Nordportal")).to_be_visible()
    for theme in ("light", "dark"):
        window.set_theme(theme)
        assert (theme, window.findings()) == (theme, [])
    assert Branding.objects.get().logo

    page.get_by_role("link", name="Verify the domain").click()
    expect(page.get_by_text(f"_portal-challenge.{DOMAIN}")).to_be_visible()
    expect(page.get_by_role("button", name="Copy: Value")).to_be_visible()
    for theme in ("light", "dark"):
        window.set_theme(theme)
        assert (theme, window.findings()) == (theme, [])
    assert window.overflow() <= 0
    window.open("/portal/branding/sender/")
    assert window.findings() == []
    page.get_by_role("button", name="Send a code").click()
    expect(page.get_by_text("is on its way")).to_be_visible()
    page.get_by_role("textbox", name="Code").fill("wrong")
    page.get_by_role("button", name="Verify").click()
    expect(page.locator(".field-error")).to_contain_text("not the code")
    vouch(tenant_id=committed_world.north.id, request_id="test", now=NOW)

    page.goto(at(window, "/accounts/login/"))
    expect(page.locator(".brand")).to_contain_text("Nordportal")
    expect(page.locator(".brand-mark")).to_be_visible()
    colour = (
        page.get_by_role("main")
        .get_by_role("button", name="Log in", exact=True)
        .evaluate("e => getComputedStyle(e).backgroundColor")
    )
    assert colour == "rgb(123, 45, 139)"
    for theme in ("light", "dark"):
        window.set_theme(theme)
        assert (theme, window.findings()) == (theme, [])
    page.locator("[name=login]").fill(committed_world.shop.user.email)
    page.locator("[name=password]").fill("correct horse battery staple")
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_title(re.compile("Nordportal$"))
    assert "ResellerHub" not in page.content()
    assert [text for text in window.complaints if "422" not in text] == []


def test_a_mail_is_worded_and_seen_before_it_is_saved(window, committed_world):
    page = window.page
    window.log_in(committed_world.north)
    window.open("/portal/mail-templates/")
    assert window.findings() == []
    page.get_by_role("link", name="Account suspended").nth(1).click()
    expect(page.get_by_role("heading", name="Account suspended, German")).to_be_visible()
    page.get_by_label("Subject").fill("Konto {organisation} ruht")
    expect(page.locator("#preview")).to_contain_text("Konto Bäckerei Sommer ruht")
    page.get_by_label("Text", exact=True).fill("Guten Tag {nobody}")
    expect(page.locator("#preview")).to_contain_text("This mail has no {nobody}.")
    assert window.findings() == []
    assert window.overflow() <= 0
    page.get_by_label("Text", exact=True).fill("Guten Tag.\n{reason}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Account suspended German Konto"))).to_contain_text("Own")
    assert window.complaints == []


def test_without_javascript_the_preview_has_a_button(without_script, committed_world):
    page = without_script.page
    without_script.log_in(committed_world.north)
    without_script.open("/portal/mail-templates/edit/?mail=tenant_resumed&language=en")
    page.get_by_label("Subject").fill("{organisation} is back")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("Bäckerei Sommer is back")
    expect(page.get_by_label("Subject")).to_have_value("{organisation} is back")


def test_in_german(window, committed_world):
    page = window.page
    window.log_in(committed_world.north)
    page.get_by_label("Account of").click()
    page.context.add_cookies([{"name": "language", "value": "de", "url": window.base}])
    for path, heading in (("branding", "Erscheinungsbild"), ("mail-templates", "Mailvorlagen"), ("mails", "Mails")):
        window.open(f"/portal/{path}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
