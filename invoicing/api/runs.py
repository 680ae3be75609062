"""Billing runs over REST."""

from typing import Any

from django.db.models import QuerySet

from invoicing.filters.runs import BillingRunFilter, RunPayerFilter
from invoicing.models import BillingRun, RunPayer
from invoicing.selectors import runs as selectors
from invoicing.serializers.runs import BillingRunIn, BillingRunOut, RunPayerOut
from invoicing.services import runs as services
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths


class BillingRunApi(ReadApi):
    """Billing runs of yours; a provider sees those of its house. `expand=totals` says what they come to, before tax,
    `expand=approvals` who approved them."""

    singular, permission, out = "billing_run", "invoice.view", BillingRunOut
    filterset_class = BillingRunFilter
    ordering_fields = {"month": "month", "made_at": "made_at"}
    ordering = ("-month",)
    expandable = {"totals": (), "approvals": ()}

    def rows(self, actor: Any) -> QuerySet[BillingRun]:
        return selectors.billing_runs(actor)

    def shown(self, call: Call, run: BillingRun) -> BillingRun:
        return found(self.rows(call.actor), pk=run.pk)

    @operation_endpoint(
        input=BillingRunIn,
        output=BillingRunOut,
        status=202,
        permission="billing.run",
        idempotency="required",
        job="counting_id",
    )
    def create(self, call: Call) -> BillingRun:
        """Count what there is to bill: all that is due by a day and was not billed.

        Answers at once; `counting_job` counts, and `/billing-runs/{id}/payers` then says for whom how much, with
        warnings and what the run before it had. Nothing is charged before it is approved. Refused: `run-exists`,
        `run-waits`, `month-is-over`, `not-yet-due`, `nobody-owes`.
        """
        run = services.start_run(actor=call.actor, **call.values, request_id=call.request_id, now=call.now)
        return self.shown(call, run)

    @operation_endpoint(
        output=BillingRunOut,
        status=202,
        detail=True,
        path="recount",
        permission="billing.run",
        idempotency="required",
        job="counting_id",
    )
    def recount(self, call: Call) -> BillingRun:
        """Count again, because something has changed. Approvals are forgotten. Refused: `run-not-counted`."""
        return self.shown(call, services.recount_run(actor=call.actor, run_id=call.pk, now=call.now))

    @operation_endpoint(
        output=BillingRunOut, status=202, detail=True, path="approve", permission="billing.run", idempotency="required"
    )
    def approve(self, call: Call) -> BillingRun:
        """Let it be billed. Where two have to approve it, the second one starts it.

        `job` charges what is due and drafts the documents. Refused: `run-not-counted`, `approved-already`.
        """
        return self.shown(call, services.approve_run(actor=call.actor, run_id=call.pk, now=call.now))

    @operation_endpoint(
        output=BillingRunOut, status=202, detail=True, path="continue", permission="billing.run", idempotency="required"
    )
    def resume(self, call: Call) -> BillingRun:
        """Bill whom it has not billed: where that failed, and where `job` was cancelled. Refused: `run-at-work`,
        `nothing-failed`."""
        return self.shown(call, services.continue_run(actor=call.actor, run_id=call.pk, now=call.now))

    @operation_endpoint(output=BillingRunOut, detail=True, path="cancel", permission="billing.run")
    def cancel(self, call: Call) -> BillingRun:
        """Give it up before it is billed. Refused: `run-stands`."""
        return self.shown(call, services.cancel_run(actor=call.actor, run_id=call.pk, now=call.now))

    @operation_endpoint(
        output=BillingRunOut,
        status=202,
        detail=True,
        path="issue",
        permission="invoice.edit",
        idempotency="required",
        job="issuing_id",
    )
    def issue(self, call: Call) -> BillingRun:
        """Issue all its drafts without waiting for the days of grace; `issuing_job` does. Refused: `no-drafts`,
        `run-at-work`."""
        return self.shown(call, services.issue_run(actor=call.actor, run_id=call.pk, now=call.now))


class RunPayerApi(ReadApi):
    """What a billing run has for whom."""

    singular, plural, permission, out = "run_payer", "run_payers", "invoice.view", RunPayerOut
    reads = ("list",)
    filterset_class = RunPayerFilter
    ordering_fields = {"payer": "payer_id", "expected": "expected", "difference": "difference"}

    def rows(self, actor: Any) -> QuerySet[RunPayer]:
        run = found(BillingRun.objects.visible_to(actor), pk=self.kwargs["billing_run"])
        return selectors.run_payers(actor, run)


urls = [
    *api_paths("billing-runs/<int:billing_run>/payers", RunPayerApi),
    *api_paths("billing-runs", BillingRunApi),
]
