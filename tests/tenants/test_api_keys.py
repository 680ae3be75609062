"""What makes a key good or dead, and the command that makes one."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellerhub.kernel.refusals import Forbidden, Invalid
from tenants.models import ApiKey, Event, Membership, Tenant, User
from tenants.services.api_keys import create_api_key, digest_of
from tests.world import NOW, Api, World


def test_a_key_is_not_stored(world: World):
    key = world.north.key()
    row = ApiKey.objects.get()
    assert row.digest == digest_of(key)
    assert key not in str(vars(row))
    assert key not in str(list(Event.objects.values()))


@pytest.mark.parametrize("text", ["", "rh_", "rh_nonsense", "nonsense", "rh_" + "ä" * 10, "a b"])
def test_what_is_no_key_is_refused(world: World, text: str):
    answer = Client(headers={"Authorization": f"Bearer {text}".encode().decode("latin-1")}).get("/api/v1/me")
    assert answer.status_code == 401


def test_an_expired_key_is_dead(world: World):
    api = Api(world.north.key(expires_at=NOW + timedelta(days=1)))
    with time_machine.travel(NOW + timedelta(hours=23), tick=False):
        assert api.get("me").status_code == 200
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert api.get("me").status_code == 401


def test_the_key_dies_with_login_and_membership(world: World):
    api = world.north.api()
    world.north.member("administrator", "second@north.example")
    User.objects.filter(pk=world.north.user.pk).update(is_active=False)
    assert api.get("me").status_code == 401
    User.objects.filter(pk=world.north.user.pk).update(is_active=True)
    assert api.get("me").status_code == 200
    Membership.objects.filter(user=world.north.user).delete()
    assert api.get("me").status_code == 401


def test_the_key_dies_with_the_tenant(world: World):
    api = world.shop.api()
    Tenant.objects.filter(pk=world.shop.id).update(status="closed", closed_at=NOW)
    assert api.get("me").status_code == 401


def test_the_key_may_no_more_than_the_role_of_its_owner(world: World):
    api = world.north.api()
    world.north.member("administrator", "second@north.example")
    Membership.objects.filter(user=world.north.user).update(role="read_only")
    assert api.get("customers").status_code == 200
    assert api.post("customers", {"name": "New"}).status_code == 403


def test_only_from_allowed_addresses(world: World):
    key = world.north.key(allowed_networks=["192.0.2.0/24", "2001:db8::1"])
    for address, status in {"192.0.2.7": 200, "198.51.100.1": 401, "2001:db8::1": 200, "::ffff:192.0.2.7": 200}.items():
        assert Api(key, REMOTE_ADDR=address).get("me").status_code == status, address
    forged = {"REMOTE_ADDR": "198.51.100.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}
    assert Api(key, **forged).get("me").status_code == 401
    with override_settings(TRUSTED_PROXIES=1):
        assert Api(key, **forged).get("me").status_code == 200
        forged["HTTP_X_FORWARDED_FOR"] = "192.0.2.7, 198.51.100.9"
        assert Api(key, **forged).get("me").status_code == 401


def test_last_used_is_written_once_a_minute(world: World):
    api, start = world.north.api(), timezone.now()

    def writes_at(moment) -> int:
        with time_machine.travel(moment, tick=False), CaptureQueriesContext(connection) as captured:
            assert api.get("me").status_code == 200
        return sum("UPDATE" in query["sql"] for query in captured)

    assert [writes_at(start + timedelta(seconds=seconds)) for seconds in (0, 10, 59, 61, 90)] == [1, 0, 0, 1, 0]


def test_refused_values(world: World):
    def errors(**values) -> set[str]:
        with pytest.raises(Invalid) as refused:
            create_api_key(actor=world.north.actor, now=NOW, **({"name": "n", "scopes": ["read"]} | values))
        return set(refused.value.errors)

    assert errors(name=" ") == {"name"}
    assert errors(scopes=[]) == {"scopes"}
    assert errors(scopes=["everything"]) == {"scopes"}
    assert errors(allowed_networks=["300.1.1.1"]) == {"allowed_networks"}
    assert errors(expires_at=NOW) == {"expires_at"}
    with pytest.raises(Forbidden):
        create_api_key(actor=replace(world.north.actor, permissions=frozenset()), name="n", scopes=["*"], now=NOW)


def test_the_pages(world: World):
    browser = world.north.browser()
    form = browser.get("/portal/api-keys/new/").context["form"]
    values = {
        "request_id": form["request_id"].value(),
        "name": "Shop system",
        "scopes": ["read", "customer.create"],
        "allowed_networks": "192.0.2.1, 2001:db8::/32",
    }
    made = browser.post("/portal/api-keys/new/", values)
    key = made.context["secret"]
    assert Api(key, REMOTE_ADDR="192.0.2.1").get("me").status_code == 200
    again = browser.post("/portal/api-keys/new/", values)
    assert again.status_code == 422
    row = ApiKey.objects.get()
    assert row.prefix in browser.get("/portal/api-keys/").content.decode()
    assert key not in browser.get("/portal/api-keys/").content.decode()
    assert "Shop system" not in world.provider.browser().get("/console/api-keys/").content.decode()
    assert world.south.browser().get(f"/portal/api-keys/{row.pk}/revoke/").status_code == 404
    page = browser.get(f"/portal/api-keys/{row.pk}/revoke/")
    browser.post(f"/portal/api-keys/{row.pk}/revoke/", {"request_id": page.context["form"]["request_id"].value()})
    assert Api(key, REMOTE_ADDR="192.0.2.1").get("me").status_code == 401


def test_the_command_makes_a_key(world: World):
    out = StringIO()
    call_command("api_key", "--user", "ADMIN@north.example", "--scopes", "customer.view,reseller.view", stdout=out)
    api = Api(out.getvalue().strip())
    assert api.get("me").json()["permissions"] == ["customer.view", "reseller.view"]
    with pytest.raises(CommandError):
        call_command("api_key", "--user", "nobody@north.example")
    with pytest.raises(CommandError, match=r"no scope all, only: \*, read, add_on.edit, .*user.visit"):
        call_command("api_key", "--user", "admin@north.example", "--scopes", "all")
