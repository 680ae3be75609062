"""How the file of a report run is sent."""

from django.http import FileResponse

from reports.models import ReportRun
from reports.refusals import NoFileYet

CONTENT_TYPES = {
    ReportRun.Format.CSV: "text/csv; charset=utf-8",
    ReportRun.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_of(run: ReportRun) -> FileResponse:
    """A download, read as it is sent."""
    if not run.file:
        raise NoFileYet()
    name = f"{run.report}-{run.created_at:%Y-%m-%d}-{run.pk}.{run.format}"
    content_type = CONTENT_TYPES[ReportRun.Format(run.format)]
    return FileResponse(run.file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
