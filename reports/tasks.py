"""What a worker does for the reports: called by the job runner, one run at a time."""

from collections.abc import Sequence
from tempfile import TemporaryFile
from types import SimpleNamespace

from django.utils import translation

from reports.filters import OverUsageFilter
from reports.models import ReportRun
from reports.services.runs import keep_file, maker
from reports.tables import OverUsageTable
from resellerhub.kernel.models import Job, JobItem
from resellerhub.web.exports import table_rows, write_rows
from subscriptions.models import Holding


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Write the file of a run, row by row, as its page would export it to whoever asked for it. Safe to run twice."""
    run = ReportRun.objects.select_related("job").get(job=job)
    request = SimpleNamespace(actor=maker(run))
    with translation.override(run.language), TemporaryFile() as file:
        asked = OverUsageFilter(run.filters, queryset=Holding.objects.none(), request=request)
        table = OverUsageTable(data=asked.qs, request=None)
        table.show_only(run.columns)
        rows = write_rows(table_rows(table), run.format, file)
        file.seek(0)
        keep_file(run, file, rows)
    JobItem.objects.filter(pk__in=item_ids).update(state=JobItem.State.DONE, result_id=run.pk)
