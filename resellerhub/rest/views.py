"""The views of the API: `Api` for operations alone, `ReadApi` for rows that are read, and operated on."""

import inspect
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from resellerhub.kernel.principal import demand
from resellerhub.kernel.refusals import NotFound, found
from resellerhub.rest import etags
from resellerhub.rest.endpoints import Endpoint
from resellerhub.rest.filters import ListFilter, refuse_unknown
from resellerhub.rest.negotiation import AlwaysTheFirst
from resellerhub.rest.problems import QueryProblem
from resellerhub.rest.serializers import INT64_MAX, Out


class Api(ViewSetMixin, GenericAPIView[Any]):
    """Operations that belong to no row. `singular` names the URLs and the operations of the OpenAPI document."""

    singular: ClassVar[str]
    plural: ClassVar[str] = ""
    permission: ClassVar[str] = ""
    out: ClassVar[type[Out] | None] = None
    reads: ClassVar[tuple[str, ...]] = ()
    filterset_class: ClassVar[Any] = None
    ordering_fields: ClassVar[Mapping[str, str]] = {}
    expandable: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    content_negotiation_class = AlwaysTheFirst
    metadata_class = None
    filter_backends = (ListFilter,)

    @property
    def actor(self) -> Any:
        """Who asks: set by the authentication."""
        actor = getattr(self.request._request, "actor", None)
        if actor is None:
            raise NotAuthenticated()
        return actor

    def let_look(self) -> None:
        """Before anything is answered that is only read: whoever is suspended may go on reading it."""
        demand(self.actor, self.permission, looking=True)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        if any(isinstance(value, int) and value > INT64_MAX for value in kwargs.values()):
            raise NotFound()
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Any) -> None:
        """Counted before it is known who asks, or guessing keys would be free."""
        try:
            super().perform_authentication(request)
        except Exception:
            self.check_throttles(request)
            raise

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request._request, "rate_limit", {}).items():
            response[name] = value
        response.setdefault("Cache-Control", "no-store" if request.method != "GET" else "private, no-cache")
        return response

    def plain_context(self) -> dict[str, Any]:
        return {"request": self.request, "view": self}

    def get_serializer_context(self) -> dict[str, Any]:
        return {**self.plain_context(), "expand": self.expand()}

    def expand(self) -> frozenset[str]:
        text = self.request.query_params.get("expand", "") if self.expandable else ""
        wanted = frozenset(text.split(",")) if text else frozenset()
        if unknown := wanted - set(self.expandable):
            sentence = _("This cannot be expanded: %(names)s.") % {"names": ", ".join(sorted(unknown))[:100]}
            raise QueryProblem({"expand": [ErrorDetail(sentence, "unknown_parameter")]})
        return wanted


class ReadApi(Api):
    """Rows that the actor may see, as a list and one by one.

    `rows` starts with `.visible_to(actor)`. With `plain = True` it ends with `.values(…)`, and the list answers its
    rows as they are: for hot lists, with `out` as their description.
    """

    out: ClassVar[type[Out]]
    reads: ClassVar[tuple[str, ...]] = ("list", "retrieve")
    plain: ClassVar[bool] = False
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        raise TypeError(f"{type(self).__name__} does not say which rows it has")

    def get_queryset(self) -> QuerySet[Any]:
        self.let_look()
        paths = [path for name in self.expand() for path in self.expandable[name]]
        rows = self.rows(self.actor)
        return rows.prefetch_related(*paths) if paths else rows

    def order(self, request: Any) -> Iterator[str]:
        """What the rows are ordered by; the key is always last, so that no two rows are equal."""
        asked = request.query_params.get("ordering", "")
        terms = list(self.ordering)
        if asked:
            column = self.ordering_fields.get(asked.removeprefix("-"))
            if column is None:
                raise QueryProblem({"ordering": [ErrorDetail(_("The list cannot be ordered by this."), "invalid")]})
            terms = [f"-{column}" if asked.startswith("-") else column]
        yield from terms
        if not any(term.lstrip("-") == "pk" for term in terms):
            yield "-pk" if terms[-1].startswith("-") else "pk"

    def list(self, request: Any, **kwargs: Any) -> Response:
        rows: Any = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if not self.plain:
            rows = self.out(rows, many=True, context=self.get_serializer_context()).data
        return self.get_paginated_response(rows)

    def retrieve(self, request: Any, pk: int, **kwargs: Any) -> Response:
        refuse_unknown(request.query_params, {"expand"} if self.expandable else set())
        row = found(self.get_queryset(), pk=pk)
        tag = etags.etag(self.out(row, context=self.plain_context()).data)
        if tag in etags.listed(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": tag})
        return Response(self.out(row, context=self.get_serializer_context()).data, headers={"ETag": tag})


def api_paths(prefix: str, view: type[Api]) -> list[URLPattern]:
    """The URLs of a view: the list, the row, and each operation at `<prefix>[/<pk>][/<path>]`.

    Names: `<plural>`, `<singular>`, `<singular>_<method>`.
    """
    routes: dict[str, tuple[str, dict[str, Any]]] = {}
    plural = view.plural or prefix.rpartition("/")[2].replace("-", "_")
    if "list" in view.reads:
        routes[prefix] = (plural, {"get": "list"})
    if "retrieve" in view.reads:
        routes[f"{prefix}/<int:pk>"] = (view.singular, {"get": "retrieve"})
    for name in dir(view):
        function = inspect.getattr_static(view, name)
        if not isinstance(function, FunctionType) or not hasattr(function, "endpoint"):
            continue
        endpoint: Endpoint = function.endpoint
        address = f"{prefix}/<int:pk>" if endpoint.detail else prefix
        address = f"{address}/{endpoint.path}" if endpoint.path else address
        own = f"{view.singular}_{name}" if endpoint.path else view.singular if endpoint.detail else plural
        routes.setdefault(address, (own, {}))[1][endpoint.method] = name
    return [path(address, view.as_view(actions), name=name) for address, (name, actions) in routes.items()]
