"""What the reports can be filtered by: the same set for page, export, API and report run."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter
from django_filters.widgets import BooleanWidget

from catalog.models import Resource, ServiceType
from reports.models import ReportRun
from reports.selectors import over_usage_rows, roll_up_rows
from resellerhub.kernel.models import Job
from resellerhub.web.widgets import SearchSelect
from subscriptions.selectors import over_usage_alone
from tenants.models import Profile
from tenants.roles import Kind

HOLDERS = [(Kind.RESELLER.value, _("Resellers")), (Kind.CUSTOMER.value, _("Customers"))]


def sellers(request: HttpRequest) -> QuerySet[Profile]:
    """The provider and the resellers in sight, by name."""
    profiles: QuerySet[Profile] = Profile.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return profiles.filter(tenant__kind__in=(Kind.PROVIDER, Kind.RESELLER)).order_by("name", "pk")


def service_types(request: HttpRequest) -> QuerySet[ServiceType]:
    types: Any = ServiceType.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return types.order_by("name", "pk")  # type: ignore[no-any-return]


def resources(request: HttpRequest) -> QuerySet[Resource]:
    visible = Resource.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return visible.order_by("service_type__name", "position", "pk")


def named(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """The ids of what was chosen among `names`."""
    return {name: chosen.pk for name in names if (chosen := given.get(name))}


class OverUsageFilter(FilterSet):
    """Hands what was asked for to the one selector, so that no filter is a rule of its own."""

    q = CharFilter(label=_("Search"), max_length=200)
    all = BooleanFilter(label=_("Rows within their quota, too"), widget=BooleanWidget)
    branch = ModelChoiceFilter(queryset=sellers, label=_("Branch (with all beneath)"), widget=SearchSelect)
    reseller = ModelChoiceFilter(queryset=sellers, label=_("Reseller"), widget=SearchSelect)
    kind = ChoiceFilter(choices=HOLDERS, label=_("Held by"))
    service_type = ModelChoiceFilter(queryset=service_types, label=_("Service type"))
    resource = ModelChoiceFilter(queryset=resources, label=_("Resource"))

    def filter_queryset(self, queryset: Any) -> Any:
        return over_usage_rows(self.request.actor, **self.asked)

    def count(self) -> int:
        """How many rows there are, without the joins that their names need."""
        return over_usage_alone(self.request.actor, **self.asked).count()

    @property
    def asked(self) -> dict[str, Any]:
        """What the selector takes."""
        given = self.form.cleaned_data
        return {
            "everything": bool(given["all"]),
            "kind": given["kind"] or None,
            "search": given["q"].strip(),
            **named(given, "branch", "reseller", "service_type", "resource"),
        }


class RollUpFilter(FilterSet):
    """For rows that are computed and so no queryset."""

    all = BooleanFilter(label=_("Branches within their quota, too"), widget=BooleanWidget)
    service_type = ModelChoiceFilter(queryset=service_types, label=_("Service type"))
    resource = ModelChoiceFilter(queryset=resources, label=_("Resource"))

    @property
    def qs(self) -> list[dict[str, Any]]:
        given = self.form.cleaned_data if self.is_valid() else {}
        return roll_up_rows(
            self.request.actor, everything=bool(given.get("all")), **named(given, "service_type", "resource")
        )


class ReportRunFilter(FilterSet):
    state = ChoiceFilter(field_name="job__state", choices=Job.State.choices, label=_("Status"))
    format = ChoiceFilter(choices=ReportRun.Format.choices, label=_("Format"))

    class Meta:
        model = ReportRun
        fields: tuple[str, ...] = ()
