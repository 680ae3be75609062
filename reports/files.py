"""How the file of a report run is sent."""

from typing import Any

from django.http import FileResponse

from reports.models import ReportRun
from reports.refusals import FileWithdrawn, NoFileYet
from reports.selectors import WITHDRAWN

CONTENT_TYPES = {
    ReportRun.Format.CSV: "text/csv; charset=utf-8",
    ReportRun.Format.ZIP: "application/zip",
    ReportRun.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_of(run: Any) -> FileResponse:
    """A download of one of `selectors.report_runs`, read as it is sent."""
    if not run.file:
        raise NoFileYet()
    if run.reason == WITHDRAWN:
        raise FileWithdrawn()
    name = f"{run.report}-{run.created_at:%Y-%m-%d}-{run.pk}.{run.format}"
    content_type = CONTENT_TYPES[ReportRun.Format(run.format)]
    return FileResponse(run.file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
