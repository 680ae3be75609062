"""Billing runs: what there is to bill of a month is counted, approved, and billed by workers."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from invoicing.facts.payers import PAYERS
from invoicing.models import BillingRun, RunApproval, RunPayer
from invoicing.refusals import (
    ApprovedAlready,
    MonthIsOver,
    NobodyOwes,
    NoDrafts,
    NotYetDue,
    RunAtWork,
    RunExists,
    RunNotCounted,
    RunStands,
    RunWaits,
)
from invoicing.selectors.policies import policy_of
from invoicing.services.drafting import today_of
from invoicing.services.run_chunks import APPROVED
from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import RequestReused, found
from tenants.actor import Actor
from tenants.models import User

COUNTING, BILLING, ISSUING = "billing_count", "billing_run", "billing_issue"
CHUNK = 1_000
"""Payers in a transaction."""
LONG_AGO = timedelta(days=366)
"""A run of a month before that would say nothing that a later one does not."""

COUNTED = """
SELECT row_number() OVER (ORDER BY payer_id), payer_id FROM invoicing_runpayer WHERE run_id = %s GROUP BY payer_id
"""

DRAFTS = """
SELECT row_number() OVER (ORDER BY id), id FROM invoicing_document WHERE run_id = %s AND state = 'draft'
"""


@operation
def start_run(*, actor: Actor, until: date, request_id: UUID, now: datetime) -> BillingRun:
    """Count what the actor's tenant has to bill in the month of `until`: all that is due by then and was not billed.
    Nothing is charged before it is approved. A repeated request id starts nothing.

    Refused: `RunExists`, `RunWaits`, `MonthIsOver`, `NotYetDue`, `NobodyOwes`.
    """
    actor.require("billing.run")
    month = until.replace(day=1)
    if earlier := BillingRun.objects.filter(issuer=actor.tenant_id, request_id=request_id).first():
        if earlier.until != until:
            raise RequestReused()
        return earlier
    if until > (today := today_of(actor.tenant_id, now)):
        raise NotYetDue(field="until")
    if until < today - LONG_AGO:
        raise MonthIsOver(field="until")
    _must_be_next(actor.tenant_id, month)
    with refusing({"billing_run_once_a_month": RunExists(), "billing_run_one_waits": RunWaits()}):
        run = BillingRun.objects.create(
            provider_id=actor.provider_id,
            issuer_id=actor.tenant_id,
            month=month,
            until=until,
            approvals_needed=1 + policy_of(actor.tenant_id, today).needs_second,
            counting=_count(actor, month, now),
            made_by_id=actor.user_id,
            made_at=now,
            request_id=request_id,
        )
    actor.record("billing_run.started", run, at=now, until=until.isoformat(), job=run.counting_id)
    seal_job(run.counting, chunk=CHUNK)
    return run


@operation
def recount_run(*, actor: Actor, run_id: int, now: datetime) -> BillingRun:
    """Count again what there is to bill, because something has changed; who has approved it before has to look again.
    Refused: `RunNotCounted`."""
    actor.require("billing.run")
    run = _own(actor, run_id)
    if run.job_id is not None or run.cancelled_at is not None or run.counting.is_live:
        raise RunNotCounted()
    RunPayer.objects.filter(run=run).delete()
    run.counting = _count(actor, run.month, now)
    run.save(update_fields=["counting"])
    actor.record("billing_run.recounted", run, at=now, until=run.until.isoformat(), job=run.counting_id)
    seal_job(run.counting, chunk=CHUNK)
    return run


@operation
def approve_run(*, actor: Actor, run_id: int, now: datetime) -> BillingRun:
    """Let it be billed: once as many as it needs have said so, workers charge it and draft the documents. Refused:
    `RunNotCounted`, `ApprovedAlready`."""
    actor.require("billing.run")
    run = _own(actor, run_id)
    counting = run.counting
    if run.job_id is not None or run.cancelled_at is not None or counting.state != Job.State.DONE or counting.failed:
        raise RunNotCounted()
    with refusing({"run_approval_once": ApprovedAlready()}):
        RunApproval.objects.create(
            run=run, counting_id=run.counting_id, provider_id=run.provider_id, user=_person(actor), at=now
        )
    if RunApproval.objects.filter(run=run, counting=run.counting_id).count() >= run.approvals_needed:
        run.job = start_job(actor=actor, kind=BILLING, title=_title(_("Billing run: %(month)s"), run.month), now=now)
        write_items(run.job, COUNTED, [run.pk])
        run.save(update_fields=["job"])
    actor.record(APPROVED, run, at=now, until=run.until.isoformat(), job=run.job_id)
    if run.job is not None:
        seal_job(run.job, chunk=CHUNK)
    return run


@operation
def cancel_run(*, actor: Actor, run_id: int, now: datetime) -> BillingRun:
    """Give it up before it is billed; nothing was charged. Another one for the month can be made. Refused:
    `RunStands`."""
    actor.require("billing.run")
    run = _own(actor, run_id)
    if run.job_id is not None or run.cancelled_at is not None:
        raise RunStands()
    if run.counting.is_live:
        cancel_job(actor=actor, job_id=run.counting_id, now=now)
    run.cancelled_at = now
    run.save(update_fields=["cancelled_at"])
    actor.record("billing_run.cancelled", run, at=now, until=run.until.isoformat())
    return run


@operation
def continue_run(*, actor: Actor, run_id: int, now: datetime) -> BillingRun:
    """Bill whom it has not billed: where that failed, and where its job was cancelled. Refused: `RunAtWork`,
    `NothingFailed` where nobody is left."""
    actor.require("billing.run")
    run = _own(actor, run_id)
    if run.job_id is None or Job.objects.live().filter(pk=run.job_id).exists():
        raise RunAtWork()
    left = JobItem.objects.filter(job=run.job_id, state=JobItem.State.SKIPPED, reason="cancelled")
    number = left.update(state=JobItem.State.FAILED)
    Job.objects.filter(pk=run.job_id).update(skipped=F("skipped") - number, failed=F("failed") + number)
    retry_failed(actor=actor, job_id=run.job_id, now=now)
    return run


@operation
def issue_run(*, actor: Actor, run_id: int, now: datetime) -> BillingRun:
    """Have all its drafts issued by workers, without waiting for the days of grace. What cannot be issued yet stays a
    draft, with the reason. Refused: `NoDrafts`."""
    actor.require("invoice.edit")
    return issue(actor, _own(actor, run_id), now)


def issue(actor: Actor, run: BillingRun, now: datetime) -> BillingRun:
    """`issue_run` of a run that is locked: part of an operation."""
    if any(job is not None and job.is_live for job in (run.job, run.issuing)):
        raise RunAtWork()
    run.issuing = start_job(
        actor=actor, kind=ISSUING, title=_title(_("Issue what was billed: %(month)s"), run.month), now=now, lanes=1
    )
    if not write_items(run.issuing, DRAFTS, [run.pk]):
        raise NoDrafts()
    run.save(update_fields=["issuing"])
    actor.record("billing_run.issued", run, at=now, until=run.until.isoformat(), job=run.issuing.pk)
    seal_job(run.issuing, chunk=CHUNK)
    return run


def _own(actor: Actor, run_id: int) -> BillingRun:
    """A run of the actor's own tenant, locked."""
    return found(BillingRun.objects.visible_to(actor).locked(), pk=run_id, issuer=actor.tenant_id)


def _person(actor: Actor) -> User:
    """A run is approved by somebody: not by the program."""
    return found(User.objects.all(), pk=actor.user_id)


def _must_be_next(issuer_id: int, month: date) -> None:
    standing = BillingRun.objects.filter(issuer=issuer_id).standing()
    if standing.filter(month=month).exists():
        raise RunExists()
    if standing.filter(job=None).exists():
        raise RunWaits()
    last = standing.aggregate(last=Max("month"))["last"]
    if last is not None and month < last:
        raise MonthIsOver(field="until")


def _count(actor: Actor, month: date, now: datetime) -> Job:
    """A job that is to count; its caller seals it once the run is there."""
    job = start_job(actor=actor, kind=COUNTING, title=_title(_("What there is to bill: %(month)s"), month), now=now)
    if not write_items(job, PAYERS, [actor.tenant_id]):
        raise NobodyOwes()
    return job


def _title(words: str, month: date) -> str:
    return words % {"month": date_format(month, "F Y")}
