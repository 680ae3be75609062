"""The filters of usage alerts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from django_filters.widgets import DateRangeWidget

from catalog.filters import Searchable
from catalog.models import Resource
from resellerhub.web.filters import by_id
from subscriptions.models import CEILING, UsageCrossing
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.naming import matching


def resources_of(request: HttpRequest | None) -> QuerySet[Resource]:
    actor: Any = getattr(request, "actor", None)
    return Resource.objects.visible_to(actor).order_by("name", "pk") if actor else Resource.objects.none()


class UsageAlertFilter(Searchable):
    open = BooleanFilter(field_name="cleared_at", lookup_expr="isnull", label=_("Still so"))
    kind = ChoiceFilter(
        choices=[("threshold", _("Threshold")), ("ceiling", _("Ceiling"))], method="of_kind", label=_("Kind")
    )
    tenant = CalledFilter(queryset=organisations_of, label=_("Owner"))
    seller = CalledFilter(queryset=sellers_in_sight, label=_("Seller"))
    resource = ModelChoiceFilter(queryset=resources_of, label=_("Resource"))
    crossed = DateFromToRangeFilter(
        field_name="crossed_at", label=_("Crossed"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = UsageCrossing
        fields: list[str] = []

    def of_kind(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        return rows.filter(percent=CEILING) if kind == "ceiling" else rows.exclude(percent=CEILING)

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the id of the subscription, the resource or the owner."""
        return rows.filter(
            Q(resource__name__resembles=words) | matching(words, tenant="tenant") | by_id(words, "subscription")
        )
