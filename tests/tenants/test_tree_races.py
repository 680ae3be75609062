"""The tree under concurrent writers, on committed data; and what happens without its lock."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from resellerhub.kernel.refusals import Refusal
from tenants.models import Tenant
from tenants.services import tree as tree_module
from tenants.services.customers import create_customer, create_customers
from tenants.services.details import Details
from tenants.services.moves import InvalidMove, move_tenant
from tenants.services.providers import create_provider
from tenants.services.resellers import create_reseller
from tenants.verify import tree
from tests.together import together
from tests.world import NOW, Player, World, reseller

pytestmark = pytest.mark.django_db(transaction=True)


def insert(seller: Player, name: str, times: int = 1) -> None:
    for number in range(times):
        create_customer(actor=seller.actor, seller_id=seller.id, details=Details(name=f"{name} {number}"), now=NOW)


def test_many_writers_in_one_branch_corrupt_nothing(committed_world: World):
    world = committed_world
    outcomes = together(*(partial(insert, world.north_east, f"writer {number}", 8) for number in range(6)))
    assert outcomes == [None] * 6
    assert Tenant.objects.within(world.north_east.id).count() == 2 + 48
    assert tree() == []


def test_without_the_lock_the_same_corrupts(committed_world: World, monkeypatch: pytest.MonkeyPatch):
    """The fault is planted, and the two writers meet between reading the parent and making room."""
    meeting, make_room = Barrier(2), tree_module._gap

    def meet_first(*args):
        meeting.wait(10)
        return make_room(*args)

    unlocked = tree_module.LOCK.replace("pg_advisory_xact_lock(%(space)s, key)", "%(space)s")
    assert unlocked != tree_module.LOCK
    monkeypatch.setattr(tree_module, "LOCK", unlocked)
    monkeypatch.setattr(tree_module, "_gap", meet_first)
    together(*(partial(insert, committed_world.north, f"writer {number}") for number in range(2)))
    assert tree()


def test_with_the_lock_the_two_writers_never_meet(committed_world: World, monkeypatch: pytest.MonkeyPatch):
    """The control of the test above: the second one waits outside, so the meeting is in vain."""
    meeting, make_room = Barrier(2), tree_module._gap

    def meet_in_vain(*args):
        try:
            meeting.wait(0.3)
        except Exception:
            meeting.reset()
        return make_room(*args)

    monkeypatch.setattr(tree_module, "_gap", meet_in_vain)
    assert together(*(partial(insert, committed_world.north, f"writer {n}") for n in range(2))) == [None, None]
    assert tree() == []


def test_new_branches_at_once_get_trees_of_their_own(committed_world: World):
    world = committed_world
    assert together(*(partial(insert, world.provider, f"direct {n}", 10) for n in range(6))) == [None] * 6
    roots = Tenant.objects.filter(parent=None).values_list("tree_id", flat=True)
    assert len(set(roots)) == len(roots)
    assert tree() == []


def test_of_two_opposite_moves_one_is_refused(committed_world: World):
    world = committed_world
    east = reseller(world.north, "East")

    def move(tenant: Player, seller: Player):
        return move_tenant(actor=world.provider.actor, tenant_id=tenant.id, seller_id=seller.id, now=NOW)

    for _round in range(4):
        outcomes = together(partial(move, world.north_east, east), partial(move, east, world.north_east))
        assert sorted(isinstance(outcome, InvalidMove) for outcome in outcomes) == [False, True]
        assert tree() == []
        for tenant in (world.north_east, east):
            move(tenant, world.north)


def test_a_customer_planted_while_its_seller_leaves_for_another_branch(committed_world: World):
    world = committed_world
    away = partial(
        move_tenant, actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.south.id, now=NOW
    )
    plant = partial(
        create_customer,
        actor=world.provider.actor,
        seller_id=world.north_east.id,
        details=Details(name="Late"),
        now=NOW,
    )
    outcomes = together(away, plant, plant, plant)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Tenant.objects.within(world.south.id).count() == 2 + 2 + 3
    assert tree() == []


def test_a_mover_cannot_carry_a_tenant_off_that_left_its_sight(committed_world: World):
    """Scope is asked again under the lock: North waits for the branch while the provider takes its reseller away."""
    world = committed_world
    with transaction.atomic():
        move_tenant(actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.south.id, now=NOW)
        # not committed yet: North still sees its reseller, and must not after the wait
        waiting = partial(
            create_customer,
            actor=world.north.actor,
            seller_id=world.north_east.id,
            details=Details(name="Too late"),
            now=NOW,
        )
        started = _in_background(waiting)
    outcome = started()
    assert isinstance(outcome, Refusal)
    assert outcome.status == 404
    assert tree() == []


def _in_background(function):
    def run():
        try:
            return function()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    with connection.cursor() as cursor:
        for _ in range(500):  # until the other one waits for our branch
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                break
            cursor.execute("SELECT pg_sleep(0.01)")
    return lambda: future.result(30)


def storm(world: World, seed: int, operations: int) -> list[str]:
    """One client of the chaos: moves, inserts, promotions and bulks at random. What failed, other than by a rule."""
    random, actor, errors = Random(seed), world.provider.actor, []  # noqa: S311 - dice, not a secret

    def pick(kind: str) -> int:
        ids = Tenant.objects.within(world.provider.id).filter(kind=kind).order_by("pk").values_list("pk", flat=True)
        return random.choice(list(ids))

    def sellers() -> int:
        return random.choice([world.provider.id, pick("reseller"), pick("reseller"), pick("reseller")])

    for number in range(operations):
        name, dice = f"{seed}-{number}", random.random()
        try:
            if dice < 0.4:
                move_tenant(actor=actor, tenant_id=pick("customer"), seller_id=sellers(), now=NOW)
            elif dice < 0.6:
                move_tenant(actor=actor, tenant_id=pick("reseller"), seller_id=sellers(), now=NOW)
            elif dice < 0.8:
                create_customer(actor=actor, seller_id=sellers(), details=Details(name=name), now=NOW)
            elif dice < 0.9:
                create_reseller(actor=actor, seller_id=sellers(), details=Details(name=name), now=NOW)
            else:
                many = [Details(name=f"{name}-{more}") for more in range(5)]
                create_customers(actor=actor, seller_id=sellers(), customers=many, now=NOW)
        except InvalidMove:
            continue
        except Exception as error:
            errors.append(repr(error))
    return errors


def check_storm(world: World, clients: int, operations: int) -> None:
    for number in range(5):
        reseller(world.provider, f"Reseller {number}")
    outcomes = together(*(partial(storm, world, seed, operations) for seed in range(clients)))
    assert outcomes == [[]] * clients
    assert tree() == []


def test_chaos(committed_world: World):
    check_storm(committed_world, clients=4, operations=15)


@pytest.mark.slow
def test_long_chaos(committed_world: World):
    check_storm(committed_world, clients=8, operations=100)


def test_two_providers_made_at_once_stand_apart(transactional_db: None):
    outcomes = together(*(partial(create_provider, name=f"House {n}", now=NOW) for n in range(4)))
    assert len({tenant.tree_id for tenant in outcomes}) == 4
    assert tree() == []
