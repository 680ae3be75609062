"""Accepting an invitation: whoever has the link becomes a reseller or a member, once."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Invalid, Refusal
from resellerhub.kernel.text import has_forbidden, has_link, is_blank
from tenants.actor import Actor
from tenants.models import Invitation, Membership, ProviderSettings, ResellerTerms, Tenant, User
from tenants.roles import Role
from tenants.services.checks import no_link
from tenants.services.details import Details, know_owner
from tenants.services.inviting import AlreadyMember, digest_of, types_of
from tenants.services.people import EmailUnavailable
from tenants.services.resellers import create_reseller
from tenants.services.settings import TermsNotAccepted as TermsNotAccepted
from tenants.services.settings import TypeUnavailable, require_terms
from tenants.services.tree import lock_branches, may_sell, tree_operation

FORM = {"name": "organisation", "contact_name": "name"}
"""What `SignUp` calls fields of `Details`."""


class InvitationGone(Refusal):
    """Wrong, used, expired and revoked are one answer, so that nobody learns which links there were."""

    code, status = "invitation-gone", 404
    message = gettext_lazy("This link does not work, or no longer. Ask whoever invited you for a new one.")


class LoginNeeded(Refusal):
    code, status = "login-needed", 403
    message = gettext_lazy("This invitation is for {email}. Log in with this address to accept it.")


@dataclass(frozen=True)
class SignUp:
    """What the invited say of themselves. A reseller's part is read for invitations to become one alone."""

    name: str = ""
    password: str = ""
    language: str = "en"
    organisation: str = ""
    country: str = ""
    reseller_type: str = ""
    terms_version: int | None = None
    """Of the terms that were shown and accepted; none where the type has no terms."""


def open_invitation(token: str, now: datetime) -> Invitation:
    """What a link leads to; `InvitationGone` for every link that leads nowhere."""
    rows = Invitation.objects.open(now).select_related("tenant__profile", "into__profile")
    invitation = rows.filter(digest=digest_of(token)).first()
    if invitation is None or (invitation.into or invitation.tenant).status == Tenant.Status.CLOSED:
        raise InvitationGone()
    if invitation.into is None and invitation.tenant.status != Tenant.Status.ACTIVE:
        raise InvitationGone()
    return invitation


@tree_operation
def accept_invitation(*, token: str, user: User | None, sign_up: SignUp, request_id: str, now: datetime) -> Membership:
    """Make the login, the membership and, for a reseller, the tenant: all or nothing, and of two clicks one.

    `user` is who is logged in. The link is bound to its address: where that has a login, only its owner can accept.
    Refused: `InvitationGone`, `LoginNeeded`, `TypeUnavailable`, `TermsNotAccepted`.
    """
    offered = open_invitation(token, now)
    system = Actor.system(offered.provider_id, request_id)
    seller = None if offered.into_id else _seller(system, offered.tenant_id)
    invitation = _locked(token, now)
    known = User.objects.filter(email=invitation.email).first()
    if (user or known) != known or (known and user is None):
        raise LoginNeeded(email=invitation.email)
    member = known or _new_login(invitation.email, sign_up, now)
    tenant = _new_reseller(system, seller, invitation, sign_up, now) if seller else invitation.into
    role = invitation.role or Role.ADMINISTRATOR
    with refusing({"tenants_membership_once": AlreadyMember()}):
        membership = Membership.objects.create(
            user=member, tenant=tenant, provider_id=invitation.provider_id, role=role, created_at=now
        )
    if role == Role.ADMINISTRATOR:
        know_owner(tenant, invitation.email)
    invitation.accepted_at, invitation.accepted_tenant, invitation.digest = now, tenant, None
    invitation.save(update_fields=["accepted_at", "accepted_tenant", "digest"])
    actor = Actor.of(membership, request_id)
    actor.record("invitation.accepted", invitation, at=now, email=invitation.email, role=role)
    actor.record("user.added", member, at=now, tenant_id=tenant.pk, role=role)
    return membership


def _seller(system: Actor, tenant_id: int) -> Tenant:
    """Beneath whom a reseller will stand. Its branch is locked before the invitation is: the tree comes first."""
    seller = lock_branches(system, tenant_id)[tenant_id]
    may_sell(seller)
    return seller


def _locked(token: str, now: datetime) -> Invitation:
    invitation = Invitation.objects.filter(digest=digest_of(token)).open(now).locked().first()
    if invitation is None:
        raise InvitationGone()
    return invitation


def _new_login(email: str, sign_up: SignUp, now: datetime) -> User:
    name = sign_up.name.strip()
    try:
        validate_password(sign_up.password, User(email=email, name=name))
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error
    if is_blank(name) or has_forbidden(name):
        raise Invalid({"name": [_("A name is needed.")]})
    if has_link(name):
        raise Invalid({"name": [no_link()]})
    with refusing({"tenants_user_email_key": EmailUnavailable(field="email")}):
        return User.objects.create_user(email, sign_up.password, name=name, language=sign_up.language, created_at=now)


def _new_reseller(system: Actor, seller: Tenant, invitation: Invitation, sign_up: SignUp, now: datetime) -> Tenant:
    """With the version of the terms that it accepted, and when."""
    types = {row.type: row for row in types_of(invitation.provider_id)}
    if invitation.reseller_type in types:
        types = {invitation.reseller_type: types[invitation.reseller_type]}
    chosen = types.get(sign_up.reseller_type)
    if chosen is None:
        raise TypeUnavailable(field="reseller_type")
    require_terms(chosen, sign_up.terms_version)
    usual = ProviderSettings.objects.get(pk=invitation.provider_id)
    details = Details(
        name=sign_up.organisation,
        owner_email=invitation.email,
        contact_name=sign_up.name,
        country=sign_up.country,
        language=sign_up.language,
        currency=usual.currency,
    )
    try:
        details.check()
    except Invalid as invalid:
        raise Invalid({FORM.get(name, name): sentences for name, sentences in invalid.errors.items()}) from invalid
    reseller = create_reseller(actor=system, seller_id=seller.pk, details=details, reseller_type=chosen.type, now=now)
    if chosen.terms:
        ResellerTerms.objects.filter(pk=reseller.pk).update(terms_version=chosen.version, terms_accepted_at=now)
    return reseller
