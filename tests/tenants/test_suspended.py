"""Whoever is suspended looks and exports, and changes nothing: asked of every address that there is."""

from collections import defaultdict

import pytest
from django.core.cache import cache
from django.test import Client

from resellerhub.kernel.refusals import Forbidden, Suspended
from tenants.middleware import EXPORTING, PERSONAL
from tenants.models import Event, Mail, Tenant
from tenants.services.status import resume_tenant, suspend_tenant
from tests.isolation.routes import Route, routes
from tests.isolation.things import Things, build_things
from tests.subscriptions.market import build_market
from tests.tenants.test_creation import form_values
from tests.world import NOW, Player, World, player

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


@pytest.mark.parametrize("who", ["north", "shop"])
def test_everything_that_could_be_seen_is_still_seen(world: World, things: Things, who: str):
    """Every page, form and answer of the API that its administrator could look at, and every tab and export of it."""
    player: Player = getattr(world, who)
    browser, api = player.browser(), player.api().client
    mine = [r for r in looking() if who == "north" or r.shell == "portal"]  # once for the API is enough
    asked = {f"{r}": (browser if r.shell == "portal" else api, r.address(ids_of(things))) for r in mine}
    seen = {name: each for name, each in asked.items() if look(*each) == 200}
    suspended(world, who)
    assert {name: status for name, each in seen.items() if (status := look(*each)) != 200} == {}
    assert len(seen) > (150 if who == "north" else 20)
    for name in ("customers", "resellers", "subscriptions", "over_usage", "team"):
        if page := seen.get(f"portal:{name}"):
            assert look(browser, f"{page[1]}?export=csv") == look(browser, f"{page[1]}?export=xlsx") == 200


def looking() -> list[Route]:
    return [r for r in routes() if r.shell in ("portal", "api") and "get" in r.methods]


def test_what_it_may_not_do_is_said_and_not_offered(world: World):
    browser, api = world.north.browser(), world.north.api()
    suspended(world, "north")
    sentence = "Your organisation is suspended: it can look and export, but change nothing. Turn to Groupware GmbH."
    refused = browser.post("/portal/users/new/", {}).content.decode()
    assert sentence in refused
    assert "role" not in refused.partition("<main")[2].partition("</main>")[0]
    problem = api.post("customers", {"name": "New"}).json()
    assert (problem["status"], problem["detail"]) == (403, sentence)
    team = browser.get("/portal/team/").content.decode()
    assert world.north.user.email in team
    assert "/portal/users/new/" not in team
    assert "/portal/team/" in team
    form = browser.get("/portal/settings/company/").content.decode()
    assert 'name="legal_name"' in form
    assert 'class="btn btn-primary"' not in form
    with pytest.raises(Suspended):
        player(world.north.tenant).actor.require("user.manage")
    with pytest.raises(Forbidden) as other:
        world.shop.actor.require("reseller.view")
    assert not isinstance(other.value, Suspended)


def test_its_users_read_why(world: World):
    browser = suspended(world, "shop").browser()
    page = browser.get("/portal/").content.decode()
    assert "Your organisation is suspended" in page
    assert "Reason: Two invoices are overdue." in page
    assert "Two invoices" in world.north.browser().get(f"/portal/customers/{world.shop.id}/").content.decode()
    resume_tenant(actor=world.provider.actor, tenant_id=world.shop.id, now=NOW)
    assert "Your organisation is suspended" not in browser.get("/portal/").content.decode()
    assert Tenant.objects.get(pk=world.shop.id).profile.suspension_reason == ""


def test_who_is_beneath_works_on(world: World):
    suspended(world, "north")
    assert "Your organisation is suspended" not in world.shop.browser().get("/portal/").content.decode()
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
