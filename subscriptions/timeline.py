"""Reads of the timeline: what was held when, at the prices that concern the reader."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from catalog.pricing import per_cycle
from subscriptions.models import Phase, PhaseFee

if TYPE_CHECKING:
    from tenants.actor import Actor

PARTS = {
    "price": Q(stream=PhaseFee.Stream.ACCOUNT),
    "cost": Q(stream=PhaseFee.Stream.RESELLER),
    "income": Q(),
}


def phases(actor: "Actor") -> QuerySet[Phase]:
    """In scope, with what concerns the actor's tenant alone, each with its cycle: `price`, what the holder pays for one
    unit; `cost`, what the actor's tenant pays for it to who is above; `income`, what it is paid by who is beneath.

    `seen` are the fees that it may see, from the holder upwards.
    """
    visible = PhaseFee.objects.visible_to(actor)
    mine = {"price": Q(), "cost": Q(payer=actor.tenant_id), "income": Q(issuer=actor.tenant_id)}
    columns: dict[str, Any] = {}
    for name, condition in PARTS.items():
        fee = visible.filter(condition, mine[name], phase=OuterRef("pk")).order_by("pk")
        columns[name] = Subquery(fee.values("unit_price")[:1])
        columns[f"{name}_cycle"] = Subquery(fee.values("cycle")[:1])
        columns[f"{name}_currency"] = Subquery(fee.values("currency")[:1])
    fees = Prefetch("fees", visible.order_by("pk"), to_attr="seen")
    rows = Phase.objects.visible_to(actor).select_related("version__package").prefetch_related(fees)
    return rows.annotate(**columns)


def margin(phase: Any) -> Decimal | None:
    """What is left to the reader of one unit, for the cycle of its income."""
    if phase.income is None or phase.cost is None:
        return None
    cost = per_cycle(phase.cost, phase.cost_cycle, phase.income_cycle)
    return None if cost is None else phase.income - cost
