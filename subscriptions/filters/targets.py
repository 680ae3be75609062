"""The filter of the targets of a job over subscriptions."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from resellerhub.kernel.models import JobItem
from resellerhub.web.filters import by_id
from resellerhub.web.outcomes import Outcomes


class TargetFilter(FilterSet):
    """Each job adds `outcome`, with its own `words`."""

    words: Outcomes
    q = CharFilter(method="search", label=_("Search"), max_length=200)

    class Meta:
        model = JobItem
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By subscription or holder, or by the id of the subscription."""
        found = Q(subscription_name__resembles=words) | Q(holder_name__resembles=words)
        return rows.filter(found | by_id(words, "subject_id"))

    def ended(self, rows: QuerySet[Any], name: str, outcome: str) -> QuerySet[Any]:
        """By state; what was skipped or has failed by the reason."""
        if outcome == self.words.done:
            return rows.filter(state=JobItem.State.DONE)
        return rows.filter(state=outcome) if outcome in JobItem.State.values else rows.filter(reason=outcome)
