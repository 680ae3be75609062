"""Whether a reseller may oversell, changed by whoever sells to it."""

import pytest

from resellerhub.kernel.refusals import Forbidden, NotFound
from tenants.models import Event, ResellerTerms, User
from tenants.services.resellers import NotItsSeller, change_terms
from tests.world import NOW, Player, World


def change(by, tenant: Player, may_oversell: bool = True) -> ResellerTerms:
    actor = by.actor if isinstance(by, Player) else by
    return change_terms(actor=actor, reseller_id=tenant.id, may_oversell=may_oversell, now=NOW)


def allowed(tenant: Player) -> bool:
    return ResellerTerms.objects.get(pk=tenant.id).may_oversell


def test_the_seller_changes_them_and_the_log_says_so(world: World):
    assert change(world.provider, world.north).may_oversell
    assert change(world.provider, world.north).may_oversell
    event = Event.objects.get(kind="reseller.terms_changed")
    assert (event.before, event.after) == ({"may_oversell": False}, {"may_oversell": True})
    change(world.north, world.north_east)
    assert allowed(world.north_east)
    change(world.north, world.north_east, may_oversell=False)
    assert not allowed(world.north_east)


def test_nobody_else_does(world: World):
    for by, tenant in (
        (world.south, world.north_east),
        (world.stranger, world.north),
        (world.north, world.north),
        (world.provider, world.shop),
    ):
        with pytest.raises(NotFound):
            change(by, tenant)
    with pytest.raises(NotItsSeller):
        change(world.provider, world.north_east)
    with pytest.raises(Forbidden):
        change(world.north.member("read_only"), world.north_east)
    assert not ResellerTerms.objects.filter(may_oversell=True).exists()
    assert not Event.objects.filter(kind="reseller.terms_changed").exists()


def test_the_page(world: World):
    browser = world.north.browser()
    url = f"/portal/resellers/{world.north_east.id}/"
    assert f"{url}terms/" in browser.get(url).content.decode()
    form = browser.get(f"{url}terms/").context["form"]
    sent = {"request_id": form["request_id"].value()}
    assert browser.post(f"{url}terms/", sent | {"may_oversell": "on"})["Location"] == url
    assert allowed(world.north_east)
    assert browser.post(f"{url}terms/", sent).status_code == 302
    assert not allowed(world.north_east)
    assert world.south.browser().get(f"{url}terms/").status_code == 404
    seen = world.provider.browser().get(f"/console/resellers/{world.north_east.id}/").content.decode()
    assert "/terms/" not in seen
    assert world.provider.browser().get(f"/console/resellers/{world.north_east.id}/terms/").status_code == 403
    reader = User.objects.get(pk=world.north.member("read_only").user_id)
    browser.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(f"{url}terms/", sent | {"may_oversell": "on"}).status_code == 403
    assert "/terms/" not in browser.get(url).content.decode()
    assert not allowed(world.north_east)


def patch(player: Player, tenant: Player, body: dict, *scopes: str):
    return player.api(*scopes).patch(f"resellers/{tenant.id}", body)


def test_over_rest(world: World):
    answer = patch(world.north, world.north_east, {"may_oversell": True})
    assert (answer.status_code, answer.json()["may_oversell"]) == (200, True)
    assert patch(world.north, world.north_east, {}).json()["may_oversell"] is True
    assert patch(world.north, world.north_east, {"may_oversell": "perhaps"}).status_code == 422
    assert patch(world.south, world.north_east, {"may_oversell": False}).status_code == 404
    assert patch(world.north, world.north_east, {"may_oversell": False}, "read").status_code == 403
    refused = patch(world.provider, world.north_east, {"may_oversell": False})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-its-seller")
    assert allowed(world.north_east)
