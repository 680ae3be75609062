"""Map a reseller to its tenant owner and organisation; what its page says of it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.mapping import MapForm
from tenants.mapped import mapping_of, may_receive_pools, owners
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.mapping import AlreadyMapped, map_reseller


@page("reseller.map")
def reseller_map(request: PageRequest, pk: int) -> HttpResponseBase:
    """Once: who comes for a mapped reseller is told so on its page."""
    reseller = found(selectors.resellers(request.actor), pk=pk)
    url = shell_url(request, "reseller", pk)
    if mapping_of(reseller):
        messages.warning(request, AlreadyMapped().detail)
        return redirect(url)
    known = owners(reseller)
    suggested = {"owner_email": known[0][0] if known else "", "organisation": _legal_name(reseller)}
    form = MapForm(request.POST or None, owners=known, initial=suggested)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Map %(name)s") % {"name": reseller.profile.name},
            intro=_("Say who this reseller is. Only a mapped reseller can be given pools."),
            submit=_("Save"),
            cancel_url=url,
            parent="resellers",
        ),
        lambda values: map_reseller(actor=request.actor, reseller_id=pk, now=timezone.now(), **values),
        _("%(name)s is mapped.") % {"name": reseller.profile.name},
    )


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    """Until it is mapped."""
    if tenant.kind != Kind.RESELLER or tenant.status != Tenant.Status.ACTIVE or mapping_of(tenant):
        return []
    return [Action(_("Map"), shell_url(request, "reseller_map", tenant.pk), "check", "reseller.map", minor=True)]


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """Whom it is mapped to, and whether it may be given pools."""
    if tenant.kind != Kind.RESELLER:
        return []
    mapping = mapping_of(tenant)
    pools = _("Can be given") if may_receive_pools(tenant) else _("Only a mapped, active reseller can be given pools.")
    facts: list[tuple[str, object]] = [(_("Status"), _("Mapped") if mapping else _("Unmapped"))]
    if mapping:
        facts += [
            (_("Tenant owner"), mapping.owner_email),
            (_("Organisation"), mapping.organisation),
            (_("Mapped"), mapping.mapped_at),
        ]
    return [Section(title=_("Mapping"), facts=[*facts, (_("Pools"), pools)])]


def _legal_name(reseller: Tenant) -> str:
    return str(reseller.profile.legal_name or reseller.profile.name)
