"""The filters of a list: its search, the panel behind "Add filter", and a chip for each that is active."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from resellerhub.kernel.text import id_in
from resellerhub.web import formats

SEARCH = "q"
STATE = ("sort", "per_page")
"""What of the query string survives when a filter changes; the page number does not."""


@dataclass(frozen=True)
class Switch:
    """A choice between views of a list, as buttons above it: one filter of its filter set, the first choice default."""

    name: str
    choices: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Chip:
    label: Any
    value: str
    remove_url: str


def by_id(words: str, field: str = "pk") -> Q:
    """Matches the row whose id was typed; nothing when no id was."""
    pk = id_in(words)
    return Q(pk__in=[]) if pk is None else Q(**{field: pk})


class Filters:
    """What the query string filters by, bound to a filter set of the same names."""

    def __init__(
        self, request: HttpRequest, filterset_class: type[FilterSet] | None, queryset: Any, switch: Switch | None
    ) -> None:
        self._bind(request, request.GET, filterset_class, queryset, switch)

    @classmethod
    def posted(
        cls, request: HttpRequest, filterset_class: type[FilterSet] | None, queryset: Any, switch: Switch | None
    ) -> "Filters":
        """The filters of the list that a bulk form was sent from."""
        filters = cls.__new__(cls)
        filters._bind(request, QueryDict(request.POST.get("query", "")), filterset_class, queryset, switch)
        return filters

    def _bind(self, request: HttpRequest, query: QueryDict, filterset_class: Any, queryset: Any, switch: Any) -> None:
        self.query, self.switch = query, switch
        self.set = filterset_class(query, queryset=queryset, request=request) if filterset_class else None
        self.is_valid = self.set is None or self.set.is_valid()
        if self.set is None:
            self.rows = queryset
        else:
            self.rows = self.set.qs if self.is_valid else queryset.none()

    @property
    def has_search(self) -> bool:
        return SEARCH in self._fields

    @property
    def search(self) -> str:
        return self.query.get(SEARCH, "")

    @property
    def fields(self) -> list[forms.BoundField]:
        """The fields of the panel."""
        shown = [self.set.form[name] for name in self._panel()] if self.set else []
        for bound in shown:
            if isinstance(widget := bound.field.widget, forms.NullBooleanSelect):
                widget.choices = [("unknown", "---------"), *list(widget.choices)[1:]]
        return shown

    @property
    def state(self) -> list[tuple[str, str]]:
        """What a filter form must send along so that nothing else changes."""
        kept = (*STATE, *([self.switch.name] if self.switch else []))
        return [(name, str(self.query[name])) for name in kept if self.query.get(name)]

    @property
    def encoded(self) -> str:
        return self.query.urlencode()

    @property
    def is_active(self) -> bool:
        return bool(self.chips)

    @property
    def chips(self) -> list[Chip]:
        if not self.set or not self.is_valid:
            return []
        cleaned = self.set.form.cleaned_data
        searched = [Chip(_("Search"), self.search, self._without([SEARCH]))] if self.has_search and self.search else []
        return searched + [
            Chip(self.set.form[name].label, _words(field, cleaned[name]), self._without(_names(field, name)))
            for name in self._panel()
            if (field := self._fields[name]) and _is_said(field, cleaned.get(name)) and _words(field, cleaned[name])
        ]  # fmt: skip

    @property
    def clear_url(self) -> str:
        return self._without([SEARCH, *(name for key in self._panel() for name in _names(self._fields[key], key))])

    @property
    def views(self) -> Iterator[dict[str, Any]]:
        """The choices of the switch with their links."""
        if not self.switch:
            return
        default = str(self.switch.choices[0][0])
        current = self.query.get(self.switch.name) or default
        for value, label in self.switch.choices:
            query = self._stripped([self.switch.name])
            if str(value) != default:
                query[self.switch.name] = str(value)
            yield {"label": label, "url": f"?{query.urlencode()}", "is_current": str(value) == current}

    def _panel(self) -> list[str]:
        hidden = {SEARCH, self.switch.name if self.switch else ""}
        return [name for name in self._fields if name not in hidden]

    @property
    def _fields(self) -> dict[str, forms.Field]:
        return self.set.form.fields if self.set else {}

    def _stripped(self, names: Iterable[str]) -> QueryDict:
        query = self.query.copy()
        for name in (*names, "page", "export", "filename"):
            query.pop(name, None)
        return query

    def _without(self, names: Iterable[str]) -> str:
        return f"?{self._stripped(names).urlencode()}"


def _names(field: forms.Field, name: str) -> list[str]:
    """The parameters of a field: a range has one for each end."""
    suffixes = getattr(field.widget, "suffixes", None) or [""]
    return [f"{name}_{suffix}" if suffix else name for suffix in suffixes]


def _is_said(field: forms.Field, value: Any) -> bool:
    """Of three answers "No" is one; a box that is not ticked is none."""
    if value is False:
        return isinstance(field.widget, forms.NullBooleanSelect)
    return value not in (None, "", [])


def _words(field: forms.Field, value: Any) -> str:
    """A filter's value as its chip says it."""
    if isinstance(value, slice):
        start, stop = (_words(field, end) if end is not None else "" for end in (value.start, value.stop))
        return f"{start} – {stop}".strip() if start or stop else ""
    if isinstance(field, forms.ModelChoiceField) and isinstance(value, Model):
        return field.label_from_instance(value)
    if isinstance(value, list | tuple) or hasattr(value, "all"):
        return ", ".join(_words(field, one) for one in value)
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(value, date):
        return formats.day(value)
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(field, forms.ModelChoiceField):
        return str(dict(_flat(choices)).get(value, dict(_flat(choices)).get(str(value), value)))
    return str(value)


def _flat(choices: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label
