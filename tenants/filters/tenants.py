"""One filter set per list of tenants, for page, export and API."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet, ModelChoiceFilter
from django_filters.fields import ModelChoiceField
from django_filters.widgets import DateRangeWidget

from resellerhub.web.filters import by_id
from tenants import naming, selectors
from tenants.choices import TenantSelect
from tenants.filters.types import TypeFilter
from tenants.models import CustomerAccount, Tenant
from tenants.models.scope import AnyOf
from tenants.naming import name_of_seller
from tenants.roles import Kind


def sellers_of(request: HttpRequest | None) -> QuerySet[Tenant]:
    """Who may be chosen: nobody outside the asking actor's scope."""
    actor: Any = getattr(request, "actor", None)
    return selectors.sellers(actor) if actor else Tenant.objects.none()


class NamedTenant(ModelChoiceField):
    def label_from_instance(self, obj: Tenant) -> str:
        return name_of_seller(obj)


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

    kind = ""

    def count(self) -> int:
        """How many rows there are, without what their columns need."""
        return int(self.filter_queryset(selectors.counted(self.request.actor, self.kind)).count())

    def filter_queryset(self, queryset: Any) -> Any:
        """What is deleted is shown to whoever asks for it."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("status") else rows.exclude(status=Tenant.Status.CLOSED)

    def also(self, words: str) -> Q:
        """What else a search looks at."""
        return Q()

    def search(self, rows: QuerySet[Tenant], name: str, words: str) -> QuerySet[Tenant]:
        """By organisation, tenant owner or id. Looked up first, by an index of three letters in a row: joined to the
        rows, each of them would be looked at."""
        return rows.filter(naming.among(words, "name", "owner_email") | self.also(words) | by_id(words))


class CustomerFilter(TenantFilter):
    kind = Kind.CUSTOMER
    seller = SellerFilter(label=_("Seller"))

    def also(self, words: str) -> Q:
        """By account name."""
        accounts = CustomerAccount.objects.filter(login__account_name__icontains=words).order_by().values("pk")
        return Q(AnyOf(F("pk"), ArraySubquery(accounts)), named=True)


class ManagedCustomerFilter(CustomerFilter):
    """Of the customers of one account manager, who are few: they are counted as they are listed."""

    count = None  # type: ignore[assignment]


class ResellerFilter(TenantFilter):
    kind = Kind.RESELLER
    type = TypeFilter(field_name="terms__type")
    mapping = ChoiceFilter(
        method="by_mapping", choices=[("mapped", _("Mapped")), ("unmapped", _("Unmapped"))], label=_("Mapping")
    )
    seller = SellerFilter(label=_("Seller"))

    def by_mapping(self, rows: QuerySet[Tenant], name: str, value: str) -> QuerySet[Tenant]:
        return rows.filter(mapping__isnull=value == "unmapped")
