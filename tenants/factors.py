"""The second factor that a provider's staff must have: an authenticator app or a passkey."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from tenants.actor import Actor
from tenants.models import Membership, User
from tenants.roles import Kind

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def lacks_factor(actor: Actor, user: User) -> bool:
    """A provider sees its whole house, so a password alone does not do for its staff; keys of the API have none."""
    return settings.REQUIRE_TOTP_FOR_PROVIDERS and actor.is_provider and not is_mfa_enabled(user, types=FACTORS)


def needs_factor(user: User) -> bool:
    """Whether any of the places where a user works asks for a second factor."""
    staff = Membership.objects.filter(user_id=user.pk, tenant__kind=Kind.PROVIDER)
    return settings.REQUIRE_TOTP_FOR_PROVIDERS and staff.exists()


def grace_until(actor: Actor) -> datetime:
    """Until when a new member of a provider may do without."""
    member = found(Membership.objects.all(), pk=actor.membership_id)
    return member.created_at + timedelta(days=settings.FACTOR_GRACE_DAYS)


def set_up_first(request: HttpRequest, own: Actor, user: User) -> HttpResponseBase | None:
    """To where factors are set up, for staff without one whose days of grace are over; before, every page says so."""
    if not lacks_factor(own, user):
        return None
    until = grace_until(own)
    if timezone.now() < until:
        request.factor_due_at = until  # type: ignore[attr-defined]
        return None
    messages.warning(request, _("Two factors are required here: set up an authenticator app or a passkey first."))
    return redirect("mfa_index")
