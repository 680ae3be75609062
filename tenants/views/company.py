"""What is known of a company, changed by its seller or by itself; and what of it stands on its page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
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
from tenants.forms.company import (
    CompanyForm,
    SigningCompanyForm,
    company_parts,
    own_company,
    signature_part,
)
from tenants.models import Department, ResellerTerms, Tenant
from tenants.naming import profile_of
from tenants.roles import Kind
from tenants.services.company import (
    ChangedMeanwhile,
    NotItsSeller,
    change_company,
    details_of,
    is_seller,
    seen_by,
    shown_iban,
    signatures_of,
    signed_as,
    version_of,
)
from tenants.services.tree import must_be_open


@page("reseller.edit")
def reseller_company(request: PageRequest, pk: int) -> HttpResponseBase:
    """By the seller alone."""
    reseller = found(selectors.resellers(request.actor), pk=pk)
    if not is_seller(request.actor, reseller):
        raise NotItsSeller()
    title = _("Company of %(name)s") % {"name": reseller.profile.name}
    return _edit(request, reseller, title, shell_url(request, "reseller", pk), "resellers")


@page("company.edit")
def own(request: PageRequest) -> HttpResponseBase:
    """By itself."""
    tenant = found(Tenant.objects.select_related("profile"), pk=request.actor.tenant_id)
    return _edit(request, tenant, _("Company"), shell_url(request, "own_company"), "own_company")


def _edit(request: PageRequest, tenant: Tenant, title: str, url: str, parent: str) -> HttpResponseBase:
    must_be_open(tenant)
    form = _form(request, tenant)

    def save(values: dict[str, Any]) -> Tenant:
        signatures = form.signatures if isinstance(form, SigningCompanyForm) else None
        said = {"details": form.details, "signatures": signatures, "seen": values["seen"]}
        try:
            return change_company(actor=request.actor, tenant_id=tenant.pk, now=timezone.now(), **said)
        except ChangedMeanwhile:
            form.saw(form.initial["seen"])
            raise

    signing = [signature_part()] if isinstance(form, SigningCompanyForm) else []
    return answer_form(
        request,
        FormPage(
            form=form,
            title=title,
            submit=_("Save"),
            cancel_url=url if tenant.pk != request.actor.tenant_id else shell_url(request, "dashboard"),
            parent=parent,
            fieldsets=[*company_parts(form), *signing],
        ),
        save,
        _("The company data was saved."),
        url,
    )


def _form(request: PageRequest, tenant: Tenant) -> CompanyForm:
    """Filled with what is there, without what this user does not say."""
    details, signed = details_of(tenant.profile), signatures_of(tenant.pk)
    seen = version_of(seen_by(request.actor, tenant, details), signed)
    initial = details.values() | signed_as(signed) | {"seen": seen}
    made: type[CompanyForm] = CompanyForm if tenant.kind == Kind.CUSTOMER else SigningCompanyForm
    form = made(request.POST or None, stored=details, initial=initial)
    if not is_seller(request.actor, tenant):
        own_company(form)
    if tenant.kind == Kind.PROVIDER:
        form.leave_out(("language", "time_zone"))  # said in the reseller settings
    return form


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    """To its seller alone."""
    if tenant.kind != Kind.RESELLER or not is_seller(request.actor, tenant):
        return []
    url = shell_url(request, "reseller_company", tenant.pk)
    return [Action(_("Edit company"), url, "edit", "reseller.edit")]


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """A reseller's company and its signatures. Customers show theirs on pages of their own."""
    if tenant.kind != Kind.RESELLER:
        return []
    return [company_section(request, tenant), *_signatures(tenant)]


def company_section(request: PageRequest, tenant: Tenant) -> Section:
    """Of a reseller or a customer, where its names may be read."""
    profile = profile_of(request.actor, tenant)
    own_address = (profile.billing_street, f"{profile.billing_postal_code} {profile.billing_city}".strip())
    billing = _("Same as the main address") if profile.billing_same else ", ".join(filter(None, own_address))
    facts: list[tuple[str, Any]] = [
        (_("Legal name"), profile.legal_name),
        (_("VAT ID"), profile.vat_id),
        (_("Payment terms"), _("%(count)s days") % {"count": profile.payment_days}),
        ("IBAN", shown_iban(request.actor, tenant, profile.iban)),
        (_("Recipient of invoices"), profile.billing_name),
        (_("E-mail for invoices"), profile.billing_email),
        (_("Address for invoices"), billing),
        (_("Currency"), profile.currency),
        (_("Language"), dict(settings.LANGUAGES).get(profile.language, profile.language)),
        (_("Time zone"), profile.time_zone),
    ]
    if tenant.kind == Kind.RESELLER:
        facts += _terms(ResellerTerms.objects.get(pk=tenant.pk))
    if is_seller(request.actor, tenant):
        facts.append((_("Memo"), profile.memo))
    return Section(title=_("Company profile"), facts=facts)


def _terms(terms: ResellerTerms) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = []
    if terms.terms_accepted_at:
        facts += [
            (_("Accepted version of the terms"), terms.terms_version),
            (_("Terms accepted"), terms.terms_accepted_at),
        ]
    return [*facts, (_("Large account reseller"), _("Yes"))] if terms.is_large else facts


def _signatures(tenant: Tenant) -> list[Section]:
    signed = signatures_of(tenant.pk)
    if not signed:
        return []
    facts = [(Department(name).label, text) for name, text in signed.items()]
    return [Section(title=_("Signatures"), template="tenants/signatures.html", context={"signatures": facts})]
