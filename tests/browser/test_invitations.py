"""From the invitation to the first login, in both languages; a batch with a wrong row, then without."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from tenants.models import Invitation, Membership, ResellerTypeSetting
from tenants.postman import deliver_some
from tests.world import PASSWORD

EMAIL = "boss@lark.example"
WORDS = {
    "en": {
        "name": "Your name",
        "password": "Choose a password",
        "country": "Country",
        "accept": re.compile("I accept the terms"),
        "do": "Accept the invitation",
        "intro": "Groupware GmbH invites you",
    },
    "de": {
        "name": "Ihr Name",
        "password": "Passwort wählen",
        "country": "Land",
        "accept": re.compile("Ich nehme die Bedingungen"),
        "do": "Einladung annehmen",
        "intro": "Groupware GmbH lädt Sie ein",
    },
}


@pytest.mark.parametrize("language", WORDS)
def test_invite_read_the_mail_accept_and_be_in(window, committed_world, chrome, language):
    world, page, words = committed_world, window.page, WORDS[language]
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="prepaid").update(
        terms="Pay in time.", version=2
    )
    window.log_in(world.provider)
    window.open("/console/invitations/new/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Organisation").fill("Lark")
    page.get_by_label("Type").select_option("prepaid")
    page.get_by_label("Language of the mail").select_option(language)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_text("No reseller was found")).to_be_visible()
    assert window.findings() == []
    page.get_by_role("button", name="Send mail").click()
    expect(page.get_by_role("heading", name=EMAIL)).to_be_visible()
    assert window.findings() == []

    deliver_some(now=timezone.now() + timedelta(seconds=1))
    link = re.search(r"/invitations/[\w-]+/", mail.outbox[-1].body)
    assert link is not None
    context = chrome.new_context(locale="en-GB", reduced_motion="reduce")
    invited = context.new_page()
    invited.goto(window.base + link[0])
    expect(invited.get_by_text(words["intro"])).to_be_visible()
    invited.get_by_label(words["name"]).fill("Lea Lark")
    invited.get_by_label(words["password"]).fill(PASSWORD)
    invited.locator("select[name=country]").evaluate("select => select.tomselect ? select.tomselect.setValue('DE') : 0")
    invited.get_by_label(words["accept"]).check()
    invited.get_by_role("button", name=words["do"]).click()
    invited.wait_for_url("**/portal/")
    member = Membership.objects.get(user__email=EMAIL)
    assert (member.role, member.tenant.seller_id) == ("administrator", world.provider.id)
    assert member.tenant.terms.terms_version == 2
    context.close()

    page.reload()
    expect(page.get_by_text("Accepted").first).to_be_visible()
    assert window.complaints == []


def test_a_file_with_a_wrong_row_then_without(window, committed_world, tmp_path: Path):
    page, file = window.page, tmp_path / "rows.csv"
    window.log_in(committed_world.north)
    window.open("/portal/invitations/")
    page.get_by_role("link", name="Invite many").click()
    assert window.findings() == []
    for content, shown in (("nobody,Lark", "Rows that cannot be taken"), (f"{EMAIL},Lark", "Progress")):
        file.write_text(f"E-mail,Organisation\n{content}\n")
        page.get_by_label("File").set_input_files(str(file))
        page.get_by_role("main").get_by_role("button", name="Invite").click()
        expect(page.get_by_role("heading", name=shown).or_(page.get_by_label(shown)).first).to_be_visible()
        assert window.findings() == []
        assert window.overflow() <= 0
    assert not Invitation.objects.exists()  # the workers do it
