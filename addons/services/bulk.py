"""One add-on over many subscriptions: preview, start, and the chunk that a worker runs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from addons.models import BulkSale
from addons.refusals import NothingSelected
from addons.services.decision import DECISION, REASONS, SOLD
from addons.services.orders import Order, frozen, targets_of, terms_of
from addons.services.selling import PLANNED, sell_to_items
from addons.services.terms import Terms
from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job
from resellerhub.kernel.money import round_money
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy, RequestReused
from tenants.actor import Actor
from tenants.models import Event

__all__ = ["Charge", "Order", "Preview", "preview_bulk_sale", "run_chunk", "start_bulk_sale"]

STARTED = "bulk_sale.started"
CHUNKS, SMALLEST_CHUNK, LARGEST_CHUNK = 10, 250, 10_000
"""Into about how many transactions a sale is cut, and how many targets one may have."""

OUTCOMES = """
SELECT CASE WHEN is_sold THEN 'sold' ELSE reason END, count(*), count(*) FILTER (WHERE seller_id = %(owner)s),
       (array_agg(subscription_id ORDER BY position))[:%(sample)s]
  FROM decided GROUP BY 1
"""
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Charge:
    """What the targets that would be sold to are charged for one cycle, and what that costs the resellers who sell."""

    currency: str
    cycle: str
    amount: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen now. `counts` has every outcome: "sold" and each reason for which nothing is sold."""

    total: int
    counts: dict[str, int]
    charges: list[Charge] = field(default_factory=list)
    granted: dict[int, int] = field(default_factory=dict)
    """Resource id → how much all sales together would grant of it."""
    samples: dict[str, list[int]] = field(default_factory=dict)
    """Outcome → the first few subscriptions that end so."""


@operation
def preview_bulk_sale(*, actor: Actor, order: Order) -> Preview:
    """The outcome of this order if it ran now, by the very SQL that will decide it; nothing is written.

    Refuses what `start_bulk_sale` refuses.
    """
    actor.require("bulk_sale.run")
    terms = terms_of(actor, order)
    chosen, values = frozen(targets_of(actor, order))
    known = terms.params | {"owner": terms.add_on.tenant_id, "sample": SAMPLE}
    decide, more = _positional(DECISION + OUTCOMES, known)
    numbered = f"SELECT n AS item_id, n AS position, subscription_id FROM ({chosen}) AS c (n, subscription_id)"
    items = f"WITH RECURSIVE item AS ({numbered}),"
    with connection.cursor() as cursor:
        cursor.execute(PLANNED)
        cursor.execute(items + decide, [*values, *more])
        rows = cursor.fetchall()
    if not rows:
        raise NothingSelected()
    counts = dict.fromkeys((SOLD, *REASONS), 0) | {outcome: number for outcome, number, *_rest in rows}
    by_owner = sum(number for outcome, _all, number, _sample in rows if outcome == SOLD)
    costs = (terms.own_cost or Decimal(0)) * by_owner + terms.reseller_cost * (counts[SOLD] - by_owner)
    charge = Charge(
        currency=terms.currency,
        cycle=terms.cycle,
        amount=round_money(terms.unit_price * terms.quantity * counts[SOLD], terms.currency),
        cost=round_money(costs * terms.quantity, terms.currency),
    )
    return Preview(
        total=sum(counts.values()),
        counts=counts,
        charges=[charge] if counts[SOLD] else [],
        granted={each.resource_id: each.amount * counts[SOLD] for each in terms.raises},
        samples={outcome: sample for outcome, _all, _by_owner, sample in rows},
    )


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
    terms = terms_of(actor, order)
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
    seal_job(job, chunk=min(max(total // CHUNKS, SMALLEST_CHUNK), LARGEST_CHUNK))
    actor.record(STARTED, sale, at=now, **terms.facts, audience=order.audience, targets=job.total, job=job.pk)
    return sale


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Decide and write these items, all in one statement; called by the job runner inside its transaction."""
    sale = BulkSale.objects.select_related("add_on").get(job=job.pk)
    told = Event.objects.get(subject_type="bulksale", subject_id=sale.pk, kind=STARTED)
    terms = Terms.of_bulk(sale)
    params = terms.writing(told, bulk_sale=sale.pk)
    sell_to_items(terms, item_ids, params | {"now": None, "sale_request": None})


def _positional(statement: str, params: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Named parameters as Django's own SQL has them, so that the two can be put together."""
    name = re.compile(r"%\((\w+)\)s")
    return name.sub("%s", statement), [params[each] for each in name.findall(statement)]
