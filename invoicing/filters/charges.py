"""The filters of charges, for page, export and API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet, NumberFilter
from django_filters.widgets import DateRangeWidget

from invoicing.models import Charge
from invoicing.selectors.charges import of_period
from resellerhub.web.filters import by_id
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.naming import matching


def _range() -> DateRangeWidget:
    return DateRangeWidget(attrs={"type": "date"})


class ChargeFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    payer = CalledFilter(queryset=organisations_of, label=_("Payer"))
    holder = CalledFilter(queryset=organisations_of, label=_("Customer"))
    issuer = CalledFilter(queryset=sellers_in_sight, label=_("Issuer"))
    service = DateFromToRangeFilter(method="of_service", label=_("Service"), widget=_range())
    due = DateFromToRangeFilter(field_name="due_on", label=_("Due on"), widget=_range())
    stream = ChoiceFilter(choices=Charge.Stream.choices, label=_("What for"))
    kind = ChoiceFilter(choices=Charge.Kind.choices, label=_("Kind"))
    subscription = NumberFilter(label=_("Subscription"))

    class Meta:
        model = Charge
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By description, customer, or an id."""
        found = Q(label__icontains=words, named=True) | matching(words, tenant="holder")
        return rows.filter(found | by_id(words) | by_id(words, "subscription_id"))

    def of_service(self, rows: QuerySet[Any], name: str, days: slice) -> QuerySet[Any]:
        start, stop = (day and day.date() for day in (days.start, days.stop))
        return rows.filter(of_period(start, stop))
