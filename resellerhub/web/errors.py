"""Error pages: in the shell for whoever is logged in, else plain enough to be shown when nothing else works."""

import structlog
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from resellerhub.web.brands import brand_of
from resellerhub.web.request import actor_of

log = structlog.get_logger(__name__)


def error_page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """The page for a status. From 500 on it reads neither user nor database: either may be what broke."""
    titles = {
        400: _("This request cannot be understood"),
        403: _("You may not do this"),
        404: _("There is nothing here"),
        405: _("There is nothing to look at here"),
        409: _("This is not possible"),
        422: _("Some values cannot be taken"),
        429: _("Too many requests"),
        503: _("Busy at the moment"),
    }
    details = {
        400: _("Go back, check what you entered, and try again."),
        403: _("Your role does not allow it. An administrator of your organisation can change that."),
        404: _("The page does not exist, or it is not yours to see."),
        405: _("This address only takes what a button sends. Go back, and use the button."),
        429: _("Wait a moment, then try again."),
        500: _("It was noted with the number below. Nothing was saved half-way."),
    }
    context = {
        "layout": "entrance.html",
        "title": titles.get(status, _("Something went wrong")),
        "detail": detail or details.get(status, ""),
        "status": status,
        "request": request,
        "request_id": getattr(request, "request_id", ""),
        "brand": brand_of(request),
        "theme": request.COOKIES.get("theme", "auto"),
    }
    if status < 500 and actor_of(request) is not None:
        try:
            return HttpResponse(
                render_to_string("error.html", context | {"layout": "base.html"}, request), status=status
            )
        except Error:
            log.exception("error_page_without_shell", status=status)
    return HttpResponse(render_to_string("error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403, _("This form is too old or came from elsewhere. Reload the page and try again."))
