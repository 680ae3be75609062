"""Several runs of one job at once, on committed data."""

from functools import partial

import pytest
from django.db import connection, transaction

from resellerhub.kernel.jobs import sweep as sweeper
from resellerhub.kernel.jobs.check import job_counters
from resellerhub.kernel.jobs.control import cancel_job
from resellerhub.kernel.jobs.run import begin, run
from resellerhub.kernel.jobs.sweep import sweep
from resellerhub.kernel.locks import JOBS, try_advisory_lock
from resellerhub.kernel.models import Job, JobItem, Sign
from resellerhub.kernel.tasks import sweep_jobs
from tests.kernel.doubles import NOW, Someone, job_of, states
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_is_sent(sent: list[int]) -> None:
    pass


def test_eight_runs_share_the_work_and_do_each_target_once():
    job = job_of("finish", 4000, chunk=100)
    assert together(*[partial(run, job.pk, seconds=60)] * 8) == [False] * 8
    after = Job.objects.get(pk=job.pk)
    assert (after.state, after.processed, after.at_work) == ("done", 4000, 0)
    assert list(job_counters()) == []


def test_lanes_meet_poison_and_cancel_and_still_agree():
    job = job_of("choke", 2000, chunk=50)
    outcomes = together(
        partial(run, job.pk, seconds=60),
        partial(run, job.pk, seconds=60),
        partial(cancel_job, actor=Someone(), job_id=job.pk, now=NOW),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    run(job.pk, seconds=60)
    after = Job.objects.get(pk=job.pk)
    assert after.state in ("cancelled", "done")
    assert after.processed == 2000
    assert "pending" not in states(job)
    assert list(job_counters()) == []


def age(job: Job, seconds: int = 120) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_job SET created_at = now() - %s * interval '1 s',"
            " heartbeat_at = heartbeat_at - %s * interval '1 s' WHERE id = %s",
            [seconds, seconds, job.pk],
        )


def test_a_lost_message_is_sent_again_once(sent):
    job = job_of("finish", 1000, lanes=2)
    sent.clear()
    age(job)
    assert [swept for swept in together(*[partial(sweep, stale_after=30)] * 6) if swept] == [[job.pk]]
    assert sent == [job.pk, job.pk]
    assert Job.objects.get(pk=job.pk).strikes == 0
    assert sweep(stale_after=30) == []


def test_a_run_that_never_came_back_is_a_strike_and_makes_chunks_smaller(sent):
    job = job_of("finish", 1000)
    begin(job.pk)
    age(job)
    assert sweep(stale_after=30) == [job.pk]
    again = Job.objects.get(pk=job.pk)
    assert (again.strikes, again.at_work) == (1, 0)
    run(job.pk, seconds=60)
    after = Job.objects.get(pk=job.pk)
    assert (after.state, after.strikes, after.processed) == ("done", 0, 1000)


def test_who_is_in_the_middle_of_a_chunk_is_left_alone():
    job = job_of("finish", 10)
    begin(job.pk)
    age(job)

    def somebody_else() -> list[int]:
        return sweep(stale_after=30)

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [JOBS, job.pk])
        assert together(somebody_else) == [[]]
        assert together(lambda: try_advisory_lock(JOBS, job.pk)) == [False]
    assert sweep(stale_after=30) == [job.pk]


def test_an_ended_job_is_not_revived():
    job = job_of("finish", 10)
    run(job.pk, seconds=60)
    age(job)
    assert sweep(stale_after=0) == []
    assert not sweeper.revive(job.pk, 0)


def test_the_sweeper_leaves_a_sign():
    sweep_jobs()
    sweep_jobs()
    assert Sign.objects.get().name == "beat"


def test_items_that_somebody_holds_are_passed_over():
    job = job_of("finish", 20, chunk=5)
    with transaction.atomic():
        list(JobItem.objects.filter(job=job, position__lte=5).select_for_update())
        assert together(partial(run, job.pk, seconds=60)) == [False]
    assert states(job)["pending"] == 5
    run(job.pk, seconds=60)
    assert Job.objects.get(pk=job.pk).state == "done"


def test_a_deadlock_or_a_lost_connection_marks_nobody(monkeypatch):
    from tests.kernel import doubles

    finish, falls = doubles.finish, iter([True, True])

    def stumble(job: Job, ids: list[int]) -> None:
        finish(job, ids)
        if next(falls, False):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                connection.connection.cancel()
                connection.connection.close()

    monkeypatch.setattr(doubles, "finish", stumble)
    monkeypatch.setattr("resellerhub.kernel.jobs.run.PATIENCE", (0, 0, 0))
    job = job_of("finish", 300)
    run(job.pk, seconds=60)
    after = Job.objects.get(pk=job.pk)
    assert (after.state, after.failed, after.processed) == ("done", 0, 300)
