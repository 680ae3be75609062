"""Pages by keyset: the cursor says after which row to go on, so page 1,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from resellerhub.rest.problems import QueryProblem

SIGNER = signing.Signer(salt="cursor")


class Json(signing.JSONSerializer):
    """Dates and decimals as text: the database reads them back."""

    def dumps(self, obj: Any) -> bytes:
        import json

        return json.dumps(obj, separators=(",", ":"), cls=DjangoJSONEncoder).encode("latin-1")


@dataclass(frozen=True, slots=True)
class Term:
    """One column of an order, and which way it runs."""

    name: str
    descending: bool

    @classmethod
    def of(cls, text: str) -> "Term":
        return cls(text.lstrip("-"), text.startswith("-"))

    def order(self, backwards: bool) -> Any:
        column = F(self.name)
        return column.desc(nulls_first=True) if self.descending != backwards else column.asc(nulls_last=True)

    def beyond(self, value: Any, backwards: bool) -> Q:
        """Strictly after `value` in this order; nothing is the last of what ascends."""
        if self.descending != backwards:
            return Q(**{f"{self.name}__isnull": False}) if value is None else Q(**{f"{self.name}__lt": value})
        if value is None:
            return Q(pk__in=())
        return Q(**{f"{self.name}__gt": value}) | Q(**{f"{self.name}__isnull": True})

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def value(self, row: Any) -> Any:
        if isinstance(row, dict):
            return row["id" if self.name == "pk" else self.name]
        for step in self.name.split("__"):
            row = getattr(row, step) if row is not None else None
        return row.pk if isinstance(row, Model) else row


def after(terms: Sequence[Term], values: Sequence[Any], backwards: bool) -> Q:
    """The rows behind the one with these values."""
    condition = Q(pk__in=())
    for index, term in enumerate(terms):
        ties = Q()
        for earlier, value in zip(terms[:index], values, strict=False):
            ties &= earlier.same(value)
        condition |= ties & term.beyond(values[index], backwards)
    return condition


class CursorPage(BasePagination):
    """`{"next", "previous", "results"}`; no count, which would read the whole table."""

    default_limit, largest_limit = 50, 200
    parameters = ("limit", "cursor")

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        ordering = tuple(view.order(request))
        self.terms = [Term.of(text) for text in ordering]
        limit = self.limit(request)
        backwards, values = self.position(request, ordering)
        if values is not None:
            queryset = queryset.filter(after(self.terms, values, backwards))
        rows = list(queryset.order_by(*(term.order(backwards) for term in self.terms))[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit]
        if backwards:
            rows.reverse()
        ahead, behind = (True, more) if backwards else (more, values is not None)
        self.next = self.link(ordering, rows[-1], False) if rows and ahead else None
        self.previous = self.link(ordering, rows[0], True) if rows and behind else None
        return rows

    def limit(self, request: Any) -> int:
        text = request.query_params.get("limit", str(self.default_limit))
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= self.largest_limit):
            sentence = _("The limit is a number from 1 to %(largest)s.") % {"largest": self.largest_limit}
            raise QueryProblem({"limit": [ErrorDetail(sentence, "out_of_range")]})
        return int(text)

    def position(self, request: Any, ordering: tuple[str, ...]) -> tuple[bool, list[Any] | None]:
        if not (cursor := request.query_params.get("cursor")):
            return False, None
        try:
            order, backwards, values = SIGNER.unsign_object(cursor, serializer=Json)
        except (signing.BadSignature, ValueError):
            order, backwards, values = None, False, None
        if order != list(ordering):
            sentence = _("This cursor is not one of this list. Start without.")
            raise QueryProblem({"cursor": [ErrorDetail(sentence, "unknown_parameter")]})
        return bool(backwards), values

    def link(self, ordering: tuple[str, ...], row: Any, backwards: bool) -> str:
        values = [term.value(row) for term in self.terms]
        cursor = SIGNER.sign_object([ordering, backwards, values], serializer=Json, compress=True)
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor))

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.largest_limit, "default": self.default_limit}
        return [
            {"name": "limit", "in": "query", "schema": size, "description": "Rows per page."},
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "From `next` or `previous`; do not build it yourself.",
            },
        ]
