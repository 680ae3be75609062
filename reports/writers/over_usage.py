"""The report of over-usage as a file: row by row, as its page would export it."""

from typing import IO, Any

from reports.models import ReportRun
from reports.tables import OverUsageTable
from resellerhub.web.exports import table_rows, write_rows
from tenants.actor import Actor


def write(run: ReportRun, asked: Any, actor: Actor, file: IO[bytes]) -> int:
    table = OverUsageTable(data=asked.qs, request=None)
    table.show_only(run.columns)
    return write_rows(table_rows(table), run.format, file)
