"""Documents and number series over REST."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from invoicing.document_files import answer
from invoicing.filters.documents import DocumentFilter, SeriesFilter
from invoicing.models import Document, NumberSeries
from invoicing.selectors.charges import billed_by
from invoicing.selectors.documents import credit_notes, documents, invoices, number_series, with_lines
from invoicing.serializers.documents import (
    BillIn,
    CreditIn,
    DocumentOut,
    DraftIn,
    IssueIn,
    NumberSeriesIn,
    NumberSeriesOut,
    VoidIn,
)  # fmt: skip
from invoicing.services.billing import bill
from invoicing.services.crediting import credit_invoice
from invoicing.services.drafts import change_draft, choose_charges, discard_draft
from invoicing.services.issuing import issue_document
from invoicing.services.proformas import turn_into_invoice
from invoicing.services.series import set_number_series
from invoicing.services.voiding import void_document
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.problems import MEDIA_TYPE
from resellerhub.rest.schema import ProblemOut
from resellerhub.rest.views import ReadApi, api_paths

PROBLEMS: dict[Any, Any] = {(code, MEDIA_TYPE): ProblemOut for code in (403, 404, 409)}


class DocumentApi(ReadApi):
    """What invoices and credit notes share."""

    permission, out = "invoice.view", DocumentOut
    filterset_class = DocumentFilter
    ordering_fields = {"issued_on": "issued_on", "due_on": "due_on", "number": "number"}
    expandable = {"lines": (), "taxes": ()}

    @extend_schema(summary="As PDF.", responses={(200, "application/pdf"): OpenApiTypes.BINARY, **PROBLEMS})
    def pdf(self, request: Any, pk: int) -> HttpResponse:
        """As it is printed. Refused: `names-hidden` (403) where a name on it is."""
        return self.file(request, pk, "pdf")

    @extend_schema(summary="As CSV.", responses={(200, "text/csv"): OpenApiTypes.BINARY, **PROBLEMS})
    def csv(self, request: Any, pk: int) -> HttpResponse:
        """One row for each line, for machines."""
        return self.file(request, pk, "csv")

    @extend_schema(summary="As XML.", responses={(200, "application/xml"): OpenApiTypes.BINARY, **PROBLEMS})
    def xml(self, request: Any, pk: int) -> HttpResponse:
        """As XRechnung (EN 16931). Refused: `not-offered` (409) where something that it needs is lacking."""
        return self.file(request, pk, "xml")

    def file(self, request: Any, pk: int, kind: str) -> HttpResponse:
        refuse_unknown(request.query_params, set())
        return answer(self.actor, found(self.get_queryset(), pk=pk), kind)

    def shown(self, call: Call, pk: int) -> Document:
        return found(documents(call.actor), pk=pk)

    def mine(self, call: Call) -> Document:
        """Of this kind: a credit note is no invoice."""
        row: Document = found(self.rows(call.actor), pk=call.pk)
        return row

    @operation_endpoint(input=DraftIn, output=DocumentOut, detail=True, method="patch", permission="invoice.edit")
    def change(self, call: Call) -> Document:
        """Change a draft. Refused: `not-a-draft`, `billed-elsewhere` (409), `not-its-issuer` (403)."""
        self.mine(call)
        charges = call.values.pop("charges", None)

        @operation
        def change() -> None:
            told = {"actor": call.actor, "document_id": call.pk, "now": call.now}
            change_draft(said=call.values, **told)
            if charges is not None:
                choose_charges(charge_ids=charges, **told)

        change()
        return self.shown(call, call.pk)

    @operation_endpoint(detail=True, method="delete", permission="invoice.edit")
    def discard(self, call: Call) -> None:
        """Discard a draft; what stood on it is due as before. Refused: `not-a-draft` (409)."""
        self.mine(call)
        discard_draft(actor=call.actor, document_id=call.pk, now=call.now)

    @operation_endpoint(
        input=IssueIn, output=DocumentOut, detail=True, path="issue", permission="invoice.edit", idempotency="required"
    )
    def issue(self, call: Call) -> Document:
        """Issue a draft: it gets the next number of its series, and never changes again.

        Refused: `not-a-draft`, `tax-unknown`, `nothing-on-it`, `dates-go-back`, `not-yet`, and `credit-too-large` where
        something was given back since (409).
        """
        self.mine(call)
        issue_document(actor=call.actor, document_id=call.pk, on=call.values.get("on"), now=call.now)
        return self.shown(call, call.pk)


class InvoiceApi(DocumentApi):
    """Invoices and proforma invoices: what you pay, and what you and those beneath you bill."""

    singular = "invoice"

    def rows(self, actor: Any) -> QuerySet[Document]:
        return with_lines(actor, invoices(actor), self.expand())

    @operation_endpoint(input=BillIn, output=DocumentOut, status=201, permission="invoice.edit", idempotency="required")
    def create(self, call: Call) -> Document:
        """Charge what somebody owes you until a day and put it on a draft. Refused: `nothing-to-bill` (409)."""
        values = call.values
        payer = found(billed_by(call.actor), pk=values["payer"])
        made = bill(actor=call.actor, payer_id=payer.pk, until=values["until"], kind=values["kind"], now=call.now)
        return self.shown(call, made.pk)

    @operation_endpoint(input=VoidIn, output=DocumentOut, detail=True, path="void", permission="invoice.edit")
    def void(self, call: Call) -> Document:
        """Make what was issued void: it keeps its number, and what stands on it is due again.

        Refused: `not-to-be-void` (409), as while a credit note corrects it.
        """
        self.mine(call)
        void_document(actor=call.actor, document_id=call.pk, reason=call.values["reason"], now=call.now)
        return self.shown(call, call.pk)

    @operation_endpoint(
        input=CreditIn, output=DocumentOut, status=201, detail=True, path="credit", permission="invoice.edit",
        idempotency="required", location="credit_note",
    )  # fmt: skip
    def credit(self, call: Call) -> Document:
        """The draft of a credit note, at the prices that were billed.

        Refused: `credit-too-large` says what is left, `not-to-be-credited`, `not-of-invoice` (409).
        """
        invoice = self.mine(call)
        given = [call.values.get("amount"), *(row.get("amount") for row in call.values.get("lines", ()))]
        if any(money.currency != invoice.currency for money in given if money is not None):
            sentence = _("This invoice is in %(currency)s.") % {"currency": invoice.currency}
            raise Invalid({"amount": [sentence]})
        lines = {row["line"]: row["amount"].amount if "amount" in row else None for row in call.values.get("lines", ())}
        note = credit_invoice(
            actor=call.actor,
            invoice_id=call.pk,
            reason=call.values["reason"],
            amount=given[0].amount if given[0] else None,
            lines=lines or None,
            request_id=call.request_id,
            now=call.now,
        )
        return self.shown(call, note.pk)

    @operation_endpoint(
        output=DocumentOut, status=201, detail=True, path="convert", permission="invoice.edit", idempotency="required"
    )
    def convert(self, call: Call) -> Document:
        """The draft of an invoice with what stands on a proforma invoice. Refused: `not-a-proforma` (409)."""
        self.mine(call)
        made = turn_into_invoice(actor=call.actor, document_id=call.pk, now=call.now)
        return self.shown(call, made.pk)


class CreditNoteApi(DocumentApi):
    """Credit notes: what was given back of invoices."""

    singular = "credit_note"

    def rows(self, actor: Any) -> QuerySet[Document]:
        return with_lines(actor, credit_notes(actor), self.expand())


class NumberSeriesApi(ReadApi):
    """How documents are numbered: those in use, and those that were."""

    singular, plural, permission, out = "series", "number_series", "settings.edit", NumberSeriesOut
    filterset_class = SeriesFilter

    def rows(self, actor: Any) -> QuerySet[NumberSeries]:
        return number_series(actor)

    @operation_endpoint(input=NumberSeriesIn, output=NumberSeriesOut, status=201, permission="settings.edit")
    def set(self, call: Call) -> NumberSeries:
        """How documents of a kind are numbered from the next one on. Refused: `begins-alike` (409)."""
        made = set_number_series(actor=call.actor, now=call.now, **call.values)
        return found(number_series(call.actor), pk=made.pk)


def files(prefix: str, view: type[DocumentApi]) -> list[URLPattern]:
    return [
        path(f"{prefix}/<int:pk>/{kind}", view.as_view({"get": kind}), name=f"{view.singular}_{kind}")
        for kind in ("pdf", "csv", "xml")
    ]


urls = [
    *files("invoices", InvoiceApi),
    *files("credit-notes", CreditNoteApi),
    *api_paths("invoices", InvoiceApi),
    *api_paths("credit-notes", CreditNoteApi),
    *api_paths("number-series", NumberSeriesApi),
]
