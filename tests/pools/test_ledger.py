"""Seats against a model in memory, and against raw SQL of the application's login."""

import random
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.ending import reclaim_seats
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.purchasing import change_stock, extend_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool
from tests.pools.stage import END, line
from tests.world import NOW

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
    pools = [stock]
    givers = [stage.world.provider, *levels]
    for depth, taker in enumerate(levels[:-1]):
        own = {"mode": "date", "at": END - timedelta(days=1)} if depth == 2 else {}
        pools.append(stage.give(pools[-1], taker, 50 - depth, by=givers[depth], **own))
    extend_pool(actor=stage.world.provider.actor, pool_id=stock.pk, ends_at=NOW + timedelta(days=9), now=NOW)
    ends = [Pool.objects.get(pk=pool.pk).ends_at for pool in pools]
    assert ends == [NOW + timedelta(days=9)] * 5
    extend_pool(actor=stage.world.provider.actor, pool_id=stock.pk, ends_at=END + timedelta(days=9), now=NOW)
    ends = [Pool.objects.get(pk=pool.pk).ends_at for pool in pools]
    assert ends == [END + timedelta(days=9)] * 3 + [END - timedelta(days=1)] * 2


def ledger_disagrees() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT p.id, p.seats, p.pending, p.allocated, p.assigned, e.* FROM subscriptions_pool p
              LEFT JOIN (SELECT pool_id, sum(by_seats) a, sum(by_pending) b, sum(by_allocated) c, sum(by_assigned) d
                           FROM subscriptions_seatentry GROUP BY pool_id) e ON e.pool_id = p.id
              CROSS JOIN LATERAL (
                   SELECT coalesce(sum(c.seats) FILTER (WHERE c.state = 'pending'), 0) AS waiting,
                          coalesce(sum(c.seats) FILTER (WHERE c.state = 'active'), 0) AS given
                     FROM subscriptions_pool c WHERE c.parent_id = p.id AND c.reclaimed_at IS NULL) AS below
              CROSS JOIN LATERAL (SELECT coalesce(sum(seats), 0) AS handed
                                    FROM subscriptions_poolassignment WHERE pool_id = p.id) AS assignments
             WHERE (p.seats, p.pending, p.allocated, p.assigned) IS DISTINCT FROM (e.a, e.b, e.c, e.d)
                OR (p.pending, p.allocated, p.assigned) IS DISTINCT FROM (waiting, given, handed)""")
        return cursor.fetchall()


class Model:
    """What a pool is, in a dictionary; every rule said again, plainly."""

    def __init__(self) -> None:
        self.pools: dict[int, dict] = {}
        self.hands: dict[int, list] = {}

    def begin(self, pk: int, seats: int, state: str, level: int, parent: int | None, end) -> None:
        counters = {"seats": seats, "pending": 0, "allocated": 0, "assigned": 0}
        self.pools[pk] = counters | {"state": state, "level": level, "parent": parent, "end": end, "over": False}

    def free(self, pk: int) -> int:
        row = self.pools[pk]
        return row["seats"] - row["pending"] - row["allocated"] - row["assigned"]

    def usable(self, pk: int, now) -> bool:
        row = self.pools[pk]
        return row["state"] == "active" and not row["over"] and self.ends(pk) > now

    def ended(self, pk: int, now) -> list[int]:
        """What was given of it, has ended, and was not taken back, while it goes on itself."""
        if self.ends(pk) <= now:
            return []
        given = [child for child, row in self.pools.items() if row["parent"] == pk and not row["over"]]
        return [one for one in given if self.pools[one]["state"] in {"pending", "active"} and self.ends(one) <= now]

    def room(self, pk: int, now) -> int:
        return self.free(pk) + sum(self.pools[child]["seats"] for child in self.ended(pk, now))

    def reclaim(self, pk: int, now) -> None:
        for child in self.ended(pk, now):
            below = self.pools[child]
            self.pools[pk]["pending" if below["state"] == "pending" else "allocated"] -= below["seats"]
            below["over"] = True

    def make_room(self, pk: int, seats: int, now) -> None:
        """Before seats are moved, where there seem to be too few."""
        if self.free(pk) < seats:
            self.reclaim(pk, now)

    def some(self, chance, now) -> int:
        """Mostly what is alive, and rather deep than high."""
        alive = [pk for pk, row in self.pools.items() if row["state"] == "pending" or self.usable(pk, now)]
        among = alive if chance.random() < 0.8 else list(self.pools)
        return max(chance.choices(among, k=2), key=lambda one: self.pools[one]["level"])

    def ends(self, pk: int):
        row = self.pools[pk]
        above = [self.ends(row["parent"])] if row["parent"] else []
        return min([*above, *([row["end"]] if row["end"] else [])])


@pytest.mark.parametrize("seed", [6])
def test_random_operations_never_disagree_with_a_model(stage, seed):
    chance = random.Random(seed)  # noqa: S311 - dice, not a secret
    levels = line(stage, 4)
    people = [stage.world.provider, *levels[:-1]]
    customer = levels[-1]
    model, done = Model(), Counter()
    stock = stage.stock(300)
    model.begin(stock.pk, 300, "active", 0, None, END)
    now = NOW
    for _ in range(600):
        now += timedelta(hours=chance.choice([0, 1, 6]))
        name = chance.choices(list(STEPS), WEIGHTS)[0]
        pk = model.some(chance, now)
        expected, outcome = STEPS[name](model, chance, stage, people, customer, pk, now)
        if expected is None:
            continue
        done[name, expected] += 1
        assert outcome == expected, (name, pk, model.pools[pk])
    for pk, row in model.pools.items():
        pool = Pool.objects.get(pk=pk)
        assert counted(pool) == tuple(row[name] for name in COUNTERS), pk
        assert pool.ends_at == model.ends(pk)
    assert ledger_disagrees() == []
    assert {name for name, fine in done if fine} == set(STEPS), done


def tried(call) -> bool:
    try:
        call()
    except Refusal:
        return False
    return True


def offer(model, chance, stage, people, customer, pk, now):
    row = model.pools[pk]
    seats = chance.randint(1, model.free(pk) // 2 + 3)
    if row["level"] >= 4:
        return None, None
    giver, taker = people[row["level"]], people[row["level"] + 1]
    mode = {"mode": "date", "at": now + timedelta(days=chance.randint(1, 9))} if chance.random() < 0.5 else {}
    ok = model.usable(pk, now) and seats <= model.room(pk, now) and (not mode or mode["at"] <= model.ends(pk))
    made = []
    outcome = tried(lambda: made.append(stage.offer(Pool.objects.get(pk=pk), taker, seats, by=giver, now=now, **mode)))
    if outcome:
        model.make_room(pk, seats, now)
        row["pending"] += seats
        model.begin(made[0].pk, seats, "pending", row["level"] + 1, pk, mode.get("at"))
    return ok, outcome


def resolve(kind, call, by_giver):
    def step(model, chance, stage, people, customer, pk, now):
        row = model.pools[pk]
        if row["parent"] is None:
            return None, None
        above = model.pools[row["parent"]]
        actor = people[row["level"] - by_giver].actor
        waits = row["state"] == "pending" and not row["over"]
        ok = waits and (kind != "active" or (model.usable(row["parent"], now) and model.ends(pk) > now))
        again = row["state"] == kind and kind in {"active", "declined"}
        outcome = tried(lambda: call(actor=actor, pool_id=pk, now=now))
        if ok:
            above["pending"] -= row["seats"]
            above["allocated"] += row["seats"] if kind == "active" else 0
            row["state"] = kind
            row["seats"] = row["seats"] if kind == "active" else 0
        return ok or again, outcome

    return step


def resize(model, chance, stage, people, customer, pk, now):
    row, seats = model.pools[pk], chance.randint(1, 25)
    if row["parent"] is None or seats == row["seats"]:
        return None, None
    above, more = model.pools[row["parent"]], seats - row["seats"]
    open_ = row["state"] in {"pending", "active"} and not row["over"]
    left = model.free(row["parent"])
    if left < more <= model.room(row["parent"], now) and pk in model.ended(row["parent"], now):
        more = model.room(row["parent"], now) + 1  # its own seats would make the room: it is over then
    fits = more <= model.room(row["parent"], now) and model.usable(row["parent"], now)
    if more < 0:
        fits = -more <= model.free(pk)
    outcome = tried(lambda: edit_pool(actor=people[row["level"] - 1].actor, pool_id=pk, seats=seats, now=now))
    if open_ and fits:
        model.make_room(row["parent"], more, now)
        above["pending" if row["state"] == "pending" else "allocated"] += more
        row["seats"] = seats
    return open_ and fits, outcome


def assign(model, chance, stage, people, customer, pk, now):
    row, seats = model.pools[pk], chance.randint(1, 8)
    if row["level"] != 4:
        return None, None
    ok = model.usable(pk, now) and seats <= model.free(pk)
    outcome = tried(lambda: assign_seats(actor=people[4].actor, pool_id=pk, customer_id=customer.id, seats=seats,
                                         request_id=uuid4(), now=now))  # fmt: skip
    row["assigned"] += seats if ok else 0
    return ok, outcome


def release(model, chance, stage, people, customer, pk, now):
    row = model.pools[pk]
    if row["level"] != 4 or not row["assigned"]:
        return None, None
    hand = PoolAssignment.objects.get(pool=pk)
    row["assigned"] = 0
    return True, tried(lambda: change_assignment(actor=people[4].actor, assignment_id=hand.pk, seats=0, now=now))


def end(model, chance, stage, people, customer, pk, now):
    row = model.pools[pk]
    if row["parent"] is None or row["level"] < 2:
        return None, None
    ok = row["state"] in {"pending", "active"} and not row["over"]
    outcome = tried(lambda: edit_pool(actor=people[row["level"] - 1].actor, pool_id=pk, expiry=Expiry("now"), now=now))
    row["end"] = now if ok else row["end"]
    return ok, outcome


def reclaim(model, chance, stage, people, customer, pk, now):
    reclaim_seats(parent_id=pk, now=now)
    model.reclaim(pk, now)
    return True, True


def stock(model, chance, stage, people, customer, pk, now):
    row, seats = model.pools[pk], chance.randint(100, 400)
    if row["parent"] is not None:
        return None, None
    ok = seats - row["seats"] >= -model.free(pk)
    outcome = tried(lambda: change_stock(actor=stage.world.provider.actor, pool_id=pk, seats=seats, now=now))
    row["seats"] = seats if ok else row["seats"]
    return ok, outcome


STEPS = {
    "offer": offer,
    "accept": resolve("active", accept_pool, 0),
    "return": resolve("returned", return_pool, 1),
    "decline": resolve("declined", decline_pool, 0),
    "resize": resize,
    "assign": assign,
    "release": release,
    "end": end,
    "reclaim": reclaim,
    "stock": stock,
}
WEIGHTS = [6, 8, 1, 1, 2, 6, 2, 1, 2, 1]


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
  FROM subscriptions_pool WHERE id = %(stock)s
"""


def entry(kind: str, seats: int, pool: str = "%(stock)s", child: str = "NULL", assignment: str = "NULL") -> str:
    return ENTRY.format(kind=kind, seats=seats, pool=pool, child=child, assignment=assignment)


def row(tenant: str, grantor: str = "tenant_id", parent: str = "id", unit: str = "unit") -> str:
    return POOL.format(tenant=tenant, grantor=grantor, parent=parent, unit=unit)


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
    "a rival's customer": """INSERT INTO subscriptions_poolassignment (provider_id, pool_id, tenant_id, seats, made_at)
        VALUES (%(provider)s, %(given)s, %(mill)s, 0, '2026-11-20')""",
    "switched off": "ALTER TABLE subscriptions_seatentry DISABLE TRIGGER ALL",
}


@pytest.fixture
def attacked(stage):
    world = stage.world
    stock, elsewhere = stage.stock(100), stage.stock(10)
    given = stage.give(stock, world.north, 40)
    offered = stage.offer(stock, world.south, 20)
    hand = assign_seats(
        actor=world.north.actor, pool_id=given.pk, customer_id=world.shop.id, seats=5, request_id=uuid4(), now=NOW
    )
    ids = {name: getattr(world, name).id for name in ("provider", "north", "south", "shop", "mill", "stranger")}
    pools = {"stock": stock, "given": given, "offered": offered, "elsewhere": elsewhere, "hand": hand}
    return ids | {name: pool.pk for name, pool in pools.items()}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_application_s_login_cannot(attacked, name):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{ATTACKS[name]}; SET CONSTRAINTS ALL IMMEDIATE", attacked)
    assert ledger_disagrees() == []


def test_a_new_pool_is_empty_and_waits_whatever_is_written(attacked):
    with connection.cursor() as cursor:
        cursor.execute(row("%(south)s"), attacked)
    pool = Pool.objects.order_by("-pk").first()
    assert counted(pool) == (0, 0, 0, 0)
    assert pool.state == "pending"
    assert pool.line == [attacked["stock"], pool.pk]
    assert SeatEntry.objects.filter(pool=pool).count() == 0
