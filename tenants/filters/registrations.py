"""Filters of the list of registrations, for page, export and API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet
from django_filters.widgets import DateRangeWidget

from tenants.filters.types import TypeFilter
from tenants.models import Registration


class RegistrationFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    status = ChoiceFilter(field_name="state", choices=Registration.State.choices, label=_("Status"))
    type = TypeFilter(field_name="reseller_type")
    asked = DateFromToRangeFilter(
        field_name="created_at", label=_("Asked"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Registration
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By organisation, name or address."""
        said = Q(organisation__resembles=words) | Q(contact_name__resembles=words) | Q(email__resembles=words)
        return rows.filter(said)
