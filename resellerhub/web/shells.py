"""Console and portal: the same pages under two prefixes, each with its navigation."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from resellerhub.web.request import actor_of

CONSOLE, PORTAL = "console", "portal"
SHELLS = (CONSOLE, PORTAL)


def shell_for(kind: str) -> str:
    """Where somebody of this kind of tenant works."""
    return CONSOLE if kind == "provider" else PORTAL


def asked_shell(request: HttpRequest) -> str:
    """The shell that the address is in, whoever asks; empty outside both."""
    namespace = request.resolver_match.namespace if request.resolver_match else ""
    return namespace if namespace in SHELLS else ""


def shell_of(request: HttpRequest) -> str:
    """The shell this request is answered in: the one its actor works in, also when it asks for the other's."""
    actor = actor_of(request)
    return shell_for(actor.kind) if actor else asked_shell(request) or PORTAL


def shell_url(request: HttpRequest, name: str, *args: Any) -> str:
    """The address of a page in the shell the request is in."""
    return reverse(f"{shell_of(request)}:{name}", args=args)


def shell_link(request: HttpRequest, name: str, *args: Any) -> str | None:
    """Like `shell_url`, but None where this shell has no such page."""
    try:
        return shell_url(request, name, *args)
    except NoReverseMatch:
        return None
