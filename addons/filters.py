"""What the lists of add-ons and bulk sales can be filtered by: the same set for page, export and API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from addons.models import AddOn, AddOnSale, BulkSale
from addons.outcomes import OUTCOMES, SOLD
from catalog.models import ServiceType
from resellerhub.kernel.models import Job, JobItem
from resellerhub.web.widgets import SearchSelect
from tenants.models import Profile
from tenants.naming import matching
from tenants.roles import Kind

LONGEST_ID = 19
OUTCOME_CHOICES = [
    (JobItem.State.DONE.value, OUTCOMES[SOLD]),
    *((outcome, label) for outcome, label in OUTCOMES.items() if outcome != SOLD),
    (JobItem.State.FAILED.value, JobItem.State.FAILED.label),
    (JobItem.State.PENDING.value, JobItem.State.PENDING.label),
]


def owners(request: HttpRequest) -> QuerySet[Profile]:
    """The provider and the resellers in sight, by name."""
    profiles: Any = Profile.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return profiles.filter(tenant__kind__in=(Kind.PROVIDER, Kind.RESELLER)).order_by("name", "pk")  # type: ignore[no-any-return]


def service_types(request: HttpRequest) -> QuerySet[ServiceType]:
    types: Any = ServiceType.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return types.order_by("name", "pk")  # type: ignore[no-any-return]


def by_id(words: str, field: str = "pk") -> Q:
    """Matches the row whose id was typed; nothing when no id was."""
    is_id = words.isascii() and words.isdigit() and len(words) < LONGEST_ID
    return Q(**{field: int(words)}) if is_id else Q(pk__in=[])


class AddOnFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    service_type = ModelChoiceFilter(queryset=service_types, label=_("Service type"))
    status = ChoiceFilter(
        method="at_rest", choices=[("active", _("Active")), ("inactive", _("Inactive"))], label=_("Status")
    )
    owner = ModelChoiceFilter(queryset=owners, method="of_owner", label=_("Owner"), widget=SearchSelect)

    class Meta:
        model = AddOn
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[AddOn], name: str, words: str) -> QuerySet[AddOn]:
        """By name, or by id."""
        return rows.filter(Q(name__icontains=words) | by_id(words))

    def at_rest(self, rows: QuerySet[AddOn], name: str, status: str) -> QuerySet[AddOn]:
        return rows.filter(is_active=status == "active")

    def of_owner(self, rows: QuerySet[AddOn], name: str, owner: Profile) -> QuerySet[AddOn]:
        return rows.filter(tenant=owner.pk)


class AddOnSaleFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    state = ChoiceFilter(choices=AddOnSale.State.choices, label=_("Status"))

    class Meta:
        model = AddOnSale
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[AddOnSale], name: str, words: str) -> QuerySet[AddOnSale]:
        """By subscription, holder, or an id."""
        found = Q(named=True, subscription__name__icontains=words) | matching(words, tenant="tenant")
        return rows.filter(found | by_id(words) | by_id(words, "subscription_id"))


class BulkSaleFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    audience = ChoiceFilter(choices=BulkSale.Audience.choices, label=_("Sold to"))
    state = ChoiceFilter(field_name="job__state", choices=Job.State.choices, label=_("Status"))
    service_type = ModelChoiceFilter(field_name="add_on__service_type", queryset=service_types, label=_("Service type"))

    class Meta:
        model = BulkSale
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[BulkSale], name: str, words: str) -> QuerySet[BulkSale]:
        """By add-on, or by id."""
        return rows.filter(Q(add_on__name__icontains=words) | by_id(words))


class TargetFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    outcome = ChoiceFilter(method="ended", choices=OUTCOME_CHOICES, label=_("Outcome"))

    class Meta:
        model = JobItem
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[JobItem], name: str, words: str) -> QuerySet[JobItem]:
        """By subscription or holder, or by the id of the subscription."""
        found = Q(subscription_name__icontains=words) | Q(holder_name__icontains=words)
        return rows.filter(found | by_id(words, "subject_id"))

    def ended(self, rows: QuerySet[JobItem], name: str, outcome: str) -> QuerySet[JobItem]:
        """By state; what was skipped by the reason."""
        return rows.filter(state=outcome) if outcome in JobItem.State.values else rows.filter(reason=outcome)
