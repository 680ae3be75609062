"""Bulk sales over REST."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from addons.filters import BulkSaleFilter, TargetStateFilter
from addons.models import BulkSale
from addons.selectors import sales as selectors
from addons.serializers.bulk_sales import (
    BulkSaleIn,
    BulkSaleOut,
    PreviewOut,
    PreviewTargetsIn,
    PreviewTargetsOut,
    TargetOut,
    UnreachedOut,
)
from addons.services.bulk import start_bulk_sale
from addons.services.previews import Preview, preview_bulk_sale, preview_targets
from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi
from subscriptions.api.targets import targets_csv
from subscriptions.selectors.targets import with_reasons


class BulkSaleApi(ReadApi):
    """One add-on over many subscriptions, sold by the workers. `expand=reasons` counts why targets were not sold to."""

    singular, permission, out = "bulk_sale", "job.view", BulkSaleOut
    filterset_class = BulkSaleFilter
    ordering_fields = {"created_at": "created_at"}
    expandable = {"reasons": ()}

    def rows(self, actor: Any) -> QuerySet[BulkSale]:
        rows = selectors.bulk_sales(actor)
        return with_reasons(rows) if "reasons" in self.expand() else rows

    @operation_endpoint(input=BulkSaleIn, output=PreviewOut, path="preview", permission="bulk_sale.run")
    def preview(self, call: Call) -> Preview:
        """What this bulk sale would do if it ran now: counts per outcome and money. Nothing is written."""
        return preview_bulk_sale(actor=call.actor, order=call.values["order"], now=call.now)

    @operation_endpoint(
        input=PreviewTargetsIn, output=PreviewTargetsOut, path="preview/targets", permission="bulk_sale.run"
    )
    def preview_targets(self, call: Call) -> dict[str, Any]:
        """Every target of this bulk sale with its outcome if it ran now, a page at a time. Nothing is written."""
        limit = call.values["limit"]
        found = preview_targets(
            actor=call.actor, order=call.values["order"], after=call.values["after"], limit=limit + 1, now=call.now
        )
        page = selectors.with_names(call.actor, found[:limit])
        return {"results": page, "next": found[limit - 1].position if len(found) > limit else None}

    @operation_endpoint(
        input=BulkSaleIn, output=BulkSaleOut, status=202, permission="bulk_sale.run", idempotency="required"
    )
    def start(self, call: Call) -> BulkSale:
        """Start a bulk sale: the selection is frozen now, the outcome of each target is decided when its turn comes.

        Answers at once; `Location` is the job. The same key and body start nothing twice. Refused: `add-on-inactive`,
        `no-packages`, `wrong-service-type`, `below-minimum`, `nothing-selected`.
        """
        order, request_id = call.values["order"], call.request_id
        sale = start_bulk_sale(actor=call.actor, order=order, request_id=request_id, now=call.now)
        return found(self.rows(call.actor), pk=sale.pk)

    @operation_endpoint(output=BulkSaleOut, status=202, detail=True, path="cancel", permission="bulk_sale.run")
    def cancel(self, call: Call) -> BulkSale:
        """Stop after the chunk at hand. What is sold stays sold; the rest is skipped as `cancelled`."""
        sale = found(self.rows(call.actor), pk=call.pk)
        cancel_job(actor=call.actor, job_id=sale.job_id, now=call.now)
        return found(self.rows(call.actor), pk=call.pk)

    @operation_endpoint(output=BulkSaleOut, status=202, detail=True, path="retry", permission="bulk_sale.run")
    def retry(self, call: Call) -> BulkSale:
        """Try the failed targets of a bulk sale that has ended again, and only those."""
        sale = found(self.rows(call.actor), pk=call.pk)
        retry_failed(actor=call.actor, job_id=sale.job_id, now=call.now)
        return found(self.rows(call.actor), pk=call.pk)


class TargetApi(ReadApi):
    """The targets of a bulk sale, each with what became of it."""

    singular, plural, permission, out = "bulk_sale_item", "bulk_sale_items", "job.view", TargetOut
    reads = ("list",)
    filterset_class = TargetStateFilter
    ordering = ("position",)

    def rows(self, actor: Any) -> QuerySet[JobItem]:
        return selectors.targets(actor, found(BulkSale.objects.visible_to(actor), pk=self.kwargs["bulk_sale"]))

    @extend_schema(operation_id="bulk_sale_items_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def csv(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        """All targets, or those of the filter, as CSV."""
        name = f"bulk-sale-{self.kwargs['bulk_sale']}"
        return targets_csv(self, name, state="ended", reason="reason", sale="result_id")


class UnreachedApi(ReadApi):
    """The resellers that were chosen for a bulk sale and held no subscription that fits, so that none was a target."""

    singular, plural, permission, out = "bulk_sale_unreached", "bulk_sale_unreached", "job.view", UnreachedOut
    reads = ("list",)
    ordering = ("name",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        return selectors.unreached(actor, found(BulkSale.objects.visible_to(actor), pk=self.kwargs["bulk_sale"]))
