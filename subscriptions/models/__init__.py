"""The tables of subscriptions; Django looks for them here."""

from subscriptions.models.holdings import UTILISED, Grant, Holding, HoldingQuerySet
from subscriptions.models.subscriptions import QUANTITY_MAX, Subscription, SubscriptionQuerySet
from subscriptions.models.timeline import Phase, PhaseFee
from subscriptions.models.usage import UsageEvent

__all__ = [
    "QUANTITY_MAX",
    "UTILISED",
    "Grant",
    "Holding",
    "HoldingQuerySet",
    "Phase",
    "PhaseFee",
    "Subscription",
    "SubscriptionQuerySet",
    "UsageEvent",
]
