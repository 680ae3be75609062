"""The tables of subscriptions; Django looks for them here."""

from subscriptions.models.alerts import CEILING, PERCENT_MAX, THRESHOLDS_MAX, USUAL, UsageAlerts, UsageCrossing
from subscriptions.models.holdings import UTILISED, Grant, Holding, HoldingQuerySet
from subscriptions.models.offers import Listing, Offering, Order
from subscriptions.models.oneoffs import OneOff
from subscriptions.models.planned import PlannedChange
from subscriptions.models.pools import Pool, PoolAssignment
from subscriptions.models.pushes import Push
from subscriptions.models.seats import PoolNotice, SeatEntry
from subscriptions.models.subscriptions import QUANTITY_MAX, Subscription, SubscriptionQuerySet
from subscriptions.models.supplies import PoolSupply
from subscriptions.models.terms import SubscriptionTerm
from subscriptions.models.timeline import Phase, PhaseFee
from subscriptions.models.usage import UsageEvent

__all__ = [
    "CEILING",
    "PERCENT_MAX",
    "QUANTITY_MAX",
    "THRESHOLDS_MAX",
    "USUAL",
    "UTILISED",
    "Grant",
    "Holding",
    "HoldingQuerySet",
    "Listing",
    "Offering",
    "OneOff",
    "Order",
    "Phase",
    "PhaseFee",
    "PlannedChange",
    "Pool",
    "PoolAssignment",
    "PoolNotice",
    "PoolSupply",
    "Push",
    "SeatEntry",
    "Subscription",
    "SubscriptionQuerySet",
    "SubscriptionTerm",
    "UsageAlerts",
    "UsageCrossing",
    "UsageEvent",
]
