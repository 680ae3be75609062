"""The tenant owner, by which a reseller is found: whoever administers it first, unless somebody said who it is."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from tenants.invitees import matching_resellers
from tenants.models import Profile, Tenant
from tenants.services.acceptance import SignUp, accept_invitation
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.invitations import invite_member, link_of
from tenants.services.mapping import map_reseller
from tenants.services.people import Person
from tenants.services.resellers import create_reseller
from tests.tenants.test_creation import form_values
from tests.world import NOW, PASSWORD, Player, World

OWNERS = Path(settings.BASE_DIR) / "tenants" / "sql" / "owners.sql"
BOSS = "boss@lark.example"


def lark(by: Player, owner: str = "", **more) -> Tenant:
    return create_reseller(
        actor=by.actor, seller_id=by.id, details=Details(name="Lark", owner_email=owner), now=NOW, **more
    )


def owner_of(tenant: Tenant) -> str:
    return Profile.objects.get(pk=tenant.pk).owner_email


def test_the_first_administrator_is_the_owner_where_nobody_said_so(world: World):
    request_id = uuid4()
    made = [lark(world.provider, administrator=Person("Boss@Lark.example"), request_id=request_id) for _ in "12"]
    assert made[0].pk == made[1].pk
    assert owner_of(made[0]) == BOSS
    assert [row.pk for row in matching_resellers(world.provider.actor, BOSS).resellers] == [made[0].pk]
    assert b"Lark" in world.provider.browser().get(f"/console/resellers/?q={BOSS}").content
    assert owner_of(lark(world.provider, "owner@lark.example", administrator=Person("two@lark.example"))) == (
        "owner@lark.example"
    )
    assert owner_of(lark(world.provider, invited=" New@lark.example")) == "new@lark.example"
    boss = Person("c@c.example")
    customer = create_customer(
        actor=world.north.actor, seller_id=world.north.id, details=Details(name="C"), administrator=boss, now=NOW
    )
    assert owner_of(customer) == "c@c.example"


def test_whoever_accepts_to_administer_it_is_the_owner(world: World):
    made = lark(world.provider)
    invitation = invite_member(actor=world.provider.actor, tenant_id=made.pk, email=BOSS, role="administrator", now=NOW)
    token = link_of(invitation, NOW).strip("/").rpartition("/")[2]
    accept_invitation(token=token, user=None, sign_up=SignUp("Boss", PASSWORD), request_id="", now=NOW)
    assert owner_of(made) == BOSS


def test_a_mapped_one_has_the_owner_it_was_mapped_to(world: World):
    other = world.north.member("sales", "sales@north.example")
    assert other.kind == "reseller"
    map_reseller(
        actor=world.provider.actor, reseller_id=world.north.id, owner_email="sales@north.example", organisation="N",
        now=NOW,
    )  # fmt: skip
    assert owner_of(world.north.tenant) == "sales@north.example"


def test_those_that_are_there_get_one(world: World):
    world.north.member("administrator", "aaa@north.example")
    Profile.objects.exclude(pk=world.mill.id).update(owner_email="")
    Profile.objects.filter(pk=world.mill.id).update(owner_email="kept@mill.example")
    alone = lark(world.provider)
    with connection.cursor() as cursor:
        cursor.execute(OWNERS.read_text())
    there = [one.tenant for one in (world.north, world.shop, world.mill, world.provider)]
    assert [owner_of(tenant) for tenant in [*there, alone]] == [
        world.north.user.email,
        world.shop.user.email,
        "kept@mill.example",
        "",
        "",
    ]


@pytest.mark.parametrize("invited", ["", BOSS])
def test_a_reseller_without_anybody_says_so_and_offers_to_invite(world: World, invited: str):
    browser = world.provider.browser()
    page = browser.get("/console/resellers/new/")
    assert "nobody can log in until you invite" in page.content.decode()
    values = form_values(page, name="Lark", type="prepaid", administrator_email=invited)
    made = browser.post("/console/resellers/new/", values, follow=True).content.decode()
    reseller = Tenant.objects.get(profile__name="Lark")
    invite = f"/console/tenants/{reseller.pk}/users/invite/?role=administrator"
    assert "Nobody can log in yet" in made
    assert ("was created without an administrator" in made, invite in made) == (not invited, not invited)
    assert (f"An invitation was sent to {BOSS}." in made) == bool(invited)
    if not invited:
        assert 'value="administrator" selected' in browser.get(invite).content.decode()
    assert "Nobody can log in yet" not in browser.get(f"/console/resellers/{world.north.id}/").content.decode()
