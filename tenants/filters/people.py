"""Filters of the lists of people."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet, NumberFilter
from django_filters.widgets import DateRangeWidget

from tenants.models import Membership, Visit
from tenants.roles import Role


class UserFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    role = ChoiceFilter(choices=Role.choices, label=_("Role"))

    class Meta:
        model = Membership
        fields: list[str] = []

    def search(self, rows: QuerySet[Membership], name: str, words: str) -> QuerySet[Membership]:
        return rows.filter(Q(user__email__resembles=words) | Q(user__name__resembles=words))


class VisitFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    tenant = NumberFilter(field_name="tenant_id", label=_("Tenant ID"), min_value=1, max_value=2**62)
    started = DateFromToRangeFilter(
        field_name="started_at", label=_("Began"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Visit
        fields: list[str] = []

    def search(self, rows: QuerySet[Visit], name: str, words: str) -> QuerySet[Visit]:
        """By what the reader sees of them."""
        return rows.filter(Q(who__resembles=words) | Q(as_whom__resembles=words) | Q(why__resembles=words))
