"""What the life of a tenant means for the price list that it holds."""

from datetime import datetime
from typing import Any

from catalog.services.prices import let_go
from tenants.actor import Actor
from tenants.models import Tenant


def left(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> dict[str, Any]:
    """It buys from somebody else now. Nothing of it stands in its own events."""
    let_go(actor, tenant, now)
    return {}


def closed(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    let_go(actor, tenant, now)
    return {}
