"""The one place where a session becomes an actor."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.web.errors import error_page
from resellerhub.web.request import SAFE
from resellerhub.web.shells import SHELLS
from tenants import visiting
from tenants.actor import Actor
from tenants.brands import brand_for
from tenants.factors import set_up_first
from tenants.hosts import belongs_here
from tenants.models import User
from tenants.selectors import memberships, suspension_of

MEMBERSHIP = "membership"
"""Where the session keeps the membership that the user acts in."""

PERSONAL = frozenset({"membership_switch", "profile", "list_columns", "visit_end", "session_end"})
"""What of the shells concerns the person alone: allowed while the tenant is suspended."""
EXPORTING = frozenset({"invoices_export", "report_run_create", "report_runs"})
"""What is posted and changes nothing but makes a file: allowed then, too, in shells and API."""


class ActorMiddleware:
    """Sets `request.actor`: the member who asks, or whom that member is visiting, or None.

    A suspended tenant may look but not change; a provider's staff may do nothing before it has a second factor; who
    visits somebody touches no account, neither theirs nor the other's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = None  # type: ignore[attr-defined]
        timezone.deactivate()
        if not isinstance(request.user, User):
            return self.get_response(request)
        own = actor_of(request, request.user)
        actor = visiting.resume(request, own) if own else None
        request.actor = actor  # type: ignore[attr-defined]
        if actor:
            request.brand = brand_for(actor.tenant_id)  # type: ignore[attr-defined]
        match = match_of(request)
        if actor and actor.suspended:
            request.suspension = suspension_of(actor.tenant_id)  # type: ignore[attr-defined]
            request.only_looks = not is_left(match)  # type: ignore[attr-defined]
        if answer := refuse(request, request.user, own, actor, match):
            return answer
        timezone.activate(zone_of(request.user))  # not for this call only: an export streams after it
        return self.get_response(request)


def refuse(
    request: HttpRequest, user: User, own: Actor | None, actor: Actor | None, match: ResolverMatch | None
) -> HttpResponseBase | None:
    """What is answered in place of the page, if anything is; the second factor asked for is the visitor's own."""
    in_shell = match is not None and (match.namespace in SHELLS or match.url_name == "home")
    if own is None or actor is None:
        if in_shell and user.is_staff:
            return redirect("admin:index")
        lost = _("You belong to no organisation here. Ask whoever invited you.")
        return error_page(request, 403, lost) if in_shell else None
    if actor.visitor and visiting.is_closed(request, match):
        return error_page(request, 403, _("Not while you are logged in as somebody else. End the visit first."))
    if not in_shell:
        return None
    if actor.suspended and not may_while_suspended(request, match):
        return error_page(request, 403, actor.suspension().detail)
    return None if is_personal(match) else set_up_first(request, own, user)


def actor_of(request: HttpRequest, user: User) -> Actor | None:
    """As the member that the user chose to be, else as the first; None for somebody who belongs nowhere here."""
    brand = getattr(request, "host_brand", None)
    mine = [row for row in memberships(user.pk) if belongs_here(brand, row.tenant.ancestors)]
    chosen = request.session.get(MEMBERSHIP)
    membership = next((row for row in mine if row.pk == chosen), mine[0] if mine else None)
    return Actor.of(membership, getattr(request, "request_id", "")) if membership else None


def match_of(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def may_while_suspended(request: HttpRequest, match: ResolverMatch | None) -> bool:
    """To look, to export, and what concerns the person alone."""
    return request.method in SAFE or is_left(match)


def is_left(match: ResolverMatch | None) -> bool:
    """What is sent and left to whoever is suspended."""
    return is_personal(match) or (match is not None and match.url_name in EXPORTING)


def is_personal(match: ResolverMatch | None) -> bool:
    return match is not None and match.url_name in PERSONAL


def zone_of(user: User) -> ZoneInfo:
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
