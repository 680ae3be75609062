"""The OpenAPI document, from what the views say of themselves."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from resellerhub.rest.problems import MEDIA_TYPE
from resellerhub.rest.serializers import In

WORDS = {
    400: "The request cannot be read, or names something unknown.",
    401: "No API key, or none that is valid.",
    403: "In sight, but not permitted.",
    404: "Absent or out of sight: the same answer.",
    409: "The state of things does not allow it, or a request with this key is in flight.",
    412: "It has changed since it was read (`If-Match`).",
    413: "More than 1 MB.",
    415: "Not `application/json`.",
    422: "A value cannot be taken, or the key was used with another body.",
    429: "Too many requests: wait as `Retry-After` says.",
    503: "Busy: try again as `Retry-After` says.",
}


class ProblemError(serializers.Serializer[Any]):
    pointer = serializers.CharField(required=False, help_text="JSON pointer of the value in the request.")
    parameter = serializers.CharField(required=False, help_text="Or the name of the query parameter.")
    detail = serializers.CharField()
    code = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457. Facts of the refusal stand beside these members under names of their own."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    errors = ProblemError(many=True, required=False)  # type: ignore[assignment]


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "tenants.authentication.ApiKeyAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer rh_…`"}


class MoneySchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "resellerhub.rest.serializers.MoneyField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,6})?$", "examples": ["12.50"]},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]},
            },
        }


class Schema(AutoSchema):
    """Of a `ReadApi` and its operations; other views are described as drf-spectacular does."""

    view: Any

    @property
    def action(self) -> str:
        return getattr(self.view, "action", "") or ""

    @property
    def endpoint(self) -> Any:
        return getattr(getattr(self.view, self.action, None), "endpoint", None)

    def get_operation_id(self) -> str:
        view = self.view
        if self.action == "list":
            return f"{view.plural or self.path.rpartition('/')[2].replace('-', '_')}_list"
        return f"{view.singular}_{self.action}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_summary(self) -> str:
        return self._text().partition("\n")[0].strip()

    def get_description(self) -> str:  # type: ignore[override]
        permission = self.endpoint.permission if self.endpoint else self.view.permission
        needs = f"\n\nNeeds the permission `{permission}`." if permission else ""
        return self._text() + needs

    def _text(self) -> str:
        import inspect

        return inspect.getdoc(getattr(self.view, self.action) if self.endpoint else type(self.view)) or ""

    def get_request_serializer(self) -> Any:
        return self.endpoint.input if self.endpoint else None

    def get_response_serializers(self) -> Any:
        endpoint = self.endpoint
        if endpoint is None:
            answers: dict[Any, Any] = {200: self.view.out}
        elif endpoint.output is None:
            answers = {204: OpenApiResponse(description="Done.")}
        else:
            shape = endpoint.output[0](many=True) if isinstance(endpoint.output, list) else endpoint.output
            answers = {endpoint.status: shape}
        for status in self.problems():
            answers[status, MEDIA_TYPE] = OpenApiResponse(ProblemOut, description=WORDS[status])
        return answers

    def problems(self) -> list[int]:
        statuses = {400, 401, 403, 429, 503}
        if "{" in self.path:
            statuses.add(404)
        if self.endpoint:
            statuses |= {404, 409, 413, 415, 422} | ({412} if self.endpoint.detail else set())
        elif self.action == "list":
            statuses.add(422)
        return sorted(statuses)

    def get_override_parameters(self) -> list[Any]:
        def given(name: str, description: str, codes: list[int] | bool = True) -> OpenApiParameter:
            return OpenApiParameter(name, str, "header", response=codes, description=description)

        parameters = [
            given("X-Request-Id", "The id of this request in every log and event."),
            given("RateLimit", "What is left of the window."),
            given("RateLimit-Policy", "How many requests a window has."),
            given("Retry-After", "Seconds to wait.", [429, 503]),
        ]
        endpoint = self.endpoint
        if endpoint and endpoint.method == "post":
            required = endpoint.idempotency == "required"
            text = "Any text of up to 255 characters; the same one gives the same answer for 7 days."
            parameters.append(OpenApiParameter("Idempotency-Key", str, "header", required=required, description=text))
            parameters.append(given("Idempotent-Replayed", "`true` when answered before.", [endpoint.status]))
        if endpoint and endpoint.detail:
            text = "The `ETag` of what was read: 412 if it has changed."
            parameters.append(OpenApiParameter("If-Match", str, "header", description=text))
        if endpoint and endpoint.status in (201, 202):
            parameters.append(given("Location", "Where the result is, or the job.", [endpoint.status]))
        if self.action == "retrieve":
            parameters.append(given("ETag", "For `If-None-Match` and `If-Match`.", [200]))
        if not endpoint and self.view.expandable:
            names = list(self.view.expandable)
            text = f"What to include, comma-separated: {', '.join(names)}."
            parameters.append(OpenApiParameter("expand", str, description=text))
        return parameters

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: str) -> Any:
        """Unknown fields are refused, and what must be asked for need not be there: generated clients may know it."""
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)  # type: ignore[no-untyped-call]
        if isinstance(serializer, In):
            return {**schema, "additionalProperties": False}
        if expandable := getattr(serializer, "expandable", ()):
            schema["required"] = [name for name in schema.get("required", []) if name not in expandable]
        return schema

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.action == "list" or isinstance(serializer, serializers.ListSerializer)

    def _get_paginator(self) -> Any:
        return super()._get_paginator() if self.action == "list" else None  # type: ignore[no-untyped-call]

    def get_filter_backends(self) -> list[Any]:
        return list(self.view.filter_backends) if self.action == "list" else []
