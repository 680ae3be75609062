"""What the clock does to subscriptions."""

from contextlib import suppress

from django.utils import timezone

from resellerhub.kernel.tasks import task
from subscriptions.pool_refusals import Repeated
from subscriptions.services.life import settling
from subscriptions.services.pools import ending
from subscriptions.services.pools import notices as pool_notices
from subscriptions.services.pushes import starting as pushes
from subscriptions.services.usage import alerts, notices
from subscriptions.services.usage import ingesting as usage


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

    What has ended is expired without it."""
    now = timezone.now()
    for pool_id in ending.due_for_renewal(now):
        ending.renew_pool(pool_id=pool_id, now=now)
    for parent_id in ending.due_for_reclaim(now):
        ending.reclaim_seats(parent_id=parent_id, now=now)
    while pool_notices.tell_ends(now=now):
        pass
    for pool_id in pool_notices.nearly_used(now):
        tell_nearly_used(pool_id)


@task
def tell_nearly_used(pool_id: int) -> None:
    """Tell that a pool is nearly used up; another that does the same at the same time has told it."""
    with suppress(Repeated):
        pool_notices.tell_nearly_used(pool_id=pool_id, now=timezone.now())
