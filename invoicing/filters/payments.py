"""What lists of payments and balances are filtered by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet

from invoicing.models import Balance, Payment
from resellerhub.web.filters import by_id
from tenants.filters.choices import CalledFilter, organisations_of
from tenants.naming import matching


class PaymentFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    payer = CalledFilter(queryset=organisations_of, label=_("Payer"))
    kind = ChoiceFilter(choices=Payment.Kind.choices, label=_("Kind"))
    method = ChoiceFilter(choices=Payment.Method.choices, label=_("Method"))
    left = BooleanFilter(method="with_left", label=_("Not allocated"))

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return rows.filter(Q(reference__icontains=words, named=True) | by_id(words) | matching(words, tenant="payer"))

    def with_left(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Any]:
        return rows.filter(left__gt=0) if wanted else rows.filter(left=0)


class BalanceFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    payer = CalledFilter(queryset=organisations_of, label=_("Payer"))
    owing = BooleanFilter(method="with_owed", label=_("Owes something"))

    class Meta:
        model = Balance
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return rows.filter(matching(words, tenant="payer"))

    def with_owed(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Any]:
        return rows.filter(owed__gt=0) if wanted else rows.filter(owed__lte=0)
