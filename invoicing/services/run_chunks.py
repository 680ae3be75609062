"""What workers do for a billing run: count some payers, or charge them and draft their documents."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from invoicing.models import BillingRun, RunPayer
from invoicing.selectors.documents import undocumented
from invoicing.selectors.run_warnings import Key, told_before, warnings_of
from invoicing.services.charging import charge, preview_charges
from invoicing.services.drafting import draft_documents
from invoicing.services.issuing import issue_documents
from resellerhub.kernel.jobs.ids import Ids
from resellerhub.kernel.models import Job, JobItem
from tenants.actor import Actor
from tenants.models import Event

APPROVED = "billing_run.approved"
NOTHING = (Decimal(0), 0)
SETTLE = """
UPDATE kernel_jobitem SET state = CASE WHEN subject_id = ANY (%(done)s) THEN 'done' ELSE 'skipped' END,
       reason = CASE WHEN subject_id = ANY (%(done)s) THEN '' ELSE 'nothing_due' END
 WHERE id = ANY (%(ids)s)
"""


def count_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Says of these payers what they would be billed; called by the job runner inside its transaction."""
    run = BillingRun.objects.get(counting=job.pk)
    payers = _subjects(item_ids)
    found = owed(run, payers, job.created_at)
    before = told_before(run, payers)
    sums = {key: found.get(key, NOTHING) for key in sorted({*found, *(key for key, sum_ in before.items() if sum_)})}
    warnings = warnings_of(run, {key: amount for key, (amount, _lines) in sums.items()}, before)
    RunPayer.objects.bulk_create(
        RunPayer(
            run=run,
            provider_id=run.provider_id,
            payer_id=payer_id,
            currency=currency,
            expected=amount,
            charges=lines,
            before=before.get((payer_id, currency)),
            warnings=warnings[payer_id, currency],
        )
        for (payer_id, currency), (amount, lines) in sums.items()
    )
    _settle(item_ids, [payer for payer, _currency in found])


def owed(run: BillingRun, payer_ids: Sequence[int], now: datetime) -> Mapping[Key, tuple[Decimal, int]]:
    """What stands on no document yet and what would be charged besides, before tax: the sum and how many lines."""
    sums: dict[Key, tuple[Decimal, int]] = defaultdict(lambda: NOTHING)
    made = undocumented(run.issuer_id, until=run.until, payer_ids=payer_ids).values_list("payer_id", "currency")
    for payer_id, currency, amount, lines in made.annotate(Sum("amount"), Count("pk")).order_by():
        sums[payer_id, currency] = (amount, lines)
    for row in preview_charges(issuer_id=run.issuer_id, payer_ids=payer_ids, until=run.until, now=now):
        amount, lines = sums[row.payer_id, row.currency]
        sums[row.payer_id, row.currency] = (amount + row.amount, lines + 1)
    return sums


def bill_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Charges these payers and drafts their documents, both or neither."""
    run = BillingRun.objects.select_related("issuer").get(job=job.pk)
    payers, now = _subjects(item_ids), job.heartbeat_at or job.created_at
    charge(issuer_id=run.issuer_id, payer_ids=payers, until=run.until, now=now)
    drafts = draft_documents(actor=approver(run), payer_ids=payers, until=run.until, run_id=run.pk, now=now)
    _settle(item_ids, [draft.payer_id for draft in drafts])


def issue_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Issues these drafts, all or none: the runner looks for the one that is to blame."""
    run = BillingRun.objects.select_related("issuer").get(issuing=job.pk)
    documents = _subjects(item_ids)
    issue_documents(actor=approver(run), document_ids=documents, now=job.heartbeat_at or job.created_at)
    _settle(item_ids, documents)


def approver(run: BillingRun) -> Actor:
    """In whose name workers bill: of whoever approved last."""
    told = Event.objects.filter(subject_type="billingrun", subject_id=run.pk, kind=APPROVED).order_by("-pk")[0]
    return Actor.of_job(run.issuer, told)


def _subjects(item_ids: Sequence[int]) -> list[int]:
    rows = JobItem.objects.filter(pk__in=item_ids).order_by("position")
    return list(rows.values_list("subject_id", flat=True))


def _settle(item_ids: Sequence[int], done: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"ids": Ids(item_ids), "done": Ids(sorted(set(done)))})
