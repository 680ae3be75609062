"""Filters of the outbox."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet
from django_filters.widgets import DateRangeWidget

from tenants import mail_kinds
from tenants.models import Mail


def kinds() -> list[tuple[str, Any]]:
    return [(kind.key, kind.label) for kind in mail_kinds.KINDS.values()]


class MailFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    state = ChoiceFilter(choices=Mail.State.choices, label=_("Status"))
    kind = ChoiceFilter(choices=kinds, label=_("Mail"))
    created_at = DateFromToRangeFilter(label=_("Written"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Mail
        fields: list[str] = []

    def search(self, rows: QuerySet[Mail], name: str, words: str) -> QuerySet[Mail]:
        """By what the reader sees of address and subject."""
        return rows.filter(Q(seen_to__resembles=words) | Q(seen_subject__resembles=words))
