"""Passwords: asked for anew by mail, and set by their owners."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from tenants.actor import Actor
from tenants.models import Mail, Tenant, User
from tenants.roles import Kind
from tenants.selectors import memberships
from tenants.services.mails import write_mail
from tenants.services.sessions import end_sessions

KIND = "password_reset"
PAUSE, A_DAY = timedelta(minutes=1), timedelta(days=1)
"""Between two mails: whoever asks in another's name can neither flood them nor keep them from asking."""


@operation
def ask_for_new_password(*, user_id: int, request_id: str, now: datetime) -> None:
    """Write the mail with the link by which its reader chooses a new password, in the name of whoever they deal with.

    Anybody can ask for it, so nothing comes back that would tell whether there is such a login.
    """
    place = next(iter(memberships(user_id)), None)
    if place is None:
        return
    user, tenant = place.user, place.tenant
    asked = Mail.objects.filter(kind=KIND, to=user.email)
    if asked.filter(created_at__gt=now - PAUSE).exists():
        return
    if asked.filter(created_at__gt=now - A_DAY).count() >= settings.PASSWORD_MAILS_PER_ADDRESS:
        return
    sender = Tenant.objects.get(pk=tenant.seller_id) if tenant.kind == Kind.CUSTOMER else tenant
    write_mail(
        kind=KIND,
        to=user.email,
        sender=sender,
        about=tenant,
        language=user.language,
        facts={"name": user.get_full_name()},
        now=now,
    )
    _system(tenant, request_id).record("user.password_asked", user, at=now, tenant_id=tenant.pk)


@operation
def set_password(*, user_id: int, password: str, keep_session: str, request_id: str, now: datetime) -> User:
    """The owner's new password. Every other login is over at once; the browser that set it may stay."""
    user = found(User.objects.all(), pk=user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user.pk, but=keep_session)
    note_security(user=user, kind="user.password_changed", request_id=request_id, now=now)
    return user


@operation
def note_security(*, user: User, kind: str, request_id: str, now: datetime, **facts: Any) -> None:
    """Into the log of the organisation where a user works: what became of the login, by its owner's own hand."""
    place = next(iter(memberships(user.pk)), None)
    if place is not None:
        Actor.of(place, request_id).record(kind, user, at=now, tenant_id=place.tenant_id, **facts)


def _system(tenant: Tenant, request_id: str) -> Actor:
    return Actor.system(tenant.house_id, request_id)
