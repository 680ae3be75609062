"""What the demo's customers use: most below what they hold, some exactly that, some more."""

from collections.abc import Iterator
from datetime import timedelta

from catalog.models import Resource
from resellerhub.demo.sellers import Stage
from subscriptions.models import Holding
from subscriptions.services.usage.ingesting import BATCH_MAX, Measure, ingest_usage
from tenants.roles import Kind

OVER, FULL = 0.12, 0.05
"""How many of the subscriptions use more of something than they hold; how many resources are used up exactly."""


def measure_usage(stage: Stage) -> int:
    """Report the use of everything that customers hold, through the real ingestion; how many events that is."""
    count, batch = 0, []
    for measure in measures(stage):
        batch.append(measure)
        if len(batch) == BATCH_MAX:
            count += ingest_usage(actor=stage.provider, measures=batch, now=stage.now).accepted
            batch = []
    if batch:
        count += ingest_usage(actor=stage.provider, measures=batch, now=stage.now).accepted
    return count


def measures(stage: Stage) -> Iterator[Measure]:
    held = Holding.objects.visible_to(stage.provider).filter(tenant__kind=Kind.CUSTOMER)
    rows = held.order_by("subscription_id", "resource_id").values_list(
        "subscription_id", "resource__code", "resource__metering", "allocated"
    )
    subscription, greedy = 0, False
    for subscription_id, code, metering, allocated in list(rows):
        if subscription_id != subscription:
            subscription, greedy = subscription_id, stage.random.random() < OVER
        share = stage.random.uniform(0.3, 0.98)
        if stage.random.random() < FULL:
            share = 1.0
        elif greedy and stage.random.random() < 0.4:
            share = stage.random.uniform(1.05, 1.6)
        quantity = int(allocated * share) + (share > 1)
        hours = stage.random.randrange(1, 5)
        parts = 3 if metering == Resource.Metering.COUNTER else 1
        for part in range(parts):
            yield Measure(
                event_id=f"demo-{subscription_id}-{code}-{part}",
                subscription_id=subscription_id,
                resource=code,
                quantity=quantity // parts if part else quantity - (parts - 1) * (quantity // parts),
                at=stage.now - timedelta(minutes=hours * 10 + part),
            )
