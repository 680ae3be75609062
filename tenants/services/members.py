"""What changes about those who work somewhere: their role, whether they may log in, that they leave.

Nobody takes from anybody what they may not do themselves, and nobody decides over their own login.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Forbidden, Refusal, found
from tenants import selectors
from tenants.actor import Actor
from tenants.models import ManagedCustomer, Membership, Tenant, User
from tenants.naming import refuse_insight
from tenants.roles import ROLES, Role, permissions
from tenants.services.people import UnknownRole
from tenants.services.sessions import end_sessions
from tenants.services.tree import must_be_open

GUARD = "tenants_last_administrator"
"""What the database calls the rule, which holds against any SQL."""


class LastAdministrator(Refusal):
    code = "last-administrator"
    message = _("This is the last active administrator here: make somebody else administrator first.")


class OwnLogin(Refusal):
    code, message = "own-login", _("Nobody does this to themselves: ask another administrator.")


class WorksElsewhere(Refusal):
    code = "works-elsewhere"
    message = _("This login is also used for other organisations: take it out of this one instead.")


@operation
def change_role(*, actor: Actor, membership_id: int, role: str, now: datetime) -> Membership:
    """Another role in the same tenant, from the next request on; the same role again changes nothing.

    Who ceases to be an account manager looks after nobody any more. Refused from above a reseller that hides its
    customers: `NamesHidden`.
    """
    actor.require("user.manage")
    member = _locked(actor, membership_id)
    refuse_insight(actor, member.tenant)
    if role not in ROLES[member.tenant.kind]:
        raise UnknownRole(field="role")
    must_hold(actor, member.tenant.kind, member.role, role)
    if (before := member.role) == role:
        return member
    if before == Role.ADMINISTRATOR:
        _must_leave_one(member)
    member.role = role
    with refusing({GUARD: LastAdministrator(field="role")}):
        member.save(update_fields=["role"])
    if before == Role.ACCOUNT_MANAGER:
        ManagedCustomer.objects.filter(membership=member).delete()
    actor.record(
        "user.role_changed", member.user, at=now, tenant_id=member.tenant_id, before={"role": before}, role=role
    )
    return member


@operation
def deactivate_user(*, actor: Actor, membership_id: int, now: datetime) -> Membership:
    """The login is dead at once: no page, no key, no open session. Repeating it changes nothing.

    Refused where the login is used outside the actor's scope, too: that is not the actor's to take.
    """
    actor.require("user.manage")
    member = _locked(actor, membership_id)
    _must_be_another(actor, member)
    places = _everywhere(actor, member)
    if not member.user.is_active:
        return member
    for place in places:
        must_hold(actor, place.tenant.kind, place.role)
        if place.role == Role.ADMINISTRATOR and place.tenant.status != Tenant.Status.CLOSED:
            _must_leave_one(place)
    _switch(member, is_active=False)
    end_sessions(member.user_id)
    actor.record(
        "user.deactivated", member.user, at=now, tenant_id=member.tenant_id, before={"active": True}, active=False
    )
    return member


@operation
def reactivate_user(*, actor: Actor, membership_id: int, now: datetime) -> Membership:
    """The login works again, with the password and factors it had; repeating it changes nothing.

    Refused from above a reseller that hides its customers, as whatever lets somebody in there: `NamesHidden`.
    """
    actor.require("user.manage")
    member = _locked(actor, membership_id)
    for place in _everywhere(actor, member):
        refuse_insight(actor, place.tenant)
        must_hold(actor, place.tenant.kind, place.role)
    if not member.user.is_active:
        _switch(member, is_active=True)
        actor.record(
            "user.reactivated", member.user, at=now, tenant_id=member.tenant_id, before={"active": False}, active=True
        )
    return member


@operation
def remove_member(*, actor: Actor, membership_id: int, now: datetime) -> None:
    """Take somebody out of a tenant; the login stays for wherever else it is used, and the log keeps its name."""
    actor.require("user.manage")
    member = _locked(actor, membership_id)
    _must_be_another(actor, member)
    must_hold(actor, member.tenant.kind, member.role)
    if member.role == Role.ADMINISTRATOR and member.user.is_active:
        _must_leave_one(member)
    user, tenant_id, role = member.user, member.tenant_id, member.role
    with refusing({GUARD: LastAdministrator()}):
        member.delete()
    if not user.memberships.exists():
        end_sessions(user.pk)
    actor.record("user.removed", user, at=now, tenant_id=tenant_id, before={"role": role})


def _locked(actor: Actor, membership_id: int) -> Membership:
    """The member in scope, under the lock of its tenant: two who change each other wait for one another.

    Who lost the role meanwhile that lets them decide is told so. Of a deleted account nobody changes anything.
    """
    members = selectors.users(actor)
    tenant_id = found(members, pk=membership_id).tenant_id
    must_be_open(found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id))
    if tenant_id == actor.tenant_id and actor.membership_id is not None:
        mine = Membership.objects.filter(pk=actor.membership_id, role=actor.role, user__is_active=True)
        if not mine.exists():
            raise Forbidden(permission="user.manage", actor=actor)
    return found(members, pk=membership_id)


def _everywhere(actor: Actor, member: Membership) -> Sequence[Membership]:
    """All that the login is used for, their tenants locked in order; refused where the actor does not see all."""
    rows = Membership.objects.filter(user_id=member.user_id).select_related("tenant", "user").order_by("tenant_id")
    list(Tenant.objects.filter(pk__in=[row.tenant_id for row in rows]).locked())
    if selectors.users(actor).filter(user_id=member.user_id).count() != len(rows):
        raise WorksElsewhere()
    return list(rows.all())


def _must_be_another(actor: Actor, member: Membership) -> None:
    if member.user_id == actor.user_id:
        raise OwnLogin()


def must_hold(actor: Actor, kind: str, *roles: str) -> None:
    """Nobody gives or takes a role that may what they may not."""
    for role in roles:
        if beyond := permissions(kind, role) - actor.permissions:
            raise Forbidden(permission=min(beyond), actor=actor)


def _must_leave_one(member: Membership) -> None:
    others = Membership.objects.filter(tenant_id=member.tenant_id, role=Role.ADMINISTRATOR, user__is_active=True)
    if not others.exclude(pk=member.pk).exists():
        raise LastAdministrator()


def _switch(member: Membership, *, is_active: bool) -> None:
    with refusing({GUARD: LastAdministrator()}):
        User.objects.filter(pk=member.user_id).update(is_active=is_active)
    member.user.is_active = is_active
