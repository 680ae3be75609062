"""Charges: the list, the file that a book-keeping computes again, and what is charged by hand."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from invoicing.filters.charges import ChargeFilter
from invoicing.forms.charges import ChargeForm
from invoicing.selectors.charges import billed_by, reconciled
from invoicing.selectors.charges import charges as charged
from invoicing.selectors.policies import policy_of
from invoicing.services.manual import charge_by_hand
from invoicing.tables.charges import ChargeTable
from resellerhub.kernel.periods import day_of
from resellerhub.web.exports import csv_file
from resellerhub.web.filters import Filters
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.roles import Kind


@page("invoice.view")
def charges(request: PageRequest) -> HttpResponseBase:
    query = request.GET.urlencode()
    file = Action(_("File for the books"), f"{shell_url(request, 'charges_reconciliation')}?{query}", "download")
    new = Action(_("New charge"), shell_url(request, "charge_create"), "plus", "invoice.edit")
    return render_list(
        request,
        ListPage(
            key="charges",
            title=_("Charges"),
            intro=_("What was charged and given back, line by line. Bills are made of it."),
            queryset=charged(request.actor),
            table_class=ChargeTable,
            filterset_class=ChargeFilter,
            order=("-id",),
            actions=[file, *([] if request.actor.kind == Kind.CUSTOMER else [new])],
            export_name="charges",
            empty=Empty(_("No charges yet"), _("A billing run charges what is due.")),
        ),
    )


@page("invoice.view")
def charges_reconciliation(request: PageRequest) -> HttpResponseBase:
    """All of the filter: each line computes again, and what does not is a line of its own."""
    rows = Filters(request, ChargeFilter, charged(request.actor), None).rows
    return csv_file(reconciled(rows.order_by("pk")), "charges-reconciliation.csv")


@page("invoice.edit")
def charge_create(request: PageRequest) -> HttpResponse:
    policy = policy_of(request.actor.tenant_id, day_of(timezone.now()))
    initial = {"payer": request.GET.get("payer"), "currency": policy.currency}
    form = ChargeForm(billed_by(request.actor), request.POST or None, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New charge"),
            intro=_("It stands on the next bill of the payer. Charged too much, it is given back by a credit note."),
            submit=_("Charge"),
            cancel_url=shell_url(request, "charges"),
            parent="charges",
        ),
        lambda values: charge_by_hand(
            actor=request.actor,
            payer_id=values["payer"].pk,
            one_off=form.one_off,
            request_id=form.request_uuid,
            now=timezone.now(),
        ),
        _("It is charged."),
        shell_url(request, "charges"),
    )
