"""Operations: POST (PATCH, DELETE) that call one service. The decorator reads the input, keeps the promise of the
Idempotency-Key, answers, and tells the OpenAPI document all of it.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from rest_framework.response import Response

from resellerhub.kernel.models import Job
from resellerhub.kernel.operation import operation
from resellerhub.kernel.principal import demand
from resellerhub.kernel.refusals import Refusal
from resellerhub.rest import etags
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.idempotency import Answer, key_of, once, request_id
from resellerhub.rest.renderers import dump
from resellerhub.rest.serializers import In

Idempotency = Literal["required", "optional", "own"]
"""`own`: the service knows repeated requests by their id, and the answer holds a secret that must not be kept."""


@dataclass(frozen=True)
class Call:
    """What an operation is given: who, with which values, on what, when."""

    actor: Any
    values: dict[str, Any]
    now: datetime
    request_id: UUID
    """For services that take one: the same whenever the same Idempotency-Key is."""
    kwargs: Mapping[str, Any]
    request: Any

    @property
    def pk(self) -> int:
        """The object of the address."""
        return int(self.kwargs["pk"])


@dataclass(frozen=True)
class Endpoint:
    input: type[In] | None = None
    output: Any = None
    status: int = 200
    permission: str = ""
    idempotency: Idempotency = "optional"
    detail: bool = False
    path: str = ""
    method: str = "post"
    location: str = ""
    job: str = "job_id"
    """Of what a 202 returns: which of its fields names the job, unless it is one."""
    examples: tuple[Any, ...] = field(default=())


def operation_endpoint(**options: Any) -> Callable[[Callable[[Any, Call], Any]], Callable[..., Response]]:
    """Options are the fields of `Endpoint`. The method gets a `Call` and returns what `output` shows."""
    endpoint = Endpoint(**options)

    def decorate(function: Callable[[Any, Call], Any]) -> Callable[..., Response]:
        @functools.wraps(function)
        def handler(view: Any, request: Any, **kwargs: Any) -> Response:
            return perform(view, request, endpoint, function, kwargs)

        handler.endpoint = endpoint  # type: ignore[attr-defined]
        return handler

    return decorate


def perform(
    view: Any, request: Any, endpoint: Endpoint, function: Callable[[Any, Call], Any], kwargs: Mapping[str, Any]
) -> Response:
    actor = view.actor
    refuse_unknown(request.query_params, set())
    key = key_of(request, required=endpoint.idempotency == "required" and endpoint.method == "post")
    demand(actor, endpoint.permission)
    serializer = (endpoint.input or In)(data=request.data or {}, context=view.get_serializer_context())
    serializer.is_valid(raise_exception=True)
    call = Call(actor, serializer.validated_data, timezone.now(), request_id(actor, key), kwargs, request)

    def work() -> Answer:
        if endpoint.detail:
            etags.check(view, request, call.pk)
        try:
            result = function(view, call)
        except Refusal as refusal:
            names = {each.source: name for name, each in serializer.fields.items()}
            refusal.field = names.get(refusal.field or "", refusal.field)  # as the body has it, not as the service
            raise
        return answer(view, request, endpoint, result, kwargs)

    one_transaction = operation(work) if endpoint.detail and etags.asked(request) else work
    given = once(request, key, call.now, work) if key and endpoint.idempotency != "own" else one_transaction()
    return Response(given.body or None, given.status, headers=given.headers)


def answer(view: Any, request: Any, endpoint: Endpoint, result: Any, kwargs: Mapping[str, Any]) -> Answer:
    if endpoint.output is None:
        return Answer(204, {}, b"")
    shape, many = endpoint.output, False
    if isinstance(shape, list):
        (shape,), many = shape, True
    data = shape(result, many=many, context=view.get_serializer_context()).data
    headers = {}
    if endpoint.status in (201, 202) and not many:
        name, pk = _where(endpoint, result) or (endpoint.location or view.singular, result.pk)
        around = kwargs if name == view.singular else {}  # what the row is nested in
        headers["Location"] = request.build_absolute_uri(reverse(f"api:{name}", kwargs={**around, "pk": pk}))
    return Answer(endpoint.status, headers, dump(data))


def _where(endpoint: Endpoint, result: Any) -> tuple[str, int] | None:
    """The job that goes on; None where nothing does."""
    if endpoint.status != 202:
        return None
    job = result.pk if isinstance(result, Job) else getattr(result, endpoint.job, None)
    return ("job", job) if job else None
