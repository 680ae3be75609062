"""What people do to a job that runs, or that has run: stop it, and try the failed targets again."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.jobs.registry import kind
from resellerhub.kernel.jobs.start import send
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.operation import operation
from resellerhub.kernel.principal import Principal
from resellerhub.kernel.refusals import Forbidden, Refusal, found


class JobFinished(Refusal):
    code, message = "job-finished", _("This job has ended already.")


class JobRunning(Refusal):
    code, message = "job-running", _("This job is still running.")


class NothingFailed(Refusal):
    code, message = "nothing-failed", _("No target of this job has failed.")


@operation
def cancel_job(*, actor: Principal, job_id: int, now: datetime) -> Job:
    """Stop between chunks: what is done stays done, the rest is skipped as `cancelled`. Asking twice is asking once."""
    job = found(Job.objects.visible_to(actor).locked(), pk=job_id)
    actor.require(kind(job.kind).permission)
    if not job.is_live:
        raise JobFinished()
    if job.cancel_asked_at is None:
        job.cancel_asked_at = now
        job.save(update_fields=["cancel_asked_at"])
        actor.record("job.cancelled", job, at=now, tenant_id=job.tenant_id, processed=job.processed, total=job.total)
        kind(job.kind).end_rest(job)
        send(job.pk, 1)
    return job


@operation
def retry_failed(*, actor: Principal, job_id: int, now: datetime) -> Job:
    """Give the failed targets, and only those, another attempt."""
    job = found(Job.objects.visible_to(actor).locked(), pk=job_id)
    actor.require(kind(job.kind).permission)
    if starts := kind(job.kind).starts:
        actor.require(starts)
    if actor.on_behalf_of is not None:  # it would go on when they are gone, in the name of whoever began it
        raise Forbidden(permission=kind(job.kind).permission or "", actor=actor)
    if job.is_live:
        raise JobRunning()
    if job.cancel_asked_at is not None:  # what a chunk put off while it was being cancelled
        kind(job.kind).end_rest(job)
    again = JobItem.objects.filter(job=job, state=JobItem.State.FAILED).update(
        state=JobItem.State.PENDING, reason="", facts=None
    )
    if not again:
        raise NothingFailed()
    _go_on(job, again, now, failed=F("failed") - again, attempt=F("attempt") + 1, cancel_asked_at=None)
    actor.record("job.retried", job, at=now, tenant_id=job.tenant_id, targets=again)
    return job


def resume_items(job: Job, items: QuerySet[JobItem], facts: dict[str, Any], now: datetime) -> int:
    """Give targets of a job that has ended, which were skipped until their time came, their turn; how many they are.

    The caller has locked the job. `facts` are for who decides now.
    """
    skipped = items.filter(job=job, state=JobItem.State.SKIPPED)
    ready = skipped.update(state=JobItem.State.PENDING, reason="", facts=facts)
    if ready:
        _go_on(job, ready, now, skipped=F("skipped") - ready)
    return ready


def _go_on(job: Job, number: int, now: datetime, **columns: Any) -> None:
    """So many targets are pending again."""
    fresh = {"strikes": 0, "at_work": 0, "finished_at": None, "heartbeat_at": now}
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, **fresh, **columns)
    job.refresh_from_db()
    send(job.pk, min(job.lanes, -(-number // job.chunk)))
