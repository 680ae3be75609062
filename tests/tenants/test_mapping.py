"""Mapping a reseller to its tenant owner and organisation: once, by whoever stands above it; only then pools."""

import pytest
from django.db import IntegrityError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.mapped import RECEIVING, may_receive_pools
from tenants.models import Event, Mapping, Tenant
from tenants.services.mapping import AlreadyMapped, NotActive, UnknownOwner, map_reseller
from tenants.services.status import suspend_tenant
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, Player, World

OWNER = "admin@north.example"


def map_north(by: Player, world: World, owner_email: str = OWNER, organisation: str = "North Ltd") -> Mapping:
    return map_reseller(
        actor=by.actor, reseller_id=world.north.id, owner_email=owner_email, organisation=organisation, now=NOW
    )


def receiving() -> set[int]:
    return set(Tenant.objects.filter(RECEIVING).order_by().values_list("pk", flat=True))


def test_only_a_mapped_active_reseller_can_be_given_pools(world: World):
    assert not may_receive_pools(world.north.tenant)
    map_north(world.provider, world, owner_email=" Admin@North.example ")
    assert may_receive_pools(world.north.tenant)
    assert receiving() == {world.north.id}
    event = Event.objects.get(kind="reseller.mapped")
    assert (event.tenant_id, event.after) == (world.north.id, {"owner_email": OWNER, "organisation": "North Ltd"})
    suspend_tenant(actor=world.provider.actor, tenant_id=world.north.id, now=NOW)
    assert not may_receive_pools(Tenant.objects.get(pk=world.north.id))
    assert receiving() == set()
    assert not may_receive_pools(world.shop.tenant)


def test_a_mapped_one_is_refused_and_of_two_at_once_one_wins(committed_world: World):
    world = committed_world
    outcomes = together(*[lambda: map_north(world.provider, world)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyMapped", "Mapping"]
    with pytest.raises(AlreadyMapped):
        map_north(world.provider, world, organisation="Other")
    assert Mapping.objects.get().organisation == "North Ltd"
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE tenants_mapping SET owner_email = ''")


def test_what_is_refused(world: World):
    for owner in ("admin@south.example", "nobody@north.example", ""):
        with pytest.raises(UnknownOwner):
            map_north(world.provider, world, owner_email=owner)
    for organisation in (" ", "in\u200bvisible", "x" * 201):
        with pytest.raises(Invalid):
            map_north(world.provider, world, organisation=organisation)
    for player in (world.south, world.north, world.stranger):
        with pytest.raises(NotFound):
            map_north(player, world)
    with pytest.raises(Forbidden):
        map_reseller(
            actor=world.provider.member("support"),
            reseller_id=world.north.id,
            owner_email=OWNER,
            organisation="North",
            now=NOW,
        )
    suspend_tenant(actor=world.provider.actor, tenant_id=world.north.id, now=NOW)
    with pytest.raises(NotActive):
        map_north(world.provider, world)


def test_the_page_suggests_what_is_known(world: World):
    browser, detail = world.provider.browser(), f"/console/resellers/{world.north.id}/"
    page = browser.get(detail).content.decode()
    assert f"{detail}map/" in page
    assert "Only a mapped, active reseller can be given pools." in page
    values = form_values(browser.get(f"{detail}map/"))
    assert (values["owner_email"], values["organisation"]) == (OWNER, "North")
    refused = browser.post(f"{detail}map/", values | {"owner_email": "admin@south.example", "organisation": "N. Ltd"})
    assert refused.status_code == 422
    assert "N. Ltd" in refused.content.decode()
    done = browser.post(f"{detail}map/", values, follow=True).content.decode()
    assert "North is mapped." in done
    assert "Can be given" in done
    assert f"{detail}map/" not in done
    for again in (browser.get(f"{detail}map/", follow=True), browser.post(f"{detail}map/", values, follow=True)):
        assert again.redirect_chain == [(detail, 302)]
        assert "This reseller is mapped already." in again.content.decode()
    rival = world.south.browser()
    assert rival.get(f"/portal/resellers/{world.north_east.id}/map/").status_code == 404
    listed = browser.get("/console/resellers/?mapping=mapped").content.decode()
    assert [f'/console/resellers/{player.id}/"' in listed for player in (world.north, world.south)] == [True, False]


def test_over_rest(world: World):
    path, body = f"resellers/{world.north.id}", {"owner_email": OWNER, "organisation": "North Ltd"}
    api = world.provider.api()
    assert (api.get(path).json()["is_mapped"], api.get(path).json()["mapping"]) == (False, None)
    assert world.south.api().post(f"{path}/map", body).status_code == 404
    assert world.north.api().post(f"{path}/map", body).status_code == 404
    wrong = api.post(f"{path}/map", body | {"owner_email": "admin@south.example"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/owner_email")
    mapped = api.post(f"{path}/map", body)
    assert (mapped.status_code, mapped.json()["mapping"]["organisation"]) == (200, "North Ltd")
    again = api.post(f"{path}/map", body)
    assert (again.status_code, again.json()["code"]) == (409, "already-mapped")
    assert [row["id"] for row in api.get("resellers", mapping="mapped").json()["results"]] == [world.north.id]
