"""New terms for what is sold of a package, over REST."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from resellerhub.kernel.jobs.control import retry_failed
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.jobs import JobItemFilter
from resellerhub.rest.views import Api, ReadApi
from subscriptions.api.targets import targets_csv
from subscriptions.filters.pushes import PushFilter
from subscriptions.models import Push
from subscriptions.selectors import pushes as selectors
from subscriptions.selectors.targets import named_targets, with_reasons
from subscriptions.serializers.pushes import PushIn, PushOut, PushPreviewOut, PushTargetOut
from subscriptions.services.life.repricing import Pair
from subscriptions.services.pushes.decision import Decision
from subscriptions.services.pushes.previews import preview_push
from subscriptions.services.pushes.starting import cancel_push, start_push
from subscriptions.services.pushes.terms import Asked


@dataclass(frozen=True, slots=True)
class Price:
    """What one pays for one unit, before and then."""

    stream: str
    payer: int
    currency: str
    before: Decimal | None
    after: Decimal | None

    @classmethod
    def of(cls, pair: Pair) -> "Price":
        fee = next(each for each in pair if each is not None)
        before, after = ((None if each is None else each.unit_price) for each in pair)
        return cls(fee.stream, fee.payer_id, fee.currency, before, after)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A target of a preview as a program reads it."""

    named: Any
    decision: Decision

    def __getattr__(self, name: str) -> Any:
        return getattr(self.decision, name)

    @property
    def effective_on(self) -> Any:
        return self.decision.day

    @property
    def prices(self) -> list[Price]:
        return [Price.of(pair) for pair in self.decision.moved]

    @property
    def allocated(self) -> dict[int, int]:
        return self.decision.changes


class PackagePushApi(Api):
    """New terms of a package for what is sold of it."""

    singular = "package"

    @operation_endpoint(
        input=PushIn, output=PushPreviewOut, detail=True, path="push/preview", permission="catalog.edit"
    )
    def preview_push(self, call: Call) -> dict[str, Any]:
        """What this push would do if all its targets had their turn now. Nothing is written."""
        preview = preview_push(actor=call.actor, asked=asked_of(call), now=call.now)
        named = selectors.named(call.actor, (one.subscription.pk for one in preview.sample))
        sample = [Foreseen(named[one.subscription.pk], one) for one in preview.sample if one.subscription.pk in named]
        return {
            "total": preview.total,
            "counts": preview.counts,
            "money": preview.money,
            "allocated": preview.granted,
            "sample": sample,
        }

    @operation_endpoint(
        input=PushIn,
        output=PushOut,
        status=202,
        detail=True,
        path="push",
        permission="catalog.edit",
        idempotency="required",
    )
    def push(self, call: Call) -> Push:
        """Push limits, prices or both of a version of the package to what is sold of it.

        Whoever manages the package pushes limits; prices are those that are owed to you, and no others. Answers at
        once; `Location` is the job. A target whose day has not come waits for it. Refused: `managed-by-another`,
        `before-today`, `version-later`, `nothing-sold`.
        """
        push = start_push(actor=call.actor, asked=asked_of(call), request_id=call.request_id, now=call.now)
        return found(selectors.pushes(call.actor), pk=push.pk)


def asked_of(call: Call) -> Asked:
    values = dict(call.values)
    version, sellers = values.pop("version", None), tuple(values.pop("sellers", ()))
    return Asked(package_id=call.pk, version_id=version, sellers=sellers, **values)


class PushApi(ReadApi):
    """Pushes of new terms to what is sold. `expand=reasons` counts why targets were skipped or failed."""

    singular, permission, out = "push", "job.view", PushOut
    filterset_class = PushFilter
    ordering_fields = {"created_at": "created_at"}
    expandable = {"reasons": ()}

    def rows(self, actor: Any) -> QuerySet[Push]:
        rows = selectors.pushes(actor)
        return with_reasons(rows) if "reasons" in self.expand() else rows

    @operation_endpoint(output=PushOut, status=202, detail=True, path="cancel", permission="subscription.edit")
    def cancel(self, call: Call) -> Push:
        """Stop it, and what waits for its day with it. What has changed stays changed. `nothing-waits` at its end."""
        push = cancel_push(actor=call.actor, push_id=call.pk, now=call.now)
        return found(self.rows(call.actor), pk=push.pk)

    @operation_endpoint(output=PushOut, status=202, detail=True, path="retry", permission="subscription.edit")
    def retry(self, call: Call) -> Push:
        """Try the failed targets of a push that has ended again, and only those. Takes `catalog.edit`, too."""
        push = found(self.rows(call.actor), pk=call.pk)
        retry_failed(actor=call.actor, job_id=push.job_id, now=call.now)
        return found(self.rows(call.actor), pk=call.pk)


class PushTargetApi(ReadApi):
    """The targets of a push, each with what became of it."""

    singular, plural, permission, out = "push_item", "push_items", "job.view", PushTargetOut
    reads = ("list",)
    filterset_class = JobItemFilter
    ordering = ("position",)

    def rows(self, actor: Any) -> QuerySet[JobItem]:
        push = found(Push.objects.visible_to(actor), pk=self.kwargs["push"])
        return named_targets(actor, push.job_id)

    @extend_schema(operation_id="push_items_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def csv(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        """All targets, or those of the filter, as CSV."""
        return targets_csv(self, f"push-{self.kwargs['push']}", state="state", reason="reason")
