"""A job from its start to its end, one worker, in the test's own transaction."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from resellerhub.kernel.jobs import run as runner
from resellerhub.kernel.jobs.check import job_counters
from resellerhub.kernel.jobs.control import JobFinished, JobRunning, NothingFailed, cancel_job, retry_failed
from resellerhub.kernel.jobs.failures import is_passing
from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.jobs.settle import settle
from resellerhub.kernel.jobs.start import chunk_for, seal_job, start_job
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Forbidden, NotFound
from tests.kernel import doubles
from tests.kernel.doubles import NOW, Someone, job_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_sent(sent: list[int]) -> None:
    pass


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_every_target_ends_and_the_counters_say_how():
    job = job_of("finish", 1000)
    assert (job.total, job.chunk, job.lanes, job.state) == (1000, 250, 2, "queued")

    assert run(job.pk, seconds=60) is False

    after = fresh(job)
    assert (after.state, after.done, after.skipped, after.failed) == ("done", 667, 333, 0)
    assert after.finished_at is not None
    assert after.at_work == 0
    assert states(job) == {"done": 667, "skipped": 333}
    assert job.items.get(position=5).result_id == 50
    assert list(job_counters()) == []


@pytest.mark.parametrize(("targets", "chunk"), [(10, 250), (10_000, 500), (40_000, 2000), (200_000, 5000)])
def test_chunks_grow_with_the_job_within_bounds(targets, chunk):
    assert chunk_for(targets) == chunk


def test_a_job_without_targets_is_done_at_once():
    job = job_of("finish", 0)
    assert (fresh(job).state, job.is_live, job.percent) == ("done", False, 100)


def test_items_written_in_their_final_state_are_counted(sent):
    job = start_job(actor=Someone(), kind="finish", title="half of it is known", now=NOW)
    JobItem.objects.bulk_create(
        JobItem(
            job=job, position=n, subject_id=n, state="skipped" if n > 3 else "pending", reason="off" if n > 3 else ""
        )
        for n in range(1, 6)
    )
    seal_job(job)
    assert (fresh(job).total, fresh(job).skipped) == (5, 2)
    run(job.pk, seconds=60)
    assert (fresh(job).state, fresh(job).done, fresh(job).skipped) == ("done", 2, 3)


def test_a_poisoned_target_is_found_and_the_others_are_done():
    job = job_of("choke", 1000, chunk=1000)
    run(job.pk, seconds=60)
    after = fresh(job)
    assert (after.state, after.failed, after.processed) == ("done", 3, 1000)
    failed = {item.subject_id: (item.reason, item.facts) for item in job.items.filter(state="failed")}
    assert failed == {
        13: ("too_large", {"asked": 777}),
        777: ("too_large", {"asked": 777}),
        99: ("error", {"error": "DataError"}),
    }
    assert list(job_counters()) == []


def test_targets_that_the_handler_forgot_do_not_hold_up_the_end():
    job = job_of("forget", 100)
    run(job.pk, seconds=60)
    assert (fresh(job).state, fresh(job).failed) == ("done", 50)
    assert set(job.items.filter(state="failed").values_list("reason", flat=True)) == {"forgotten"}


def test_the_turn_ends_between_chunks_and_another_goes_on():
    job = job_of("finish", 1000)
    assert run(job.pk, seconds=0) is True
    assert (fresh(job).state, fresh(job).processed, fresh(job).at_work) == ("running", 0, 0)
    assert run(job.pk, seconds=60) is False
    assert fresh(job).processed == 1000


def test_a_message_that_comes_twice_or_late_does_nothing():
    job = job_of("finish", 300)
    run(job.pk, seconds=60)
    before = fresh(job)
    assert run(job.pk, seconds=60) is False
    assert run(10**9, seconds=60) is False
    assert (fresh(job).done, fresh(job).finished_at) == (before.done, before.finished_at)


def test_cancelling_skips_the_rest_with_its_reason(sent):
    job, boss = job_of("finish", 1000), Someone()
    lane = runner.Lane(runner.begin(job.pk), runner.kind("finish").run_chunk())
    lane.take()

    cancel_job(actor=boss, job_id=job.pk, now=NOW)
    cancel_job(actor=boss, job_id=job.pk, now=NOW)
    assert boss.events == ["job.cancelled"]
    run(job.pk, seconds=60)

    after = fresh(job)
    assert (after.state, after.processed, after.done, after.skipped) == ("cancelled", 1000, 167, 833)
    assert job.items.filter(reason="cancelled").count() == 750
    with pytest.raises(JobFinished):
        cancel_job(actor=boss, job_id=job.pk, now=NOW)
    assert list(job_counters()) == []


def test_a_running_lane_notices_that_it_is_cancelled():
    job = job_of("finish", 1000)
    lane = runner.Lane(runner.begin(job.pk), runner.kind("finish").run_chunk())
    lane.take()
    Job.objects.filter(pk=job.pk).update(cancel_asked_at=NOW)
    while lane.take():
        pass
    assert (fresh(job).state, job.items.filter(reason="cancelled").count()) == ("cancelled", 500)


def test_the_failed_are_tried_again_and_nothing_else(monkeypatch):
    job, boss = job_of("choke", 1000), Someone()
    with pytest.raises(JobRunning):
        retry_failed(actor=boss, job_id=job.pk, now=NOW)
    run(job.pk, seconds=60)
    before = dict(job.items.exclude(state="failed").values_list("pk", "result_id"))

    again = retry_failed(actor=boss, job_id=job.pk, now=NOW)
    assert (again.state, again.failed, again.attempt, again.processed) == ("queued", 0, 2, 997)
    monkeypatch.setattr(doubles, "choke", doubles.finish)
    run(job.pk, seconds=60)

    assert (fresh(job).state, fresh(job).failed, fresh(job).processed) == ("done", 0, 1000)
    assert dict(job.items.filter(pk__in=before).values_list("pk", "result_id")) == before
    with pytest.raises(NothingFailed):
        retry_failed(actor=boss, job_id=job.pk, now=NOW)
    assert boss.events == ["job.retried"]


def test_who_sees_a_job_and_who_may_stop_it():
    theirs = job_of("finish", 5, actor=Someone(tenant_id=20, kind="reseller"))
    assert Job.objects.visible_to(Someone()).get() == theirs
    assert Job.objects.visible_to(Someone(tenant_id=20, kind="reseller")).get() == theirs
    for stranger in (Someone(tenant_id=21, kind="reseller"), Someone(provider_id=2, tenant_id=2)):
        assert not Job.objects.visible_to(stranger).exists()
        with pytest.raises(NotFound):
            cancel_job(actor=stranger, job_id=theirs.pk, now=NOW)
    with pytest.raises(Forbidden):
        cancel_job(actor=Someone(permissions=frozenset()), job_id=theirs.pk, now=NOW)


def test_settling_an_ended_job_changes_nothing():
    job = job_of("finish", 10)
    run(job.pk, seconds=60)
    stale = Job.objects.get(pk=job.pk)
    settle(stale, list(job.items.values_list("pk", flat=True)))
    assert fresh(job).processed == 10


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE kernel_job SET done = done + 1",
        "UPDATE kernel_job SET state = 'running'",
        "UPDATE kernel_job SET state = 'lost', finished_at = NULL",
        "UPDATE kernel_job SET failed = -1, done = done - 1",
        "UPDATE kernel_jobitem SET state = 'failed', reason = ''",
        "UPDATE kernel_jobitem SET state = 'odd'",
        "UPDATE kernel_jobitem SET position = 1",
    ],
)
def test_the_database_refuses_what_cannot_be(attack):
    run(job_of("finish", 10).pk, seconds=60)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(attack)


def test_verify_tells_of_counters_that_differ():
    job = job_of("finish", 10)
    run(job.pk, seconds=60)
    JobItem.objects.filter(job=job, position=1).delete()
    (finding,) = job_counters()
    assert f"job {job.pk} (done) says [10, 7, 3, 0], its items say [9, 6, 3, 0]" in finding


def test_what_passes_is_told_from_what_does_not():
    def error(code):
        problem = OperationalError("x")
        problem.__cause__ = type("Cause", (Exception,), {"pgcode": code})()
        return problem

    assert all(is_passing(error(code)) for code in (None, "40P01", "57P01", "08006", "55P03", "53300"))
    assert not any(is_passing(error(code)) for code in ("57014", "54000"))
    assert not is_passing(ValueError())
