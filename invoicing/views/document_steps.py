"""What an issuer does with documents: bill, change a draft, issue, credit, make void."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from invoicing.forms.documents import BillForm, CreditForm, DraftForm, IssueForm, VoidForm
from invoicing.models import Document, DocumentKind
from invoicing.refusals import NotADraft, NotItsIssuer, NotToBeCredited, NotToBeVoid
from invoicing.selectors.charges import billed_by
from invoicing.selectors.documents import documents
from invoicing.services.billing import bill
from invoicing.services.crediting import credit_invoice, left_of
from invoicing.services.drafting import today_of
from invoicing.services.drafts import change_draft, choosable, choose_charges, discard_draft
from invoicing.services.issuing import issue_document
from invoicing.services.proformas import turn_into_invoice
from invoicing.services.voiding import void_document
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.forms import FormPage, OperationForm, answer_form, attempt
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url


@page("invoice.edit")
def invoice_create(request: PageRequest) -> HttpResponse:
    actor = request.actor
    initial = {"payer": request.GET.get("payer"), "until": today_of(actor.tenant_id, timezone.now())}
    form = BillForm(billed_by(actor), request.POST or None, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New invoice"),
            intro=_("What is owed until a day is charged and put on a draft. It can be changed until it is issued."),
            submit=_("Make draft"),
            cancel_url=shell_url(request, "invoices"),
            parent="invoices",
        ),
        lambda values: bill(
            actor=actor, payer_id=values["payer"].pk, until=values["until"], kind=values["kind"], now=timezone.now()
        ),
        _("The draft was made."),
        to=lambda made: shell_url(request, "invoice", made.pk),
    )


@page("invoice.edit")
def invoice_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    if not row.is_draft:
        raise NotADraft()
    charges = None if row.kind == DocumentKind.CREDIT_NOTE else choosable(row)
    initial = {name: getattr(row, name) for name in ("note", "buyer_reference", "order_number")}
    initial["charges"] = list(row.lines.values_list("charge_id", flat=True).distinct())
    form = DraftForm(charges, request.POST or None, initial=initial)

    @operation
    def change(values: dict[str, Any]) -> Document:
        chosen = values.pop("charges", None)
        told = {"actor": request.actor, "document_id": pk, "now": timezone.now()}
        document = change_draft(said=values, **told)
        if chosen is not None and {each.pk for each in chosen} != set(initial["charges"]):
            choose_charges(charge_ids=[each.pk for each in chosen], **told)
        return document

    return _answer(request, row, form, change, _("The draft was changed."), title=_("Edit draft"), submit=_("Save"))


@page("invoice.edit")
def invoice_issue(request: PageRequest, pk: int) -> HttpResponse:
    """With what it will say: once it is issued nothing of it changes."""
    row = _own(request, pk)
    if not row.is_draft:
        raise NotADraft()
    form = IssueForm(request.POST or None)

    def issue(values: dict[str, Any]) -> Document:
        on: date | None = values["on"]
        return issue_document(actor=request.actor, document_id=pk, on=on, now=timezone.now())

    intro = _("%(kind)s for %(payer)s: %(net)s and %(tax)s of tax make %(total)s. Once issued, it never changes.") % {
        "kind": row.get_kind_display(),
        "payer": row.payer_name,
        "net": formats.money(row.net, row.currency),
        "tax": formats.money(row.tax, row.currency),
        "total": formats.money(row.gross, row.currency),
    }
    done = lambda made: _("%(number)s was issued.") % {"number": made.full_number}  # noqa: E731
    return _answer(request, row, form, issue, done, title=_("Issue"), submit=_("Issue"), intro=intro)


@page("invoice.edit")
def invoice_void(request: PageRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    if row.state != Document.State.ISSUED or row.kind not in (DocumentKind.INVOICE, DocumentKind.PROFORMA):
        raise NotToBeVoid()
    form = VoidForm(request.POST or None)
    intro = _("It keeps its number. What stands on it is due again, and is on the next invoice.")
    return _answer(
        request,
        row,
        form,
        lambda values: void_document(actor=request.actor, document_id=pk, reason=values["reason"], now=timezone.now()),
        _("It is void."),
        title=_("Make void"),
        submit=_("Make void"),
        intro=intro,
        danger=True,
    )


@page("invoice.edit")
def invoice_credit(request: PageRequest, pk: int) -> HttpResponse:
    """What it comes to is seen on the draft, before it is issued."""
    row = _own(request, pk)
    if row.kind != DocumentKind.INVOICE or row.state != Document.State.ISSUED:
        raise NotToBeCredited()
    left = left_of(row)
    form = CreditForm(row, dict(left.lines), request.POST or None)
    intro = _("%(left)s before tax can be given back. It becomes a draft, which shows tax and total.") % {
        "left": formats.money(left.net, row.currency)
    }
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Credit %(number)s") % {"number": row},
            intro=intro,
            submit=_("Make draft of a credit note"),
            cancel_url=shell_url(request, "invoice", pk),
            parent="invoices",
        ),
        lambda _values: credit_invoice(
            actor=request.actor, invoice_id=pk, request_id=form.request_uuid, now=timezone.now(), **form.what
        ),
        _("The draft of the credit note was made."),
        to=lambda made: shell_url(request, "invoice", made.pk),
    )


@require_POST
@page("invoice.edit")
def invoice_discard(request: PageRequest, pk: int) -> HttpResponseBase:
    def discard() -> bool:
        discard_draft(actor=request.actor, document_id=pk, now=timezone.now())
        return True

    if attempt(request, discard):
        messages.success(request, _("The draft was discarded."))
        return redirect(shell_url(request, "invoices"))
    return redirect(shell_url(request, "invoice", pk))


@require_POST
@page("invoice.edit")
def invoice_convert(request: PageRequest, pk: int) -> HttpResponseBase:
    made = attempt(request, lambda: turn_into_invoice(actor=request.actor, document_id=pk, now=timezone.now()))
    return redirect(shell_url(request, "invoice", made.pk if made else pk))


def _own(request: PageRequest, pk: int) -> Any:
    row: Any = found(documents(request.actor), pk=pk)
    if not row.is_own:
        raise NotItsIssuer()
    return row


def _answer(
    request: PageRequest, row: Document, form: OperationForm, call: Any, done: Any, **words: Any
) -> HttpResponse:
    form_page = FormPage(form=form, cancel_url=shell_url(request, "invoice", row.pk), parent="invoices", **words)
    return answer_form(request, form_page, call, done)
