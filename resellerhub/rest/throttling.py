"""How many requests somebody has left, in the headers of the IETF draft."""

import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

log = structlog.get_logger(__name__)

SECONDS = {"s": 1, "m": 60, "h": 3600}


def policy() -> tuple[int, int]:
    quota, _, unit = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["principal"].partition("/")
    return int(quota), SECONDS[unit[0]]


class PrincipalThrottle(BaseThrottle):
    """A window per key; who shows none is counted by address. Without the cache nobody is held up."""

    def allow_request(self, request: Any, view: Any) -> bool:
        quota, window = policy()
        actor = getattr(request._request, "actor", None)
        who = f"key:{actor.api_key_id}" if actor and actor.api_key_id else f"address:{self.get_ident(request)}"
        now = time.time()
        self.reset = window - int(now % window)
        try:
            key = f"api-rate:{who}:{int(now // window)}"
            used = 1 if cache.add(key, 1, window + 1) else cache.incr(key)
        except Exception as error:  # whatever the cache's client raises when it is gone
            log.warning("throttle_without_cache", error=str(error))
            return True
        request._request.rate_limit = {
            "RateLimit-Policy": f'"principal";q={quota};w={window}',
            "RateLimit": f'"principal";r={max(0, quota - used)};t={self.reset}',
        }
        return used <= quota

    def wait(self) -> float:
        return float(self.reset)
