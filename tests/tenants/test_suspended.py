"""Whoever is suspended looks and exports, and changes nothing: asked of every address that there is."""

from collections import defaultdict

import pytest
from django.core.cache import cache
from django.test import Client

from tenants.middleware import EXPORTING, PERSONAL
from tenants.models import Event, Mail, Tenant
from tenants.services.status import resume_tenant, suspend_tenant
from tests.isolation.routes import Route, routes
from tests.isolation.things import Things, build_things
from tests.subscriptions.market import build_market
from tests.tenants.test_creation import form_values
from tests.world import NOW, Player, World

ALLOWED = PERSONAL | EXPORTING
UNSAFE = ("post", "patch", "delete")


@pytest.fixture
def things(world: World) -> Things:
    cache.clear()
    return build_things(build_market(world))


def suspended(world: World, who: str) -> Player:
    player: Player = getattr(world, who)
    suspend_tenant(actor=world.provider.actor, tenant_id=player.id, reason="Two invoices are overdue.", now=NOW)
    return player


def ids_of(things: Things) -> dict[str, int]:
    """Theirs where they have one: the suspension is answered before anything is looked up."""
    return defaultdict(lambda: 1, things.ids)


def unsafe(shell: str) -> list[Route]:
    return [r for r in routes() if r.shell == shell and r.name not in ALLOWED and set(r.methods) & set(UNSAFE)]


@pytest.mark.parametrize("who", ["north", "shop"])
def test_no_page_takes_anything(world: World, things: Things, who: str):
    browser = suspended(world, who).browser()
    before = Event.objects.count()
    wrong = {str(r): browser.post(r.address(ids_of(things))).status_code for r in unsafe("portal")}
    assert {name: status for name, status in wrong.items() if status != 403} == {}
    assert Event.objects.count() == before


@pytest.mark.parametrize("who", ["north", "shop"])
def test_no_endpoint_takes_anything(world: World, things: Things, who: str):
    api = getattr(world, who).api()
    suspended(world, who)
    before, wrong = Event.objects.count(), {}
    for route in unsafe("api"):
        for method in set(route.methods) & set(UNSAFE):
            answer = getattr(api.client, method)(route.address(ids_of(things)), {}, content_type="application/json")
            if answer.status_code != 405 and b'"suspended"' not in answer.content:
                wrong[f"{route} {method}"] = answer.status_code
    assert wrong == {}
    assert Event.objects.count() == before


def look(client: Client, address: str) -> int:
    """The status, with the whole of the answer read."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def test_everything_that_could_be_seen_is_still_seen(world: World, things: Things):
    """The same answers as before, but for forms, whose permission is gone."""
    browser, api = world.north.browser(), world.north.api().client
    plain = [r for r in routes() if not r.parameters and "get" in r.methods]
    seen = {r.name: r.address({}) for r in plain if r.shell == "portal" and look(browser, r.address({})) == 200}
    read = {r.name: r.address({}) for r in plain if r.shell == "api" and look(api, r.address({})) == 200}
    suspended(world, "north")
    lost = {name for name, address in seen.items() if look(browser, address) != 200}
    assert {name: status for name, address in read.items() if (status := look(api, address)) not in {200, 403}} == {}
    kept = {
        "dashboard",
        "resellers",
        "customers",
        "subscriptions",
        "add_ons",
        "events",
        "over_usage",
        "profile",
        "jobs",
    }
    assert kept & lost == set()
    for name in ("customers", "resellers", "subscriptions", "over_usage"):
        for file_format in ("csv", "xlsx"):
            assert look(browser, f"{seen[name]}?export={file_format}") == 200


def test_its_users_read_why(world: World):
    browser = suspended(world, "shop").browser()
    page = browser.get("/portal/").content.decode()
    assert "This account is suspended" in page
    assert "Reason: Two invoices are overdue." in page
    assert "Two invoices" in world.north.browser().get(f"/portal/customers/{world.shop.id}/").content.decode()
    resume_tenant(actor=world.provider.actor, tenant_id=world.shop.id, now=NOW)
    assert "This account is suspended" not in browser.get("/portal/").content.decode()
    assert Tenant.objects.get(pk=world.shop.id).profile.suspension_reason == ""


def test_who_is_beneath_works_on(world: World):
    suspended(world, "north")
    assert "This account is suspended" not in world.shop.browser().get("/portal/").content.decode()
    page = world.north_east.browser().get("/portal/customers/new/")
    assert page.status_code == 200
    values = form_values(page, name="New", account_name="new-one", email="new@one.example")
    assert world.north_east.browser().post("/portal/customers/new/", values).status_code == 200


def test_its_administrators_are_told_by_whoever_did_it(world: World):
    suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, reason="Overdue", now=NOW)
    resume_tenant(actor=world.north.actor, tenant_id=world.shop.id, now=NOW)
    mails = list(Mail.objects.order_by("pk").values_list("kind", "to", "tenant_id"))
    assert mails == [
        ("tenant_suspended", world.shop.user.email, world.north.id),
        ("tenant_resumed", world.shop.user.email, world.north.id),
    ]
    suspended(world, "shop")  # by the provider, who does not write to a reseller's customers
    assert Mail.objects.count() == 2
