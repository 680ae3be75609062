"""What pages know of who asks: `request.actor`, set by the middleware of the app that knows users."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Actor(Protocol):
    """The part of an actor that pages use."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def on_behalf_of(self) -> int | None: ...
    @property
    def visitor(self) -> Any: ...
    def can(self, permission: str) -> bool: ...
    def sees(self, permission: str) -> bool: ...
    def require(self, permission: str) -> None: ...


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


class PageRequest(HttpRequest):
    """A request that has passed `@page`: somebody is logged in and may see this."""

    actor: Any
    request_id: str
    htmx: Any


View: TypeAlias = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor | None:
    """Who asks, or None: nobody, or an error page before anybody was recognised."""
    return getattr(request, "actor", None)
