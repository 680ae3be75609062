"""Coming in: a wrong password, two factors, recovery codes; every step is accessible."""

import time

import pytest
from allauth.mfa.totp.internal import auth
from playwright.sync_api import expect

from tests.world import PASSWORD


def code(secret: str) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))


def enter_password(page, player, password=PASSWORD):
    page.get_by_label("E-mail or account name").fill(player.user.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()


def test_a_wrong_password_is_told_and_the_address_kept(window, committed_world):
    page = window.page
    window.open("/accounts/login/")
    enter_password(page, committed_world.north, "wrong")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail or account name")).to_have_value(committed_world.north.user.email)
    assert window.findings() == []


def test_two_factors_are_set_up_and_asked_for(window, committed_world):
    page = window.page
    window.log_in(committed_world.north)
    window.open("/accounts/2fa/")
    page.get_by_role("link", name="Activate").click()
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Activate Authenticator App")).to_be_visible()
    assert window.findings() == []
    assert window.overflow() <= 0
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
    recovery = page.get_by_label("Unused codes").input_value().split()[0]
    assert window.findings() == []

    page.get_by_label("Account of").click()
    page.get_by_role("button", name="Log out").click()
    window.open("/accounts/login/")
    enter_password(page, committed_world.north)
    expect(page.get_by_role("heading", name="Two-Factor Authentication")).to_be_visible()
    assert window.findings() == []
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign In").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


@pytest.mark.parametrize(
    ("visitor", "path"), [("window", "/console/"), ("without_script", "/console/jobs/?state=done")]
)
def test_who_logs_in_arrives_where_they_wanted(request, committed_world, visitor, path):
    window = request.getfixturevalue(visitor)
    window.open(path)
    enter_password(window.page, committed_world.provider)
    window.page.wait_for_url(lambda url: url.endswith(path))
    assert window.page.url.endswith(path)
