"""Filters of the rows of a batch."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from resellerhub.kernel.models import JobItem
from tenants.batch_rows import OUTCOMES


class BatchRowFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    outcome = ChoiceFilter(method="ended", choices=list(OUTCOMES.items()), label=_("Outcome"))

    class Meta:
        model = JobItem
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        return rows.filter(Q(email__resembles=words) | Q(organisation__resembles=words))

    def ended(self, rows: QuerySet[Any], name: str, outcome: str) -> QuerySet[Any]:
        return rows.filter(Q(state=outcome) | Q(reason=outcome, state=JobItem.State.SKIPPED))
