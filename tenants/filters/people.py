"""Filters of the lists of people."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from tenants.models import Membership
from tenants.roles import Role


class UserFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    role = ChoiceFilter(choices=Role.choices, label=_("Role"))

    class Meta:
        model = Membership
        fields: list[str] = []

    def search(self, rows: QuerySet[Membership], name: str, words: str) -> QuerySet[Membership]:
        return rows.filter(Q(user__email__icontains=words) | Q(user__name__icontains=words))
