"""Quota over usage over REST: the rows, what stands behind one, and the roll-up."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from reports.filters import OverUsageFilter, RollUpFilter
from reports.selectors import holding_behind, over_usage_rows, parts_allocated, parts_sold, parts_used, roll_up_totals
from reports.serializers import OverUsageOut, RollUpOut, RollUpTotalOut, RowGrantOut, SoldPartOut, UsedPartOut
from resellerhub.kernel.refusals import found
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.pagination import SIGNER, CursorPage, Json
from resellerhub.rest.serializers import Out
from resellerhub.rest.views import ReadApi
from subscriptions.models import Holding

SHAPE = {
    "subscription_name": F("title"),
    "subscription_state": F("subscription__state"),
    "reseller": F("reseller_ref"),
    "holder": F("tenant_id"),
    "kind": F("tenant__kind"),
    "service_type": F("resource__service_type_id"),
    "resource_name": F("resource__name"),
    "unit": F("resource__unit"),
}
AS_STORED = (
    "id",
    "subscription",
    "resource",
    "reseller_name",
    "holder_name",
    "basis",
    "allocated",
    "sold",
    "used",
    "utilised",
    "remaining",
)


def shaped(rows: QuerySet[Holding, Any]) -> QuerySet[Holding, Any]:
    """Rows as the API answers them."""
    answered: QuerySet[Holding, Any] = rows.values(*AS_STORED, **SHAPE)
    return answered


class OverUsageApi(ReadApi):
    """What sells or uses more than it is allocated, worst first; with `all=true` also what does not."""

    singular, plural, permission, out = "over_usage_row", "over_usage", "report.view", OverUsageOut
    reads = ("list",)
    plain = True
    filterset_class = OverUsageFilter
    ordering = ("remaining",)
    ordering_fields = {
        name: name
        for name in ("remaining", "allocated", "sold", "used", "utilised", "reseller_name", "subscription_name")
    }

    def rows(self, actor: Any) -> QuerySet[Any]:
        return over_usage_rows(actor)

    def filter_queryset(self, queryset: Any) -> Any:
        return shaped(super().filter_queryset(queryset))


class OverUsageRowApi(ReadApi):
    """One row of the report, over quota or not."""

    singular, permission, out = "over_usage_row", "report.view", OverUsageOut
    reads = ()

    @extend_schema(operation_id="over_usage_row_retrieve")
    def retrieve_row(self, request: Any, subscription: int, resource: int) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        rows = over_usage_rows(self.actor, everything=True, subscription=subscription, resource=resource)
        return Response(found(shaped(rows)))


class PartsApi(ReadApi):
    """Rows behind a row: the address names which."""

    permission = "report.view"
    reads = ("list",)

    @property
    def holding(self) -> Holding:
        return holding_behind(self.actor, self.kwargs["subscription"], self.kwargs["resource"])


class SoldPartApi(PartsApi):
    """The subscriptions that draw on a row; what they are allocated adds up to its `sold`."""

    singular, plural, out = "over_usage_subscription", "over_usage_subscriptions", SoldPartOut
    ordering = ("-allocated",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        return parts_sold(actor, self.holding)


class UsedPartApi(PartsApi):
    """The measurements behind a row; they add up to its `used`."""

    singular, plural, out = "over_usage_measure", "over_usage_measures", UsedPartOut
    ordering = ("-at",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        return parts_used(actor, self.holding)


class GrantApi(PartsApi):
    """The grants of a row; they add up to its `allocated`."""

    singular, plural, out = "over_usage_grant", "over_usage_grants", RowGrantOut
    ordering = ("-made_at",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        return parts_allocated(self.holding)


class ComputedPage(CursorPage):
    """Pages of rows that are computed as a list: the cursor says how many came before."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        limit = self.limit(request)
        ordering = tuple(view.order(request))
        _backwards, values = self.position(request, ordering)
        start = int(values[0]) if values else 0
        self.next = self._to(ordering, start + limit) if start + limit < len(queryset) else None
        self.previous = self._to(ordering, max(start - limit, 0)) if start else None
        rows: list[Any] = queryset[start : start + limit]
        return rows

    def _to(self, ordering: tuple[str, ...], start: int) -> str:
        cursor = SIGNER.sign_object([ordering, False, [start]], serializer=Json, compress=True)
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor))


class RollUpApi(ReadApi):
    """The sums of the report per reseller, with everybody beneath it, and per resource; most excess first.

    Without `all=true` only where something is over quota.
    """

    singular, plural, permission = "over_usage_branch", "over_usage_roll_up", "report.view"
    out: ClassVar[type[Out]] = RollUpOut
    reads = ("list",)
    filterset_class = RollUpFilter
    pagination_class = ComputedPage
    ordering = ("-excess",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        return Holding.objects.none()  # computed: the filter set brings them

    def filter_queryset(self, queryset: Any) -> Any:
        rows: Any = super().filter_queryset(queryset)
        return sorted(rows, key=lambda row: (-row["excess"], row["branch_id"], row["resource_id"]))


class RollUpTotalApi(RollUpApi):
    """The sums of the report per resource, over everything that is in sight; resources are never added up.

    Without `all=true` only where something is over quota.
    """

    singular, plural, out = "over_usage_total", "over_usage_totals", RollUpTotalOut
    ordering = ("position",)

    def filter_queryset(self, queryset: Any) -> Any:
        return roll_up_totals(super().filter_queryset(queryset))
