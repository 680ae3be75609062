"""Filters of pools and of what customers have of them."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter
from django_filters.widgets import DateRangeWidget

from catalog.filters import OfServiceType, Searchable
from resellerhub.kernel.text import id_in
from subscriptions.models import Pool, PoolAssignment
from subscriptions.models.pools import EXPIRED
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.naming import matching

STATUSES = [*Pool.State.choices, (EXPIRED, _("Expired"))]


def pools_of(request: Any) -> Any:
    """What may be chosen: nothing outside the asking actor's scope."""
    actor = getattr(request, "actor", None)
    rows: Any = Pool.objects
    return rows.visible_to(actor).annotate(called=F("name")).order_by("name", "pk") if actor else rows.none()


class PoolFilter(OfServiceType):
    status = ChoiceFilter(choices=STATUSES, label=_("Status"))
    source = ChoiceFilter(choices=Pool.Source.choices, label=_("Source"))
    payment_type = ChoiceFilter(choices=Pool.PaymentType.choices, label=_("Payment type"))
    unit = ChoiceFilter(choices=Pool.Unit.choices, label=_("Unit"))
    holder = CalledFilter(queryset=sellers_in_sight, field_name="tenant", label=_("Holder"))
    grantor = CalledFilter(queryset=sellers_in_sight, label=_("From"))
    ends = DateFromToRangeFilter(
        field_name="ends_at", label=_("Expires"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Pool
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the pool's name or id, or its service."""
        found = Q(name__resembles=words) | Q(service_type__name__resembles=words)
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


class AssignmentFilter(Searchable):
    customer = CalledFilter(queryset=organisations_of, field_name="tenant", label=_("Customer"))
    pool = CalledFilter(queryset=pools_of, label=_("Pool"))

    class Meta:
        model = PoolAssignment
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the organisation that has the seats, as far as the reader may know it."""
        return rows.filter(matching(words, tenant="tenant"))
