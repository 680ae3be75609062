"""Registrations: the list, one of them, and the two answers to it."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.filters.registrations import RegistrationFilter
from tenants.forms.choices import countries
from tenants.forms.registrations import ApproveForm, RejectForm
from tenants.houses import reseller_types, type_name
from tenants.models import ProviderSettings, Registration
from tenants.services.registrations import AlreadyDecided, approve_registration, reject_registration
from tenants.tables.registrations import RegistrationTable
from tenants.views.events import activity_of

PENDING = Registration.State.PENDING


@page("reseller.view")
def registrations(request: PageRequest) -> HttpResponseBase:
    house = found(ProviderSettings.objects.visible_to(request.actor), pk=request.actor.provider_id)
    settings = Action(_("Reseller settings"), shell_url(request, "reseller_settings"), "settings", "settings.edit")
    note, actions = _("Nobody can register: the reseller settings say so."), [settings]
    if house.takes_registrations:
        address = request.build_absolute_uri(reverse("register", kwargs={"slug": house.slug}))
        note = _("Resellers register at %(address)s") % {"address": address}
    return render_list(
        request,
        ListPage(
            key="registrations",
            title=_("Registrations"),
            queryset=Registration.objects.visible_to(request.actor),
            table_class=RegistrationTable,
            filterset_class=RegistrationFilter,
            order=("-asked",),
            actions=actions,
            intro=note,
            empty=Empty(_("Nobody has asked yet"), _("Who wants to become a reseller asks on the public page.")),
        ),
    )


@page("reseller.view")
def registration(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(Registration.objects.visible_to(request.actor).select_related("decided_by"), pk=pk)
    return render_detail(
        request,
        DetailPage(
            title=row.organisation,
            reference=row.pk,
            state=row.state,
            state_label=row.get_state_display(),
            parent="registrations",
            actions=_actions(request, row),
            tabs=[
                Tab(
                    "overview",
                    _("Overview"),
                    lambda: [
                        Section(title=_("Registration"), facts=_facts(row)),
                        Section(title=_("Company"), facts=_company(row)),
                        Section(title=_("Activity"), activity=activity_of(request, row)),
                    ],
                )
            ],
        ),
    )


@page("reseller.create")
def registration_approve(request: PageRequest, pk: int) -> HttpResponseBase:
    row = _open(request, pk)
    types = list(reseller_types(row.tenant_id, enabled=True))
    form = ApproveForm(request.POST or None, types=types, initial={"reseller_type": row.reseller_type})
    said = {"name": row.organisation, "email": row.email}
    intro = _("The reseller is made, and %(email)s gets a mail with a link to log in by.") % said
    return answer_form(
        request,
        _page(request, row, form, title=_("Approve %(name)s") % said, intro=intro, submit=_("Approve")),
        lambda values: approve_registration(
            actor=request.actor, registration_id=pk, reseller_type=values["reseller_type"], now=timezone.now()
        ),
        _("%(name)s is a reseller now. An invitation goes to %(email)s.") % said,
        lambda done: shell_url(request, "reseller", done.reseller_id),
    )


@page("reseller.create")
def registration_reject(request: PageRequest, pk: int) -> HttpResponseBase:
    row = _open(request, pk)
    form = RejectForm(request.POST or None)
    title = _("Reject %(name)s") % {"name": row.organisation}
    return answer_form(
        request,
        _page(request, row, form, title=title, submit=_("Reject"), danger=True),
        lambda values: reject_registration(
            actor=request.actor, registration_id=pk, reason=values["reason"], now=timezone.now()
        ),
        _("The registration of %(name)s was rejected.") % {"name": row.organisation},
    )


def counters(request: PageRequest) -> Sequence[Counter]:
    """For the dashboard of whoever can answer: how many wait."""
    if not (request.actor.kind == "provider" and request.actor.can("reseller.create")):
        return []
    waiting = Registration.objects.visible_to(request.actor).filter(state=PENDING).count()
    url = f"{shell_url(request, 'registrations')}?status=pending"
    return [Counter(_("Registrations waiting"), waiting, url, tone="warn")] if waiting else []


def _open(request: PageRequest, pk: int) -> Registration:
    row: Registration = found(Registration.objects.visible_to(request.actor), pk=pk)
    if row.state != PENDING:
        raise AlreadyDecided()
    return row


def _page(request: PageRequest, row: Registration, form: Any, **words: Any) -> FormPage:
    return FormPage(form=form, cancel_url=shell_url(request, "registration", row.pk), parent="registrations", **words)


def _actions(request: PageRequest, row: Registration) -> list[Action]:
    if row.state == PENDING:
        approve, reject = (shell_url(request, f"registration_{name}", row.pk) for name in ("approve", "reject"))
        return [
            Action(_("Approve"), approve, "check", "reseller.create", primary=True),
            Action(_("Reject"), reject, "x", "reseller.create", danger=True),
        ]
    if row.reseller_id:
        return [Action(_("Open the reseller"), shell_url(request, "reseller", row.reseller_id), "", "reseller.view")]
    return []


def _facts(row: Registration) -> list[tuple[str, Any]]:
    return [
        (_("Name"), row.contact_name),
        (_("E-mail"), row.email),
        (_("Type"), type_name(row.provider_id, row.reseller_type)),
        (_("Message"), row.message),
        (_("Asked"), row.created_at),
        (_("Accepted version of the terms"), row.terms_version),
        (_("Terms accepted"), row.terms_accepted_at),
        (_("Decided"), row.decided_at),
        (_("Decided by"), row.decided_by.get_full_name() if row.decided_by else ""),
        (_("Reason"), row.reason),
    ]


def _company(row: Registration) -> list[tuple[str, Any]]:
    said = row.details
    country = dict(countries()).get(said["country"], said["country"])
    return [
        (_("Organisation"), said["name"]),
        (_("VAT ID"), said["vat_id"]),
        (_("Phone"), said["phone"]),
        (_("Street and number"), said["street"]),
        (_("City"), f"{said['postal_code']} {said['city']}".strip()),
        (_("Country"), country),
    ]
