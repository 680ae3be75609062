"""A bulk sale reaches every target exactly once and ends without help, whatever dies in the middle of a chunk."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest

from tests.harness import Rig, rig

EACH = 100
CHUNK = 100
PATIENCE = 30
STOPPED = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'addons_addonsale'::regclass AND NOT granted)"
ONCE = """
SELECT count(*), count(DISTINCT s.subscription_id), count(DISTINCT s.job_item_id), sum(g.amount)
  FROM addons_addonsale s JOIN kernel_jobitem i ON i.id = s.job_item_id
  LEFT JOIN subscriptions_grant g ON g.kind = 'add_on' AND g.source_id = s.id AND g.subscription_id = s.subscription_id
 WHERE i.job_id = %s AND i.state = 'done'
"""


@contextmanager
def halted(chaos: Rig) -> Iterator[Callable[[], None]]:
    """Nobody can write a sale. What it gives waits until a worker stands in the middle of its statement."""
    connection = psycopg2.connect(chaos.env["DATABASE_OWNER_URL"])
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE addons_addonsale IN SHARE MODE")

        def wait() -> None:
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                cursor.execute(STOPPED)
                if cursor.fetchone() == (True,):
                    return

        yield wait


def check_sale_under_fire(targets: int, faults: list[str], *, seconds: float) -> None:
    with rig(workers=2, JOB_STALE_AFTER="1", JOB_SWEEP_EVERY="0.5") as chaos:
        market = chaos.call("tests.chaos.market.make", targets // EACH, EACH)
        waiting, step, state = list(faults), targets // (len(faults) + 1), ""
        with halted(chaos):
            job_id = chaos.call("tests.chaos.market.start", *market, CHUNK)
        for now, processed in chaos.follow(job_id, seconds=seconds):
            state = now
            if waiting and processed >= step * (len(faults) - len(waiting)):
                with halted(chaos) as wait:
                    wait()
                    chaos.restart(waiting.pop(0))
        assert not waiting, "the job was quicker than the faults"
        assert state == "done"
        assert chaos.query(ONCE, job_id) == [(targets, targets, targets, targets * 9999)]
        assert chaos.call("tests.chaos.market.findings") == []


def test_a_bulk_sale_survives_what_dies():
    check_sale_under_fire(2_000, ["worker0", "broker", "worker1", "postgres"], seconds=240)


@pytest.mark.slow
def test_ten_thousand_targets_survive_kills_lost_messages_and_a_crash():
    """Five workers, the broker twice with all that it held, and PostgreSQL."""
    faults = ["worker0", "broker", "worker1", "worker0", "postgres", "worker1", "broker", "worker0"]
    check_sale_under_fire(10_000, faults, seconds=900)
