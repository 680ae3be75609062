"""The filters of billing runs and of what they have for whom."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from invoicing.models import BillingRun, RunPayer
from resellerhub.web.filters import by_id
from resellerhub.web.widgets import DateInput


class BillingRunFilter(FilterSet):
    state = ChoiceFilter(choices=BillingRun.State.choices, label=_("Status"))
    since = DateFilter(field_name="month", lookup_expr="gte", label=_("From month of"), widget=DateInput)

    class Meta:
        model = BillingRun
        fields: list[str] = []


class RunPayerFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    warning = ChoiceFilter(method="warned", choices=[("any", _("Any")), *RunPayer.Doubt.choices], label=_("Warning"))
    changed = ChoiceFilter(
        method="differs", choices=[("yes", _("Yes")), ("no", _("No"))], label=_("Differs from last time")
    )

    class Meta:
        model = RunPayer
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By payer, or by its id."""
        return rows.filter(payer_name__resembles=words) | rows.filter(by_id(words, "payer_id"))

    def warned(self, rows: QuerySet[Any], name: str, warning: str) -> QuerySet[Any]:
        return rows.exclude(warnings=[]) if warning == "any" else rows.filter(warnings__contains=[warning])

    def differs(self, rows: QuerySet[Any], name: str, answer: str) -> QuerySet[Any]:
        return rows.filter(difference=0) if answer == "no" else rows.exclude(difference=0)
