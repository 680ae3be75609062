"""The one place where a session becomes an actor."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Suspended
from resellerhub.web.errors import error_page
from resellerhub.web.shells import SHELLS
from tenants.actor import Actor
from tenants.models import User
from tenants.selectors import memberships

MEMBERSHIP = "membership"
"""Where the session keeps the membership that the user acts in."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PERSONAL = frozenset({"membership_switch", "profile", "list_columns"})
"""What of the shells concerns the person alone: allowed while the tenant is suspended."""
EXPORTING = frozenset({"report_run_create", "report_runs"})
"""What is posted and changes nothing but makes a file: allowed then, too, in shells and API."""


class ActorMiddleware:
    """Sets `request.actor`: the member who asks, or None.

    A suspended tenant may look but not change; a provider's staff may do nothing before it has a second factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = None  # type: ignore[attr-defined]
        timezone.deactivate()
        if not isinstance(request.user, User):
            return self.get_response(request)
        actor = actor_of(request, request.user)
        request.actor = actor  # type: ignore[attr-defined]
        match = match_of(request)
        in_shell = match is not None and (match.namespace in SHELLS or match.url_name == "home")
        if actor is None and in_shell:
            return error_page(request, 403, _("You belong to no organisation here. Ask whoever invited you."))
        if actor and actor.suspended and in_shell and not may_while_suspended(request, match):
            return error_page(request, Suspended.status, Suspended().detail)
        if actor and in_shell and not is_personal(match) and lacks_factor(actor, request.user):
            messages.warning(request, _("Two factors are required here: set up an authenticator app first."))
            return redirect("mfa_activate_totp")
        timezone.activate(zone_of(request.user))  # not for this call only: an export streams after it
        return self.get_response(request)


def actor_of(request: HttpRequest, user: User) -> Actor | None:
    """As the member that the user chose to be, else as the first; None for somebody who belongs nowhere."""
    mine = memberships(user.pk)
    chosen = request.session.get(MEMBERSHIP)
    membership = next((row for row in mine if row.pk == chosen), mine[0] if mine else None)
    return Actor.of(membership, getattr(request, "request_id", "")) if membership else None


def lacks_factor(actor: Actor, user: User) -> bool:
    """A provider sees its whole house, so a password alone does not do for its staff; keys of the API have none."""
    required = settings.REQUIRE_TOTP_FOR_PROVIDERS and actor.is_provider
    return required and not is_mfa_enabled(user, types=[Authenticator.Type.TOTP])


def match_of(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def may_while_suspended(request: HttpRequest, match: ResolverMatch | None) -> bool:
    """To look, to export, and what concerns the person alone."""
    exports = match is not None and match.url_name in EXPORTING
    return request.method in SAFE or exports or is_personal(match)


def is_personal(match: ResolverMatch | None) -> bool:
    return match is not None and match.url_name in PERSONAL


def zone_of(user: User) -> ZoneInfo:
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
