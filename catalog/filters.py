"""One filter set per list, for page, export and API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter, NumberFilter

from catalog.models import Fee, Package, Resource, ServiceInstance, ServiceType
from catalog.selectors.packages import packages_of_fee
from resellerhub.kernel.text import id_in


def service_types_of(request: HttpRequest | None) -> QuerySet[ServiceType]:
    """What may be chosen: nothing outside the asking actor's scope."""
    actor: Any = getattr(request, "actor", None)
    return ServiceType.objects.visible_to(actor).order_by("name", "pk") if actor else ServiceType.objects.none()


class Searchable(FilterSet):
    q = CharFilter(method="search", label=_("Search"))

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By name, code or id, where there are such."""
        columns = {field.name for field in rows.model._meta.concrete_fields} & {"name", "code"}
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": words})
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


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
    managed_by = NumberFilter(field_name="tenant_id", label=_("Managed by (ID)"), min_value=1, max_value=2**62)
    active = BooleanFilter(field_name="is_active", label=_("Active"))
    shared = BooleanFilter(field_name="is_shared", label=_("Share with resellers"))

    class Meta:
        model = Fee
        fields: list[str] = []


class PackageFilter(OfServiceType):
    fee = NumberFilter(method="of_fee", label=_("Fee ID"), min_value=1, max_value=2**62)
    audience = ChoiceFilter(choices=Package.Audience.choices, label=_("For"))
    owner = NumberFilter(field_name="tenant_id", label=_("Owner ID"), min_value=1, max_value=2**62)
    active = BooleanFilter(field_name="is_active", label=_("Active"))
    shared = BooleanFilter(field_name="is_shared", label=_("Shared with resellers"))

    class Meta:
        model = Package
        fields: list[str] = []

    def of_fee(self, rows: QuerySet[Package], name: str, pk: Any) -> QuerySet[Package]:
        """Those that have this fee today or will; none for a fee that is out of sight."""
        actor: Any = getattr(self.request, "actor", None)
        if actor is None or not (fee := Fee.objects.visible_to(actor).filter(pk=pk).first()):
            return rows.none()
        return rows.filter(pk__in=packages_of_fee(fee, timezone.now().date()).order_by().values("pk"))
