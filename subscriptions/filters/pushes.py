"""The filters of pushes of new terms and of their targets."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from catalog.filters import packages_of
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.text import id_in
from subscriptions.models import Push
from subscriptions.push_words import CHANGED, LABELS
from tenants.filters.choices import CalledFilter

OUTCOME_CHOICES = [
    *LABELS.items(),
    (JobItem.State.FAILED.value, JobItem.State.FAILED.label),
    (JobItem.State.PENDING.value, JobItem.State.PENDING.label),
]


class PushFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    package = CalledFilter(queryset=packages_of, label=_("Package"))
    state = ChoiceFilter(field_name="job__state", choices=Job.State.choices, label=_("Status"))

    class Meta:
        model = Push
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By package, or by id."""
        found = Q(package__name__resembles=words)
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


class PushTargetFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    outcome = ChoiceFilter(method="ended", choices=OUTCOME_CHOICES, label=_("Outcome"))

    class Meta:
        model = JobItem
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By subscription or holder, or by the id of the subscription."""
        found = Q(subscription_name__resembles=words) | Q(holder_name__resembles=words)
        if (pk := id_in(words)) is not None:
            found |= Q(subject_id=pk)
        return rows.filter(found)

    def ended(self, rows: QuerySet[Any], name: str, outcome: str) -> QuerySet[Any]:
        """By state; what was skipped or has failed by the reason."""
        if outcome == CHANGED:
            return rows.filter(state=JobItem.State.DONE)
        return rows.filter(state=outcome) if outcome in JobItem.State.values else rows.filter(reason=outcome)
