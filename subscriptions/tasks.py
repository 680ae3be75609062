"""What the clock does to subscriptions."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from django.utils import timezone

from resellerhub.kernel.tasks import task
from subscriptions.pool_refusals import Repeated
from subscriptions.services.life import settling
from subscriptions.services.pools import ending
from subscriptions.services.pools import notices as pool_notices
from subscriptions.services.pushes import starting as pushes
from subscriptions.services.usage import alerts, notices
from subscriptions.services.usage import ingesting as usage

log = structlog.get_logger(__name__)


@task
def start_usage_month() -> None:
    """Begin counters anew in a new month; safe to run at any time, and as often as one likes."""
    usage.start_usage_month(now=timezone.now())


@task
def renew_due() -> None:
    """Begin, change, renew and end what is due, each with its due day; late, or twice, it is the same."""
    settling.settle_due(now=timezone.now())


@task
def resume_pushes() -> None:
    """New terms for what has waited for its day; late, or twice, it is the same."""
    now = timezone.now()
    for push_id in pushes.due_pushes(now):
        pushes.resume_push(push_id=push_id, now=now)


@task
def tell_crossings() -> None:
    """Tell what was crossed until all is told. Sent for after each crossing, and by beat in case that was lost."""
    while notices.tell_crossings(now=timezone.now()):
        pass


@task
def note_again(seller_id: int) -> None:
    """Look anew at what is held of a seller whose thresholds have changed."""
    alerts.note_again(seller_id=seller_id, now=timezone.now())


@task
def tend_pools() -> None:
    """Renew purchases, take back what has ended, tell what ends; late, or twice, it is the same.

    What has ended is expired without it. A pool that breaks stops no other."""
    now = timezone.now()
    _each(ending.due_for_renewal(now), lambda pk: ending.renew_pool(pool_id=pk, now=now))
    _each(ending.due_for_reclaim(now), lambda pk: ending.reclaim_seats(parent_id=pk, now=now))
    _each(_tried(lambda: pool_notices.nearly_used(now)) or [], tell_nearly_used)
    while _tried(lambda: pool_notices.tell_ends(now=now)):
        pass


def _each(pool_ids: Iterable[int], tend: Callable[[int], Any]) -> None:
    for pk in pool_ids:
        _tried(partial(tend, pk), pool=pk)


def _tried(tend: Callable[[], Any], **facts: Any) -> Any:
    """What breaks is logged, and stops nothing that comes after it."""
    try:
        return tend()
    except Exception:
        log.exception("tending_failed", **facts)
        return None


@task
def tell_nearly_used(pool_id: int) -> None:
    """Tell that a pool is nearly used up; another that does the same at the same time has told it."""
    with suppress(Repeated):
        pool_notices.tell_nearly_used(pool_id=pool_id, now=timezone.now())
