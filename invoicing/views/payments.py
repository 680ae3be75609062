"""Payments: the list, one of them, and what is done with it."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from invoicing.filters.payments import PaymentFilter
from invoicing.forms.payments import AllocationForm, PaymentForm
from invoicing.models import Payment
from invoicing.selectors.accounts import allocations_of, open_documents
from invoicing.selectors.accounts import payments as paid
from invoicing.selectors.charges import billed_by
from invoicing.selectors.policies import policy_of
from invoicing.services.allocating import allocate, deallocate
from invoicing.services.drafting import today_of
from invoicing.services.payments import Received, own_payment, record_payment, reverse_payment
from invoicing.tables.payments import AllocationTable, PaymentTable
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.roles import Kind


@page("invoice.view")
def payments(request: PageRequest) -> HttpResponseBase:
    new = Action(_("Record a payment"), shell_url(request, "payment_create"), "plus", "payment.edit")
    load = Action(_("Import a statement"), shell_url(request, "payments_import"), "upload", "payment.edit")
    is_paid = request.actor.kind != Kind.CUSTOMER
    return render_list(
        request,
        ListPage(
            key="payments",
            title=_("Payments"),
            intro=_("What was paid and paid back. What is not allocated settles no document yet."),
            queryset=paid(request.actor),
            table_class=PaymentTable,
            filterset_class=PaymentFilter,
            order=("-received_on", "-id"),
            actions=[load, new] if is_paid else [],
            export_name="payments",
            empty=Empty(_("No payments yet"), _("Record them by hand or import the statement of your bank."))
            if is_paid
            else Empty(_("No payments yet")),
        ),
    )


@page("invoice.view")
def payment(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(paid(request.actor), pk=pk)
    is_own = row.issuer_id == request.actor.tenant_id
    return render_detail(
        request,
        DetailPage(
            title=_("Payment of %(amount)s") % {"amount": formats.money(row.amount, row.currency)},
            subtitle=row.payer_name,
            reference=row.pk,
            parent="payments",
            actions=_actions(request, row) if is_own else [],
            tabs=[Tab("overview", _("Overview"), lambda: _sections(row, is_own=is_own))],
        ),
    )


def _actions(request: PageRequest, row: Any) -> list[Action]:
    if row.kind == Payment.Kind.REVERSAL or row.reversed_by:
        return []
    back = Action(_("Reverse"), shell_url(request, "payment_reverse", row.pk), "x", "payment.edit", danger=True)
    give = Action(_("Allocate"), shell_url(request, "payment_allocate", row.pk), "", "payment.edit", primary=True)
    return [give, back] if row.left > 0 else [back]


def _sections(row: Any, *, is_own: bool) -> list[Section]:
    facts = [
        (_("Payer"), row.payer_name),
        (_("Kind"), row.get_kind_display()),
        (_("Amount"), formats.money(row.amount, row.currency)),
        (_("Not allocated"), formats.money(row.left, row.currency)),
        (_("Received"), row.received_on),
        (_("Method"), row.get_method_display()),
        (_("Reference"), row.reference_shown),
        (_("Recorded"), row.made_at),
    ]
    if row.reverses_id or row.reversed_by:
        word = _("Reverses payment") if row.reverses_id else _("Reversed by payment")
        facts.append((word, row.reverses_id or row.reversed_by))
    table = AllocationTable(allocations_of(row), exclude=() if is_own else ("take_back",))
    empty = Empty(_("Not allocated"), _("It settles no document yet."))
    return [Section(title=_("Payment"), facts=facts), Section(title=_("What it settles"), table=table, empty=empty)]


@page("payment.edit")
def payment_create(request: PageRequest) -> HttpResponseBase:
    today = today_of(request.actor.tenant_id, timezone.now())
    policy = policy_of(request.actor.tenant_id, today)
    initial = {"payer": request.GET.get("payer"), "received_on": today, "currency": policy.currency}
    form = PaymentForm(request.POST or None, payers=billed_by(request.actor), initial=initial)

    def note(values: dict[str, Any]) -> Payment:
        settles, payer = values.pop("settles"), values.pop("payer")
        received = Received(payer_id=payer.pk, **values)
        return record_payment(
            actor=request.actor,
            received=received,
            settles=settles,
            request_id=form.request_uuid,
            now=timezone.now(),
        )

    url = shell_url(request, "payments")
    shown = FormPage(form=form, title=_("Record a payment"), submit=_("Record"), cancel_url=url, parent="payments")
    return answer_form(request, shown, note, _("The payment was recorded."), url)


@page("payment.edit")
def payment_allocate(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(paid(request.actor), pk=own_payment(request.actor, pk).pk)
    rows = open_documents(row.issuer_id, [row.payer_id]).filter(currency=row.currency)
    rows = rows.filter(open__gt=0) if row.amount > 0 else rows.filter(open__lt=0)
    form = AllocationForm(request.POST or None, documents=rows)
    url = shell_url(request, "payment", pk)
    shown = FormPage(
        form=form,
        title=_("Allocate"),
        intro=_("%(left)s are not allocated.") % {"left": formats.money(row.left, row.currency)},
        submit=_("Allocate"),
        cancel_url=url,
        parent="payments",
    )
    return answer_form(
        request,
        shown,
        lambda values: allocate(
            actor=request.actor,
            payment_id=pk,
            document_id=values["document"].pk,
            amount=values["amount"],
            now=timezone.now(),
        ),
        _("It is allocated."),
        url,
    )


@page("payment.edit")
def payment_deallocate(request: PageRequest, pk: int, document: int) -> HttpResponseBase:
    row = own_payment(request.actor, pk)
    settled = found(row.allocations.select_related("document"), document=document).document
    url = shell_url(request, "payment", pk)
    shown = FormPage(
        form=OperationForm(request.POST or None),
        title=_("Take back from %(number)s") % {"number": settled.full_number},
        intro=_("The document is open again, and the money can be allocated elsewhere."),
        submit=_("Take back"),
        cancel_url=url,
        parent="payments",
    )

    def take(values: dict[str, Any]) -> bool:
        deallocate(actor=request.actor, payment_id=pk, document_id=document, now=timezone.now())
        return True

    return answer_form(request, shown, take, _("It was taken back."), url)


@page("payment.edit")
def payment_reverse(request: PageRequest, pk: int) -> HttpResponseBase:
    row = own_payment(request.actor, pk)
    url = shell_url(request, "payment", pk)
    shown = FormPage(
        form=OperationForm(request.POST or None),
        title=_("Reverse the payment of %(amount)s") % {"amount": formats.money(row.amount, row.currency)},
        intro=_("It was charged back, or recorded by mistake. What it settled is open again. Both stay on record."),
        submit=_("Reverse"),
        cancel_url=url,
        parent="payments",
        danger=True,
    )
    return answer_form(
        request,
        shown,
        lambda values: reverse_payment(actor=request.actor, payment_id=pk, now=timezone.now()),
        _("The payment was reversed."),
        url,
    )
