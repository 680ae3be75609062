"""The filters of services, self-service entries and orders."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, DateFromToRangeFilter
from django_filters.widgets import DateRangeWidget

from catalog.filters import OfServiceType, Searchable, packages_of
from resellerhub.web.filters import by_id
from subscriptions.filters.buyers import BUYERS
from subscriptions.models import Listing, Order
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.naming import matching


class ServiceFilter(OfServiceType):
    """Of what can be ordered from one seller."""

    class Meta:
        model = Listing
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the package's name, or what is said of it."""
        return rows.filter(Q(package__name__resembles=words) | Q(text__resembles=words))


class ListingFilter(ServiceFilter):
    active = BooleanFilter(field_name="is_active", label=_("Can be ordered"))
    needs_approval = BooleanFilter(label=_("Needs approval"))
    seller = CalledFilter(field_name="tenant", queryset=sellers_in_sight, label=_("Seller"))
    package = CalledFilter(queryset=packages_of, label=_("Package"))


class OrderFilter(Searchable):
    state = ChoiceFilter(choices=Order.State.choices, label=_("Status"))
    kind = ChoiceFilter(choices=BUYERS, field_name="tenant__kind", label=_("Ordered by"))
    tenant = CalledFilter(queryset=organisations_of, label=_("Organisation"))
    seller = CalledFilter(queryset=sellers_in_sight, label=_("Seller"))
    package = CalledFilter(queryset=packages_of, label=_("Package"))
    ordered = DateFromToRangeFilter(
        field_name="made_at", label=_("Ordered"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By number, service or who ordered."""
        return rows.filter(Q(public_name__resembles=words) | matching(words, tenant="tenant") | by_id(words))
