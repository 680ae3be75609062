"""What the event log and pages say of pools: what happened, their end, by the last day, as it was chosen, and what may
be done to one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from resellerhub.web import formats
from subscriptions.models import Pool
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


def changes_of(row: Any, actor: "Actor") -> list[str]:
    """The pages on which the actor's tenant changes a pool: who bought it, or gave it; a provider's staff all."""
    if row.parent_id is None:
        return ["pool_stock"] if actor.is_provider or row.tenant_id == actor.tenant_id else []
    if not actor.is_provider and row.grantor_id != actor.tenant_id:
        return []
    open_still = row.state in OPEN and row.reclaimed_at is None
    return [*(["pool_edit"] if open_still else []), *(["pool_return"] if row.status == Pool.State.PENDING else [])]
