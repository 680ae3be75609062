"""Who comes in, who does not, and that the answers tell nobody which logins exist."""

import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tenants.models import Event, Mail, Tenant, User
from tenants.postman import deliver_some
from tests.world import NOW, PASSWORD, Player, World

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
HERE, THERE = "192.0.2.1", "198.51.100.7"
TOKENS = re.compile(r'name="csrfmiddlewaretoken"[^>]*>|value="[^"]*"|[0-9a-f]{32}')


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()
    yield
    cache.clear()


class CountingHasher(MD5PasswordHasher):
    """Says how often a password was hashed: what a login costs, whoever it is for."""

    calls = Counter()

    def encode(self, password, salt):
        self.calls["encode"] += 1
        return super().encode(password, salt)


def enter(name: str, password: str = "", *, address: str = HERE, client: Client | None = None):
    return (client or Client()).post(LOGIN, {"login": name, "password": password or "wrong"}, REMOTE_ADDR=address)


def came_in(answer) -> bool:
    return answer.status_code == 302


def words(answer) -> tuple[int, str]:
    return answer.status_code, TOKENS.sub("", answer.content.decode())


def login_of(player: Player) -> str:
    return player.user.email


def test_unknown_and_known_are_told_the_same(world: World):
    known, unknown = enter(login_of(world.north)), enter("nobody@north.example")
    assert words(known) == words(unknown)
    assert not came_in(known)


def test_and_it_costs_the_same(world: World, settings):
    settings.PASSWORD_HASHERS = ["tests.tenants.test_login_security.CountingHasher"]
    User.objects.filter(pk=world.north.user.pk).update(password=CountingHasher().encode(PASSWORD, "salt"))
    costs = []
    for name in (login_of(world.north), "nobody@north.example", "no-account"):
        CountingHasher.calls.clear()
        enter(name)
        costs.append(CountingHasher.calls["encode"])
    assert costs == [1, 1, 1]


@pytest.mark.parametrize("name", ["admin@north.example", "nobody@north.example"])
def test_guessing_one_login_is_stopped_at_one_address(world: World, name: str):
    for _ in range(10):
        answer = enter(name, address=THERE)
    assert answer.status_code == 429
    assert enter(name, PASSWORD, address=THERE).status_code == 429
    assert "Too many wrong passwords" in answer.content.decode()
    assert answer["Retry-After"]


def test_nobody_is_locked_out_by_guesses_from_elsewhere(world: World):
    for number in range(40):
        enter(login_of(world.north), address=f"198.51.100.{number}")
    for _ in range(12):
        enter(login_of(world.north), address=THERE)
    assert came_in(enter(login_of(world.north), PASSWORD, address=HERE))


def test_guessing_many_logins_is_stopped_at_one_address(world: World):
    with time_machine.travel(timezone.now(), tick=False):  # however long sixty guesses take here
        for number in range(60):
            enter(f"somebody-{number}@north.example", address=THERE)
        assert not came_in(enter(login_of(world.north), PASSWORD, address=THERE))
        assert came_in(enter(login_of(world.north), PASSWORD, address=HERE))
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert came_in(enter(login_of(world.north), PASSWORD, address=THERE))


def test_behind_a_proxy_the_outermost_trusted_address_counts(world: World, settings):
    settings.TRUSTED_PROXIES = 1
    right = {"login": login_of(world.north), "password": PASSWORD}
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(60):
            Client().post(
                LOGIN, {"login": f"x{number}@north.example", "password": "wrong"},
                REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"203.0.113.{number}, {THERE}"},
            )  # fmt: skip
        stopped = Client().post(LOGIN, right, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": THERE})
        assert not came_in(stopped)
        assert came_in(Client().post(LOGIN, right, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": HERE}))


def test_who_is_deactivated_or_whose_tenant_is_closed_hears_what_strangers_hear(world: World):
    world.south.member("administrator", "second@south.example")
    User.objects.filter(pk=world.south.user.pk).update(is_active=False)
    Tenant.objects.filter(pk=world.shop.id).update(status="closed", closed_at=NOW)
    stranger = words(enter("nobody@north.example", PASSWORD))
    for player in (world.south, world.shop):
        assert words(enter(login_of(player), PASSWORD)) == stranger
    assert came_in(enter(login_of(world.north), PASSWORD))


def ask(email: str, address: str = HERE):
    return Client().post(RESET, {"email": email}, REMOTE_ADDR=address, follow=True)


def link_in(message) -> str:
    found = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", message.body)
    assert found, message.body
    return found[1]


def new_password(link: str, client: Client | None = None):
    client = client or Client()
    page = client.get(link, follow=True)
    if "works no more" in page.content.decode():
        return page
    return client.post(
        page.redirect_chain[-1][0], {"password1": "a brand new secret", "password2": "a brand new secret"}
    )


def test_a_new_password_by_mail(world: World):
    known, unknown = ask(login_of(world.north)), ask("nobody@north.example")
    assert words(known) == words(unknown)
    assert "If there is a login with this address" in known.content.decode()
    assert list(Mail.objects.values_list("kind", "to")) == [("password_reset", login_of(world.north))]
    elsewhere = Client()
    assert came_in(enter(login_of(world.north), PASSWORD, client=elsewhere))
    deliver_some(now=timezone.now())
    (message,) = mail.outbox
    assert "Groupware" not in message.body

    link = link_in(message)
    assert came_in(new_password(link))
    assert elsewhere.get("/portal/").status_code == 302, "the other session is over"
    assert not came_in(enter(login_of(world.north), PASSWORD))
    assert came_in(enter(login_of(world.north), "a brand new secret"))
    assert "works no more" in new_password(link).content.decode()
    kinds = set(Event.objects.filter(subject_type="user").values_list("kind", flat=True))
    assert {"user.password_asked", "user.password_changed"} <= kinds


def test_a_link_expires(world: World):
    ask(login_of(world.north))
    deliver_some(now=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert "works no more" in new_password(link_in(mail.outbox[0])).content.decode()


def test_asking_again_and_again_floods_nobody(world: World):
    for _ in range(5):
        assert ask(login_of(world.north)).status_code == 200
    assert Mail.objects.count() == 1
    for number in range(25):
        ask(f"nobody-{number}@north.example", THERE)
    assert ask("nobody@north.example", THERE).status_code == 429
    assert ask("nobody@north.example").status_code == 200


def test_who_may_not_come_in_gets_no_link(world: World):
    Tenant.objects.filter(pk=world.shop.id).update(status="closed", closed_at=NOW)
    assert words(ask(login_of(world.shop))) == words(ask("nobody@north.example"))
    assert not Mail.objects.exists()


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(world: World):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        assert came_in(enter(login_of(world.north), PASSWORD, client=client))
    values = {"oldpassword": PASSWORD, "password1": "a brand new secret", "password2": "a brand new secret"}
    assert came_in(here.post("/accounts/password/change/", values))
    assert here.get("/portal/").status_code == 200
    assert elsewhere.get("/portal/").status_code == 302
    assert Event.objects.filter(kind="user.password_changed", tenant_id=world.north.id).count() == 1


def test_sessions_are_listed_and_ended(world: World):
    here, elsewhere, third, rival = Client(), Client(HTTP_USER_AGENT="Elsewhere 1.0"), Client(), Client()
    for client in (here, elsewhere, third):
        assert came_in(enter(login_of(world.north), PASSWORD, client=client))
    assert came_in(enter(login_of(world.south), PASSWORD, client=rival))
    page = here.get("/accounts/sessions/")
    assert "Elsewhere 1.0" in page.content.decode()
    rows = {row.user_agent: row for row in page.context["sessions"]}
    end = f"/portal/sessions/{rows['Elsewhere 1.0'].pk}/end/"
    assert rival.post(end).status_code == 404
    assert here.post(end).status_code == 302
    assert elsewhere.get("/portal/").status_code == 302
    assert third.get("/portal/").status_code == 200
    assert here.post("/accounts/sessions/").status_code == 302
    assert third.get("/portal/").status_code == 302
    assert here.get("/portal/").status_code == 200


def test_a_passkey_is_a_second_factor_too(world: World, settings):
    settings.REQUIRE_TOTP_FOR_PROVIDERS = True
    browser = world.provider.browser()
    assert browser.get("/console/")["Location"] == "/accounts/2fa/"
    page = browser.get("/accounts/2fa/").content.decode()
    assert "/accounts/2fa/webauthn/add/" in page
    assert "/accounts/2fa/totp/activate/" in page
    Authenticator.objects.create(user=world.provider.user, type="recovery_codes", data={})
    assert browser.get("/console/").status_code == 302, "codes alone are none"
    Authenticator.objects.create(user=world.provider.user, type="webauthn", data={"name": "Key", "credential": {}})
    assert browser.get("/console/").status_code == 200


def test_new_staff_have_days_of_grace(world: World, settings):
    settings.REQUIRE_TOTP_FOR_PROVIDERS, settings.FACTOR_GRACE_DAYS = True, 7
    browser = world.provider.browser()
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        page = browser.get("/console/")
        assert page.status_code == 200
        assert "nobody comes in here without a second factor" in page.content.decode()
        assert "Nov 27" in page.content.decode() or "27 Nov" in page.content.decode()
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        assert browser.get("/console/")["Location"] == "/accounts/2fa/"
    assert "second factor" not in world.north.browser().get("/portal/").content.decode()


def test_the_last_required_factor_cannot_be_removed(world: World, settings):
    settings.REQUIRE_TOTP_FOR_PROVIDERS = True
    settings.ACCOUNT_REAUTHENTICATION_REQUIRED = settings.MFA_REAUTHENTICATION_REQUIRED = False
    for player in (world.provider, world.north):
        TOTP.activate(player.user, generate_totp_secret())
        player.browser().post("/accounts/2fa/totp/deactivate/")
    left = list(Authenticator.objects.values_list("user_id", "type"))
    assert left == [(world.provider.user.pk, "totp")]
    assert Event.objects.filter(kind="user.factor_removed").values_list("tenant_id", flat=True).get() == world.north.id


def test_headers_let_passkeys_work_here_alone(db):
    answer = Client().get(LOGIN)
    policy = answer["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in policy
    assert "publickey-credentials-create=(self)" in policy
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", answer.content.decode())


def test_operators_come_in_by_the_same_door(world: World):
    operator = User.objects.create_superuser("operator@example.com", PASSWORD)
    TOTP.activate(operator, generate_totp_secret())
    browser = Client()
    answer = browser.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert enter(operator.email, PASSWORD, client=browser)["Location"].startswith("/accounts/2fa/authenticate/")
    assert browser.get("/admin/").status_code == 302
    assert world.provider.browser().get("/admin/login/").status_code == 403
