"""What every page view shares: who may enter, and how a page is answered."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from resellerhub.kernel.principal import demand
from resellerhub.web.request import SAFE, PageRequest, View, actor_of
from resellerhub.web.shells import asked_shell, shell_for


def page(permission: str | None = None) -> Callable[[View], View]:
    """Let in who is logged in, works in this shell and has the permission; the shell of others answers 404.

    A permission may hold a word of the address (`{kind}.edit`), and be several: `a&b`, `a|b`. Whoever is suspended
    looks at all that the role shows, and sends nothing.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if actor is None:
                return redirect_to_login(request.get_full_path())
            if asked_shell(request) != shell_for(actor.kind):
                raise Http404
            demand(actor, (permission or "").format(**kwargs), looking=request.method in SAFE)
            return view(cast(PageRequest, request), *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def render_page(
    request: HttpRequest, template: str, *, title: str, parent: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the shell. `parent` is the url name of the list it belongs to: it is marked in the navigation and
    stands in the breadcrumb."""
    values: Mapping[str, Any] = {"title": title, "parent": parent, **context}
    return render(request, template, values, status=status)
