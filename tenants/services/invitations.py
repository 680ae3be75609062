"""Invitations: a link in a mail that makes whoever opens it a reseller or a member. Accepting: `acceptance`."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, found
from resellerhub.kernel.text import has_forbidden, has_link
from tenants.actor import Actor
from tenants.models import Invitation, Tenant
from tenants.naming import is_readable, readable, refuse_insight
from tenants.roles import ROLES, Role, permissions
from tenants.services.checks import no_link
from tenants.services.inviting import (
    AlreadyReseller,
    LargeAccountReseller,
    NotOpen,
    Offer,
    OwnerUnknown,
    address,
    digest_of,
    invite,
    renew,
)
from tenants.services.mail_secrets import token_of
from tenants.services.people import UnknownRole
from tenants.services.settings import require_type
from tenants.services.tree import may_sell, must_be_open


@operation
def invite_reseller(
    *,
    actor: Actor,
    seller_id: int | None = None,
    email: str,
    organisation: str = "",
    reseller_type: str = "",
    language: str = "",
    request_id: UUID | None = None,
    now: datetime,
) -> Invitation:
    """Ask somebody to sign up as a reseller beneath a provider or reseller; without a type, they choose one, without a
    language, it is the seller's.

    The same address again renews the open invitation. Refused: `LargeAccountReseller`, `AlreadyReseller`,
    `TypeUnavailable`, `InvitedJustNow`.
    """
    actor.require("reseller.invite")
    email, organisation = address(email), organisation.strip()
    if has_forbidden(organisation):
        raise Invalid({"organisation": [_("This holds characters that nobody can see.")]})
    if has_link(organisation):
        raise Invalid({"organisation": [no_link()]})
    seller = found(Tenant.objects.visible_to(actor).locked(), pk=seller_id or actor.tenant_id)
    may_sell(seller)
    if reseller_type:
        require_type(seller.house_id, reseller_type, field="reseller_type")
    known = Tenant.objects.visible_to(actor).resellers().exclude(status=Tenant.Status.CLOSED)
    theirs = Q(profile__owner_email=email) | Q(memberships__user__email=email)
    if known.filter(theirs, terms__is_large=True).exists():
        raise LargeAccountReseller(field="email")
    if known.filter(profile__owner_email=email).exists():
        raise AlreadyReseller(field="email")
    speaks = language or seller.profile.language
    offer = Offer(seller, email, speaks, organisation=organisation, reseller_type=reseller_type)
    return invite(actor, offer, request_id, now)


@operation
def invite_owner(
    *, actor: Actor, reseller_id: int, language: str = "", request_id: UUID | None = None, now: datetime
) -> Invitation:
    """Ask the tenant owner of a reseller that exists to become its administrator; unsaid, in its own language."""
    actor.require("reseller.invite")
    inviting = found(Tenant.objects.visible_to(actor).locked(), pk=actor.tenant_id)
    rows = Tenant.objects.visible_to(actor).resellers().exclude(status=Tenant.Status.CLOSED)
    reseller = found(rows.exclude(pk=actor.tenant_id).select_related("profile", "terms"), pk=reseller_id)
    if beyond := permissions(reseller.kind, Role.ADMINISTRATOR) - actor.permissions:
        raise Forbidden(permission=min(beyond), actor=actor)
    refuse_insight(actor, reseller)
    if reseller.terms.is_large:
        raise LargeAccountReseller()
    if not reseller.profile.owner_email:
        raise OwnerUnknown()
    speaks = language or reseller.profile.language
    offer = Offer(inviting, reseller.profile.owner_email, speaks, into=reseller, role=Role.ADMINISTRATOR)
    return invite(actor, offer, request_id, now)


@operation
def invite_member(
    *,
    actor: Actor,
    tenant_id: int,
    email: str,
    role: str,
    language: str = "",
    request_id: UUID | None = None,
    now: datetime,
) -> Invitation:
    """Ask somebody to become a user of a tenant in scope, in its language unless another is said. Nobody gives a role
    that may what they may not.

    Refused: `UnknownRole`, `AlreadyMember`, `MayNotWrite`, `InvitedJustNow`. Whether the address has a login elsewhere
    is not told.
    """
    actor.require("user.manage")
    into = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    if not is_readable(actor, into):
        raise NotFound()  # a login there would read what is hidden
    refuse_insight(actor, into)
    must_be_open(into)
    if role not in ROLES[into.kind]:
        raise UnknownRole(field="role")
    if beyond := permissions(into.kind, role) - actor.permissions:
        raise Forbidden(permission=min(beyond), actor=actor)
    speaks = language or into.profile.language
    return invite(actor, Offer(into, address(email), speaks, into=into, role=role), request_id, now)


@operation
def resend_invitation(*, actor: Actor, invitation_id: int, now: datetime) -> Invitation:
    """A new link for as many days as at first; the old one is dead at once."""
    invitation = _manageable(actor, invitation_id)
    if invitation.accepted_at or invitation.revoked_at:
        raise NotOpen()
    return renew(actor, invitation, {}, now)


@operation
def revoke_invitation(*, actor: Actor, invitation_id: int, now: datetime) -> Invitation:
    """The link is dead; revoking it again changes nothing."""
    invitation = _manageable(actor, invitation_id)
    if invitation.accepted_at:
        raise NotOpen()
    if invitation.revoked_at is None:
        invitation.revoked_at, invitation.digest = now, None
        invitation.save(update_fields=["revoked_at", "digest"])
        actor.record("invitation.revoked", invitation, at=now, email=invitation.email)
    return invitation


def link_of(invitation: Invitation, now: datetime) -> str:
    """The path of the link, for the mail that is just being sent. A mail that a worker sends twice has the same one;
    with the next mail that somebody asks for, it is dead."""
    return _make_link(invitation_id=invitation.pk, now=now)


@operation
def _make_link(*, invitation_id: int, now: datetime) -> str:
    invitation = Invitation.objects.locked().get(pk=invitation_id)
    if invitation.accepted_at or invitation.revoked_at:
        raise NotOpen()
    token = token_of(invitation.mails.latest("pk"))
    if invitation.digest != digest_of(token):
        invitation.digest, invitation.sent_at = digest_of(token), now
        invitation.times_sent += 1
        invitation.save(update_fields=["digest", "sent_at", "times_sent"])
    return f"/invitations/{token}/"


def _manageable(actor: Actor, invitation_id: int) -> Invitation:
    """Locked, for whoever may invite its like."""
    seen = Invitation.objects.visible_to(actor).filter(Q(into=None) | readable(actor, "into"))
    invitation = found(seen.locked(), pk=invitation_id)
    needed = "user.manage" if invitation.into_id == invitation.tenant_id else "reseller.invite"
    if not actor.can(needed):
        raise NotFound()
    return invitation
