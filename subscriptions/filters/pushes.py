"""The filters of pushes of new terms and of their targets."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from catalog.filters import packages_of
from resellerhub.kernel.models import Job
from resellerhub.web.filters import by_id
from subscriptions.filters.targets import TargetFilter
from subscriptions.models import Push
from subscriptions.outcomes import PUSHED
from tenants.filters.choices import CalledFilter


class PushFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    package = CalledFilter(queryset=packages_of, label=_("Package"))
    state = ChoiceFilter(field_name="job__state", choices=Job.State.choices, label=_("Status"))

    class Meta:
        model = Push
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By package, or by id."""
        return rows.filter(Q(package__name__resembles=words) | by_id(words))


class PushTargetFilter(TargetFilter):
    words = PUSHED
    outcome = ChoiceFilter(method="ended", choices=PUSHED.choices, label=_("Outcome"))
