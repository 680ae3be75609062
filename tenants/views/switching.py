"""Suspend or resume what was chosen in a list: how many, why, then a job."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from resellerhub.web.forms import FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import selected_rows
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.forms.tenants import SuspendForm
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.switching import start_switching, switching_title
from tenants.views.directory import customers_page, resellers_page

Status = Tenant.Status
PAGES = {Kind.RESELLER.value: resellers_page, Kind.CUSTOMER.value: customers_page}
SENT = "switch"
"""The button of the confirmation: the bar of the list sends the same rows without it."""


@require_POST
@page("reseller.edit")
def resellers_suspend(request: PageRequest) -> HttpResponseBase:
    return _switch(request, Kind.RESELLER, Status.SUSPENDED)


@require_POST
@page("reseller.edit")
def resellers_resume(request: PageRequest) -> HttpResponseBase:
    return _switch(request, Kind.RESELLER, Status.ACTIVE)


@require_POST
@page("customer.edit")
def customers_suspend(request: PageRequest) -> HttpResponseBase:
    return _switch(request, Kind.CUSTOMER, Status.SUSPENDED)


@require_POST
@page("customer.edit")
def customers_resume(request: PageRequest) -> HttpResponseBase:
    return _switch(request, Kind.CUSTOMER, Status.ACTIVE)


def _switch(request: PageRequest, kind: Kind, status: Status) -> HttpResponseBase:
    """First asks, with the selection kept, then starts the job and shows it."""
    chosen = selected_rows(request, PAGES[kind](request))
    able = Status.ACTIVE if status == Status.SUSPENDED else Status.SUSPENDED
    count, can = chosen.count(), chosen.filter(status=able).count()
    back = shell_url(request, f"{kind.value}s")
    if not count:
        messages.warning(request, _("Nothing was selected."))
        return redirect(back)
    form_class = SuspendForm if status == Status.SUSPENDED else OperationForm
    form = form_class(request.POST if SENT in request.POST else None)
    job = operate(
        request,
        form,
        lambda values: start_switching(
            actor=request.actor,
            kind=kind.value,
            chosen=chosen,
            status=status.value,
            reason=values.get("reason", ""),
            now=timezone.now(),
        ),
    )
    if job is not None:
        return redirect(shell_url(request, "job", job.pk))
    kept = [(name, value) for name in ("selected", "all", "query") for value in request.POST.getlist(name)]
    return render_form(
        request,
        FormPage(
            form=form,
            title=switching_title(kind, status, count),
            intro=_intro(kind, status, can, count - can),
            submit=_("Suspend") if status == Status.SUSPENDED else _("Resume"),
            cancel_url=back,
            parent=f"{kind.value}s",
            danger=status == Status.SUSPENDED,
            template="tenants/assign.html",
            context={"kept": [*kept, (SENT, "1")]},
        ),
    )


def _intro(kind: Kind, status: Status, can: int, cannot: int) -> str:
    """What will become of how many."""
    if status == Status.SUSPENDED:
        first = _("Their users can still look and export, but change nothing. Nothing new is sold to them.")
        if kind == Kind.CUSTOMER:
            first = _(
                "Their users can still look and export, but change nothing. Nothing new is sold to them, and their "
                "subscriptions are suspended with them: their fees are credited where their terms say so."
            )
        rest = ngettext("%(n)d is not active and is left as it is.", "%(n)d are not active and are left.", cannot)
    else:
        first = ngettext("%(n)d becomes active again.", "%(n)d become active again.", can) % {"n": can}
        rest = ngettext("%(n)d is not suspended and is left as it is.", "%(n)d are not suspended and are left.", cannot)
    return f"{first} {rest % {'n': cannot}}" if cannot else first
