"""One filter set per list, for page, export and API."""

from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateFromToRangeFilter,
    FilterSet,
    ModelChoiceFilter,
)
from django_filters.widgets import DateRangeWidget

from catalog.filters import OfServiceType, Searchable, packages_of
from catalog.models import Resource, ServiceInstance
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.text import id_in
from subscriptions.models import CEILING, Listing, Order, Push, Subscription, UsageCrossing
from subscriptions.push_words import CHANGED, LABELS
from subscriptions.selectors.subscriptions import subscriptions_alone
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.models import Tenant
from tenants.naming import matching
from tenants.roles import Kind

BUYERS = [(Kind.RESELLER.value, _("Resellers")), (Kind.CUSTOMER.value, _("Customers"))]


def instances_of(request: HttpRequest | None) -> QuerySet[ServiceInstance]:
    """What may be chosen: nothing outside the asking actor's scope."""
    actor: Any = getattr(request, "actor", None)
    rows = ServiceInstance.objects
    return rows.visible_to(actor).order_by("name", "pk") if actor else rows.none()


def sources_of(request: HttpRequest | None) -> QuerySet[Subscription]:
    """What can be drawn on: the subscriptions of resellers."""
    actor: Any = getattr(request, "actor", None)
    if not actor:
        return Subscription.objects.none()
    rows = Subscription.objects.visible_to(actor).filter(tenant__kind=Kind.RESELLER)
    name = Concat(F("name"), Value(" · "), Cast(F("pk"), CharField()), output_field=CharField())
    return rows.annotate(called=name).order_by("name", "pk")


class SubscriptionFilter(OfServiceType):
    state = ChoiceFilter(choices=Subscription.State.choices, label=_("Status"))
    service_instance = ModelChoiceFilter(queryset=instances_of, label=_("Service instance"))
    kind = ChoiceFilter(choices=BUYERS, field_name="package__audience", label=_("Held by"))  # always its holder's kind
    tenant = CalledFilter(queryset=organisations_of, label=_("Owner"))
    seller = CalledFilter(queryset=sellers_in_sight, label=_("Seller"))
    package = CalledFilter(queryset=packages_of, label=_("Package"))
    source = CalledFilter(queryset=sources_of, method="drawn_from", label=_("Drawn from"))
    started = DateFromToRangeFilter(
        field_name="started_on", label=_("Started"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Subscription
        fields: list[str] = []

    def count(self) -> int:
        """How many rows there are, without the joins that their columns need."""
        names = bool(self.form.cleaned_data.get("q"))
        return int(self.filter_queryset(subscriptions_alone(self.request.actor, names=names)).count())

    def drawn_from(self, rows: QuerySet[Any], name: str, source: Subscription) -> QuerySet[Any]:
        return rows.filter(source_shown=source.pk)

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the subscription's name or id, its package or its owner."""
        found = Q(package__name__resembles=words) | Q(named=True, name__resembles=words)
        found |= matching(words, tenant="tenant")
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


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


class BuyerFilter(Searchable):
    kind = ChoiceFilter(choices=BUYERS, label=_("Kind"))

    class Meta:
        model = Tenant
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By organisation, tenant owner or id."""
        found = matching(words, "name", "owner_email")
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


class ServiceFilter(OfServiceType):
    """Of what can be ordered from one seller."""

    class Meta:
        model = Listing
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the package's name, or what is said of it."""
        return rows.filter(Q(package__name__resembles=words) | Q(text__resembles=words))


class ListingFilter(ServiceFilter):
    active = BooleanFilter(field_name="is_active", label=_("Can be ordered"))
    needs_approval = BooleanFilter(label=_("Needs approval"))
    seller = CalledFilter(field_name="tenant", queryset=sellers_in_sight, label=_("Seller"))
    package = CalledFilter(queryset=packages_of, label=_("Package"))


class OrderFilter(Searchable):
    state = ChoiceFilter(choices=Order.State.choices, label=_("Status"))
    kind = ChoiceFilter(choices=BUYERS, field_name="tenant__kind", label=_("Ordered by"))
    tenant = CalledFilter(queryset=organisations_of, label=_("Organisation"))
    seller = CalledFilter(queryset=sellers_in_sight, label=_("Seller"))
    package = CalledFilter(queryset=packages_of, label=_("Package"))
    ordered = DateFromToRangeFilter(
        field_name="made_at", label=_("Ordered"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By number, service or who ordered."""
        found = Q(public_name__resembles=words) | matching(words, tenant="tenant")
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


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
        found = Q(resource__name__resembles=words) | matching(words, tenant="tenant")
        if (pk := id_in(words)) is not None:
            found |= Q(subscription=pk)
        return rows.filter(found)
