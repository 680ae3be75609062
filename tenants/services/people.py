"""Logins and memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, Refusal, found
from resellerhub.kernel.text import has_link
from tenants.actor import Actor
from tenants.models import Membership, Tenant, User
from tenants.naming import is_readable, refuse_insight
from tenants.roles import ROLES, Role, permissions
from tenants.services.checks import no_link
from tenants.services.details import know_owner
from tenants.services.managers import assign_customers
from tenants.services.sessions import end_sessions
from tenants.services.tree import must_be_open

FREE = Q(memberships=None, is_staff=False, is_superuser=False, account_name=None)
"""A login that was taken out everywhere, and is nobody's in another way."""


class EmailUnavailable(Refusal):
    """One sentence whatever the reason, so that nobody learns who else has a login."""

    code, message, status = "email-unavailable", _("This e-mail address cannot be used for a new login."), 422


class UnknownRole(Refusal):
    code, message, status = "unknown-role", _("There is no such role here."), 422


class NoManager(Refusal):
    code, message, status = "no-manager", _("Only an account manager is given customers."), 422


@dataclass(frozen=True)
class Person:
    """Who is to get a login. Without a password it cannot be used until one is set."""

    email: str
    name: str = ""
    password: str | None = None
    language: str = "en"


def admit(*, tenant: Tenant, person: Person, role: str, now: datetime, field: str = "email") -> Membership:
    """A new login and its role in a tenant; part of an operation that has asked for permission.

    `field` is what the caller's input calls the address. The first administrator is the tenant owner, if nobody is.
    """
    if role not in ROLES[tenant.kind]:
        raise UnknownRole(field="role")
    if has_link(person.name):
        raise Invalid({field.replace("email", "name"): [no_link()]})
    user = _left_over(person, field)
    if user is None:
        with refusing({"tenants_user_email_key": EmailUnavailable(field=field)}):
            user = User.objects.create_user(
                person.email, person.password, name=person.name, language=person.language, created_at=now
            )
    if role == Role.ADMINISTRATOR:
        know_owner(tenant, user.email)
    return Membership.objects.create(user=user, tenant=tenant, provider_id=tenant.house_id, role=role, created_at=now)


def is_taken(email: str) -> bool:
    """Whether nobody can get a login by this address."""
    there = User.objects.filter(email=email.strip().lower())
    return there.exists() and not there.filter(FREE).exists()


def _left_over(person: Person, field: str) -> User | None:
    """The login of somebody who was taken out everywhere: it begins anew, with nothing of what it had.

    Not that of an operator, nor one that is the name of a customer's account.
    """
    email = person.email.strip().lower()
    if not User.objects.filter(FREE, email=email).update(
        name=person.name,
        language=person.language,
        is_active=True,
        last_login=None,
        password=make_password(person.password),
    ):
        return None
    user = User.objects.get(email=email)
    if user.memberships.exists():
        raise EmailUnavailable(field=field)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user.pk)
    return user


@operation
def add_user(
    *, actor: Actor, tenant_id: int, person: Person, role: str, customer_ids: Sequence[int] = (), now: datetime
) -> Membership:
    """A login for somebody of this tenant; an account manager may come with the customers to look after.

    Nobody gives a role that may what they may not: least of all a key.
    """
    actor.require("user.manage")
    tenant = found(Tenant.objects.visible_to(actor), pk=tenant_id)
    if not is_readable(actor, tenant):
        raise NotFound()  # a login there would read what is hidden
    must_be_open(tenant)
    refuse_insight(actor, tenant)
    if beyond := permissions(tenant.kind, role) - actor.permissions:
        raise Forbidden(permission=min(beyond), actor=actor)
    membership = admit(tenant=tenant, person=person, role=role, now=now)
    actor.record("user.added", membership.user, at=now, tenant_id=tenant.pk, role=role)
    if customer_ids and role != Role.ACCOUNT_MANAGER:
        raise NoManager(field="customers")
    if customer_ids:
        assign_customers(actor=actor, membership_id=membership.pk, customer_ids=customer_ids, now=now)
    return membership


@operation
def change_profile(*, actor: Actor, name: str, language: str, time_zone: str, now: datetime) -> User:
    """What a person says of themselves; needs no permission."""
    user = found(User.objects.all(), pk=actor.user_id)
    if has_link(name):
        raise Invalid({"name": [no_link()]})
    fields = {"name": name.strip(), "language": language, "time_zone": time_zone}
    before = {field: getattr(user, field) for field, value in fields.items() if getattr(user, field) != value}
    if before:
        User.objects.filter(pk=user.pk).update(**fields)
        after: dict[str, Any] = {field: fields[field] for field in before}
        actor.record("user.profile_changed", user, at=now, before=before, **after)
    return user
