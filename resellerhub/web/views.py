"""The few views of the shell itself: where to begin, how it looks, which columns a list shows."""

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from resellerhub.web import preferences
from resellerhub.web.context import THEMES
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest, actor_of
from resellerhub.web.shells import shell_for, shell_url

YEAR = 365 * 24 * 3600
NAME = re.compile(r"[\w.-]{1,60}", re.ASCII)


def home(request: HttpRequest) -> HttpResponseBase:
    """To the dashboard of whoever is logged in."""
    actor = actor_of(request)
    return redirect(f"{shell_for(actor.kind)}:dashboard") if actor else redirect_to_login("/")


def _back(request: HttpRequest) -> str:
    """The page a form was sent from, as long as it is one of ours."""
    url = request.POST.get("next") or request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if url and allowed else "/"


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember the theme and whether the navigation is folded in this browser; works without JavaScript."""
    response = redirect(_back(request))
    for name, values in (("theme", THEMES), ("navigation", ("open", "folded"))):
        if (value := request.POST.get(name, "")) in values:
            response.set_cookie(name, value, YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """The language of this browser. What was said in the other and not read yet is not said any more."""
    list(messages.get_messages(request))
    return set_language(request)


@require_POST
@page()
def list_columns(request: PageRequest) -> HttpResponse:
    """Remember which columns of a list its reader wants; `reset` forgets."""
    key = request.POST.get("list", "")
    columns = (
        [] if "reset" in request.POST else [name for name in request.POST.getlist("columns") if NAME.fullmatch(name)]
    )
    if NAME.fullmatch(key):
        preferences.save(request.actor, key, columns[:100])
    back = _back(request)
    return redirect(shell_url(request, "dashboard") if back == "/" else back)
