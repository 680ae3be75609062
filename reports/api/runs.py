"""Report runs over REST: asked for, listed, fetched."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, QueryDict
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError

from reports.files import CONTENT_TYPES, file_of
from reports.filters import ReportRunFilter
from reports.kinds import kind_of
from reports.models import ReportRun
from reports.selectors import report_runs
from reports.serializers import DocumentExportIn, ReportRunIn, ReportRunOut
from reports.services.runs import start_report_run
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.problems import MEDIA_TYPE
from resellerhub.rest.schema import ProblemOut
from resellerhub.rest.views import Api, ReadApi

FILE: dict[Any, Any] = {(200, content_type): OpenApiTypes.BINARY for content_type in CONTENT_TYPES.values()}


class ReportRunApi(ReadApi):
    """Reports that a worker writes as files; only their maker's own tenant sees them."""

    singular, permission, out = "report_run", "report.run", ReportRunOut
    filterset_class = ReportRunFilter

    def rows(self, actor: Any) -> QuerySet[Any]:
        return report_runs(actor)

    @operation_endpoint(input=ReportRunIn, output=ReportRunOut, status=202, permission="report.run")
    def create(self, call: Call) -> ReportRun:
        """Have a report written as a file.

        `Location` is the job; when it is done, the file is at `/report-runs/{id}/file`.
        """
        values = call.values
        run = start_report_run(
            actor=call.actor,
            report=values["report"],
            file_format=values["format"],
            filters=valid(values["report"], values.get("filters", {}), self.request._request),
            language=values.get("language") or get_language() or "en",
            request_id=call.request_id,
            now=call.now,
        )
        shown: ReportRun = found(self.rows(call.actor), pk=run.pk)
        return shown

    @extend_schema(
        summary="The file of a run, once it is written.",
        responses={**FILE, (404, MEDIA_TYPE): ProblemOut, (409, MEDIA_TYPE): ProblemOut},
    )
    def file(self, request: Any, pk: int) -> FileResponse:
        """The file of a run, once it is written."""
        refuse_unknown(request.query_params, set())
        return file_of(found(self.get_queryset(), pk=pk))


class DocumentExportApi(Api):
    """Documents as one file, written by a worker."""

    singular, permission = "invoices_export", "report.run"

    @operation_endpoint(input=DocumentExportIn, output=ReportRunOut, status=202, permission="report.run")
    def export(self, call: Call) -> ReportRun:
        """Have what was issued and the filters find written as one file: as ZIP with PDF and e-invoice of each and a
        table of all lines, or that table alone as CSV. Documents with names that are hidden from you are left out.

        `Location` is the job; when it is done, the file is at `/report-runs/{id}/file`.
        """
        values, documents = call.values, ReportRun.Report.DOCUMENTS.value
        run = start_report_run(
            actor=call.actor,
            report=documents,
            file_format=values["format"],
            filters=valid(documents, values.get("filters", {}), self.request._request),
            language=values.get("language") or get_language() or "en",
            request_id=call.request_id,
            now=call.now,
        )
        shown: ReportRun = found(report_runs(call.actor), pk=run.pk)
        return shown


def valid(report: str, filters: dict[str, Any], request: Any) -> dict[str, str]:
    """The filters as the page's query string would say them; what it would not understand is refused by name."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        query["q" if name == "search" else name] = str(value).lower() if isinstance(value, bool) else str(value)
    form = kind_of(report).filters(query, request).form
    if not form.is_valid():
        errors = {
            "search" if name == "q" else name: [ErrorDetail(str(text), "invalid") for text in texts]
            for name, texts in form.errors.items()
        }
        raise ValidationError({"filters": errors})
    return {name: str(value) for name, value in query.items()}
