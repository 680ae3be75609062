"""Filters of the event log."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet, NumberFilter
from django_filters.fields import ChoiceField
from django_filters.widgets import DateRangeWidget

from tenants import naming, selectors
from tenants.event_words import kinds, things
from tenants.filters.choices import CalledFilter, organisations_of
from tenants.models import Event, User
from tenants.naming import matching


class KindField(ChoiceField):
    """A kind, or what kinds begin with: `customer.` is all that happens to customers."""

    def valid_value(self, value: Any) -> bool:
        return bool(value) and any(kind.startswith(value) for kind, _word in kinds())


class KindFilter(ChoiceFilter):
    field_class = KindField


def people_of(request: Any) -> QuerySet[User]:
    actor = getattr(request, "actor", None)
    return selectors.people(actor) if actor else User.objects.none()


class EventFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    kind = KindFilter(lookup_expr="startswith", label=_("Kind of event"), choices=kinds)
    user = CalledFilter(method="by_person", queryset=people_of, label=_("Who"))
    who = CharFilter(lookup_expr="resembles", label=_("Name of who did it"))
    on_behalf_of = CharFilter(field_name="as_whom", lookup_expr="resembles", label=_("As whom"))
    tenant = CalledFilter(queryset=organisations_of, label=_("For whom"))
    organisation = CharFilter(method="by_name", label=_("Name of the organisation"))
    subject_type = ChoiceFilter(choices=things, label=_("Kind of object"))
    subject = NumberFilter(field_name="subject_id", label=_("Object ID"), min_value=1, max_value=2**62)
    request = CharFilter(field_name="request_id", label=_("Request"))
    at = DateFromToRangeFilter(label=_("When"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Event
        fields: list[str] = []

    def by_person(self, rows: QuerySet[Any], name: str, user: User | None) -> QuerySet[Any]:
        """What this person is told to have done: not what it did for somebody out of the reader's sight."""
        if user is None:
            return rows
        readable = naming.readable(self.request.actor, "user_tenant")
        return rows.filter(readable, user_id=user.pk).exclude(who="")

    def by_name(self, rows: QuerySet[Event], name: str, words: str) -> QuerySet[Event]:
        """By a part of the name, where it may be read."""
        return rows.filter(matching(words, tenant="tenant"))

    def search(self, rows: QuerySet[Event], name: str, words: str) -> QuerySet[Event]:
        """By kind, request, the tenant's name, or the name of who did it, or as whom, where that may be seen."""
        return rows.filter(
            Q(kind__icontains=words)
            | Q(request_id=words)
            | matching(words, tenant="tenant")
            | Q(who__resembles=words)
            | Q(as_whom__resembles=words)
        )
