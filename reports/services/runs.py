"""Reports as files: asked for here, written by a worker, kept in Django's storage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from reports.models import ReportRun
from reports.refusals import MakerGone
from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy, RequestReused
from tenants.actor import Actor
from tenants.models import Membership, Tenant


@operation
def start_report_run(
    *,
    actor: Actor,
    report: str,
    file_format: str,
    filters: Mapping[str, str],
    columns: Sequence[str] = (),
    language: str,
    request_id: UUID | None = None,
    now: datetime,
) -> ReportRun:
    """Have a report written as a file; returns at once. A repeated request id writes no second file.

    `filters` are the parameters of the report's page, found valid by the caller; no columns are the usual ones.
    """
    actor.require("report.run")
    asked = (report, file_format, dict(filters), list(columns))
    if request_id and (earlier := ReportRun.objects.visible_to(actor).filter(request_id=request_id).first()):
        if (earlier.report, earlier.format, earlier.filters, earlier.columns) != asked:
            raise RequestReused()
        return earlier
    title = f"{ReportRun.Report(report).label} ({ReportRun.Format(file_format).label})"
    job = start_job(actor=actor, kind="report", title=title, lanes=1, now=now)
    with refusing({"report_run_request_once": Busy()}):
        run = ReportRun.objects.create(
            job=job,
            provider_id=actor.provider_id,
            tenant_id=actor.tenant_id,
            user_id=actor.user_id,
            report=report,
            format=file_format,
            filters=dict(filters),
            columns=list(columns),
            language=language,
            request_id=request_id,
            created_at=now,
        )
    write_items(job, "SELECT 1, %s::bigint", [run.pk])
    seal_job(job, chunk=1)
    actor.record("report_run.started", run, at=now, report=report, format=file_format, filters=dict(filters))
    return run


def maker(run: ReportRun) -> Actor:
    """Who asked for the report, with what that member may see today."""
    request_id = run.job.request_id
    if run.user_id is None:
        return Actor.system(run.provider_id, request_id)
    memberships = Membership.objects.select_related("tenant", "user")
    working = memberships.filter(user__is_active=True).exclude(tenant__status=Tenant.Status.CLOSED)
    membership = working.filter(user=run.user_id, tenant=run.tenant_id).first()
    if membership is None:
        raise MakerGone()
    actor = Actor.of(membership, request_id)
    actor.require("report.run")
    return actor


def keep_file(run: ReportRun, content: IO[bytes], rows: int) -> None:
    """Store what a worker wrote. A worker that died after storing is followed by one that stores over it."""
    name = str(PurePosixPath("reports", str(run.provider_id), f"{run.pk}.{run.format}"))
    default_storage.delete(name)
    run.file.name = default_storage.save(name, File(content))
    run.rows = rows
    run.save(update_fields=["file", "rows"])
