"""What is known of the VAT ID of a reseller or customer, on its page, and the button that asks again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from invoicing.models import VatCheck
from invoicing.rating.liability import EU
from invoicing.selectors.taxes import vat_checks, vat_country
from invoicing.services.vat_checks import check_vat_id
from resellerhub.web import formats
from resellerhub.web.details import Section
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.models import Tenant
from tenants.naming import profile_of


@require_POST
@page("{kind}.edit")
def vat_id_check(request: PageRequest, kind: str, pk: int) -> HttpResponseBase:
    check_vat_id(actor=request.actor, tenant_id=pk, now=timezone.now())
    messages.success(request, _("The VAT ID is being checked."))
    return redirect(shell_url(request, kind, pk))


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    if not _has_one(request, tenant):
        return []
    url = shell_url(request, f"{tenant.kind}_check_vat_id", tenant.pk)
    return [Action(_("Check VAT ID"), url, "refresh", f"{tenant.kind}.edit", post=True, minor=True)]


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """The newest answer, and the question that is open."""
    if not _has_one(request, tenant):
        return []
    profile = profile_of(request.actor, tenant)
    rows = vat_checks(request.actor).filter(tenant=tenant, vat_id=profile.vat_id)
    answered = rows.exclude(state=VatCheck.State.UNKNOWN).order_by("-answered_at").first()
    waiting = rows.filter(state=VatCheck.State.UNKNOWN).first()
    if not answered and not waiting:
        return []
    facts: list[tuple[Any, Any]] = [(_("VAT ID"), profile.vat_id)]
    if answered:
        facts += [
            (_("Answer"), answered.get_state_display()),
            (_("Answered"), answered.answered_at),
            (_("Consultation number"), answered.consultation),
        ]
    if waiting:
        facts.append((_("Asked next"), _waiting(waiting)))
    return [Section(title=_("Check of the VAT ID"), facts=facts)]


def _waiting(row: VatCheck) -> str:
    said = formats.moment(row.retry_at)
    return f"{said} ({row.problem})" if row.problem else said


def _has_one(request: PageRequest, tenant: Tenant) -> bool:
    return vat_country(profile_of(request.actor, tenant).vat_id) in EU
