"""Pools against a model of them, walked at random: alone, and beside PostgreSQL; and that it would notice."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import connection, transaction

from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.owner import as_owner
from resellerhub.kernel.refusals import Refusal
from subscriptions.models import PoolAssignment
from subscriptions.pool_verify import pools
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from tests.pools.dice import NAMES, walk_alone
from tests.pools.model import Model, Operation, Wrong
from tests.pools.test_ledger import ATTACKS, HAND, attack, targets
from tests.pools.walking import Walker
from tests.together import together
from tests.world import NOW

ALL = {(name, True) for name in NAMES} | {(name, False) for name in NAMES if name not in {"reclaim"}}


def test_the_model_holds_its_own_invariants():
    assert ALL - set(walk_alone(20_000, seed=20)) == set()


@pytest.mark.slow
def test_the_model_holds_its_own_invariants_for_a_million_operations():
    started = time.perf_counter()
    assert ALL - set(walk_alone(1_000_000, seed=1)) == set()
    print(f"{1_000_000 / (time.perf_counter() - started):,.0f} operations a second")


def test_the_model_notices_what_is_wrong():
    model = Model(100)
    assert model.apply(Operation("allocate", 0, 40))
    model.check()
    model.pools[0].seats += 1
    with pytest.raises(Wrong):
        model.check()


def test_postgresql_and_the_model_agree_after_every_operation(stage):
    done = Walker(stage).walk(600, seed=4, season=200)
    assert pools() == []
    assert {name for name, fine in done if fine} == set(NAMES), done


@pytest.mark.slow
def test_postgresql_and_the_model_agree_after_every_one_of_50_000_operations(committed_stage):
    started = time.perf_counter()
    done = Walker(committed_stage).walk(50_000, seed=5, season=500)
    print(f"{50_000 / (time.perf_counter() - started):,.0f} operations a second")
    assert pools() == []
    assert ALL - set(done) == set()


FAULTS = {  # the table, the rule, and what comes to it soon
    "the check that nothing is given twice": ("pool", "pool_free", "assign"),
    "the trigger that counts": ("seatentry", "subscriptions_seat_entry_applies", "allocate"),
    "the trigger that says what a movement does": ("seatentry", "subscriptions_seat_entry_effect", "allocate"),
    "the trigger that ends what is beneath": ("pool", "subscriptions_pool_ends", "extend"),
    "the trigger that keeps how it is paid for": ("pool", "subscriptions_pool_changes", "pay"),
}


def say(*statements: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def without(table: str, name: str) -> Iterator[None]:
    """The database without one of its rules. What is written meanwhile is not kept."""
    table = f"subscriptions_{table}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        rule = cursor.fetchone()
    if rule:
        say(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    else:
        say(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        if rule:
            say(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule[0]}")
        else:
            say(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_is_taken_out_of_the_database_is_missed_at_once(committed_stage):
    walker = Walker(committed_stage)
    missed = set(FAULTS)
    for fault, (table, rule, likely) in FAULTS.items():
        with without(table, rule):
            try:
                walker.walk(400, seed=4, season=400, likely=likely)
            except Wrong:
                missed.discard(fault)
        walker.model = None
    assert missed == set()
    walker.walk(20, seed=4)  # all of them are back


GUARDS = {  # the table, the trigger, and what nothing else refuses
    "given to oneself": ("pool", "subscriptions_pool_begins"),
    "assigned to who is deleted": ("seatentry", "subscriptions_seat_entry_effect"),
}


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_is_taken_out_lets_an_attack_pass(committed_stage):
    ids = targets(committed_stage)
    for name, (table, trigger) in GUARDS.items():
        with without(table, trigger):
            attack(ATTACKS[name], ids)
    with without("poolassignment", "subscriptions_pool_assignment_begins"):
        attack(HAND.format(tenant="%(mill)s"), ids)
        found = pools()
    assert found


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_taken_out_of_the_services_is_missed(committed_stage, monkeypatch):
    """Several who say at once that a customer has so many from now on: without the lock each adds its difference."""
    stage, world = committed_stage, committed_stage.world
    pool = stage.give(stage.stock(1_000), world.north, 500)
    hand = assign_seats(
        actor=world.north.actor, pool_id=pool.pk, customer_id=world.shop.id, seats=1, request_id=uuid4(), now=NOW
    )

    def changed() -> int:
        seats = PoolAssignment.objects.get(pk=hand.pk).seats + 20
        outcomes = together(
            *[lambda: change_assignment(actor=world.north.actor, assignment_id=hand.pk, seats=seats, now=NOW)] * 4
        )
        assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refusal)]
        return PoolAssignment.objects.get(pk=hand.pk).seats - seats

    assert changed() == 0

    def unlocked(rows):
        """As if nobody had to wait, and a moment later."""
        found = rows.order_by("pk")
        list(found)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(LockedQuerySet, "locked", unlocked)
    assert changed() > 0
    assert pools() == []  # not even then is anything given that is not there
