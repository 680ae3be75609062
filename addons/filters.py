"""What the lists of add-ons and bulk sales can be filtered by: the same set for page, export and API."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from addons.models import AddOn, AddOnSale, BulkSale
from addons.outcomes import OUTCOMES, SOLD
from addons.selectors.add_ons import add_ons_of_fee
from catalog.filters import fees_of, service_types_of
from catalog.models import Fee
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.text import id_in
from tenants.filters.choices import CalledFilter, sellers_in_sight
from tenants.naming import matching

OUTCOME_CHOICES = [
    *OUTCOMES.items(),
    (JobItem.State.FAILED.value, JobItem.State.FAILED.label),
    (JobItem.State.PENDING.value, JobItem.State.PENDING.label),
]


def by_id(words: str, field: str = "pk") -> Q:
    """Matches the row whose id was typed; nothing when no id was."""
    pk = id_in(words)
    return Q(pk__in=[]) if pk is None else Q(**{field: pk})


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


class TargetFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    outcome = ChoiceFilter(method="ended", choices=OUTCOME_CHOICES, label=_("Outcome"))

    class Meta:
        model = JobItem
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[JobItem], name: str, words: str) -> QuerySet[JobItem]:
        """By subscription or holder, or by the id of the subscription."""
        found = Q(subscription_name__resembles=words) | Q(holder_name__resembles=words)
        return rows.filter(found | by_id(words, "subject_id"))

    def ended(self, rows: QuerySet[JobItem], name: str, outcome: str) -> QuerySet[JobItem]:
        """By state; what was skipped by the reason."""
        if outcome == SOLD:
            return rows.filter(state=JobItem.State.DONE)
        return rows.filter(state=outcome) if outcome in JobItem.State.values else rows.filter(reason=outcome)


class TargetStateFilter(FilterSet):
    """By what targets ended as, for programs."""

    state = ChoiceFilter(
        field_name="ended", choices=[("pending", "pending"), (SOLD, SOLD), ("skipped", "skipped"), ("failed", "failed")]
    )
    reason = CharFilter()

    class Meta:
        model = JobItem
        fields: tuple[str, ...] = ()
