"""How an address is invited: what is refused, what is written, and which mail goes out. Part of `invitations`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Busy, Invalid, Refusal, RequestReused
from tenants.actor import Actor
from tenants.models import Invitation, Membership, ResellerTypeSetting, Tenant
from tenants.roles import Role
from tenants.services.flood import refuse_flood
from tenants.services.mails import write_mail

PAUSE = timedelta(minutes=1)
"""Between two mails of an invitation."""


class LargeAccountReseller(Refusal):
    code, message = "large-account-reseller", _("A large account reseller cannot be invited.")


class AlreadyReseller(Refusal):
    code, message = "already-reseller", _("This is the tenant owner of a reseller that exists: invite that one.")


class AlreadyMember(Refusal):
    code, message = "already-member", _("This address has a login there already.")


class OwnerUnknown(Refusal):
    code, message = "owner-unknown", _("This reseller has no tenant owner who could be invited.")


class InvitedJustNow(Refusal):
    code, status = "invited-just-now", 429
    message = _("A mail was sent there already. The next can be sent in {retry_after} seconds.")


class NotOpen(Refusal):
    code, message = "invitation-not-open", _("This invitation was accepted or revoked.")


class MayNotWrite(Refusal):
    code, message = "may-not-write", _("No mail may be written to users of this customer: its seller writes to them.")


@dataclass(frozen=True)
class Offer:
    """What an address is invited to: see `Invitation`."""

    tenant: Tenant
    email: str
    language: str
    into: Tenant | None = None
    role: str = ""
    organisation: str = ""
    reseller_type: str = ""
    letter: str = ""
    """The kind of the first mail, where it is not the usual one, and what is told in it."""
    letter_facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def terms(self) -> dict[str, Any]:
        """What may differ when the same address is invited again."""
        return {
            "role": self.role,
            "organisation": self.organisation,
            "reseller_type": self.reseller_type,
            "language": self.language,
        }


def digest_of(token: str) -> str:
    """All that is kept of a link. It is 256 bits that nobody can guess: a quick hash is as good as a slow one, and is
    looked up whole, so that how long it takes tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def types_of(provider_id: int) -> Any:
    """The types of resellers that a provider takes, with their words and terms."""
    return ResellerTypeSetting.objects.filter(provider_id=provider_id, is_enabled=True)


def address(email: str) -> str:
    """An e-mail address as it is stored and compared."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid({"email": list(error.messages)}) from error
    return email


def expiry(now: datetime) -> datetime:
    return now + timedelta(days=settings.INVITATION_DAYS)


def invite(actor: Actor, offer: Offer, request_id: UUID | None, now: datetime) -> Invitation:
    """A new invitation, or the open one for the same address renewed; `offer.tenant` is locked, so that two who invite
    at once come one after the other."""
    rows = Invitation.objects.filter(tenant=offer.tenant)
    if request_id and (earlier := rows.filter(request_id=request_id).first()):
        same = (earlier.email, earlier.into_id) == (offer.email, offer.into.pk if offer.into else None)
        if not same or any(getattr(earlier, name) != value for name, value in offer.terms.items()):
            raise RequestReused()
        return earlier
    if offer.into and Membership.objects.filter(tenant=offer.into, user__email=offer.email).exists():
        raise AlreadyMember(field="email")
    if unanswered := rows.unanswered().filter(email=offer.email, into=offer.into).locked().first():
        return renew(actor, unanswered, {**offer.terms, "request_id": request_id}, now)
    invitation = Invitation(
        tenant=offer.tenant,
        provider_id=offer.tenant.house_id,
        into=offer.into,
        email=offer.email,
        created_at=now,
        expires_at=expiry(now),
        invited_by_id=actor.user_id,
        request_id=request_id,
        **offer.terms,
    )
    with refusing(dict.fromkeys(("tenants_invitation_open", "tenants_invitation_request"), Busy())):
        invitation.save(force_insert=True)
    send(actor, invitation, now, offer.letter, offer.letter_facts)
    facts: dict[str, Any] = {"organisation": offer.organisation, "role": offer.role}
    said = {name: value for name, value in facts.items() if value}
    actor.record("invitation.sent", invitation, at=now, email=offer.email, **said)
    return invitation


def renew(actor: Actor, invitation: Invitation, terms: dict[str, Any], now: datetime) -> Invitation:
    """Another mail for a locked invitation that nobody has answered."""
    latest = invitation.mails.order_by("-created_at").first()
    free_at = latest.created_at + PAUSE if latest else now
    if free_at > now:
        raise InvitedJustNow(field="email", retry_after=max(1, round((free_at - now).total_seconds())))
    changed = {**terms, "expires_at": expiry(now), "digest": None}
    for name, value in changed.items():
        setattr(invitation, name, value)
    invitation.save(update_fields=list(changed))
    send(actor, invitation, now)
    actor.record("invitation.resent", invitation, at=now, email=invitation.email)
    return invitation


def send(
    actor: Actor, invitation: Invitation, now: datetime, letter: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """A reseller is invited in the name of who will sell to it, a user in the name of who acts.

    Refused when too much was written: `TooManyMails`, `TooManyInvitations`.
    """
    sender = invitation.tenant
    if invitation.into_id == invitation.tenant_id != actor.tenant_id:
        sender = Tenant.objects.get(pk=actor.tenant_id)
    refuse_flood(sender, invitation.email, now)
    mail = write_mail(
        kind=letter or mail_kind(invitation),
        to=invitation.email,
        sender=sender,
        about=invitation.into,
        language=invitation.language,
        facts=facts or mail_facts(invitation),
        invitation=invitation,
        now=now,
    )
    if mail is None:
        raise MayNotWrite()


def end_from_above(tenant: Tenant, now: datetime) -> int:
    """Revoke what those above have asked into a branch: only what those who work there asked stays open; how many."""
    beneath = Tenant.objects.within(tenant.pk).order_by().values("pk")
    rows = Invitation.objects.unanswered().filter(into__in=beneath)
    theirs = rows.exclude(invited_by__memberships__tenant__in=beneath)
    return Invitation.objects.filter(pk__in=theirs.values("pk")).update(revoked_at=now, digest=None)


def mail_kind(invitation: Invitation) -> str:
    return "member_invitation" if invitation.into_id else "reseller_invitation"


def mail_facts(invitation: Invitation) -> dict[str, Any]:
    expires_on = invitation.expires_at.date()
    if invitation.into is None:
        return {"organisation": invitation.organisation or invitation.email, "expires_on": expires_on}
    with override(invitation.language):
        role = str(Role(invitation.role).label)
    return {"organisation": invitation.into.profile.name, "role": role, "expires_on": expires_on}
