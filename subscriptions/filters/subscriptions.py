"""The filters of subscriptions, for page, export and API."""

from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from django_filters.widgets import DateRangeWidget

from catalog.filters import OfServiceType, packages_of
from catalog.models import ServiceInstance
from resellerhub.web.filters import by_id
from subscriptions.filters.buyers import BUYERS
from subscriptions.models import Subscription
from subscriptions.selectors.subscriptions import subscriptions_alone
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.naming import matching
from tenants.roles import Kind


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
        return rows.filter(found | by_id(words))
