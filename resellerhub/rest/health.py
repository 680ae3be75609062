"""What operates the program asks: is it alive, can it work, how much does it do."""

import functools
import hmac
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django_prometheus.exports import ExportToDjangoView

from resellerhub.kernel.models import Job, Sign

LOOPBACK = {"127.0.0.1", "::1", ""}


def alive(request: HttpRequest) -> HttpResponse:
    """This process answers; it asks nobody else, so that an outage elsewhere restarts nothing."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """Database, broker and migrations, else 503. When beat and a worker were last seen is told, but is not ours."""
    checks = dict(checked())
    well = all(state == "ok" for state in checks.values())
    body: dict[str, Any] = {"status": "ok" if well else "unavailable", "checks": checks}
    if checks["database"] == "ok":
        now = timezone.now()
        body["seen_seconds_ago"] = {
            sign.name: round((now - sign.seen_at).total_seconds(), 1) for sign in Sign.objects.order_by("name")
        }
    return JsonResponse(body, status=200 if well else 503)


def checked() -> Iterator[tuple[str, str]]:
    for name, check in (("database", database), ("migrations", migrations), ("broker", broker)):
        try:
            yield name, check()
        except Exception as error:  # whatever it is: the answer is the same, and the sentence is for the log's reader
            yield name, type(error).__name__


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


class MigrationsMissing(Exception):
    pass


@functools.cache
def migrations() -> str:
    """Looked up until all are there: a process does not lose them again."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissing()
    return "ok"


def broker() -> str:
    cache.get("readyz")
    return "ok"


def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with METRICS_TOKEN as a bearer, or without one from this very machine."""
    if not may_measure(request):
        return HttpResponse(status=404)
    answer: HttpResponse = ExportToDjangoView(request)
    answer.write("\n".join(job_lines()) + "\n")
    return answer


def may_measure(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    direct = not settings.TRUSTED_PROXIES and "X-Forwarded-For" not in request.headers
    return direct and request.META.get("REMOTE_ADDR", "") in LOOPBACK


def job_lines() -> Iterator[str]:
    """How much waits: from the database, because every process would count for itself."""
    counted: dict[str, Any] = dict.fromkeys(Job.LIVE, 0)
    for state in Job.objects.live().values_list("state", flat=True):
        counted[state] += 1
    yield "# HELP resellerhub_jobs Jobs that have not ended."
    yield "# TYPE resellerhub_jobs gauge"
    for state, number in counted.items():
        yield f'resellerhub_jobs{{state="{state}"}} {number}'


urlpatterns = [path("healthz", alive), path("readyz", ready), path("metrics", metrics)]
