"""Filters of the event log."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, DateFromToRangeFilter, FilterSet, NumberFilter
from django_filters.widgets import DateRangeWidget

from tenants.models import Event
from tenants.naming import matching


class EventFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    kind = CharFilter(lookup_expr="startswith", label=_("Kind of event"))
    tenant = NumberFilter(field_name="tenant_id", label=_("Tenant ID"), min_value=1, max_value=2**62)
    subject_type = CharFilter(label=_("Kind of object"))
    subject = NumberFilter(field_name="subject_id", label=_("Object ID"), min_value=1, max_value=2**62)
    request = CharFilter(field_name="request_id", label=_("Request"))
    at = DateFromToRangeFilter(label=_("When"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Event
        fields: list[str] = []

    def search(self, rows: QuerySet[Event], name: str, words: str) -> QuerySet[Event]:
        """By kind, request, the tenant's name, or the name of who did it where that may be seen."""
        return rows.filter(
            Q(kind__icontains=words) | Q(request_id=words) | matching(words, tenant="tenant") | Q(who__icontains=words)
        )
