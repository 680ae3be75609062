"""What stands behind a row of over-usage."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from catalog.models import Resource
from subscriptions.models import Holding, UsageEvent


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows whose `amount` add up to what a holding utilises."""

    drawn: QuerySet[Holding] | None = None
    """Basis sold: the holdings of the open subscriptions that draw on it; their `allocated` add up to `sold`."""
    events: QuerySet[UsageEvent] | None = None
    """Basis used: of a gauge the event that counts, of a counter those of its month, of the subscription and of those
    that draw on it; their `quantity` make `used`."""


def behind(holding: Holding) -> Behind:
    """What stands behind a row of the report. The caller has found the holding in its scope; all behind it is below."""
    if holding.basis == Holding.Basis.SOLD:
        return Behind(drawn=drawn_from(holding))
    return Behind(events=counted_events(holding))


def drawn_from(holding: Holding) -> QuerySet[Holding]:
    """What of this holding was handed on, the largest part first; names are for the caller to join."""
    return (
        Holding.objects.filter(subscription__source=holding.subscription_id, resource=holding.resource_id)
        .select_related("subscription__package", "tenant")
        .order_by("-allocated", "pk")
    )


DRAWING = """
WITH RECURSIVE drawing AS (
    SELECT %s::bigint AS id UNION ALL
    SELECT s.id FROM drawing JOIN subscriptions_subscription s ON s.source_id = drawing.id)
SELECT e.id FROM drawing JOIN subscriptions_holding h ON h.subscription_id = drawing.id AND h.resource_id = %s
"""
COUNTED = {
    Resource.Metering.GAUGE: """
 CROSS JOIN LATERAL (
       SELECT e.id FROM subscriptions_usageevent e
        WHERE e.subscription_id = h.subscription_id AND e.resource_id = h.resource_id AND e.at = h.used_at
        ORDER BY e.quantity DESC, e.id LIMIT 1) AS e
""",
    Resource.Metering.COUNTER: """
  JOIN subscriptions_usageevent e ON e.subscription_id = h.subscription_id AND e.resource_id = h.resource_id
   AND e.at >= date_trunc('month', h.used_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
   AND e.at < (date_trunc('month', h.used_at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
""",
}


def counted_events(holding: Holding) -> QuerySet[UsageEvent]:
    """The events behind `used`: those of the subscription, and of all that draw on it at whatever depth."""
    counted = COUNTED[Resource.Metering(holding.resource.metering)]
    events = RawSQL(DRAWING + counted, (holding.subscription_id, holding.resource_id))  # noqa: S611
    return UsageEvent.objects.filter(pk__in=events).order_by("-at", "pk")
