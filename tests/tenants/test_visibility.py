"""Hiding the names of customers: by those above for good, by the reseller both ways; and the veil that follows."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from resellerhub.kernel.owner import as_owner
from resellerhub.kernel.refusals import Forbidden, NotFound
from tenants.models import Event, Tenant
from tenants.naming import NamesHidden, is_readable, name_of
from tenants.services.conversion import convert_tenant
from tenants.services.invitations import invite_member, invite_owner
from tenants.services.moves import NamesWouldShow, move_tenant
from tenants.services.people import Person, add_user
from tenants.services.visibility import hide_customers, show_customers
from tenants.verify import tree
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World, customer


def hide(by, reseller: Player) -> Tenant:
    return hide_customers(actor=getattr(by, "actor", by), reseller_id=reseller.id, now=NOW)


def show(by) -> Tenant:
    return show_customers(actor=getattr(by, "actor", by), now=NOW)


def veils(world: World) -> dict[str, int]:
    rows = dict(Tenant.objects.values_list("pk", "veil"))
    return {name: rows[getattr(world, name).id] for name in ("shop", "kiosk", "mill", "direct")}


def reads(reader: Player, tenant: Player) -> bool:
    return is_readable(reader.actor, Tenant.objects.get(pk=tenant.id))


def test_the_seller_hides_and_only_the_reseller_shows(world: World):
    hide(world.north, world.north_east)
    assert veils(world) == {"shop": 0, "kiosk": 2, "mill": 0, "direct": 0}
    assert not reads(world.provider, world.kiosk)
    assert not reads(world.north, world.kiosk)
    assert reads(world.north_east, world.kiosk)
    assert reads(world.provider, world.shop)
    assert name_of(world.north.actor, Tenant.objects.get(pk=world.kiosk.id)) == f"Customer {world.kiosk.id}"
    show(world.north)
    assert not reads(world.north, world.kiosk)
    show(world.north_east)
    assert veils(world)["kiosk"] == 0
    assert reads(world.provider, world.kiosk)


def test_the_provider_hides_at_any_depth_and_the_reseller_itself(world: World):
    hide(world.provider, world.north_east)
    hide(world.north, world.north)
    assert veils(world) == {"shop": 1, "kiosk": 2, "mill": 0, "direct": 0}
    show(world.north_east)
    assert veils(world)["kiosk"] == 1
    assert reads(world.north, world.kiosk)
    assert not reads(world.provider, world.kiosk)


def test_repeating_changes_nothing_and_is_not_told(world: World):
    since = hide(world.provider, world.north).hides_customers_at
    assert hide(world.north, world.north).hides_customers_at == since
    show(world.north)
    show(world.north)
    events = Event.objects.filter(subject_id=world.north.id, kind__startswith="reseller.customers_").order_by("pk")
    assert [(each.kind, each.before, each.after) for each in events] == [
        ("reseller.customers_hidden", {"customers_visible": True}, {"customers_visible": False}),
        ("reseller.customers_shown", {"customers_visible": False}, {"customers_visible": True}),
    ]


def test_nobody_else_does(world: World):
    for by, tenant in (
        (world.south, world.north),
        (world.stranger, world.north),
        (world.north_east, world.north),
        (world.provider, world.shop),
        (world.provider, world.provider),
    ):
        with pytest.raises((NotFound, Forbidden)):
            hide(by, tenant)
    for actor in (world.north.member("read_only"), world.north.member("sales")):
        with pytest.raises(Forbidden):
            hide(actor, world.north_east)
        with pytest.raises(Forbidden):
            show(actor)
    with pytest.raises(NotFound):
        show(world.provider)
    with pytest.raises(Forbidden):
        show(world.shop)
    assert not Tenant.objects.filter(hides_customers_at__isnull=False).exists()


def test_the_veil_follows_a_move_and_a_new_customer(world: World):
    hide(world.north_east, world.north_east)
    fresh = customer(world.north_east, "Fresh")
    assert Tenant.objects.get(pk=fresh.id).veil == 2
    show(world.north_east)
    move_tenant(actor=world.provider.actor, tenant_id=world.kiosk.id, seller_id=world.north.id, now=NOW)
    hide(world.north_east, world.north_east)
    assert veils(world)["kiosk"] == 0
    move_tenant(actor=world.provider.actor, tenant_id=world.mill.id, seller_id=world.north_east.id, now=NOW)
    assert veils(world)["mill"] == 2
    move_tenant(actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.south.id, now=NOW)
    assert Tenant.objects.get(pk=fresh.id).veil == 2
    hide(world.south, world.south)
    show(world.north_east)
    assert veils(world)["mill"] == 1
    assert tree() == []


ATTACKS = [
    "UPDATE tenants_tenant SET veil = 0 WHERE id = {kiosk}",
    "UPDATE tenants_tenant SET veil = 0, status = 'suspended' WHERE id = {kiosk}",
    "INSERT INTO tenants_tenant (id, kind, provider_id, parent_id, status, created_at, lft, rght, level, tree_id, "
    "veil, ancestors) SELECT 900000, 'customer', provider_id, id, 'active', now(), rght, rght + 1, level + 1, tree_id, "
    "0, '{{}}' FROM tenants_tenant WHERE id = {north_east}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_cannot_write_a_veil(world: World, attack: str):
    """A trigger puts back what is written directly; a new tenant gets what follows from its seller."""
    hide(world.north_east, world.north_east)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(attack.format(kiosk=world.kiosk.id, north_east=world.north_east.id))
        beneath = Tenant.objects.within(world.north_east.id).customers()
        assert set(beneath.values_list("veil", flat=True)) == {2}
        transaction.set_rollback(True)


def test_raw_sql_that_hides_at_two_levels_gives_the_same_veils(world: World):
    ids = [world.north.id, world.north_east.id]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_tenant SET hides_customers_at = now() WHERE id = ANY (%s)", [ids])
    assert veils(world) == {"shop": 1, "kiosk": 2, "mill": 0, "direct": 0}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_tenant SET hides_customers_at = NULL WHERE id = ANY (%s)", [ids])
    assert set(veils(world).values()) == {0}


@pytest.mark.django_db(transaction=True)
def test_a_damaged_veil_is_found_and_put_right(committed_world: World):
    from tenants.services.rebuild import rebuild_ancestors

    world = committed_world
    hide(world.north, world.north_east)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants_tenant DISABLE TRIGGER USER")
        cursor.execute("UPDATE tenants_tenant SET veil = 0 WHERE id = %s", [world.kiosk.id])
        cursor.execute("ALTER TABLE tenants_tenant ENABLE TRIGGER USER")
    assert [finding for finding in tree() if "veil" in finding]
    assert rebuild_ancestors(tree_id=world.north.tenant.tree_id) == 1
    assert tree() == []
    assert veils(world)["kiosk"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_customer_that_moves_while_its_seller_hides_is_hidden(committed_world: World):
    world = committed_world
    outcomes = together(
        lambda: hide(world.north_east, world.north_east),
        lambda: move_tenant(
            actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.north_east.id, now=NOW
        ),
    )
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert Tenant.objects.get(pk=world.shop.id).veil == 2
    assert tree() == []


def test_the_pages(world: World):
    seller, own = world.provider.browser(), world.north.browser()
    url = f"/console/resellers/{world.north.id}/"
    assert f"{url}hide-customers/" in seller.get(url).content.decode()
    form = seller.get(f"{url}hide-customers/")
    assert "cannot be undone" in form.content.decode()
    sent = {"request_id": form.context["form"]["request_id"].value()}
    assert seller.post(f"{url}hide-customers/", sent)["Location"] == url
    page = seller.get(url).content.decode()
    assert "hide-customers" not in page
    assert "Shop" not in seller.get("/console/customers/").content.decode()
    settings = "/portal/settings/customer-visibility/"
    form = own.get(settings).context["form"]
    assert form["visible"].value() is False
    sent = {"request_id": form["request_id"].value()}
    assert own.post(settings, sent | {"visible": "on"}).status_code == 302
    assert "Shop" in seller.get("/console/customers/").content.decode()
    assert own.post(settings, sent).status_code == 302
    assert "Shop" not in seller.get("/console/customers/").content.decode()
    assert own.post(settings, {"request_id": "no"}).status_code == 422
    assert world.south.browser().get(f"/portal/resellers/{world.north.id}/hide-customers/").status_code == 404
    assert seller.get("/console/settings/customer-visibility/").status_code == 404
    assert world.shop.browser().get(settings).status_code == 403


def test_over_rest(world: World):
    api, own = world.provider.api(), world.north.api()
    path = f"resellers/{world.north.id}/hide-customers"
    assert api.get(f"resellers/{world.north.id}").json()["customers_visible"] is True
    for _twice in range(2):
        answer = api.post(path)
        assert (answer.status_code, answer.json()["customers_visible"]) == (200, False)
    row = api.get(f"customers/{world.shop.id}").json()
    assert (row["name"], row["owner_email"], row["named"]) == (f"Customer {world.shop.id}", "", False)
    assert own.get(f"customers/{world.shop.id}").json()["name"] == "Shop"
    assert own.get("me/customer-visibility").json()["visible"] is False
    patch = own.client.patch
    options = {"content_type": "application/json"}
    answer = patch("/api/v1/me/customer-visibility", {"visible": True}, **options)
    assert (answer.status_code, answer.json()) == (200, {"visible": True, "hidden_at": None})
    assert api.get(f"customers/{world.shop.id}").json()["name"] == "Shop"
    assert patch("/api/v1/me/customer-visibility", {"visible": "perhaps"}, **options).status_code == 422
    assert patch("/api/v1/me/customer-visibility", {"visible": False}, **options).json()["visible"] is False
    assert world.south.api().post(path).status_code == 404
    assert world.provider.api("read").post(path).status_code == 403
    assert api.get("me/customer-visibility").status_code == 404
    assert world.north.api("read").get("me/customer-visibility").status_code == 403


def test_a_stored_answer_with_the_name_is_not_given_again(world: World):
    api = world.provider.api()
    path = f"customers/{world.shop.id}/suspend"
    assert api.post(path, {}, key="again").json()["name"] == "Shop"
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=timezone.now())
    answer = api.post(path, {}, key="again")
    assert (answer.status_code, answer.json()["code"]) == (409, "answer-withheld")
    assert b"Shop" not in answer.content
    assert api.post(f"customers/{world.direct.id}/suspend", {}, key="other").json()["name"] == "Direct"


def test_nobody_reads_by_moving_converting_or_letting_somebody_in(world: World):
    hide(world.provider, world.north_east)
    for mover, seller in ((world.provider, world.provider), (world.north, world.north), (world.provider, world.south)):
        with pytest.raises(NamesWouldShow):
            move_tenant(actor=mover.actor, tenant_id=world.kiosk.id, seller_id=seller.id, now=NOW)
    hide(world.south, world.south)
    with pytest.raises(NamesWouldShow):  # to another who hides: it may be the mover's own
        move_tenant(actor=world.provider.actor, tenant_id=world.kiosk.id, seller_id=world.south.id, now=NOW)
    with pytest.raises(NotFound):
        convert_tenant(actor=world.provider.actor, tenant_id=world.kiosk.id, reseller_type="prepaid", now=NOW)
    person = Person("spy@example.org", name="Spy", password=PASSWORD)
    with pytest.raises(NamesHidden):
        add_user(actor=world.provider.actor, tenant_id=world.north_east.id, person=person, role="read_only", now=NOW)
    with pytest.raises(NamesHidden):
        invite_owner(actor=world.north.actor, reseller_id=world.north_east.id, now=NOW)
    with pytest.raises(NamesHidden):
        invite_member(
            actor=world.provider.actor, tenant_id=world.north.id, email="spy@example.org", role="read_only", now=NOW
        )
    with pytest.raises(NotFound):
        add_user(actor=world.provider.actor, tenant_id=world.kiosk.id, person=person, role="read_only", now=NOW)
    with pytest.raises(NotFound):
        invite_member(
            actor=world.provider.actor, tenant_id=world.kiosk.id, email="spy@example.org", role="read_only", now=NOW
        )
    move_tenant(actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.provider.id, now=NOW)
    assert tree() == []


def test_a_reseller_that_hides_takes_its_customers_out_of_nobody_s_sight(world: World):
    """Beneath North, who hides: North-East cannot be moved away from it by whoever may not read its customers."""
    hide(world.north, world.north)
    with pytest.raises(NamesWouldShow):
        move_tenant(actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.provider.id, now=NOW)
    hide(world.north_east, world.north_east)
    show(world.north)
    move_tenant(actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.provider.id, now=NOW)
    assert not reads(world.provider, world.kiosk)
