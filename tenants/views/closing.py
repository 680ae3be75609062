"""Delete a reseller or a customer."""

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.lifecycle import CloseForm
from tenants.models import Tenant
from tenants.naming import name_of
from tenants.services.closing import AlreadyClosed, active_parts, close_tenant, open_parts
from tenants.views.obstacles import blocked, group


@page("{kind}.delete")
def close(request: PageRequest, pk: int, kind: str) -> HttpResponseBase:
    """Asks for the word first; a reseller of which anything is active gets the list instead."""
    tenant: Tenant = found(selectors.directory(request.actor).filter(kind=kind), pk=pk)
    if tenant.status == Tenant.Status.CLOSED:
        raise AlreadyClosed()
    name = name_of(request.actor, tenant)
    page_ = FormPage(
        form=CloseForm(request.POST or None),
        title=_("Delete %(name)s") % {"name": name},
        intro=_("Nobody will log in for it again, and it cannot be undone. What happened stays in the event log."),
        submit=_("Delete"),
        cancel_url=shell_url(request, kind, pk),
        parent=f"{kind}s",
        danger=True,
        template="tenants/lifecycle.html",
        context={"groups": group(request, _("This ends with it"), open_parts(request.actor, tenant))},
    )
    if parts := active_parts(request.actor, tenant):
        intro = _("It cannot be deleted while any of this is active. End it first.")
        page_ = blocked(request, page_, intro, parts)
    return answer_form(
        request,
        page_,
        lambda values: close_tenant(
            actor=request.actor, tenant_id=pk, confirmation=values["confirmation"], now=timezone.now()
        ),
        _("%(name)s is deleted.") % {"name": name},
        shell_url(request, f"{kind}s"),
    )


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    """To delete it, on its page."""
    url = shell_url(request, f"{tenant.kind}_delete", tenant.pk)
    return [Action(_("Delete"), url, "trash", f"{tenant.kind}.delete", danger=True, minor=True)]
