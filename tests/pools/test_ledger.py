"""Seats counted at every level, ends at any depth, and raw SQL of the application's login."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.owner import as_owner
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.pool_verify import pools
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.ending import reclaim_seats
from subscriptions.services.pools.purchasing import extend_pool
from subscriptions.services.pools.resolving import accept_pool
from tests.pools.stage import END, line
from tests.world import NOW, reseller

COUNTERS = ("seats", "pending", "allocated", "assigned")


def counted(pool: Pool) -> tuple[int, ...]:
    pool.refresh_from_db()
    return tuple(getattr(pool, name) for name in COUNTERS)


def test_a_pool_goes_down_the_tree_and_its_seats_are_counted_at_every_level(stage):
    world = stage.world
    stock = stage.stock(100)
    given = stage.offer(stock, world.north, 40)
    assert counted(stock) == (100, 40, 0, 0)
    assert counted(given) == (40, 0, 0, 0)
    assert given.state == "pending"
    accept_pool(actor=world.north.actor, pool_id=given.pk, now=NOW)
    accept_pool(actor=world.north.actor, pool_id=given.pk, now=NOW)
    assert counted(stock) == (100, 0, 40, 0)
    below = stage.give(given, world.north_east, 15, by=world.north)
    assigned = assign_seats(
        actor=world.north.actor, pool_id=given.pk, customer_id=world.shop.id, seats=5, request_id=uuid4(), now=NOW
    )
    assert counted(given) == (40, 0, 15, 5)
    assert given.free == 20
    change_assignment(actor=world.north.actor, assignment_id=assigned.pk, seats=0, now=NOW)
    assert counted(given) == (40, 0, 15, 0)
    edit_pool(actor=world.north.actor, pool_id=below.pk, seats=10, now=NOW)
    assert counted(given) == (40, 0, 10, 0)
    assert counted(below) == (10, 0, 0, 0)


def test_the_end_of_a_parent_is_the_end_of_every_child_at_any_depth_without_a_job(stage):
    stock = stage.stock(100)
    levels = line(stage, 4)
    made = [stock]
    givers = [stage.world.provider, *levels]
    for depth, taker in enumerate(levels[:-1]):
        own = {"mode": "date", "at": END - timedelta(days=1)} if depth == 2 else {}
        made.append(stage.give(made[-1], taker, 50 - depth, by=givers[depth], **own))
    extend_pool(actor=stage.world.provider.actor, pool_id=stock.pk, ends_at=NOW + timedelta(days=9), now=NOW)
    ends = [Pool.objects.get(pk=pool.pk).ends_at for pool in made]
    assert ends == [NOW + timedelta(days=9)] * 5
    extend_pool(actor=stage.world.provider.actor, pool_id=stock.pk, ends_at=END + timedelta(days=9), now=NOW)
    ends = [Pool.objects.get(pk=pool.pk).ends_at for pool in made]
    assert ends == [END + timedelta(days=9)] * 3 + [END - timedelta(days=1)] * 2


ENTRY = """
INSERT INTO subscriptions_seatentry
       (provider_id, pool_id, child_id, assignment_id, kind, seats, by_seats, by_pending, by_allocated, by_assigned,
        made_at)
VALUES (%(provider)s, {pool}, {child}, {assignment}, '{kind}', {seats}, 0, 0, 0, 0, '2026-11-20 12:00+00')
"""
POOL = """
INSERT INTO subscriptions_pool (provider_id, tenant_id, grantor_id, parent_id, line, holders, service_type_id, name,
       unit, source, payment_type, state, seats, pending, allocated, assigned, was_assigned, own_end, ends_at,
       end_day, term_months, renews, made_at)
SELECT provider_id, {tenant}, {grantor}, {parent}, '{{}}', '{{}}', service_type_id, 'x', {unit}, 'direct', 'monthly',
       'active', 1000, 0, 0, 0, false, own_end, '2099-01-01', 1, 0, false, made_at
  FROM subscriptions_pool WHERE id = {of}
"""
HAND = """
INSERT INTO subscriptions_poolassignment (provider_id, pool_id, tenant_id, seats, made_at)
VALUES (%(provider)s, %(given)s, {tenant}, 99, '2026-11-20')
"""
SWITCHED = "UPDATE tenants_tenant SET status = '{status}', closed_at = {closed_at} WHERE id = {tenant}"


def entry(kind: str, seats: int, pool: str = "%(stock)s", child: str = "NULL", assignment: str = "NULL") -> str:
    return ENTRY.format(kind=kind, seats=seats, pool=pool, child=child, assignment=assignment)


def row(tenant: str, grantor: str = "tenant_id", parent: str = "id", unit: str = "unit", of: str = "%(stock)s") -> str:
    return POOL.format(tenant=tenant, grantor=grantor, parent=parent, unit=unit, of=of)


def assigned_to(tenant: str) -> str:
    """A seat for somebody who had none."""
    newest = "(SELECT max(id) FROM subscriptions_poolassignment)"
    return f"{HAND.format(tenant=tenant)}; {entry('assign', 1, pool='%(given)s', assignment=newest)}"


def switched(tenant: str, status: str) -> str:
    return SWITCHED.format(tenant=tenant, status=status, closed_at="now()" if status == "closed" else "NULL")


RECLAIMED = (
    "UPDATE subscriptions_pool SET own_end = '2100-01-01' WHERE id = %(stock)s;"
    " UPDATE subscriptions_pool SET own_end = '2098-01-01' WHERE id = %(given)s; "
    + entry("reclaim", 40, child="%(given)s").replace("2026-11-20 12", "2099-01-01 12")
)
OFFER_OVER = "UPDATE subscriptions_pool SET own_end = '2026-11-20 12:00+00' WHERE id = %(offered)s"
ATTACKS = {
    "more seats out of nothing": "UPDATE subscriptions_pool SET seats = 999 WHERE id = %(stock)s",
    "fewer given away than are": "UPDATE subscriptions_pool SET allocated = 0 WHERE id = %(stock)s",
    "nothing waits": "UPDATE subscriptions_pool SET pending = 0 WHERE id = %(stock)s",
    "nothing is assigned": "UPDATE subscriptions_pool SET assigned = 0 WHERE id = %(given)s",
    "accepted by hand": "UPDATE subscriptions_pool SET state = 'active' WHERE id = %(offered)s",
    "pending again": "UPDATE subscriptions_pool SET state = 'pending' WHERE id = %(given)s",
    "another holder": "UPDATE subscriptions_pool SET tenant_id = %(south)s WHERE id = %(given)s",
    "another line": "UPDATE subscriptions_pool SET line = ARRAY[1, 2] WHERE id = %(given)s",
    "other holders above": "UPDATE subscriptions_pool SET holders = ARRAY[%(south)s] WHERE id = %(given)s",
    "a later end": "UPDATE subscriptions_pool SET ends_at = '2099-01-01' WHERE id = %(given)s",
    "never assigned": "UPDATE subscriptions_pool SET was_assigned = false WHERE id = %(given)s",
    "another payment type after all": "UPDATE subscriptions_pool SET payment_type = 'upfront' WHERE id = %(given)s",
    "a pool goes": "DELETE FROM subscriptions_pool WHERE id = %(offered)s",
    "an assignment grows": "UPDATE subscriptions_poolassignment SET seats = 99 WHERE id = %(hand)s",
    "an assignment goes": "DELETE FROM subscriptions_poolassignment WHERE id = %(hand)s",
    "an entry changes": "UPDATE subscriptions_seatentry SET seats = 1 WHERE pool_id = %(stock)s",
    "an entry goes": "DELETE FROM subscriptions_seatentry WHERE pool_id = %(stock)s",
    "received without being given": entry("received", 50, pool="%(given)s"),
    "bought by somebody who was given": entry("purchase", 50, pool="%(given)s"),
    "offered again": entry("offer", 5, child="%(offered)s"),
    "accepted for more": entry("accept", 30, child="%(offered)s"),
    "accepted twice": entry("accept", 40, child="%(given)s"),
    "returned after acceptance": entry("return", 40, child="%(given)s"),
    "declined after acceptance": entry("decline", 40, child="%(given)s"),
    "resized beyond the stock": entry("resize", 70, child="%(given)s"),
    "shrunk below what is assigned": entry("resize", -38, child="%(given)s"),
    "reclaimed alive": entry("reclaim", 40, child="%(given)s"),
    "reclaimed while what it is of is over, which goes on again": "UPDATE subscriptions_pool SET own_end = '2026-11-19'"
    f" WHERE id = %(stock)s; {entry('reclaim', 40, child='%(given)s')};"
    " UPDATE subscriptions_pool SET own_end = '2027-11-20' WHERE id = %(stock)s",
    "reclaimed at an instant to come": entry("reclaim", 40, child="%(given)s").replace("2026-11-20", "2099-01-01"),
    "assigned beneath what was reclaimed at an instant to come": f"{RECLAIMED};"
    + entry("assign", 1, pool="%(below)s", assignment="%(hand_below)s"),
    "returned after its end": f"{OFFER_OVER}; {entry('return', 20, child='%(offered)s')}",
    "declined after its end": f"{OFFER_OVER}; {entry('decline', 20, child='%(offered)s')}",
    "a child of somebody else": entry("resize", 1, child="%(elsewhere)s"),
    "assigned more than there is": entry("assign", 36, pool="%(given)s", assignment="%(hand)s"),
    "assigned before acceptance": entry("assign", 1, pool="%(offered)s", assignment="%(hand)s"),
    "assigned from another pool": entry("assign", 1, pool="%(elsewhere)s", assignment="%(hand)s"),
    "released more than was assigned": entry("assign", -6, pool="%(given)s", assignment="%(hand)s"),
    "the stock sold off": entry("purchase", -60),
    "given in another's name": row("%(north)s", grantor="%(south)s"),
    "given to oneself": row("tenant_id"),
    "given as another unit": row("%(north)s", unit="'objects'"),
    "held by a customer": row("%(shop)s"),
    "held in another house": row("%(stranger)s"),
    "from nobody": row("%(north)s", grantor="NULL"),
    "given to who is not mapped": row("%(unmapped)s"),
    "given to who is suspended": f"{switched('%(south)s', 'suspended')}; {row('%(south)s')}",
    "given to a rival, whom nobody supplies": row("%(south)s", of="%(given)s"),
    "given to one above": row("%(provider)s", of="%(given)s"),
    "purchased by who does not buy": row("%(north)s", grantor="NULL", parent="NULL"),
    "assigned to a rival's customer": assigned_to("%(mill)s"),
    "assigned to a customer of a reseller beneath": assigned_to("%(kiosk)s"),
    "assigned to a reseller": assigned_to("%(north_east)s"),
    "assigned to who is suspended": switched("%(shop)s", "suspended")
    + f"; {entry('assign', 1, pool='%(given)s', assignment='%(hand)s')}",
    "assigned to who is deleted": switched("%(shop)s", "closed")
    + f"; {entry('assign', 1, pool='%(given)s', assignment='%(hand)s')}",
    "more of what has ended": "UPDATE subscriptions_pool SET own_end = '2026-11-20 12:00+00' WHERE id = %(given)s; "
    + entry("resize", 1, child="%(given)s"),
    "switched off": "ALTER TABLE subscriptions_seatentry DISABLE TRIGGER ALL",
}


def targets(stage) -> dict[str, int]:
    """What is there to be attacked."""
    world = stage.world
    stock, elsewhere = stage.stock(100), stage.stock(10)
    given = stage.give(stock, world.north, 40)
    offered = stage.offer(stock, world.south, 20)
    hand = assign_seats(
        actor=world.north.actor, pool_id=given.pk, customer_id=world.shop.id, seats=5, request_id=uuid4(), now=NOW
    )
    below = stage.give(given, world.north_east, 15, by=world.north)
    hand_below = assign_seats(
        actor=world.north_east.actor, pool_id=below.pk, customer_id=world.kiosk.id, seats=1, request_id=uuid4(), now=NOW
    )
    who = ("provider", "north", "north_east", "south", "shop", "mill", "kiosk", "stranger")
    ids = {name: getattr(world, name).id for name in who} | {"unmapped": reseller(world.provider, "Unmapped").id}
    rows = {"stock": stock, "given": given, "offered": offered, "elsewhere": elsewhere, "below": below}
    rows |= {"hand": hand, "hand_below": hand_below}
    return ids | {name: row.pk for name, row in rows.items()}


@pytest.fixture
def attacked(stage):
    return targets(stage)


def attack(statement: str, ids: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE", ids)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_application_s_login_cannot(attacked, name):
    with pytest.raises(DatabaseError), transaction.atomic():
        attack(ATTACKS[name], attacked)
    assert pools() == []


DEAD = {
    "an end": "UPDATE subscriptions_pool SET own_end = '2101-01-01' WHERE id = %(below)s",
    "a seat": entry("assign", 1, pool="%(below)s", assignment="%(hand_below)s"),
    "more": entry("resize", 1, pool="%(given)s", child="%(below)s"),
    "once more": entry("reclaim", 15, pool="%(given)s", child="%(below)s").replace("2026-11-20 12", "2099-01-01 12"),
}
"""What is said of something beneath what was taken back."""


def test_what_is_taken_back_by_forged_dates_takes_all_beneath_it_along(attacked):
    """No clock is asked: seats that are free again above live nowhere else, whatever the dates say."""
    attack(RECLAIMED, attacked)
    rows = {row.pk: row for row in Pool.objects.with_status(NOW).filter(line__contains=[attacked["stock"]])}
    dead = {attacked["given"], attacked["below"]}
    assert {pk for pk, row in rows.items() if row.status == "expired"} == dead
    assert sum(row.free + row.assigned for pk, row in rows.items() if pk not in dead) == 100
    for what, statement in DEAD.items():
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            attack(statement, attacked)
        rule = refused.value.__cause__.diag.constraint_name
        assert rule == ("pool_not_active" if what in {"a seat", "more"} else "pool_over"), what
    attack(entry("assign", -1, pool="%(below)s", assignment="%(hand_below)s"), attacked)
    assert pools() == []


@pytest.mark.django_db(transaction=True)
def test_verify_finds_what_lives_beneath_what_was_taken_back(committed_stage):
    stage, world = committed_stage, committed_stage.world
    given = stage.give(stage.stock(100), world.north, 40, mode="date", at=END - timedelta(days=9))
    below = stage.give(given, world.north_east, 15, by=world.north)
    reclaim_seats(parent_id=given.parent_id, now=END - timedelta(days=8))
    assert pools() == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE subscriptions_pool SET reclaimed_at = NULL WHERE id = %s", [below.pk])
    assert pools() == [f"pool {below.pk}: lives beneath pool {given.pk}, which was taken back"]


def test_verify_finds_seats_of_who_is_gone(attacked):
    attack(switched("%(shop)s", "closed"), attacked)
    told = f"pool {attacked['given']}: customer {attacked['shop']} has 5 of it, and is deleted or buys from another"
    assert pools() == [told]


def test_an_assignment_begins_empty(attacked):
    attack(HAND.format(tenant="%(mill)s"), attacked)
    assert PoolAssignment.objects.get(tenant=attacked["mill"]).seats == 0


def test_a_new_pool_is_empty_and_waits_whatever_is_written(attacked):
    with connection.cursor() as cursor:
        cursor.execute(row("%(south)s"), attacked)
    pool = Pool.objects.order_by("-pk").first()
    assert counted(pool) == (0, 0, 0, 0)
    assert pool.state == "pending"
    assert pool.line == [attacked["stock"], pool.pk]
    assert SeatEntry.objects.filter(pool=pool).count() == 0
