"""What the lists of add-ons and bulk sales can be filtered by: the same set for page, export and API."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from addons.models import AddOn, AddOnSale, BulkSale
from addons.outcomes import SALES
from addons.selectors.add_ons import add_ons_of_fee
from catalog.filters import fees_of, service_types_of
from catalog.models import Fee
from resellerhub.kernel.models import Job, JobItem
from resellerhub.web.filters import by_id
from subscriptions.filters.targets import TargetFilter
from tenants.filters.choices import CalledFilter, sellers_in_sight
from tenants.naming import matching


class AddOnFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    service_type = ModelChoiceFilter(queryset=service_types_of, label=_("Service type"))
    status = ChoiceFilter(
        method="at_rest", choices=[("active", _("Active")), ("inactive", _("Inactive"))], label=_("Status")
    )
    fee = CalledFilter(method="of_fee", queryset=fees_of, label=_("Fee"))
    shared = BooleanFilter(field_name="is_shared", label=_("Shared with resellers"))
    owner = CalledFilter(field_name="tenant", queryset=sellers_in_sight, label=_("Owner"))

    class Meta:
        model = AddOn
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[AddOn], name: str, words: str) -> QuerySet[AddOn]:
        """By name, or by id."""
        return rows.filter(Q(name__resembles=words) | by_id(words))

    def of_fee(self, rows: QuerySet[AddOn], name: str, fee: Fee) -> QuerySet[AddOn]:
        """Those that have this fee today or will."""
        return rows.filter(pk__in=add_ons_of_fee(fee, timezone.now().date()).order_by().values("pk"))

    def at_rest(self, rows: QuerySet[AddOn], name: str, status: str) -> QuerySet[AddOn]:
        return rows.filter(is_active=status == "active")


class AddOnSaleFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    state = ChoiceFilter(choices=AddOnSale.State.choices, label=_("Status"))

    class Meta:
        model = AddOnSale
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[AddOnSale], name: str, words: str) -> QuerySet[AddOnSale]:
        """By subscription, holder, or an id."""
        found = Q(named=True, subscription__name__resembles=words) | matching(words, tenant="tenant")
        return rows.filter(found | by_id(words) | by_id(words, "subscription_id"))


class BulkSaleFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    audience = ChoiceFilter(choices=BulkSale.Audience.choices, label=_("Sold to"))
    state = ChoiceFilter(field_name="job__state", choices=Job.State.choices, label=_("Status"))
    service_type = ModelChoiceFilter(
        field_name="add_on__service_type", queryset=service_types_of, label=_("Service type")
    )

    class Meta:
        model = BulkSale
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[BulkSale], name: str, words: str) -> QuerySet[BulkSale]:
        """By add-on, or by id."""
        return rows.filter(Q(add_on__name__resembles=words) | by_id(words))


class BulkSaleTargetFilter(TargetFilter):
    words = SALES
    outcome = ChoiceFilter(method="ended", choices=SALES.choices, label=_("Outcome"))


class TargetStateFilter(FilterSet):
    """By what targets ended as, for programs."""

    state = ChoiceFilter(
        field_name="ended",
        choices=[(name, name) for name in ("pending", SALES.done, "skipped", "failed")],
    )
    reason = CharFilter()

    class Meta:
        model = JobItem
        fields: tuple[str, ...] = ()
