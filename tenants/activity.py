"""When a login was last used, noted once a minute: it costs five statements, more than a page has otherwise."""

import time
from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

EVERY = 60
MOST = 10_000
"""So many sessions a process remembers; then it begins anew."""


class SessionActivity:
    """allauth's middleware, passed by where this process has noted the session within the minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.noting = UserSessionsMiddleware(get_response)
        self.noted: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.noting if self._is_due(request.session.session_key) else self.get_response
        response: HttpResponseBase = answer(request)
        return response

    def _is_due(self, session_key: str | None) -> bool:
        now = time.monotonic()
        if not session_key or now - self.noted.get(session_key, -EVERY) < EVERY:
            return False
        if len(self.noted) >= MOST:
            self.noted.clear()
        self.noted[session_key] = now
        return True
