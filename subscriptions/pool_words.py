"""What the event log and pages say of pools: what happened, their end, by the last day, as it was chosen, and what may
be done to one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from resellerhub.kernel.refusals import NotFound, Refusal
from resellerhub.web import formats
from subscriptions.models import Pool
from subscriptions.pool_refusals import NotYoursToChange, NotYoursToGive, PoolNotActive, PoolOver, PoolResolved
from subscriptions.services.pools.expiry import whole_day

if TYPE_CHECKING:
    from tenants.actor import Actor

WORDS = {
    "pool.purchased": gettext_lazy("Pool purchased"),
    "pool.stock_changed": gettext_lazy("Purchased pool changed"),
    "pool.extended": gettext_lazy("Pool extended"),
    "pool.renewed": gettext_lazy("Pool renewed"),
    "pool.offered": gettext_lazy("Pool offered"),
    "pool.edited": gettext_lazy("Pool edited"),
    "pool.accepted": gettext_lazy("Pool accepted"),
    "pool.declined": gettext_lazy("Pool declined"),
    "pool.returned": gettext_lazy("Pool returned"),
    "pool.renewal_changed": gettext_lazy("Renewal of a pool changed"),
    "pool.supplier_added": gettext_lazy("Supplier of pools added"),
    "pool.supplier_ended": gettext_lazy("Supplier of pools ended"),
    "pool.expired": gettext_lazy("Pool expired"),
    "pool.reclaimed": gettext_lazy("Seats of an expired pool went back"),
    "pool.seats_assigned": gettext_lazy("Seats assigned"),
    "pool.seats_changed": gettext_lazy("Seats of a customer changed"),
    "pool.seats_released": gettext_lazy("Seats released"),
}
FACTS: dict[str, Any] = {
    "seats": gettext_lazy("Number"),
    "unit": gettext_lazy("Unit"),
    "ends_at": gettext_lazy("Expires"),
    "payment_type": gettext_lazy("Payment type"),
    "pool.renews": gettext_lazy("Renew automatically"),
    "pool.term_months": gettext_lazy("Term in months"),
}
THINGS = {
    "pool": gettext_lazy("Pool"),
    "poolassignment": gettext_lazy("Assignment of seats"),
    "poolsupply": gettext_lazy("Supplier of pools"),
}
CODES = {
    "unit": dict(Pool.Unit.choices),
    "payment_type": dict(Pool.PaymentType.choices),
}

OPEN = {Pool.State.PENDING, Pool.State.ACTIVE}


def end_shown(at: datetime | None) -> str:
    """The last day, which is UTC's wherever the reader is; the moment of what was ended at once."""
    if at is None:
        return ""
    day = whole_day(at)
    return formats.moment(at) if day is None else formats.day(day)


def why_not(row: Any, actor: "Actor", name: str) -> Refusal | None:
    """Why a page that changes a pool has nothing to offer: what the operation behind it would say."""
    holds, gave = row.tenant_id == actor.tenant_id, row.grantor_id == actor.tenant_id or actor.is_provider
    if name == "pool_stock":
        return None if row.parent_id is None and (holds or actor.is_provider) else NotFound()
    if name == "pool_assign":
        if not holds and not actor.is_provider:
            return NotYoursToGive()
        return None if row.status == Pool.State.ACTIVE else PoolNotActive()
    if row.parent_id is None or (name == "pool_decline" and not holds):
        return NotFound()
    if name != "pool_decline" and not gave:
        return NotYoursToChange()
    if name == "pool_edit":
        return None if row.state in OPEN and row.reclaimed_at is None else PoolOver()
    return None if row.status == Pool.State.PENDING else PoolResolved()


def changes_of(row: Any, actor: "Actor") -> list[str]:
    """The pages on which the actor's tenant changes a pool: who bought it, or gave it; a provider's staff all."""
    return [name for name in ("pool_stock", "pool_edit", "pool_return") if why_not(row, actor, name) is None]
