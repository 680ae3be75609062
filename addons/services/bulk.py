"""One add-on over many subscriptions: the start, and the chunk that a worker runs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from addons.models import BulkSale
from addons.refusals import NothingSelected
from addons.services.orders import Order, targets_of, terms_of
from addons.services.prices import freeze
from addons.services.selling import sell_to_items
from addons.services.terms import Terms
from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Busy, RequestReused
from subscriptions.selectors.targets import frozen
from tenants.actor import Actor
from tenants.models import Event

STARTED = "bulk_sale.started"
CHUNKS, SMALLEST_CHUNK, LARGEST_CHUNK = 10, 250, 10_000
"""Into about how many transactions a sale is cut, and how many targets one may have."""


@operation
def start_bulk_sale(*, actor: Actor, order: Order, request_id: UUID, now: datetime) -> BulkSale:
    """Freeze the selection and the terms, and hand both to the workers; a repeated request id starts nothing twice.

    Refused: `AddOnInactive`, `NoPackages`, `WrongServiceType`, `BelowMinimum`, `NothingSelected`; resellers, owner or
    instance out of sight are `NotFound`. Cancel and retry through the kernel's jobs, with `bulk_sale.job`.
    """
    actor.require("bulk_sale.run")
    if earlier := BulkSale.objects.filter(tenant=actor.tenant_id, request_id=request_id).first():
        if any(getattr(earlier, name) != value for name, value in order.columns.items()):
            raise RequestReused()
        return earlier
    terms = terms_of(actor, order, day_of(now))
    chosen, values = frozen(targets_of(actor, order))
    job = start_job(actor=actor, kind="bulk_sale", title=f"{terms.add_on.name} × {order.quantity}", now=now)
    with refusing({"bulk_sale_request_once": Busy()}):
        sale = BulkSale.objects.create(
            job=job,
            provider_id=actor.provider_id,
            tenant_id=actor.tenant_id,
            request_id=request_id,
            created_at=now,
            **order.columns,
            **terms.columns,
        )
    if not (total := write_items(job, chosen, values)):
        raise NothingSelected()
    freeze(sale, terms.version, day_of(now))
    seal_job(job, chunk=min(max(total // CHUNKS, SMALLEST_CHUNK), LARGEST_CHUNK))
    actor.record(STARTED, sale, at=now, **terms.facts, audience=order.audience, targets=job.total, job=job.pk)
    return sale


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Decide and write these items, all in one statement; called by the job runner inside its transaction."""
    sale = BulkSale.objects.select_related(
        "add_on", "version__add_on", "version__reseller_fee", "version__account_fee"
    ).get(job=job.pk)
    told = Event.objects.get(subject_type="bulksale", subject_id=sale.pk, kind=STARTED)
    terms = Terms.of_bulk(sale)
    params = terms.writing(told, bulk_sale=sale.pk)
    today = day_of(sale.created_at)
    sell_to_items(terms, sale, item_ids, params | {"now": None, "day": None, "sale_request": None, "today": today})
