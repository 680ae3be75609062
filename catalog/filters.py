"""One filter set per list, for page, export and API."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from catalog.models import Fee, Package, PriceList, Resource, ServiceInstance, ServiceType
from catalog.selectors.packages import packages_of_fee
from resellerhub.kernel.periods import day_of
from resellerhub.web.filters import by_id
from tenants.filters.choices import CalledFilter, sellers_in_sight
from tenants.filters.tenants import TenantFilter


def service_types_of(request: HttpRequest | None) -> QuerySet[ServiceType]:
    """What may be chosen: nothing outside the asking actor's scope."""
    actor: Any = getattr(request, "actor", None)
    return ServiceType.objects.visible_to(actor).order_by("name", "pk") if actor else ServiceType.objects.none()


def packages_of(request: HttpRequest | None) -> QuerySet[Package]:
    actor: Any = getattr(request, "actor", None)
    if not actor:
        return Package.objects.none()
    return Package.objects.visible_to(actor).annotate(called=F("name")).order_by("name", "pk")


def fees_of(request: HttpRequest | None) -> QuerySet[Fee]:
    actor: Any = getattr(request, "actor", None)
    return (
        Fee.objects.visible_to(actor).annotate(called=F("name")).order_by("name", "pk") if actor else Fee.objects.none()
    )


class Searchable(FilterSet):
    q = CharFilter(method="search", label=_("Search"))

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By name, code or id, where there are such."""
        columns = {field.name for field in rows.model._meta.concrete_fields} & {"name", "code"}
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__resembles": words})
        return rows.filter(found | by_id(words))


class ServiceTypeFilter(Searchable):
    active = BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = ServiceType
        fields: list[str] = []


class OfServiceType(Searchable):
    service_type = ModelChoiceFilter(queryset=service_types_of, label=_("Service type"))


class ResourceFilter(OfServiceType):
    group = CharFilter(label=_("Group"))
    metering = ChoiceFilter(choices=Resource.Metering.choices, label=_("Metering"))

    class Meta:
        model = Resource
        fields: list[str] = []


class ServiceInstanceFilter(OfServiceType):
    active = BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = ServiceInstance
        fields: list[str] = []


class FeeFilter(Searchable):
    kind = ChoiceFilter(choices=Fee.Kind.choices, label=_("Kind"))
    managed_by = CalledFilter(field_name="tenant", queryset=sellers_in_sight, label=_("Managed by"))
    active = BooleanFilter(field_name="is_active", label=_("Active"))
    shared = BooleanFilter(field_name="is_shared", label=_("Share with resellers"))

    class Meta:
        model = Fee
        fields: list[str] = []


class PriceListFilter(Searchable):
    audience = ChoiceFilter(choices=PriceList.Audience.choices, label=_("For"))
    seller = CalledFilter(field_name="tenant", queryset=sellers_in_sight, label=_("Seller"))
    active = BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = PriceList
        fields: list[str] = []


class HoldersFilter(TenantFilter):
    """Buyers of a seller, by the price list that they hold."""

    holds = ChoiceFilter(
        field_name="is_held",
        choices=[("this", _("This one")), ("another", _("Another one")), ("none", _("None"))],
        label=_("Holds a price list"),
    )
    created = None

    def count(self) -> int:
        return int(self.qs.count())


class PackageFilter(OfServiceType):
    fee = CalledFilter(method="of_fee", queryset=fees_of, label=_("Fee"))
    audience = ChoiceFilter(choices=Package.Audience.choices, label=_("For"))
    owner = CalledFilter(field_name="tenant", queryset=sellers_in_sight, label=_("Owner"))
    active = BooleanFilter(field_name="is_active", label=_("Active"))
    shared = BooleanFilter(field_name="is_shared", label=_("Shared with resellers"))

    class Meta:
        model = Package
        fields: list[str] = []

    def of_fee(self, rows: QuerySet[Package], name: str, fee: Fee) -> QuerySet[Package]:
        """Those that have this fee today or will."""
        return rows.filter(pk__in=packages_of_fee(fee, day_of(timezone.now())).order_by().values("pk"))
