"""What the reports can be filtered by: the same set for page, export, API and report run."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter
from django_filters.widgets import BooleanWidget

from catalog.filters import service_types_of
from catalog.models import Resource
from reports.models import ReportRun
from reports.selectors import over_usage_rows, roll_up_rows, roll_up_totals
from resellerhub.kernel.models import Job
from subscriptions.selectors.over_usage import over_usage_alone
from tenants.filters.choices import CalledFilter, sellers_in_sight
from tenants.roles import Kind

HOLDERS = [(Kind.RESELLER.value, _("Resellers")), (Kind.CUSTOMER.value, _("Customers"))]


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
    branch = CalledFilter(queryset=sellers_in_sight, label=_("Branch (with all beneath)"))
    reseller = CalledFilter(queryset=sellers_in_sight, label=_("Reseller"))
    kind = ChoiceFilter(choices=HOLDERS, label=_("Held by"))
    service_type = ModelChoiceFilter(queryset=service_types_of, label=_("Service type"))
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
    service_type = ModelChoiceFilter(queryset=service_types_of, label=_("Service type"))
    resource = ModelChoiceFilter(queryset=resources, label=_("Resource"))

    @cached_property
    def qs(self) -> list[dict[str, Any]]:
        given = self.form.cleaned_data if self.is_valid() else {}
        return roll_up_rows(
            self.request.actor, everything=bool(given.get("all")), **named(given, "service_type", "resource")
        )

    @property
    def totals(self) -> list[dict[str, Any]]:
        return roll_up_totals(self.qs) if self.is_valid() else []


class ReportRunFilter(FilterSet):
    state = ChoiceFilter(field_name="job__state", choices=Job.State.choices, label=_("Status"))
    format = ChoiceFilter(choices=ReportRun.Format.choices, label=_("Format"))

    class Meta:
        model = ReportRun
        fields: tuple[str, ...] = ()
