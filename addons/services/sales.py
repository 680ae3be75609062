"""Selling an add-on on one subscription, and ending such a sale."""

from datetime import datetime
from uuid import UUID

from addons.models import AddOnSale
from resellerhub.kernel.operation import operation
from tenants.actor import Actor


@operation
def sell_add_on(
    *, actor: Actor, subscription_id: int, add_on_id: int, quantity: int, request_id: UUID, now: datetime
) -> AddOnSale:
    """Sell an add-on of the actor's own on a subscription beneath it; a repeated request id sells once.

    Refused: `AddOnInactive`, `WrongServiceType`, `BelowMinimum`, `SubscriptionNotActive`, `NotAssociated`,
    `OversellRefused`, `RequestReused`. The actor's own subscriptions are `NotFound`: nobody sells to itself.
    """


@operation
def cancel_add_on_sale(*, actor: Actor, sale_id: int, now: datetime) -> AddOnSale:
    """End a sale and take back what it granted; repeating does nothing.

    Only the tenants above the holder may. `StillSold` when the holder may not oversell and has sold it on.
    """
