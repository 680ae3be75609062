"""The page of somebody who works somewhere, and what can be changed about them."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.forms import ConfirmForm, FormPage, answer_click, answer_form
from resellerhub.web.lists import Action, Empty
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.factors import FACTORS
from tenants.forms.people import RoleForm
from tenants.models import Membership, Tenant
from tenants.naming import is_readable, name_of
from tenants.roles import Role, role_choices
from tenants.services.members import change_role, deactivate_user, reactivate_user, remove_member
from tenants.services.sessions import open_sessions
from tenants.services.tree import must_be_open
from tenants.tables.people import UserTable
from tenants.views.events import activity_of

SEEING = "user.manage|user.visit"


@page(SEEING)
def user(request: PageRequest, pk: int) -> HttpResponseBase:
    member = member_of(request, pk)
    page_ = DetailPage(
        title=member.user.get_full_name(),
        reference=member.pk,
        state="active" if member.user.is_active else "closed",
        state_label=_("Active") if member.user.is_active else _("Deactivated"),
        subtitle=member.get_role_display(),
        parent=parent_of(request, member.tenant),
        crumbs=crumbs_of(request, member.tenant),
        actions=_actions(request, member),
        tabs=[Tab("overview", _("Overview"), lambda: _overview(request, member)), *_managed(request, member)],
    )
    return render_detail(request, page_)


@page("user.manage")
def user_role(request: PageRequest, pk: int) -> HttpResponseBase:
    member = changeable(request, pk)
    form = RoleForm(request.POST or None, roles=role_choices(member.tenant.kind), initial={"role": member.role})
    url = shell_url(request, "user", pk)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Role of %(name)s") % _words(member),
            submit=_("Change role"),
            cancel_url=url,
            parent=parent_of(request, member.tenant),
        ),
        lambda values: change_role(actor=request.actor, membership_id=pk, role=values["role"], now=timezone.now()),
        lambda changed: _("%(name)s is %(role)s now.") % _words(changed),
    )


@require_POST
@page("user.manage")
def user_deactivate(request: PageRequest, pk: int) -> HttpResponseBase:
    return answer_click(
        request,
        lambda: deactivate_user(actor=request.actor, membership_id=pk, now=timezone.now()),
        lambda member: _("%(name)s can log in no more.") % _words(member),
        shell_url(request, "user", pk),
    )


@require_POST
@page("user.manage")
def user_reactivate(request: PageRequest, pk: int) -> HttpResponseBase:
    return answer_click(
        request,
        lambda: reactivate_user(actor=request.actor, membership_id=pk, now=timezone.now()),
        lambda member: _("%(name)s can log in again.") % _words(member),
        shell_url(request, "user", pk),
    )


@page("user.manage")
def user_remove(request: PageRequest, pk: int) -> HttpResponseBase:
    """Asks for the word first."""
    member = changeable(request, pk)
    form = ConfirmForm(request.POST or None)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Remove %(name)s") % _words(member),
            intro=_("The login is no user of %(tenant)s any more. What it did stays in the event log.")
            % {"tenant": name_of(request.actor, member.tenant)},
            submit=_("Remove user"),
            cancel_url=shell_url(request, "user", pk),
            parent=parent_of(request, member.tenant),
            danger=True,
        ),
        lambda _values: remove_member(actor=request.actor, membership_id=pk, now=timezone.now()),
        _("%(name)s is no user here any more.") % _words(member),
        team_of(request, member.tenant),
    )


def users_tab(request: PageRequest, tenant: Tenant) -> list[Tab]:
    """On the page of a reseller or customer, for who lets people in or visits them, and may know who they are."""
    actor = request.actor
    if not (actor.sees("user.manage") or actor.sees("user.visit")) or not is_readable(actor, tenant):
        return []
    rows = selectors.users(actor).filter(tenant_id=tenant.pk)
    new = Action(_("New user"), shell_url(request, "tenant_user_create", tenant.pk), "plus", "user.manage")
    invite = Action(_("Invite user"), shell_url(request, "tenant_user_invite", tenant.pk), "send", "user.manage")
    sections = [
        Section(
            table=UserTable(rows),
            actions=[invite, new] if actor.can("user.manage") and not tenant.is_closed else [],
            empty=Empty(_("Nobody has a login yet")),
        )
    ]
    return [Tab("users", _("Users"), lambda: sections, count=rows.count())]


def member_of(request: PageRequest, pk: int) -> Membership:
    return found(selectors.users(request.actor).select_related("tenant__profile"), pk=pk)


def changeable(request: PageRequest, pk: int) -> Membership:
    """The same, for a form: not of an account that is deleted."""
    member = member_of(request, pk)
    must_be_open(member.tenant)
    return member


def parent_of(request: PageRequest, tenant: Tenant) -> str:
    return "team" if tenant.pk == request.actor.tenant_id else f"{tenant.kind}s"


def crumbs_of(request: PageRequest, tenant: Tenant) -> list[tuple[str, str]]:
    own = tenant.pk == request.actor.tenant_id
    return [] if own else [(name_of(request.actor, tenant), shell_url(request, tenant.kind, tenant.pk))]


def team_of(request: PageRequest, tenant: Tenant) -> str:
    """Where the users of a tenant are listed."""
    if tenant.pk == request.actor.tenant_id:
        return shell_url(request, "team")
    return f"{shell_url(request, tenant.kind, tenant.pk)}?tab=users"


def _actions(request: PageRequest, member: Membership) -> list[Action]:
    """Whose role may be changed may also be switched off; oneself only the former. Of a deleted account, nothing."""
    actor = request.actor
    if member.tenant.is_closed:
        return []
    actions = [Action(_("Change role"), shell_url(request, "user_role", member.pk), "edit", "user.manage")]
    if member.user.is_active and member.tenant_id != actor.tenant_id:
        actions.insert(0, Action(_("Log in as"), shell_url(request, "user_visit", member.pk), "mask", "user.visit"))
    if member.user_id == actor.user_id:
        return actions
    name, label = ("deactivate", _("Deactivate")) if member.user.is_active else ("reactivate", _("Reactivate"))
    url, icon = shell_url(request, f"user_{name}", member.pk), "pause" if member.user.is_active else "play"
    switch = Action(label, url, icon, "user.manage", post=True, danger=member.user.is_active)
    remove = Action(_("Remove"), shell_url(request, "user_remove", member.pk), "trash", "user.manage", danger=True)
    return [*actions, switch, remove]


def _overview(request: PageRequest, member: Membership) -> list[Section]:
    person = member.user
    factors = is_mfa_enabled(person, types=FACTORS)
    facts = [
        (_("E-mail"), person.email),
        (_("Role"), member.get_role_display()),
        (_("Organisation"), name_of(request.actor, member.tenant)),
        (_("Since"), member.created_at),
        (_("Last login"), person.last_login),
        (_("Open sessions"), open_sessions(person.pk)),
        (_("Second factor"), yes_no(factors)),
    ]
    others = selectors.users(request.actor).filter(user_id=person.pk).exclude(pk=member.pk)
    elsewhere = [(row.get_role_display(), name_of(request.actor, row.tenant)) for row in _with_names(others)]
    sections = [Section(title=_("Login"), facts=facts)]
    if elsewhere:
        sections.append(Section(title=_("Also works for"), facts=[(name, role) for role, name in elsewhere]))
    return [*sections, Section(title=_("Activity"), activity=activity_of(request, person))]


def _with_names(rows: Any) -> Any:
    return rows.select_related("tenant__profile")


def _managed(request: PageRequest, member: Membership) -> list[Tab]:
    if member.role != Role.ACCOUNT_MANAGER or not request.actor.sees("user.manage"):
        return []
    from tenants.views.managers import managed_tab

    return [managed_tab(request, member)]


def _words(member: Membership) -> dict[str, str]:
    return {"name": member.user.get_full_name(), "role": member.get_role_display()}
