"""What a worker does for the reports: called by the job runner, one run at a time."""

from collections.abc import Sequence
from tempfile import TemporaryFile
from types import SimpleNamespace

from django.utils import translation

from reports.kinds import kind_of
from reports.models import ReportRun
from reports.services.runs import keep_file, maker
from resellerhub.kernel.models import Job, JobItem


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Write the file of a run, as whoever asked for it may see it today. Safe to run twice."""
    run = ReportRun.objects.select_related("job").get(job=job)
    request, kind = SimpleNamespace(actor=maker(run)), kind_of(run.report)
    with translation.override(run.language), TemporaryFile() as file:
        rows = kind.write(run, kind.filters(run.filters, request), request.actor, file)
        file.seek(0)
        keep_file(run, file, rows)
    JobItem.objects.filter(pk__in=item_ids).update(state=JobItem.State.DONE, result_id=run.pk)
