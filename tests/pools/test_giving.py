"""Who gives pools to whom: several at once, all or none; from a supplier elsewhere, who sees only what it gave."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, NotFound, Refusal, RequestReused
from subscriptions.models import Pool, PoolSupply
from subscriptions.pool_verify import pools
from subscriptions.selectors.pools import pools as seen
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.giving import Wanted, give_pools
from subscriptions.services.pools.supplying import add_supplier, end_supply
from tenants.models import Event, Mail, ResellerTerms
from tenants.services.closing import close_tenant
from tenants.services.obstacles import StillActive
from tests.pools.stage import Stage
from tests.together import together
from tests.world import NOW, Player, reseller


def wanted(pool: Pool, seats: int) -> Wanted:
    return Wanted(pool.pk, "direct", "monthly", seats)


def give(by: Player, to: list[Player], what: list[Wanted], request_id=None) -> list[Pool]:
    request_id = request_id or uuid4()
    ids = [player.id for player in to]
    return give_pools(actor=by.actor, reseller_ids=ids, wanted=what, request_id=request_id, now=NOW)


def test_several_resellers_are_given_the_same_or_nobody_anything(stage: Stage):
    world = stage.world
    first, second = stage.stock(100), stage.stock(30)
    both = [world.north, world.south]
    with pytest.raises(Refusal) as refused:
        give(world.provider, both, [wanted(first, 40), wanted(second, 16)])
    assert refused.value.code == "pool-exhausted"
    assert Pool.objects.filter(parent__isnull=False).count() == 0
    request_id = uuid4()
    made = give(world.provider, both, [wanted(second, 15), wanted(first, 40)], request_id)
    assert sorted((pool.tenant_id, pool.seats) for pool in made) == sorted(
        (player.id, seats) for player in both for seats in (15, 40)
    )
    again = give(world.provider, both, [wanted(first, 40), wanted(second, 15)], request_id)
    assert {pool.pk for pool in again} == {pool.pk for pool in made}
    with pytest.raises(RequestReused):
        give(world.provider, both, [wanted(first, 41), wanted(second, 15)], request_id)
    assert Mail.objects.filter(kind="pool_offered").count() == 4
    assert pools() == []


def test_an_unmapped_reseller_is_given_nothing(stage: Stage):
    world = stage.world
    stock = stage.stock(10)
    unmapped = reseller(world.provider, "Unmapped")
    with pytest.raises(Refusal) as refused:
        give(world.provider, [world.north, unmapped], [wanted(stock, 1)])
    assert refused.value.code == "not-mapped"
    page = f"/console/resellers/{unmapped.id}/pools/add/"
    assert world.provider.browser().get(page).status_code == 409
    body = {"pools": [{"source_pool": stock.pk, "source": "direct", "payment_type": "monthly", "seats": 1}]}
    answer = world.provider.api().post(f"resellers/{unmapped.id}/pools", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-mapped")


def test_several_over_rest_and_by_the_boxes_of_the_directory(stage: Stage):
    world = stage.world
    stock = stage.stock(100)
    one = {"source_pool": stock.pk, "source": "direct", "payment_type": "monthly", "seats": 10}
    body = {"resellers": [world.north.id, world.south.id], "pools": [one]}
    api = world.provider.api()
    given = api.post("pools/give", body, key="once")
    assert given.status_code == 201, given.content
    assert api.post("pools/give", body, key="once").json() == given.json()
    assert {row["holder"] for row in given.json()} == {world.north.id, world.south.id}
    assert api.post("pools/give", body | {"resellers": []}).status_code == 422
    assert world.south.api().post("pools/give", body).status_code == 404
    browser = world.provider.browser()
    chosen = [world.north.id, world.south.id, reseller(world.provider, "Unmapped").id]
    ticked = browser.post("/console/pools/give/", {"selected": chosen})
    assert ticked.status_code == 200
    assert "1 reseller was left out" in ticked.content.decode()
    assert list(ticked.context["form"].initial["resellers"]) == [world.north.id, world.south.id]
    prefix = f"service{stage.service.pk}"
    said = {
        "resellers": chosen[:2], "services": stage.service.pk, "save": "1", f"{prefix}-pool": stock.pk,
        f"{prefix}-source": "direct", f"{prefix}-payment_type": "monthly", f"{prefix}-mode": "same_as_pool",
        "request_id": str(uuid4()),
    }  # fmt: skip
    nobody = browser.post("/console/pools/give/", {"services": stage.service.pk, "request_id": str(uuid4())})
    assert nobody.status_code == 422
    refused = browser.post("/console/pools/give/", said | {f"{prefix}-seats": 41})
    assert refused.status_code == 422
    assert 'value="41"' in refused.content.decode()
    assert browser.post("/console/pools/give/", said | {f"{prefix}-seats": 40}).status_code == 302
    assert Pool.objects.get(pk=stock.pk).pending == 100
    assert pools() == []


@pytest.fixture
def two(stage: Stage) -> Stage:
    """North and South are large account resellers; South's customer buys from South."""
    ResellerTerms.objects.filter(pk__in=[stage.world.north.id, stage.world.south.id]).update(is_large=True)
    return stage


def supply(stage: Stage, supplier: Player, taker: Player) -> PoolSupply:
    return add_supplier(actor=stage.world.provider.actor, reseller_id=taker.id, supplier_id=supplier.id, now=NOW)


def test_a_supplier_is_large_elsewhere_and_made_by_the_provider(two: Stage):
    world = two.world
    with pytest.raises(Refusal) as refused:
        supply(two, world.north, world.north_east)
    assert refused.value.code == "no-supplier"
    with pytest.raises(Refusal) as refused:
        supply(two, world.north_east, world.south)
    assert refused.value.code == "no-supplier"
    with pytest.raises(Forbidden):
        add_supplier(actor=world.north.actor, reseller_id=world.south.id, supplier_id=world.north.id, now=NOW)
    made = supply(two, world.south, world.north_east)
    assert supply(two, world.south, world.north_east).pk == made.pk
    for player, status in ((world.south, 200), (world.north_east, 200), (world.north, 404), (world.stranger, 404)):
        assert player.api().get(f"supplies/{made.pk}").status_code == status
    assert world.north.api().post(f"supplies/{made.pk}/end").status_code == 403


def test_supplies_on_pages_and_over_rest(two: Stage):
    world = two.world
    browser, api = world.provider.browser(), world.provider.api()
    page = f"/console/resellers/{world.north_east.id}/suppliers/add/"
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"request_id": str(uuid4()), "supplier": world.north.id}).status_code == 422
    assert browser.post(page, {"request_id": str(uuid4()), "supplier": world.south.id}).status_code == 302
    made = PoolSupply.objects.get()
    said = api.post(f"resellers/{world.north_east.id}/suppliers", {"supplier": world.south.id})
    assert (said.status_code, said.json()["id"]) == (201, made.pk)
    assert "South" in browser.get(f"/console/resellers/{world.north_east.id}/?tab=pools").content.decode()
    end = f"/console/supplies/{made.pk}/end/"
    assert browser.get(end).status_code == 200
    assert browser.post(end, {"request_id": str(uuid4())}).status_code == 302
    assert api.post(f"supplies/{made.pk}/end").json()["ended_at"]
    assert world.north.browser().get(end.replace("console", "portal")).status_code == 404


def test_each_of_two_givers_sees_only_what_it_gave(two: Stage):
    world = two.world
    taker = world.north_east
    from_north = two.give(two.stock(100, holder=world.north, name="Of North"), taker, 40, by=world.north)
    stock = two.stock(100, holder=world.south, name="Of South")
    with pytest.raises(NotFound):
        give(world.south, [taker], [wanted(stock, 30)])
    with pytest.raises(Refusal) as refused:
        give(world.provider, [taker], [wanted(stock, 30)])
    assert refused.value.code == "not-supplied"
    made = supply(two, world.south, taker)
    from_south = two.give(stock, taker, 30, by=world.south)
    for pool, seats in ((from_north, 5), (from_south, 7)):
        assign_seats(
            actor=taker.actor, pool_id=pool.pk, customer_id=world.kiosk.id, seats=seats, request_id=uuid4(), now=NOW
        )
    expected = {world.north: (from_north, 40, 5), world.south: (from_south, 30, 7)}
    for giver, (pool, total, assigned) in expected.items():
        other = from_south if pool == from_north else from_north
        assert set(seen(giver.actor, NOW).filter(tenant=taker.id).values_list("pk", flat=True)) == {pool.pk}
        api, browser = giver.api(), giver.browser()
        numbers = api.get(f"resellers/{taker.id}/dashboard").json()
        (units,) = numbers["units"]
        assert (numbers["pools"], numbers["customers"], units["total"], units["allocated"]) == (1, 1, total, assigned)
        assert api.get(f"pools/{other.pk}").status_code == 404
        assert [row["seats"] for row in api.get("assignments").json()["results"]] == [assigned]
        page = browser.get(f"/portal/pools/holders/{taker.id}/").content.decode()
        listed = browser.get("/portal/pools/?export=csv&filename=x")
        whole = page + b"".join(listed.streaming_content).decode() + browser.get("/portal/events/").content.decode()
        whole += browser.get("/portal/pools/customers/").content.decode()
        assert pool.name in whole
        assert other.name not in whole
        assert f">{other.pk}<" not in whole
        assert ("Kiosk" in whole) == (giver == world.north)
        assert browser.get(f"/portal/pools/{other.pk}/").status_code == 404
    assert "Pool offered" in world.south.browser().get("/portal/events/").content.decode()
    log = {row.kind for row in Event.objects.filter(subject_type="pool", subject_id=from_south.pk)}
    assert {"pool.offered", "pool.accepted", "pool.seats_assigned"} <= log
    with pytest.raises(Refusal) as refused:
        edit_pool(actor=world.south.actor, pool_id=from_south.pk, seats=6, now=NOW)
    assert f"Customer {world.kiosk.id}" in refused.value.detail
    assert "Kiosk" not in refused.value.detail
    end_supply(actor=world.provider.actor, supply_id=made.pk, now=NOW)
    with pytest.raises(NotFound):
        give(world.south, [taker], [wanted(stock, 1)])
    assert Pool.objects.get(pk=from_south.pk).state == "active"
    assert pools() == []


def test_a_reseller_with_active_pools_is_not_deleted_and_they_are_listed(two: Stage):
    world = two.world
    stock = two.stock(10, holder=world.north, name="Of North")
    pool = two.offer(stock, world.north_east, 4, by=world.north)
    supply(two, world.south, world.north_east)
    two.offer(two.stock(10, holder=world.south, name="Of South"), world.north_east, 4, by=world.south)
    close_tenant(actor=world.north_east.actor, tenant_id=world.kiosk.id, confirmation="Yes", now=NOW)
    with pytest.raises(StillActive) as refused:
        close_tenant(actor=world.north.actor, tenant_id=world.north_east.id, confirmation="Yes", now=NOW)
    assert "still-active" in refused.value.code
    page = world.north.browser().get(f"/portal/resellers/{world.north_east.id}/delete/").content.decode()
    assert f"Of North · {pool.pk}" in page
    assert "Of South" not in page
    assert "Pools from other suppliers" in page
    house = world.provider.browser().get(f"/console/resellers/{world.north_east.id}/delete/").content.decode()
    assert "Of South" in house


SUPPLY_ATTACKS = {
    "to oneself": "INSERT INTO subscriptions_poolsupply (provider_id, grantor_id, tenant_id, made_at)"
    " VALUES (%(provider)s, %(north)s, %(north)s, now())",
    "a customer supplied": "INSERT INTO subscriptions_poolsupply (provider_id, grantor_id, tenant_id, made_at)"
    " VALUES (%(provider)s, %(north)s, %(shop)s, now())",
    "into another house": "INSERT INTO subscriptions_poolsupply (provider_id, grantor_id, tenant_id, made_at)"
    " VALUES (%(provider)s, %(north)s, %(stranger_reseller)s, now())",
    "another supplier": "UPDATE subscriptions_poolsupply SET grantor_id = %(north)s WHERE id = %(supply)s",
    "begun again": "UPDATE subscriptions_poolsupply SET ended_at = NULL WHERE id = %(supply)s",
    "gone": "DELETE FROM subscriptions_poolsupply WHERE id = %(supply)s",
}


@pytest.mark.parametrize("name", SUPPLY_ATTACKS)
def test_the_application_s_login_cannot_supply(two: Stage, name: str):
    world = two.world
    made = supply(two, world.south, world.north_east)
    end_supply(actor=world.provider.actor, supply_id=made.pk, now=NOW)
    ids = {who: getattr(world, who).id for who in ("provider", "north", "shop", "stranger_reseller")}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SUPPLY_ATTACKS[name], ids | {"supply": made.pk})


@pytest.mark.django_db(transaction=True)
def test_the_same_at_the_same_time_is_given_once(committed_stage: Stage):
    world = committed_stage.world
    stock = committed_stage.stock(100)
    request_id, hand_id = uuid4(), uuid4()
    both = [world.north, world.south]
    outcomes = together(*[lambda: give(world.provider, both, [wanted(stock, 10)], request_id)] * 4)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert len({tuple(sorted(pool.pk for pool in one)) for one in outcomes}) == 1
    pool = committed_stage.give(stock, world.north, 10)

    def hand():
        return assign_seats(
            actor=world.north.actor, pool_id=pool.pk, customer_id=world.shop.id, seats=2, request_id=hand_id, now=NOW
        )

    hands = together(*[hand] * 4)
    assert {one.pk for one in hands} == {hands[0].pk}
    assert Pool.objects.get(pk=pool.pk).assigned == 2
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    made = together(*[lambda: supply(committed_stage, world.south, world.north_east)] * 3)
    assert {one.pk for one in made} == {made[0].pk}
    assert pools() == []
