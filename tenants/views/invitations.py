"""Invitations: the list, one of them, and the page that finds whom to invite."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import Refusal, found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import Fieldset, FormPage, answer_click, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from tenants import invitees, selectors
from tenants.filters.invitations import InvitationFilter
from tenants.forms.invitations import InvitationForm
from tenants.houses import type_name
from tenants.models import Invitation
from tenants.services.invitations import invite_owner, invite_reseller, resend_invitation, revoke_invitation
from tenants.services.inviting import types_of
from tenants.tables.invitations import InvitationTable, invited_as, state_label
from tenants.views.events import activity_of

ANY = "reseller.invite|user.manage"


class NoResellerChosen(Refusal):
    code, message, status = "no-reseller-chosen", gettext_lazy("Choose one of the resellers that were found."), 422


@page(ANY)
def invitations(request: PageRequest) -> HttpResponseBase:
    invite = Action(_("Invite reseller"), shell_url(request, "invitation_create"), "plus", "reseller.invite")
    many = Action(_("Invite many"), shell_url(request, "invitation_batch_create"), "upload", "reseller.invite")
    return render_list(
        request,
        ListPage(
            key="invitations",
            title=_("Invitations"),
            queryset=invitees.invitations(request.actor, timezone.now()),
            table_class=InvitationTable,
            filterset_class=InvitationFilter,
            order=("-invited",),
            actions=[many, invite],
            empty=Empty(_("Nobody was invited yet"), _("Whoever you invite signs up by a link in a mail."), invite),
        ),
    )


@page(ANY)
def invitation(request: PageRequest, pk: int) -> HttpResponse:
    row = found(invitees.invitations(request.actor, timezone.now()), pk=pk)
    return render_detail(
        request,
        DetailPage(
            title=row.email,
            reference=row.pk,
            state=row.state,
            state_label=state_label(row.state),
            parent="invitations",
            actions=actions(request, row),
            tabs=[
                Tab(
                    "overview",
                    _("Overview"),
                    lambda: [
                        Section(title=_("Invitation"), facts=facts(row)),
                        Section(title=_("Activity"), activity=activity_of(request, row)),
                    ],
                )
            ],
        ),
    )


def actions(request: PageRequest, row: Any) -> list[Action]:
    """Send again or revoke what is open; go to what became of it."""
    if row.accepted_at:
        url = shell_link(request, "reseller", row.accepted_tenant_id) if not row.role else None
        return [Action(_("Open the reseller"), url, "", "reseller.view")] if url else []
    if row.revoked_at:
        return []
    resend, revoke = (shell_url(request, f"invitation_{name}", row.pk) for name in ("resend", "revoke"))
    return [
        Action(_("Send again"), resend, "send", post=True, primary=True),
        Action(_("Revoke"), revoke, "x", post=True, danger=True),
    ]


def facts(row: Any) -> list[tuple[str, Any]]:
    kind = type_name(row.provider_id, row.reseller_type) if row.reseller_type else ""
    return [
        (_("Organisation"), row.target),
        (_("Invited as"), invited_as(row)),
        (_("Type"), kind or (_("The invited choose") if not row.into_id else "")),
        (_("Invited by"), row.by_name),
        (_("Invited"), row.created_at),
        (_("Last sent"), row.sent_at),
        (_("Times sent"), row.times_sent),
        (_("Expires"), row.expires_at),
        (_("Accepted"), row.accepted_at),
        (_("Revoked"), row.revoked_at),
    ]


@page("reseller.invite")
def invitation_create(request: PageRequest) -> HttpResponseBase:
    """Search first; then invite one of those that were found, or send a mail to the address."""
    form = InvitationForm(
        request.POST or None,
        sellers=selectors.sellers(request.actor),
        types=types_of(request.actor.provider_id),
        initial={"seller": request.actor.tenant_id, "language": get_language()},
    )
    sent = None if "search" in request.POST else operate(request, form, lambda values: send(request, form, values))
    if sent is not None:
        messages.success(request, _("An invitation was sent to %(email)s.") % {"email": sent.email})
        return redirect(shell_url(request, "invitation", sent.pk))
    match = None
    if form.is_bound:
        form.status = 200 if form.is_valid() else max(form.status, 422)
        match = whom_it_may_be(request, form.cleaned_data)
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Invite reseller"),
            intro=_("First it is looked up whether the reseller is here already: by the tenant owner's address, "
                    "else by its domain and the organisation."),
            submit=_("Search"),
            cancel_url=shell_url(request, "invitations"),
            parent="invitations",
            fieldsets=[
                Fieldset("", ("email", "organisation")),
                Fieldset(_("A new reseller"), ("seller", "reseller_type", "language")),
            ],
            template="tenants/invite.html",
            context={"match": match},
        ),
    )  # fmt: skip


def whom_it_may_be(request: PageRequest, entered: dict[str, Any]) -> invitees.Match | None:
    """Nobody is looked for while an address is wrong; other mistakes take nothing away from what was found."""
    if "email" not in entered or "organisation" not in entered:
        return None
    return invitees.matching_resellers(request.actor, entered["email"], entered["organisation"])


def send(request: PageRequest, form: InvitationForm, values: dict[str, Any]) -> Invitation:
    common: Any = {"actor": request.actor, "request_id": form.request_uuid, "now": timezone.now()}
    if "invite" in request.POST:
        if not values["reseller"]:
            raise NoResellerChosen()
        return invite_owner(reseller_id=values["reseller"], language=values["language"], **common)
    return invite_reseller(
        seller_id=values["seller"].pk,
        email=values["email"],
        organisation=values["organisation"],
        reseller_type=values["reseller_type"],
        language=values["language"],
        **common,
    )


@require_POST
@page(ANY)
def invitation_resend(request: PageRequest, pk: int) -> HttpResponse:
    return act(request, resend_invitation, pk, _("It is sent again. The link before is dead."))


@require_POST
@page(ANY)
def invitation_revoke(request: PageRequest, pk: int) -> HttpResponse:
    return act(request, revoke_invitation, pk, _("The invitation is revoked."))


def act(request: PageRequest, operation: Any, pk: int, done: str) -> HttpResponse:
    return answer_click(
        request,
        lambda: operation(actor=request.actor, invitation_id=pk, now=timezone.now()),
        done,
        shell_url(request, "invitation", pk),
    )
