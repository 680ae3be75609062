"""Filters of pools and of what customers have of them."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, DateFromToRangeFilter
from django_filters.widgets import DateRangeWidget

from catalog.filters import OfServiceType, Searchable
from resellerhub.kernel.periods import LAST_DAY
from resellerhub.kernel.text import id_in
from subscriptions.models import Pool, PoolAssignment
from subscriptions.models.pools import STATUSES
from subscriptions.selectors.pool_numbers import expiring, handed_totals, totals_of
from subscriptions.selectors.pools import givers, seated, seen_customers, seen_givers, seen_holders
from subscriptions.services.pools.expiry import end_of
from tenants.filters.choices import CalledFilter
from tenants.models import Tenant
from tenants.naming import matching


def pools_of(request: Any) -> Any:
    """What may be chosen: nothing outside the asking actor's scope."""
    actor = getattr(request, "actor", None)
    rows: Any = Pool.objects
    name = Concat(F("name"), Value(" · "), Cast(F("pk"), CharField()), output_field=CharField())
    return rows.visible_to(actor).annotate(called=name).order_by("name", "pk") if actor else rows.none()


def of_actor(select: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The tenants that it selects for the asking actor."""

    def chosen(request: Any) -> Any:
        actor = getattr(request, "actor", None)
        return select(actor) if actor else Tenant.objects.none()

    return chosen


HOLDERS: dict[str, Any] = {"queryset": of_actor(seen_holders), "label": _("Holder")}
GIVERS: dict[str, Any] = {"queryset": of_actor(seen_givers), "offered": of_actor(givers), "label": _("From")}
CUSTOMERS: dict[str, Any] = {"queryset": of_actor(seen_customers), "offered": of_actor(seated), "label": _("Customer")}


class LastDayFilter(DateFromToRangeFilter):
    """By the last day, which is UTC's wherever the reader is."""

    def filter(self, rows: Any, value: Any) -> Any:
        if value and value.start:
            rows = rows.filter(**{f"{self.field_name}__gt": datetime.combine(value.start.date(), time(), UTC)})
        if value and value.stop:
            rows = rows.filter(**{f"{self.field_name}__lte": end_of(min(value.stop.date(), LAST_DAY))})
        return rows


class PoolFilter(OfServiceType):
    status = ChoiceFilter(choices=STATUSES, label=_("Status"))
    source = ChoiceFilter(choices=Pool.Source.choices, label=_("Source"))
    payment_type = ChoiceFilter(choices=Pool.PaymentType.choices, label=_("Payment type"))
    unit = ChoiceFilter(choices=Pool.Unit.choices, label=_("Unit"))
    holder = CalledFilter(field_name="tenant", **HOLDERS)
    grantor = CalledFilter(**GIVERS)
    parent = CalledFilter(queryset=pools_of, label=_("Given from"))
    expiring = BooleanFilter(method="soon", label=_("Expires within 30 days"))
    ends = LastDayFilter(field_name="ends_at", label=_("Expires"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Pool
        fields: list[str] = []

    def soon(self, rows: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        condition = expiring(timezone.now())
        return rows.filter(condition) if wanted else rows.exclude(condition)

    @property
    def totals(self) -> list[dict[str, Any]]:
        """Of what one holds or gave, unit by unit: these are never summed."""
        if not self.is_valid() or not (self.form.cleaned_data["holder"] or self.form.cleaned_data["grantor"]):
            return []
        return totals_of(self.qs)

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the pool's name or id, or its service."""
        found = Q(name__resembles=words) | Q(service_type__name__resembles=words)
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


class AssignmentFilter(Searchable):
    customer = CalledFilter(field_name="tenant", **CUSTOMERS)
    pool = CalledFilter(queryset=pools_of, label=_("Pool"))
    holder = CalledFilter(field_name="pool__tenant", **HOLDERS)
    unit = ChoiceFilter(choices=Pool.Unit.choices, field_name="pool__unit", label=_("Unit"))
    status = ChoiceFilter(choices=STATUSES, label=_("Status"))

    class Meta:
        model = PoolAssignment
        fields: list[str] = []

    @property
    def totals(self) -> list[dict[str, Any]]:
        """Of one holder or pool, unit by unit: these are never summed."""
        if not self.is_valid() or not (self.form.cleaned_data["holder"] or self.form.cleaned_data["pool"]):
            return []
        return handed_totals(self.qs)

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the organisation that has the seats, as far as the reader may know it."""
        return rows.filter(matching(words, tenant="tenant"))


class PoolCustomerFilter(Searchable):
    customer = CalledFilter(method="itself", **CUSTOMERS)
    pool = CalledFilter(queryset=pools_of, method="with_seats_of", label=_("Pool"))
    holder = CalledFilter(method="of_holder", **HOLDERS)

    class Meta:
        model = Tenant
        fields: list[str] = []

    def itself(self, rows: QuerySet[Any], name: str, customer: Tenant) -> QuerySet[Any]:
        return rows.filter(pk=customer.pk)

    def with_seats_of(self, rows: QuerySet[Any], name: str, pool: Pool) -> QuerySet[Any]:
        return rows.filter(pk__in=pool.assignments.current().order_by().values("tenant"))

    def of_holder(self, rows: QuerySet[Any], name: str, holder: Tenant) -> QuerySet[Any]:
        """Who has seats of a pool buys from its holder."""
        return rows.filter(parent=holder.pk) | rows.filter(parent=None, provider=holder.pk)

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the organisation, as far as the reader may know it."""
        return rows.filter(matching(words))
