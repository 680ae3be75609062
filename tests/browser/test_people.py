"""Stories of people: a role is changed, a passkey opens the door, somebody acts as another; in English and German."""

import pytest
from playwright.sync_api import expect

from tenants.models import Event, Membership, Visit
from tests.tenants.test_members import member
from tests.world import PASSWORD

WORDS = {
    "en": {
        "change": "Change role", "visit": "Log in as", "reason": "Reason", "begin": "Log in as this user",
        "act": "You act as", "end": "End", "own": "You act in your own name again.", "team": "Team",
        "invite": "Invite user", "send": "Send invitation", "role": "Role", "users": "Users",
    },
    "de": {
        "change": "Rolle ändern", "visit": "Anmelden als", "reason": "Grund", "begin": "Als dieser Benutzer anmelden",
        "act": "Sie handeln als", "end": "Beenden", "own": "Wieder im eigenen Namen.", "team": "Team",
        "invite": "Benutzer einladen", "send": "Einladung senden", "role": "Rolle", "users": "Benutzer",
    },
}  # fmt: skip


@pytest.fixture(params=["en", "de"])
def words(request, context, live_server):
    context.add_cookies([{"name": "language", "value": request.param, "url": live_server.url}])
    return WORDS[request.param]


def test_a_user_is_invited_and_a_role_changed(window, committed_world, words):
    page, clerk = window.page, member(committed_world.north, "read_only")
    window.log_in(committed_world.north)
    page.get_by_role("link", name=words["team"], exact=True).click()
    page.get_by_role("link", name=words["invite"]).click()
    page.locator("input[name=email]").fill("new@north.example")
    page.locator("select[name=role]").select_option("sales")
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_text("new@north.example")).to_be_visible()
    page.get_by_role("link", name=clerk.user.email).click()
    assert window.findings() == []
    assert window.overflow() <= 0
    page.get_by_role("link", name=words["change"]).click()
    page.get_by_label(words["role"]).select_option("sales")
    page.get_by_role("button", name=words["change"]).click()
    page.wait_for_url(lambda url: url.endswith(f"/users/{clerk.pk}/"))
    assert Membership.objects.get(pk=clerk.pk).role == "sales"
    assert window.complaints == []


def test_somebody_acts_as_another(window, committed_world, words):
    page, north = window.page, committed_world.north
    window.log_in(committed_world.provider)
    window.open(f"/console/resellers/{north.id}/?tab=users")
    page.get_by_role("link", name=words["visit"]).click()
    page.get_by_label(words["reason"]).fill("Ticket 4711")
    page.get_by_role("button", name=words["begin"]).click()
    banner = page.locator(".banner")
    expect(banner).to_contain_text(words["act"])
    expect(banner).to_contain_text("North")
    assert "/portal/" in page.url
    assert window.findings() == []
    assert window.overflow() <= 0
    window.open("/portal/customers/")
    expect(banner).to_be_visible()
    banner.get_by_role("button", name=words["end"]).click()
    expect(page.get_by_text(words["own"])).to_be_visible()
    assert "/console/" in page.url
    assert Visit.objects.get().ended_at is not None
    assert Event.objects.filter(kind__startswith="visit.", on_behalf_of=north.user).count() == 2
    assert window.complaints == []


def test_a_passkey_is_made_and_opens_the_door(window, committed_world, settings):
    """With an authenticator of the browser's own, as DevTools lends it."""
    page, staff = window.page, committed_world.provider
    settings.REQUIRE_TOTP_FOR_PROVIDERS = settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )

    window.open("/accounts/login/")
    page.get_by_label("E-mail or account name").fill(staff.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_text("set up an authenticator app or a passkey first")).to_be_visible()
    assert window.findings() == []
    page.get_by_role("link", name="Add", exact=True).click()
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Passwordless").check()
    assert window.findings() == []
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    window.open("/console/")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

    page.get_by_label("Account of").click()
    page.get_by_role("button", name="Log out").click()
    window.open("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert window.complaints == []
