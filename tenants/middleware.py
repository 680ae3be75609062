"""The one place where a session becomes an actor."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from resellerhub.kernel.refusals import Suspended
from resellerhub.web.errors import error_page
from tenants.actor import Actor
from tenants.selectors import membership_for

MEMBERSHIP = "membership"
"""Where the session keeps the membership that the user acts in."""

ALWAYS = frozenset({"membership_switch", "account_logout", "account_login", "account_reauthenticate"})


class ActorMiddleware:
    """Sets `request.actor`: the member who asks, or None. A suspended tenant may look but not change."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = actor = self.resolve(request)  # type: ignore[attr-defined]
        if (
            actor
            and actor.suspended
            and request.method not in {"GET", "HEAD", "OPTIONS"}
            and not self.is_allowed(request)
        ):
            return error_page(request, Suspended.status, Suspended().detail)
        return self.get_response(request)

    def resolve(self, request: HttpRequest) -> Actor | None:
        if not request.user.is_authenticated:
            return None
        membership = membership_for(request.user.pk, request.session.get(MEMBERSHIP))
        return Actor.of(membership, getattr(request, "request_id", "")) if membership else None

    def is_allowed(self, request: HttpRequest) -> bool:
        """What a member of a suspended tenant may still send: the way out, and to another membership."""
        try:
            return resolve(request.path_info).url_name in ALWAYS
        except Resolver404:
            return False
