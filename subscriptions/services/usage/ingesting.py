"""Usage as it is measured: events in batches, each counted once, whatever order they come in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import DataError, connection
from django.utils.translation import gettext as _

from catalog.models import Resource
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import month_of
from resellerhub.kernel.refusals import Invalid
from resellerhub.kernel.sqlstates import SqlState, sql_state
from subscriptions.models import Holding, Subscription
from subscriptions.services.drawing import pass_up, with_sources
from subscriptions.services.usage.counting import Counted, conflicts, count_events, quoted, text_of
from subscriptions.services.usage.crossings import note_crossings, note_crossings_exactly
from tenants.actor import Actor

BATCH_MAX = 10_000
QUANTITY_MAX = 10**15
EVENT_ID_MAX = 100
AHEAD = timedelta(days=1)
"""How far a clock elsewhere may be ahead of ours."""

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
    wanted = [measures[place] for place in places] if rejected else measures
    sent = _columns(wanted) | {"provider": actor.provider_id, "now": now}
    done = _counted(wanted, sent, now)
    note_crossings_exactly(done.subscriptions, done.resources, now)
    good = len(wanted) - len(done.faults)
    different = sorted({*conflicts(sent)} - {*done.faults}) if done.accepted < good else []
    rejected |= {places[place]: fault for place, fault in done.faults.items()}
    rejected |= {places[place]: "conflict" for place in different}
    return Ingested(
        accepted=done.accepted,
        duplicates=good - done.accepted - len(different),
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


def _counted(measures: Sequence[Measure], sent: dict[str, Any], now: datetime) -> Counted:
    """All at once. Where something comes to more than there is room for, those that report it are found by halving: of
    one resource of one subscription all that the batch has is refused."""
    try:
        return operation(count_events)(sent, {measure.resource for measure in measures}, now)
    except DataError as error:
        if sql_state(error) != SqlState.OUT_OF_RANGE:
            raise
    reporting: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, measure in enumerate(measures):
        reporting[measure.subscription_id, measure.resource].append(place)
    each = list(reporting.values())
    if len(each) == 1:
        return Counted(0, dict.fromkeys(range(len(measures)), "too-much"))
    done = Counted(0, {})
    for half in (each[: len(each) // 2], each[len(each) // 2 :]):
        places = sorted(chain.from_iterable(half))
        part = [measures[place] for place in places]
        done = done.beside(_counted(part, sent | _columns(part), now), places)
    return done


FAULTS = {
    "no-event-id": lambda: _("An event needs an id of at most %(most)s characters.") % {"most": EVENT_ID_MAX},
    "quantity": lambda: _("A quantity is a whole number from 0 to %(most)s.") % {"most": QUANTITY_MAX},
    "future": lambda: _("This was measured more than a day from now."),
    "unknown-subscription": lambda: _("There is no such subscription."),
    "unknown-resource": lambda: _("The service of this subscription has no such resource."),
    "subscription-closed": lambda: _("This subscription was closed before."),
    "too-much": lambda: _("With what was reported before, this is more than can be counted."),
    "conflict": lambda: _("This event id was already counted with other values, which stand."),
}


def _fault(measure: Measure, now: datetime) -> str:
    if not 0 < len(measure.event_id.strip()) <= EVENT_ID_MAX:
        return "no-event-id"
    if not 0 <= measure.quantity <= QUANTITY_MAX:
        return "quantity"
    return "future" if measure.at > now + AHEAD else ""


def _columns(measures: Sequence[Measure]) -> dict[str, Any]:
    return {
        "ids": quoted([measure.event_id.strip() for measure in measures]),
        "subscriptions": text_of([measure.subscription_id for measure in measures]),
        "codes": quoted([measure.resource for measure in measures]),
        "quantities": text_of([measure.quantity for measure in measures]),
        "moments": quoted([measure.at.isoformat() for measure in measures]),
    }
