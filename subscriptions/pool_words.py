"""What pages say of pools: their end, by the last day, as it was chosen, and what may be done to one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from resellerhub.web import formats
from subscriptions.models import Pool
from subscriptions.services.pools.expiry import whole_day

if TYPE_CHECKING:
    from tenants.actor import Actor

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
