"""Billing runs, and what they have for whom, as far as the reader sees them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from invoicing.models import BillingRun, Document, RunApproval, RunPayer
from invoicing.models.documents import amount
from resellerhub.kernel.models import Job
from resellerhub.kernel.refusals import found
from tenants import naming

if TYPE_CHECKING:
    from tenants.actor import Actor

NOTHING = Value(Decimal(0), output_field=amount())


@dataclass(frozen=True, slots=True)
class RunTotal:
    """Of a run in one currency: what was counted, what the run before it had, and what was drafted, before tax."""

    currency: str
    payers: int
    charges: int
    doubtful: int
    expected: Decimal
    before: Decimal
    billed: Decimal

    @property
    def difference(self) -> Decimal:
        return self.expected - self.before


def billing_runs(actor: "Actor") -> QuerySet[BillingRun]:
    rows = BillingRun.objects.visible_to(actor).with_state().select_related("counting", "job", "issuing")
    return rows.annotate(issuer_name=naming.seller_name("issuer"))


def run_payers(actor: "Actor", run: BillingRun) -> QuerySet[RunPayer]:
    """With names as far as the actor may read them; `billed` is what stands on documents of the run, of
    which `document` is the first."""
    drafted = _billed(run).filter(payer=OuterRef("payer"), currency=OuterRef("currency"))
    return RunPayer.objects.filter(run=run).annotate(
        payer_name=naming.shown(actor, tenant="payer"),
        named=naming.is_named(actor, "payer"),
        difference=F("expected") - Coalesce("before", NOTHING),
        billed=Subquery(drafted.values("payer").annotate(sum=Sum("net")).values("sum"), output_field=amount()),
        document=Subquery(drafted.order_by("pk").values("pk")[:1]),
    )


def run_totals(run: BillingRun) -> list[RunTotal]:
    """By currency."""
    counted = RunPayer.objects.filter(run=run).values("currency").order_by("currency")
    rows = counted.annotate(
        payers=Count("pk", filter=~Q(charges=0)),
        lines=Sum("charges"),
        doubtful=Count("pk", filter=~Q(warnings=[])),
        sum=Sum("expected"),
        last=Coalesce(Sum("before"), NOTHING),
    )
    billed: dict[str, Any] = dict(_billed(run).values_list("currency").annotate(sum=Sum("net")))
    return [
        RunTotal(
            row["currency"], row["payers"], row["lines"], row["doubtful"], row["sum"], row["last"],
            billed.get(row["currency"], Decimal(0)),
        )
        for row in rows
    ]  # fmt: skip


def _billed(run: BillingRun) -> QuerySet[Document]:
    """What is void is billed elsewhere."""
    return Document.objects.filter(run=run).exclude(state=Document.State.VOID).order_by()


def approvals(run: BillingRun) -> QuerySet[RunApproval]:
    """Of what was counted last."""
    return RunApproval.objects.filter(run=run, counting=run.counting_id).select_related("user").order_by("pk")


def is_unfinished(run: BillingRun) -> bool:
    """Whether its job has ended without billing all whom it should have: some failed, or it was cancelled."""
    job = run.job
    return job is not None and not job.is_live and (job.failed > 0 or job.state == Job.State.CANCELLED)


def run_of_job(actor: "Actor", job_id: int) -> BillingRun:
    """Whichever of its jobs that is; recounted, the one before has none."""
    return found(BillingRun.objects.visible_to(actor).filter(Q(counting=job_id) | Q(job=job_id) | Q(issuing=job_id)))
