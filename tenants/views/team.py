"""Who works here, and the reader's own profile."""

from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, answer_form, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.filters.people import UserFilter
from tenants.forms.people import InviteForm, ProfileForm, UserForm, generated_password
from tenants.middleware import MEMBERSHIP
from tenants.models import Membership, Tenant
from tenants.roles import Kind, role_choices
from tenants.services.invitations import invite_member
from tenants.services.people import Person, add_user, change_profile
from tenants.services.sessions import end_session
from tenants.services.tree import must_be_open
from tenants.tables.people import UserTable
from tenants.views.creation import show_secret
from tenants.views.members import parent_of, team_of


@page("user.manage")
def team(request: PageRequest) -> HttpResponseBase:
    create = Action(_("New user"), shell_url(request, "user_create"), "plus", "user.manage")
    invite = Action(_("Invite user"), shell_url(request, "user_invite"), "send", "user.manage")
    return render_list(
        request,
        ListPage(
            key="team",
            title=_("Team"),
            queryset=selectors.team(request.actor),
            table_class=UserTable,
            filterset_class=UserFilter,
            order=("email",),
            actions=[invite, create],
            empty=Empty(_("Nobody yet"), _("Give your colleagues logins of their own."), create),
        ),
    )


@page("user.manage")
def user_create(request: PageRequest, pk: int | None = None) -> HttpResponseBase:
    """A login in the actor's own team, or in a tenant beneath it."""
    tenant = found(Tenant.objects.visible_to(request.actor), pk=request.actor.tenant_id if pk is None else pk)
    beneath = selectors.customers(request.actor).filter(ancestors__contains=[tenant.pk]).order_by("by_name", "pk")
    must_be_open(tenant)
    customers = beneath if tenant.kind == Kind.RESELLER else None
    form = UserForm(request.POST or None, roles=role_choices(tenant.kind), customers=customers)
    password = generated_password()
    member = operate(
        request,
        form,
        lambda values: add_user(
            actor=request.actor,
            tenant_id=tenant.pk,
            person=Person(values["email"], name=values["name"], password=values["password"] or password),
            role=values["role"],
            customer_ids=form.customer_ids,
            now=timezone.now(),
        ),
    )
    parent, back = parent_of(request, tenant), team_of(request, tenant)
    if member is not None and not form.values["password"]:
        return show_secret(
            request,
            title=_("%(email)s was added") % {"email": member.user.email},
            intro=_("Pass this password on to %(email)s. It is not shown again.") % {"email": member.user.email},
            label=_("Password"),
            secret=password,
            url=back,
            parent=parent,
        )
    if member is not None:
        messages.success(request, _("%(email)s was added.") % {"email": member.user.email})
        return redirect(back)
    return render_form(
        request, FormPage(form=form, title=_("New user"), submit=_("Add user"), cancel_url=back, parent=parent)
    )


@page("user.manage")
def user_invite(request: PageRequest, pk: int | None = None) -> HttpResponseBase:
    """A mail with a link by which somebody makes a login of their own, here or in a tenant beneath."""
    tenant = found(Tenant.objects.visible_to(request.actor), pk=request.actor.tenant_id if pk is None else pk)
    must_be_open(tenant)
    initial = {"language": translation.get_language(), "role": request.GET.get("role", "")}
    form = InviteForm(request.POST or None, roles=role_choices(tenant.kind), initial=initial)
    back = team_of(request, tenant)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Invite user"),
            intro=_("Whoever opens the link in the mail chooses a name and a password."),
            submit=_("Send invitation"),
            cancel_url=back,
            parent=parent_of(request, tenant),
        ),
        lambda values: invite_member(
            actor=request.actor, tenant_id=tenant.pk, request_id=form.request_uuid, now=timezone.now(), **values
        ),
        lambda invitation: _("%(email)s is invited.") % {"email": invitation.email},
    )


def _saved(request: PageRequest, *, was: str, language: str) -> HttpResponseBase:
    """Back to the profile. A language that was chosen there counts in this browser, too, from its first sentence on."""
    response = redirect(shell_url(request, "profile"))
    if language != was:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        translation.activate(language)
    messages.success(request, _("Your profile is saved."))
    return response


@page()
def profile(request: PageRequest) -> HttpResponseBase:
    """Name, language and time zone of whoever is logged in, and where else they may act."""
    zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
    initial = {name: getattr(request.user, name) for name in ("name", "language", "time_zone")}
    form = ProfileForm(request.POST or None, zones=zones, initial=initial)
    changed = operate(request, form, lambda values: change_profile(actor=request.actor, now=timezone.now(), **values))
    if changed is not None:
        return _saved(request, was=initial["language"], language=form.cleaned_data["language"])
    mine = selectors.memberships(request.actor.user_id)
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Profile"),
            submit=_("Save"),
            cancel_url=shell_url(request, "dashboard"),
            template="tenants/profile.html",
            context={"memberships": mine, "current": request.actor.membership_id},
        ),
    )


@require_POST
@page()
def session_end(request: PageRequest, pk: int) -> HttpResponseBase:
    """Log oneself out in another browser."""
    end_session(user_id=request.actor.user_id, session_id=pk)
    messages.success(request, _("That browser is logged out."))
    return redirect("usersessions_list")


@require_POST
@page()
def membership_switch(request: PageRequest, pk: int) -> HttpResponseBase:
    """Act for another tenant from now on, in this browser."""
    mine = Membership.objects.filter(user_id=request.actor.user_id)
    request.session[MEMBERSHIP] = found(mine, pk=pk).pk
    return redirect("home")
