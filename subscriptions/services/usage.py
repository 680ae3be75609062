"""Usage as it is measured: events in batches, each counted once, whatever order they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from catalog.models import Resource
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import month_of
from resellerhub.kernel.refusals import Invalid
from subscriptions.models import Holding, Subscription
from subscriptions.services.allocation import BASIS
from subscriptions.services.crossings import note_crossings
from subscriptions.services.drawing import lock_use, pass_up, with_sources
from tenants.actor import Actor

BATCH_MAX = 10_000
QUANTITY_MAX = 10**15
EVENT_ID_MAX = 100
AHEAD = timedelta(days=1)
"""How far a clock elsewhere may be ahead of ours."""

RESOLVE = """
SELECT sent.place, s.id, r.id, (s.state = 'closed' AND (sent.at AT TIME ZONE 'UTC')::date > s.closed_on)
  FROM unnest(%(places)s::int[], %(subscriptions)s::bigint[], %(codes)s::text[], %(moments)s::timestamptz[])
       AS sent (place, subscription_id, code, at)
  JOIN subscriptions_subscription s ON s.id = sent.subscription_id AND s.provider_id = %(provider)s
  LEFT JOIN catalog_resource r ON r.service_type_id = s.service_type_id AND r.code = sent.code
"""

MEASURED = """
CASE WHEN h.used_at IS NULL THEN excluded.measured
     WHEN (SELECT metering FROM catalog_resource WHERE id = h.resource_id) = 'gauge'
     THEN CASE WHEN (excluded.used_at, excluded.measured) > (h.used_at, h.measured)
               THEN excluded.measured ELSE h.measured END
     WHEN date_trunc('month', excluded.used_at AT TIME ZONE 'UTC')
        > date_trunc('month', h.used_at AT TIME ZONE 'UTC') THEN excluded.measured
     WHEN date_trunc('month', excluded.used_at AT TIME ZONE 'UTC')
        = date_trunc('month', h.used_at AT TIME ZONE 'UTC') THEN h.measured + excluded.measured
     ELSE h.measured END
"""

INGEST = f"""
WITH sent AS (
    SELECT * FROM unnest(%(ids)s::text[], %(subscriptions)s::bigint[], %(resources)s::bigint[],
                         %(quantities)s::bigint[], %(moments)s::timestamptz[])
           WITH ORDINALITY AS sent (event_id, subscription_id, resource_id, quantity, at, place)
), fresh AS (
    INSERT INTO subscriptions_usageevent
           (provider_id, tenant_id, subscription_id, resource_id, event_id, quantity, at, received_at)
    SELECT s.provider_id, s.tenant_id, s.id, sent.resource_id, sent.event_id, sent.quantity, sent.at, %(now)s
      FROM sent JOIN subscriptions_subscription s ON s.id = sent.subscription_id ORDER BY sent.event_id, sent.place
        ON CONFLICT (provider_id, event_id) DO NOTHING
    RETURNING subscription_id, resource_id, quantity, at
), months AS (
    SELECT f.subscription_id, f.resource_id, max(f.at) AS at, sum(f.quantity) AS quantity
      FROM fresh f JOIN catalog_resource r ON r.id = f.resource_id AND r.metering = 'counter'
     GROUP BY f.subscription_id, f.resource_id, date_trunc('month', f.at AT TIME ZONE 'UTC')
), latest AS (
    SELECT DISTINCT ON (subscription_id, resource_id) subscription_id, resource_id, at, quantity
      FROM (SELECT f.subscription_id, f.resource_id, f.at, f.quantity
              FROM fresh f JOIN catalog_resource r ON r.id = f.resource_id AND r.metering = 'gauge'
            UNION ALL SELECT subscription_id, resource_id, at, quantity FROM months) AS each
     ORDER BY subscription_id, resource_id, at DESC, quantity DESC
), before AS (
    SELECT h.subscription_id, h.resource_id, h.measured
      FROM latest JOIN subscriptions_holding h USING (subscription_id, resource_id)
), held AS (
    INSERT INTO subscriptions_holding AS h (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis,
                                            allocated, sold, used, measured, used_at)
    SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, latest.resource_id, {BASIS},
           0, 0, latest.quantity, latest.quantity, latest.at
      FROM latest JOIN subscriptions_subscription s ON s.id = latest.subscription_id AND s.state <> 'closed'
      JOIN tenants_tenant t ON t.id = s.tenant_id
     ORDER BY s.id, latest.resource_id
        ON CONFLICT (subscription_id, resource_id) DO UPDATE SET
           used = h.used - h.measured + {MEASURED}, measured = {MEASURED},
           used_at = greatest(h.used_at, excluded.used_at)
    RETURNING h.subscription_id, h.resource_id, h.measured
), changed AS (
    SELECT held.subscription_id, held.resource_id, held.measured - coalesce(before.measured, 0) AS amount
      FROM held LEFT JOIN before USING (subscription_id, resource_id)
      JOIN subscriptions_subscription s ON s.id = held.subscription_id AND s.source_id IS NOT NULL
)
SELECT (SELECT count(*) FROM fresh), array_agg(subscription_id), array_agg(resource_id), array_agg(amount)
  FROM changed WHERE amount <> 0
"""

CONFLICTS = """
SELECT sent.place
  FROM unnest(%(places)s::int[], %(ids)s::text[], %(subscriptions)s::bigint[], %(resources)s::bigint[],
              %(quantities)s::bigint[], %(moments)s::timestamptz[])
       AS sent (place, event_id, subscription_id, resource_id, quantity, at)
  JOIN subscriptions_usageevent e ON e.provider_id = %(provider)s AND e.event_id = sent.event_id
 WHERE (e.subscription_id, e.resource_id, e.quantity, e.at)
       IS DISTINCT FROM (sent.subscription_id, sent.resource_id, sent.quantity, sent.at)
"""

NEW_MONTH = """
UPDATE subscriptions_holding SET measured = 0, used = used - measured, used_at = %(month)s WHERE id = ANY (%(holdings)s)
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing measured. `resource` is its code; a gauge's quantity is what is in use, a counter's what was added."""

    event_id: str
    subscription_id: int
    resource: str
    quantity: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that was not taken: `position` in the batch, and why."""

    position: int
    event_id: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ingested:
    accepted: int
    duplicates: int
    rejected: list[Rejected]


@operation
def ingest_usage(*, actor: Actor, measures: Sequence[Measure], now: datetime) -> Ingested:
    """Count these events, each id once; only the provider measures. Bad ones are listed and keep no good one out.

    An id that was counted before is passed over: a duplicate where it says the same, where it says anything else it is
    listed as a conflict. What was counted first stands.

    Of a gauge the latest counts (of two at the same instant the larger), of a counter the sum of the latest calendar
    month in UTC: the order in which events come makes no difference.
    """
    actor.require_provider("usage.report")
    if len(measures) > BATCH_MAX:
        raise Invalid({"events": [_("At most %(most)s events fit into one batch.") % {"most": BATCH_MAX}]})

    rejected = {place: fault for place, measure in enumerate(measures) if (fault := _fault(measure, now))}
    places = [place for place in range(len(measures)) if place not in rejected]
    resolved, faults = _resolve(actor, measures, places)
    rejected |= faults
    good = [(measures[place], resource_id) for place, resource_id in resolved.items()]
    sent = _columns(good)
    accepted = _count(sent, now) if good else 0
    conflicts = _conflicts(sent, list(resolved), actor.provider_id) if accepted < len(good) else []
    rejected |= dict.fromkeys(conflicts, "conflict")
    return Ingested(
        accepted=accepted,
        duplicates=len(good) - accepted - len(conflicts),
        rejected=[
            Rejected(place, measures[place].event_id, fault, FAULTS[fault]())
            for place, fault in sorted(rejected.items())
        ],
    )


@operation
def start_usage_month(*, now: datetime) -> int:
    """Counters begin again at 0 in a new month, in every house; returns how many did. Doing it again does nothing."""
    month = month_of(now)
    counters = Holding.objects.filter(resource__metering=Resource.Metering.COUNTER)
    ids = with_sources(counters.filter(used_at__lt=month).order_by().values_list("subscription_id", flat=True))
    list(Subscription.objects.filter(pk__in=ids).locked().values_list("pk", flat=True))
    locked = counters.filter(subscription__in=ids).locked()
    rows = locked.values_list("pk", "subscription_id", "resource_id", "measured", "used_at")
    stale = [row for row in rows if row[4] is not None and row[4] < month]
    with connection.cursor() as cursor:
        cursor.execute(NEW_MONTH, {"month": month, "holdings": [row[0] for row in stale]})
    pass_up([(subscription_id, resource_id, -measured) for _pk, subscription_id, resource_id, measured, _at in stale])
    note_crossings(((row[1], row[2]) for row in stale), now)
    return len(stale)


FAULTS = {
    "no-event-id": lambda: _("An event needs an id of at most %(most)s characters.") % {"most": EVENT_ID_MAX},
    "quantity": lambda: _("A quantity is a whole number from 0 to %(most)s.") % {"most": QUANTITY_MAX},
    "future": lambda: _("This was measured more than a day from now."),
    "unknown-subscription": lambda: _("There is no such subscription."),
    "unknown-resource": lambda: _("The service of this subscription has no such resource."),
    "subscription-closed": lambda: _("This subscription was closed before."),
    "conflict": lambda: _("This event id was already counted with other values, which stand."),
}


def _fault(measure: Measure, now: datetime) -> str:
    if not 0 < len(measure.event_id.strip()) <= EVENT_ID_MAX:
        return "no-event-id"
    if not 0 <= measure.quantity <= QUANTITY_MAX:
        return "quantity"
    return "future" if measure.at > now + AHEAD else ""


def _resolve(actor: Actor, measures: Sequence[Measure], places: Sequence[int]) -> tuple[dict[int, int], dict[int, str]]:
    """The resource of each event, by position; or why it has none. Locks the subscriptions, what they draw on, and the
    holdings of both."""
    wanted = [measures[place] for place in places]
    chain = with_sources({measure.subscription_id for measure in wanted})
    locked = Subscription.objects.visible_to(actor).filter(pk__in=chain).locked()
    resources = Resource.objects.filter(
        service_type__provider=actor.provider_id, code__in={measure.resource for measure in wanted}
    )
    lock_use(list(locked.values_list("pk", flat=True)), resources.values_list("pk", flat=True))
    values: dict[str, Any] = {
        "places": list(places),
        "subscriptions": [measure.subscription_id for measure in wanted],
        "codes": [measure.resource for measure in wanted],
        "moments": [measure.at for measure in wanted],
        "provider": actor.provider_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, values)
        rows = {place: (resource_id, closed) for place, _subscription, resource_id, closed in cursor.fetchall()}
    resolved: dict[int, int] = {}
    faults: dict[int, str] = {}
    for place in places:
        resource_id, closed = rows.get(place, (0, False))
        if resource_id == 0:
            faults[place] = "unknown-subscription"
        elif resource_id is None:
            faults[place] = "unknown-resource"
        elif closed:
            faults[place] = "subscription-closed"
        else:
            resolved[place] = resource_id
    return resolved, faults


def _columns(good: Sequence[tuple[Measure, int]]) -> dict[str, list[Any]]:
    return {
        "ids": [measure.event_id.strip() for measure, _resource in good],
        "subscriptions": [measure.subscription_id for measure, _resource in good],
        "resources": [resource_id for _measure, resource_id in good],
        "quantities": [measure.quantity for measure, _resource in good],
        "moments": [measure.at.astimezone(UTC) for measure, _resource in good],
    }


def _count(sent: Mapping[str, list[Any]], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(INGEST, {**sent, "now": now})
        accepted, subscriptions, resources, amounts = cursor.fetchone()
    if subscriptions:
        pass_up(list(zip(subscriptions, resources, amounts, strict=True)))
    if accepted:
        note_crossings(zip(sent["subscriptions"], sent["resources"], strict=True), now)
    return int(accepted)


def _conflicts(sent: Mapping[str, list[Any]], places: list[int], provider_id: int) -> list[int]:
    """The positions of those whose id stands for something else."""
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTS, {**sent, "places": places, "provider": provider_id})
        return [place for (place,) in cursor.fetchall()]
