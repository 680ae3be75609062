"""Filters of the event log."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet, NumberFilter
from django_filters.fields import ChoiceField
from django_filters.widgets import DateRangeWidget

from tenants.event_words import kinds
from tenants.models import Event
from tenants.naming import matching


class KindField(ChoiceField):
    """A kind, or what kinds begin with: `customer.` is all that happens to customers."""

    def valid_value(self, value: Any) -> bool:
        return bool(value) and any(kind.startswith(value) for kind, _word in kinds())


class KindFilter(ChoiceFilter):
    field_class = KindField


class EventFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    kind = KindFilter(lookup_expr="startswith", label=_("Kind of event"), choices=kinds)
    who = CharFilter(lookup_expr="icontains", label=_("Who"))
    on_behalf_of = CharFilter(field_name="as_whom", lookup_expr="icontains", label=_("As whom"))
    tenant = NumberFilter(field_name="tenant_id", label=_("Tenant ID"), min_value=1, max_value=2**62)
    subject_type = CharFilter(label=_("Kind of object"))
    subject = NumberFilter(field_name="subject_id", label=_("Object ID"), min_value=1, max_value=2**62)
    request = CharFilter(field_name="request_id", label=_("Request"))
    at = DateFromToRangeFilter(label=_("When"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Event
        fields: list[str] = []

    def search(self, rows: QuerySet[Event], name: str, words: str) -> QuerySet[Event]:
        """By kind, request, the tenant's name, or the name of who did it, or as whom, where that may be seen."""
        return rows.filter(
            Q(kind__icontains=words)
            | Q(request_id=words)
            | matching(words, tenant="tenant")
            | Q(who__icontains=words)
            | Q(as_whom__icontains=words)
        )
