"""What every template of the shell can ask for: `shell`."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from resellerhub.web.brands import Brand, brand_of
from resellerhub.web.request import Actor, actor_of
from resellerhub.web.shells import shell_link, shell_of

THEMES = ("light", "dark", "auto")
JobCounter = Callable[[Any], int]

_job_counters: list[JobCounter] = []


def register_job_counter(count: JobCounter) -> None:
    """Tell the top bar how many jobs run for an actor; the app with the jobs page calls it when it is ready."""
    _job_counters[:] = [count]


class Shell:
    """Asked lazily: an error page or a login page reads nothing of it that needs the database."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def name(self) -> str:
        return shell_of(self.request)

    @property
    def actor(self) -> Actor | None:
        return actor_of(self.request)

    @property
    def visit_minutes(self) -> int:
        """How long the actor may go on acting as somebody else, to the minute that has begun."""
        left = self.actor.visitor.ends_at - timezone.now() if self.actor and self.actor.visitor else timedelta()
        return max(ceil(left / timedelta(minutes=1)), 0)

    @property
    def theme(self) -> str:
        theme = self.request.COOKIES.get("theme", "")
        return theme if theme in THEMES else "auto"

    @property
    def is_folded(self) -> bool:
        return self.request.COOKIES.get("navigation") == "folded"

    @cached_property
    def jobs_url(self) -> str | None:
        return shell_link(self.request, "jobs") if self.actor and self.actor.can("job.view") else None

    @cached_property
    def jobs_running(self) -> int:
        return sum(count(self.actor) for count in _job_counters) if self.actor else 0


def shell(request: HttpRequest) -> dict[str, Shell | Brand]:
    return {"shell": Shell(request), "brand": brand_of(request)}
