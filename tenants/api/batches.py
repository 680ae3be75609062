"""Many invitations at once over REST."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.parsers import FormParser, StrictJsonParser
from resellerhub.rest.problems import MEDIA_TYPE, Problem
from resellerhub.rest.schema import ProblemOut
from resellerhub.rest.views import ReadApi, api_paths
from resellerhub.web.exports import FORMATS, template_file
from tenants.models import InvitationBatch
from tenants.serializers.invitations import BatchIn, BatchOut
from tenants.services.batches import COLUMNS, Terms, start_invitation_batch
from tenants.services.reading import Column, read_table, table_of

FORMAT = OpenApiParameter("format", str, enum=list(FORMATS), description="Left out, CSV.")
FILES: Any = {
    (200, "text/csv"): OpenApiTypes.BINARY,
    (200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"): OpenApiTypes.BINARY,
    **{(status, MEDIA_TYPE): ProblemOut for status in (400, 401, 403, 429)},
}


def template_of(request: Any, columns: tuple[Column, ...], name: str) -> HttpResponseBase:
    """The headings alone, as CSV or XLSX."""
    refuse_unknown(request.query_params, {"format"})
    kind = request.query_params.get("format", "csv")
    if kind not in FORMATS:
        raise Problem(400, "malformed", "The format is csv or xlsx.")
    return template_file([column.name for column in columns], kind, name)


class InvitationBatchApi(ReadApi):
    """Batches of invitations. What became of each row is told by the items of the job."""

    singular, plural, permission, out = "invitation_batch", "invitation_batches", "reseller.invite", BatchOut
    reads = ()
    parser_classes = (StrictJsonParser, FormParser)

    def rows(self, actor: Any) -> QuerySet[InvitationBatch]:
        return InvitationBatch.objects.visible_to(actor).select_related("job")

    @operation_endpoint(
        input=BatchIn, output=BatchOut, status=202, permission="reseller.invite", idempotency="required"
    )
    def create(self, call: Call) -> InvitationBatch:
        """Invite many resellers, from a file (CSV or XLSX, as `multipart/form-data`) or from JSON rows.

        All rows are taken or none: `faulty-rows` (422) names each line that is wrong, and `unreadable-file` (422) says
        why a file was not read. `Location` is the job; its items say of each row whether somebody was invited, or why
        not: `large_account_reseller`, `already_member`, `several_resellers`, `not_registered`, `invited_just_now`.
        """
        values = call.values
        file = values.get("file")
        terms = Terms(
            seller_id=values.get("seller", call.actor.tenant_id),
            language=values.get("language", ""),
            reseller_type=values.get("reseller_type", ""),
            mails_unregistered=values["mail_unregistered"],
            file_name=(file.name or "")[:200] if file else "",
        )
        table = read_table(file, COLUMNS) if file else table_of(values["rows"], COLUMNS)
        return start_invitation_batch(
            actor=call.actor, terms=terms, table=table, request_id=call.request_id, now=call.now
        )

    @extend_schema(summary="The headings of a batch, as a file.", parameters=[FORMAT], responses=FILES)
    def template(self, request: Any) -> HttpResponseBase:
        """The headings of a batch, as a file."""
        self.let_look()
        return template_of(request, COLUMNS, "invitations")


urls = [
    path(
        "invitations/batch/template", InvitationBatchApi.as_view({"get": "template"}), name="invitation_batch_template"
    ),
    *api_paths("invitations/batch", InvitationBatchApi),
]
