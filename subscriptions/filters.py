"""One filter set per list, for page, export and API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter, NumberFilter
from django_filters.widgets import DateRangeWidget

from catalog.filters import OfServiceType, Searchable
from catalog.models import ServiceInstance
from resellerhub.kernel.text import id_in
from subscriptions.models import Subscription
from tenants.models import Tenant
from tenants.naming import matching
from tenants.roles import Kind

BUYERS = [(Kind.RESELLER.value, _("Resellers")), (Kind.CUSTOMER.value, _("Customers"))]


def instances_of(request: HttpRequest | None) -> QuerySet[ServiceInstance]:
    """What may be chosen: nothing outside the asking actor's scope."""
    actor: Any = getattr(request, "actor", None)
    rows = ServiceInstance.objects
    return rows.visible_to(actor).order_by("name", "pk") if actor else rows.none()


def of_id(label: Any, field_name: str) -> NumberFilter:
    return NumberFilter(label=label, field_name=field_name, min_value=1, max_value=2**62)


class SubscriptionFilter(OfServiceType):
    state = ChoiceFilter(choices=Subscription.State.choices, label=_("Status"))
    service_instance = ModelChoiceFilter(queryset=instances_of, label=_("Service instance"))
    kind = ChoiceFilter(choices=BUYERS, field_name="tenant__kind", label=_("Held by"))
    tenant = of_id(_("Owner ID"), "tenant_id")
    seller = of_id(_("Seller ID"), "seller_id")
    package = of_id(_("Package ID"), "package_id")
    source = of_id(_("Drawn from (ID)"), "source_shown")
    started = DateFromToRangeFilter(
        field_name="started_on", label=_("Started"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Subscription
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By the subscription's name or id, its package or its owner."""
        found = Q(package__name__icontains=words) | Q(named=True, name__icontains=words)
        found |= matching(words, tenant="tenant")
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


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
