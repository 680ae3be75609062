"""Every error of the API as a problem (RFC 9457): what is wrong, in words, in a code, and at which place."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from resellerhub.kernel.jobs.failures import is_passing
from resellerhub.kernel.refusals import Busy, NotFound, Refusal
from resellerhub.kernel.sqlstates import SqlState, sql_state

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RESERVED = {"type", "title", "status", "detail", "code", "request_id", "errors"}
UNREADABLE = {"unknown_field", "unknown_parameter"}
"""Errors of one who does not know the form: 400. A value that cannot be taken is 422."""
CODES = {
    400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 413: "too-large", 415: "unsupported-media-type", 422: "invalid", 429: "rate-limited",
    503: "unavailable",
}  # fmt: skip


class Problem(exceptions.APIException):
    """What the API layer itself refuses: `raise Problem(412, "stale", "…")`."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code, self.slug, self.headers, self.errors = status, code, dict(headers or {}), errors


class QueryProblem(exceptions.ValidationError):
    """Errors of query parameters, by name."""


def body(
    request: Any, status: int, code: str, detail: Any, *, errors: list[dict[str, Any]] | None = None, **facts: Any
) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "type": f"urn:resellerhub:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    problem |= {name: value for name, value in facts.items() if name not in RESERVED}
    if errors:
        problem["errors"] = errors
    return problem


@dataclass(frozen=True, slots=True)
class Told:
    """What of an exception is told."""

    status: int
    code: str
    detail: Any
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def handle(exception: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER. What is not foreseen is logged, and told as a 500 without facts."""
    request: HttpRequest = context["request"]._request
    told = tell(exception)
    if told.status == 500:
        got_request_exception.send(sender=None, request=request)
        log.error("unhandled_exception", exc_info=exception, path=request.path)
    problem = body(request, told.status, told.code, told.detail, **told.members)
    return Response(problem, told.status, headers=dict(told.headers), content_type=MEDIA_TYPE)


@functools.singledispatch
def tell(exception: Exception) -> Told:
    return Told(500, "error", _("Something went wrong here. It was noted under this request's id."))


@tell.register
def _refusal(exception: Refusal) -> Told:
    errors = [error for name, told in exception.errors.items() for error in errors_of(told, _pointer(name))]
    members = {**exception.facts, "errors": errors}
    return Told(exception.status, exception.code, exception.detail, members, wait(exception.facts.get("retry_after")))


def _pointer(name: str) -> str:
    """What a refusal names by its steps, `pools.1.seats`, as a JSON pointer; without a name all of what was sent."""
    return "/".join(["#", *map(escaped, name.split("."))]) if name else "#"


@tell.register
def _absent(exception: Http404) -> Told:
    return tell(NotFound())


@tell.register
def _denied(exception: PermissionDenied) -> Told:
    return Told(403, "forbidden", _("You may not do this."))


@tell.register
def _suspicious(exception: SuspiciousOperation) -> Told:
    return Told(400, "malformed", _("This request cannot be read."))


@tell.register
def _problem(exception: Problem) -> Told:
    return Told(
        exception.status_code, exception.slug, exception.detail, {"errors": exception.errors}, exception.headers
    )


@tell.register
def _invalid(exception: exceptions.ValidationError) -> Told:
    return validation([*errors_of(exception.detail)])


@tell.register
def _query(exception: QueryProblem) -> Told:
    return validation([{"parameter": error.pop("pointer")[2:], **error} for error in errors_of(exception.detail)])


@tell.register
def _framework(exception: exceptions.APIException) -> Told:
    headers = wait(getattr(exception, "wait", None))
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return Told(exception.status_code, CODES.get(exception.status_code, "error"), exception.detail, {}, headers)


@tell.register
def _value(exception: DataError) -> Told:
    log.warning("data_error", error=str(exception).strip())
    return Told(422, "invalid", _("A value is outside of what can be stored."))


@tell.register(OperationalError)
@tell.register(InterfaceError)
def _database(exception: Exception) -> Told:
    if not is_passing(exception) and sql_state(exception) != SqlState.CANCELLED:
        return tell.dispatch(Exception)(exception)
    log.warning("database_unavailable", error=str(exception).strip())
    return tell(Busy())


def validation(errors: list[dict[str, Any]]) -> Told:
    if any(error["code"] in UNREADABLE for error in errors):
        return Told(400, "unknown", _("The request names something that is not known here."), {"errors": errors})
    return Told(422, "invalid", _("Some values cannot be taken."), {"errors": errors})


def wait(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(max(1, round(seconds)))}


def errors_of(detail: Any, path: str = "#") -> Iterator[dict[str, Any]]:
    """One entry per sentence, with the JSON pointer of the value it speaks of."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from errors_of(inner, path if name == "non_field_errors" else f"{path}/{escaped(name)}")
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from errors_of(inner, f"{path}/{index}" if nested else path)
    else:
        yield {"pointer": path, "detail": str(detail), "code": str(getattr(detail, "code", None) or "invalid")}


def escaped(name: Any) -> str:
    """A step of a JSON pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")
