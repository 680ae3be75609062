"""One filter set per list, for page, export and API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet, ModelChoiceFilter, NumberFilter
from django_filters.fields import ModelChoiceField
from django_filters.widgets import DateRangeWidget

from resellerhub.kernel.text import id_in
from tenants import selectors
from tenants.choices import TenantSelect, name_of
from tenants.models import Event, Membership, ResellerType, Tenant
from tenants.roles import Role


def sellers_of(request: HttpRequest | None) -> QuerySet[Tenant]:
    """Who may be chosen: nobody outside the asking actor's scope."""
    actor: Any = getattr(request, "actor", None)
    return selectors.sellers(actor) if actor else Tenant.objects.none()


class NamedTenant(ModelChoiceField):
    def label_from_instance(self, obj: Tenant) -> str:
        return name_of(obj)


class SellerFilter(ModelChoiceFilter):
    """A provider or reseller in scope, by name."""

    field_class = NamedTenant

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=sellers_of, widget=TenantSelect, **options)

    def filter(self, rows: Any, seller: Tenant | None) -> Any:
        return rows.sold_to_by(seller.pk) if seller else rows


class TenantFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    status = ChoiceFilter(choices=Tenant.Status.choices, label=_("Status"))
    created = DateFromToRangeFilter(
        field_name="created_at", label=_("Created"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Tenant
        fields: list[str] = []

    def search(self, rows: QuerySet[Tenant], name: str, words: str) -> QuerySet[Tenant]:
        """By organisation, tenant owner or id."""
        found = Q(profile__name__icontains=words) | Q(profile__owner_email__icontains=words)
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)


class CustomerFilter(TenantFilter):
    seller = SellerFilter(label=_("Seller"))


class ResellerFilter(TenantFilter):
    type = ChoiceFilter(field_name="terms__type", choices=ResellerType.choices, label=_("Type"))
    seller = SellerFilter(label=_("Seller"))


class UserFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    role = ChoiceFilter(choices=Role.choices, label=_("Role"))

    class Meta:
        model = Membership
        fields: list[str] = []

    def search(self, rows: QuerySet[Membership], name: str, words: str) -> QuerySet[Membership]:
        return rows.filter(Q(user__email__icontains=words) | Q(user__name__icontains=words))


class EventFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"))
    kind = CharFilter(lookup_expr="startswith", label=_("Kind of event"))
    tenant = NumberFilter(field_name="tenant_id", label=_("Tenant ID"), min_value=1, max_value=2**62)
    subject_type = CharFilter(label=_("Kind of object"))
    subject = NumberFilter(field_name="subject_id", label=_("Object ID"), min_value=1, max_value=2**62)
    request = CharFilter(field_name="request_id", label=_("Request"))
    at = DateFromToRangeFilter(label=_("When"), widget=DateRangeWidget(attrs={"type": "date"}))

    class Meta:
        model = Event
        fields: list[str] = []

    def search(self, rows: QuerySet[Event], name: str, words: str) -> QuerySet[Event]:
        """By kind, request, the tenant's name, or the name of who did it where that may be seen."""
        return rows.filter(
            Q(kind__icontains=words)
            | Q(request_id=words)
            | Q(tenant__profile__name__icontains=words)
            | Q(who__icontains=words)
        )
