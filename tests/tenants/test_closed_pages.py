"""What the library of logins offers and this program does not: an address comes with a membership."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from django.core.cache import cache
from django.test import Client

from tests.world import World

PAGES = ("signup", "email", "confirm-email", "confirm-email/key", "password/set", "inactive", "login/code/confirm")


@pytest.mark.parametrize("page", PAGES)
def test_nobody_registers_or_changes_an_address_there(world: World, page: str):
    browser = world.shop.browser()
    answers = [
        who.post(f"/accounts/{page}/", {"email": "evil@other.example", "action_add": ""}).status_code
        for who in (browser, Client())
    ]
    assert answers == [404, 404]
    assert browser.get(f"/accounts/{page}/").status_code == 404


def test_a_request_for_a_new_password_keeps_nobody_from_a_second_factor(world: World):
    cache.clear()
    assert Client().post("/accounts/password/reset/", {"email": world.provider.user.email}).status_code == 302
    EmailAddress.objects.get_or_create(user=world.provider.user, email=world.provider.user.email, verified=False)
    assert validate_can_add_authenticator(world.provider.user) is None
