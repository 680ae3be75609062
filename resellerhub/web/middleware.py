"""Request ids, the user's language, and refusals that no view has answered."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation

from resellerhub.kernel.refusals import NotFound, Refusal
from resellerhub.web.errors import error_page

Answer = Callable[[HttpRequest], HttpResponseBase]
SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """One id per request: taken from a sane `X-Request-Id`, else made; in every log line and in the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if SANE_ID.fullmatch(given) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class UserLanguageMiddleware:
    """The language of the user's profile, unless this browser was switched to another (by cookie)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            language = getattr(request.user, "language", "")
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class RefusalMiddleware:
    """A refusal that a page has not put beside a form becomes an error page with its own sentence; a bare 405, too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = error_page(request, response.status_code)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        detail = "" if isinstance(exception, NotFound) else exception.detail  # the title says it already
        response = error_page(request, exception.status, detail)
        if retry_after := exception.facts.get("retry_after"):
            response["Retry-After"] = str(retry_after)
        return response
