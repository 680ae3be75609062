"""Suspend and resume."""

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, answer_click, answer_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.tenants import SuspendForm
from tenants.models import Tenant
from tenants.naming import is_readable, name_of
from tenants.roles import Kind
from tenants.services.status import resume_tenant, suspend_tenant


@page("{kind}.edit")
def suspend(request: PageRequest, pk: int, kind: str) -> HttpResponseBase:
    """Asks for the reason first."""
    tenant = _tenant(request, pk, kind)
    form = SuspendForm(request.POST or None)
    url = shell_url(request, kind, pk)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Suspend %(name)s") % {"name": name_of(request.actor, tenant)},
            intro=_intro(kind),
            submit=_("Suspend"),
            cancel_url=url,
            parent=f"{kind}s",
            danger=True,
        ),
        lambda values: suspend_tenant(
            actor=request.actor, tenant_id=tenant.pk, reason=values["reason"], now=timezone.now()
        ),
        _("%(name)s is suspended.") % {"name": name_of(request.actor, tenant)},
    )


@require_POST
@page("{kind}.edit")
def resume(request: PageRequest, pk: int, kind: str) -> HttpResponseBase:
    tenant = _tenant(request, pk, kind)
    return answer_click(
        request,
        lambda: resume_tenant(actor=request.actor, tenant_id=tenant.pk, now=timezone.now()),
        _("%(name)s is active again.") % {"name": name_of(request.actor, tenant)},
        shell_url(request, kind, pk),
    )


def _intro(kind: str) -> str:
    """What it means; of a reseller and of a customer."""
    if kind == Kind.RESELLER:
        return _("Its users can still look and export, but change nothing. Nothing new is sold to it.")
    return _(
        "Its users can still look and export, but change nothing. Nothing new is sold to it, and its subscriptions are "
        "suspended with it: their fees are credited where their terms say so."
    )


def _tenant(request: PageRequest, pk: int, kind: str) -> Tenant:
    return found(selectors.directory(request.actor).filter(kind=kind), pk=pk)


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """Why it is suspended, on its page: for whoever may read its names, the reason may tell one."""
    if tenant.status != Tenant.Status.SUSPENDED or not is_readable(request.actor, tenant):
        return []
    reason = selectors.suspension_of(tenant.pk) or _("No reason was given.")
    return [Section(title=_("Suspended"), facts=[(_("Reason"), reason)])]
