"""What a list may be asked for: its filters, `search`, `ordering` and `expand`; anything else is refused."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters.filterset import FilterSet
from rest_framework.exceptions import ErrorDetail
from rest_framework.filters import BaseFilterBackend

from resellerhub.kernel.text import has_forbidden
from resellerhub.rest.problems import QueryProblem

SEARCH = "q"
"""What pages and filter sets call `search`."""

LONGEST = 500


class ListFilter(BaseFilterBackend):
    """The view's `filterset_class` is the page's: both filter alike."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        known = {*names(view.filterset_class), *extra(view)}
        refuse_unknown(request.query_params, known)
        filterset_class: type[FilterSet] | None = view.filterset_class
        if filterset_class is None:
            return queryset
        query = request.query_params.copy()
        if "search" in query:
            query.setlist(SEARCH, query.pop("search"))
        filters = filterset_class(query, queryset=queryset, request=request._request)
        if not filters.is_valid():
            errors = filters.form.errors.as_data()
            raise QueryProblem(
                {
                    "search" if name == SEARCH else name: [
                        ErrorDetail(str(sentence), error.code or "invalid") for error in found for sentence in error
                    ]
                    for name, found in errors.items()
                }
            )
        rows: QuerySet[Any] = filters.qs
        return rows

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = [*documented(view.filterset_class)]
        if view.ordering_fields:
            values = [sign + name for name in view.ordering_fields for sign in ("", "-")]
            schema: dict[str, Any] = {"type": "string", "enum": values}
            parameters.append(
                {"name": "ordering", "in": "query", "schema": schema, "description": "The order of rows."}
            )
        return parameters


def names(filterset_class: type[FilterSet] | None) -> Iterator[str]:
    """Every parameter of a filter set: a range has one for each end."""
    for name, one in filterset_class.base_filters.items() if filterset_class else ():
        widget = one.field_class.widget
        suffixes = getattr(widget, "suffixes", None) or [""]
        yield from ("search" if name == SEARCH else f"{name}_{suffix}" if suffix else name for suffix in suffixes)


def extra(view: Any) -> set[str]:
    more = {"limit", "cursor"}
    return more | ({"ordering"} if view.ordering_fields else set()) | ({"expand"} if view.expandable else set())


def refuse_unknown(query: QueryDict, known: set[str]) -> None:
    errors: dict[str, Any] = {}
    for name, values in query.lists():
        if name not in known:
            errors[name[:60]] = [ErrorDetail(_("This parameter is not known here."), "unknown_parameter")]
        elif any(has_forbidden(value) or len(value) > LONGEST for value in values):
            errors[name] = [ErrorDetail(_("This value cannot be taken."), "invalid")]
        elif name in {"limit", "cursor", "ordering", "expand"} and len(values) > 1:
            errors[name] = [ErrorDetail(_("This parameter is given twice."), "invalid")]
    if errors:
        raise QueryProblem(errors)


def documented(filterset_class: type[FilterSet] | None) -> Iterator[dict[str, Any]]:
    for name, one in filterset_class.base_filters.items() if filterset_class else ():
        suffixes = getattr(one.field_class.widget, "suffixes", None) or [""]
        for suffix in suffixes:
            yield {
                "name": "search" if name == SEARCH else f"{name}_{suffix}" if suffix else name,
                "in": "query",
                "schema": schema_of(one),
                "description": str(one.extra.get("help_text") or one.label or ""),
            }


def schema_of(one: Any) -> dict[str, Any]:
    """The JSON type of a filter, from its form field."""
    many = issubclass(one.field_class, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    if issubclass(one.field_class, forms.ModelChoiceField):
        schema: dict[str, Any] = {"type": "integer"}
    elif issubclass(one.field_class, forms.NullBooleanField | forms.BooleanField):
        schema = {"type": "boolean"}
    elif issubclass(one.field_class, forms.DecimalField | forms.FloatField | forms.IntegerField):
        schema = {"type": "number"}
    elif issubclass(one.field_class, forms.DateTimeField):
        schema = {"type": "string", "format": "date-time"}
    elif issubclass(one.field_class, forms.DateField):
        schema = {"type": "string", "format": "date"}
    else:
        choices = one.extra.get("choices", ())
        values = [] if callable(choices) else [value for value, _label in choices if isinstance(value, str)]
        schema = {"type": "string", "enum": values} if values else {"type": "string", "maxLength": LONGEST}
    return {"type": "array", "items": schema} if many else schema
