"""Every target once, and an end without help, whatever is killed: on a cluster that is there to be killed."""

import random
from collections.abc import Iterator

import pytest

from tests.harness import Rig, rig


@pytest.fixture(scope="module")
def chaos() -> Iterator[Rig]:
    with rig(workers=2, JOB_STALE_AFTER="1", JOB_SWEEP_EVERY="0.5") as made:
        made.query("CREATE TABLE effect (item bigint); CREATE TABLE gate (open_to int)", role="rh_owner")
        made.query("GRANT SELECT, INSERT ON effect TO rh_app; GRANT ALL ON gate TO rh_app", role="rh_owner")
        made.query("INSERT INTO gate VALUES (0)")
        yield made


def check_sale_under_fire(chaos: Rig, targets: int, faults: list[str], *, seconds: float) -> None:
    """Let a job come a step further, strike while it is in the middle of the next chunk, and so on."""
    chaos.query("UPDATE gate SET open_to = 0")
    job_id = chaos.call("tests.kernel.doubles.begin", "sell", targets, 20)
    waiting, step, open_to = list(faults), targets // (len(faults) + 1), 0
    state = ""
    for now, processed in chaos.follow(job_id, seconds=seconds):
        state = now
        if processed >= open_to:
            if open_to and waiting:
                chaos.restart(waiting.pop(0))
            open_to = open_to + step if waiting else targets
            while chaos.query("UPDATE gate SET open_to = %s RETURNING open_to", open_to) is None:
                pass
    assert state == "done"
    assert not waiting
    once = "SELECT count(*), count(DISTINCT item) FROM effect JOIN kernel_jobitem i ON i.id = item WHERE job_id = %s"
    assert chaos.query(once, job_id) == [(targets, targets)]
    assert chaos.call("tests.kernel.doubles.findings") == []


def test_workers_broker_and_database_die_and_nothing_is_lost_or_repeated(chaos):
    check_sale_under_fire(chaos, 2000, ["worker0", "broker", "worker1", "postgres", "worker0"], seconds=180)


@pytest.mark.slow
def test_seventy_faults(chaos):
    kinds = ["worker0", "worker1", "worker0", "worker1", "broker", "postgres", "beat"]
    dice = random.Random(4711)  # noqa: S311
    check_sale_under_fire(chaos, 24_000, [dice.choice(kinds) for _ in range(70)], seconds=900)


def test_a_target_that_kills_its_worker_is_set_aside(chaos):
    job_id = chaos.call("tests.kernel.doubles.begin", "die", 60, 4, 1)
    *_, (state, processed) = chaos.follow(job_id, seconds=120)
    assert (state, processed) == ("done", 60)
    failed = "SELECT subject_id, reason FROM kernel_jobitem WHERE job_id = %s AND state = 'failed'"
    assert chaos.query(failed, job_id) == [(42, "worker_died")]


def test_a_chunk_that_takes_long_is_not_mistaken_for_a_dead_one(chaos):
    job_id = chaos.call("tests.kernel.doubles.begin", "wait", 2, 1, 1)
    *_, (state, processed) = chaos.follow(job_id, seconds=60)
    assert (state, processed) == ("done", 2)
    assert chaos.query("SELECT strikes FROM kernel_job WHERE id = %s", job_id) == [(0,)]
