"""Price lists: made, switched and assigned; who lets go of one, what the database holds of them, and two at once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import PriceList, PriceListHolder, PriceRule
from catalog.refusals import ListAssigned, ListNotActive, ManagedByAnother, NotABuyer
from catalog.services.prices import assign_price_list
from catalog.services.types import create_service_type
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from resellerhub.kernel.sqlstates import sql_state
from tenants.models import Event
from tenants.roles import Role
from tenants.services.closing import close_tenant
from tenants.services.conversion import convert_tenant
from tenants.services.moves import move_tenant
from tests.catalog.lists import assign, change, held, line, make, put, release
from tests.together import together
from tests.world import NOW, customer, reseller


def events(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=f"price_list.{kind}").order_by("pk"))


def test_a_list_is_made_switched_and_is_one_of_its_name(world):
    gold = make(world.north, name="Gold")
    assert (gold.tenant_id, gold.provider_id, gold.is_active) == (world.north.id, world.provider.id, True)
    with pytest.raises(Invalid) as refused:
        make(world.north, name=" Gold ")
    assert list(refused.value.errors) == ["name"]
    for bad, field in (({"name": " "}, "name"), ({"currency": "eur"}, "currency"), ({"audience": "x"}, "audience")):
        with pytest.raises(Invalid) as refused:
            make(world.north, **{"audience": "customer"} | bad)
        assert list(refused.value.errors) == [field]
    assert change(world.north, gold, name="Golden").name == "Golden"
    assert change(world.north, gold, name="Golden", now=NOW + timedelta(days=1)).name == "Golden"
    [event] = events("changed")
    assert (event.before, event.after, event.tenant_id) == ({"name": "Gold"}, {"name": "Golden"}, world.north.id)


def test_of_an_audience_and_a_currency_one_is_the_default(world):
    first = make(world.north, is_default=True)
    make(world.north, "reseller", is_default=True)
    make(world.north, currency="USD", is_default=True)
    second = make(world.north, is_default=True)
    assert PriceList.objects.filter(is_default=True).count() == 3
    change(world.north, first, is_default=True)
    second.refresh_from_db()
    assert not second.is_default
    with pytest.raises(ListNotActive):
        change(world.north, first, is_default=True, is_active=False)
    assert not change(world.north, first, is_default=False, is_active=False).is_active


def test_who_sees_and_changes_it(world):
    gold, own = make(world.north, name="Gold"), make(world.provider, "reseller")
    for player in (world.south, world.shop, world.stranger):
        with pytest.raises((NotFound, Forbidden)):
            change(player, gold, name="Mine")
        assert not PriceList.objects.visible_to(player.actor).filter(pk=gold.pk).exists()
    with pytest.raises(NotFound):
        change(world.north, own, name="Mine")  # it holds it at most
    below = make(world.north_east)
    with pytest.raises(ManagedByAnother):
        change(world.north, below, name="Mine")
    assert change(world.provider, below, name="In its place").name == "In its place"
    seller = world.north.member(Role.SALES)
    with pytest.raises(Forbidden):
        assign_price_list(actor=seller, price_list_id=gold.pk, tenant_ids=[world.shop.id], now=NOW)


def test_it_is_assigned_to_who_buys_from_its_seller(world):
    gold, silver = make(world.north, name="Gold"), make(world.north, name="Silver")
    other = customer(world.north, "Other")
    assert assign(world.north, gold, world.shop, other) == 2
    assert assign(world.north, gold, world.shop, other) == 0
    assert assign(world.north, silver, world.shop) == 1
    assert held(world.shop, other) == [silver.pk, gold.pk]
    assert [event.after["holders"] for event in events("assigned")] == [[world.shop.id, other.id], [world.shop.id]]
    [lost] = events("unassigned")
    assert (lost.subject_id, lost.after["holders"]) == (gold.pk, [world.shop.id])
    for one, refusal in ((world.kiosk, NotABuyer), (world.north_east, NotABuyer), (world.mill, NotFound)):
        with pytest.raises(refusal):
            assign(world.north, gold, world.shop, one)
    with pytest.raises(ListAssigned):
        change(world.north, silver, is_active=False)
    assert release(world.north, silver, world.shop, other) == 1
    change(world.north, silver, is_active=False)
    with pytest.raises(ListNotActive):
        assign(world.north, silver, world.shop)
    assert held(world.shop, other) == [None, gold.pk]


def test_the_holder_does_not_see_what_it_holds(world):
    tier = make(world.provider, "reseller", name="Tier one")
    gold = make(world.north, name="Gold")
    assign(world.provider, tier, world.north)
    assign(world.north, gold, world.shop)
    for player, list_held in ((world.north, tier), (world.shop, gold)):
        assert not PriceListHolder.objects.visible_to(player.actor).filter(tenant=player.id).exists()
        assert not Event.objects.visible_to(player.actor).filter(subject_type="pricelist", subject_id=list_held.pk)
    assert PriceListHolder.objects.visible_to(world.provider.actor).count() == 2
    assert PriceListHolder.objects.visible_to(world.north.actor).get().tenant_id == world.shop.id


def test_who_leaves_its_seller_lets_go(world):
    gold = make(world.north, name="Gold")
    more = [customer(world.north, name) for name in ("Moves", "Closes", "Converts")]
    assign(world.north, gold, world.shop, *more)
    west = reseller(world.provider, "West")
    west_list = make(west)
    moves, closes, converts = more
    move_tenant(actor=world.provider.actor, tenant_id=moves.id, seller_id=west.id, now=NOW)
    close_tenant(actor=world.north.actor, tenant_id=closes.id, confirmation="Yes", now=NOW)
    convert_tenant(actor=world.north.actor, tenant_id=converts.id, reseller_type="prepaid", now=NOW)
    assert held(world.shop, *more) == [gold.pk, None, None, None]
    assert [event.after["holders"] for event in events("unassigned")] == [[moves.id], [closes.id], [converts.id]]
    assert "price" not in str(Event.objects.filter(tenant_id=moves.id).latest("pk").after)
    move_tenant(actor=world.provider.actor, tenant_id=moves.id, seller_id=world.north.id, now=NOW)
    convert_tenant(actor=world.provider.actor, tenant_id=west.id, now=NOW)
    west_list.refresh_from_db()
    assert not west_list.is_active


ATTACKS = {
    "somebody elses customer": "UPDATE catalog_pricelistholder SET tenant_id = {mill}",
    "of another kind": "INSERT INTO catalog_pricelistholder (tenant_id, price_list_id, seller_id, provider_id)"
    " VALUES ({north_east}, {gold}, {north}, {provider})",
    "another seller": "UPDATE catalog_pricelistholder SET seller_id = {provider}",
    "a list that is off": "UPDATE catalog_pricelistholder SET price_list_id = {off}",
    "two of one buyer": "INSERT INTO catalog_pricelistholder (tenant_id, price_list_id, seller_id, provider_id)"
    " VALUES ({shop}, {gold}, {north}, {provider})",
    "switched off while held": "UPDATE catalog_pricelist SET is_active = false WHERE id = {gold}",
    "another currency": "UPDATE catalog_pricelist SET currency = 'USD' WHERE id = {gold}",
    "another audience": "UPDATE catalog_pricelist SET audience = 'reseller' WHERE id = {gold}",
    "two defaults": "UPDATE catalog_pricelist SET is_default = true, is_active = true WHERE tenant_id = {north}",
    "a default that is off": "UPDATE catalog_pricelist SET is_default = true WHERE id = {off}",
    "a rule that is changed": "UPDATE catalog_pricerule SET value = 1",
    "a rule that is deleted": "DELETE FROM catalog_pricerule",
    "in the past": "{rule} '2020-01-01', NULL, NULL, 'fixed', 1, NULL, NULL)",
    "of another house": "{rule} '2026-11-20', NULL, {strange}, 'fixed', 1, NULL, NULL)",
    "of somebody beneath": "{rule} '2026-11-20', {below}, NULL, 'fixed', 1, NULL, NULL)",
    "bounds for customers": "{rule} '2026-11-20', NULL, NULL, 'fixed', 1, 1, NULL)",
    "an end that says more": "{rule} '2026-11-20', NULL, NULL, 'keep', 1, NULL, NULL)",
    "what the fee says, and more": "{rule} '2026-11-20', NULL, NULL, 'stated', 1, NULL, NULL)",
    "more than all of the margin": "{rule} '2026-11-20', NULL, NULL, 'split', 101, NULL, NULL)",
    "another method": "{rule} '2026-11-20', NULL, NULL, 'gift', 1, NULL, NULL)",
    "left behind": "UPDATE tenants_tenant SET status = 'closed', closed_at = now() WHERE id = {shop};"
    " SET CONSTRAINTS ALL IMMEDIATE",
}
RULE = (
    "INSERT INTO catalog_pricerule (price_list_id, made_at, cycle, effective_on, package_id, service_type_id, method,"
    " value, floor, ceiling) VALUES ({gold}, '2026-11-20T12:00Z', '',"
)


def test_the_database_holds_it_against_any_sql(market):
    world = market.world
    gold, off = make(world.north, name="Gold", is_default=True), make(world.north, name="Off")
    change(world.north, off, is_active=False)
    assign(world.north, gold, world.shop)
    put(world.north, gold, line("fixed", "5"))
    strange = create_service_type(actor=world.stranger.actor, code="strange", name="Strange", now=NOW)
    below = market.package("Beneath", "customer", {market.mailbox: 1}, managed_by_id=world.north_east.id)
    ids = {"gold": gold.pk, "off": off.pk, "strange": strange.pk, "below": below.pk}
    ids |= {name: getattr(world, name).id for name in ("north", "provider", "shop", "mill", "north_east")}
    for attack, sql in ATTACKS.items():
        said = sql.format(rule=RULE.format(**ids), **ids)
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(said)
        assert sql_state(refused.value)[:2] in {"23", "42"}, attack
        assert sql_state(refused.value) != "42601", attack  # not for its grammar
    assert PriceRule.objects.count() == 1


def test_two_assignments_at_once_leave_one(committed_world):
    world = committed_world
    gold, silver = make(world.north, name="Gold"), make(world.north, name="Silver")
    outcomes = together(*(lambda row=row: assign(world.north, row, world.shop) for row in (gold, silver, gold, silver)))
    assert all(outcome in {0, 1} for outcome in outcomes)
    assert held(world.shop)[0] in {gold.pk, silver.pk}
    taken = sum(len(event.after["holders"]) for event in events("assigned"))
    lost = sum(len(event.after["holders"]) for event in events("unassigned"))
    assert taken - lost == 1


def test_an_assignment_and_a_move_at_once_leave_nothing_behind(committed_world):
    world = committed_world
    gold, west = make(world.north, name="Gold"), reseller(world.provider, "West")
    outcomes = together(
        lambda: assign(world.north, gold, world.shop),
        lambda: move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=west.id, now=NOW),
    )
    assert not isinstance(outcomes[1], Exception)
    assert outcomes[0] == 1 or isinstance(outcomes[0], NotFound | NotABuyer)
    assert held(world.shop) == [None]
