"""What the clock does to subscriptions."""

from django.utils import timezone

from resellerhub.kernel.tasks import task
from subscriptions.services import usage


@task
def start_usage_month() -> None:
    """Begin counters anew in a new month; safe to run at any time, and as often as one likes."""
    usage.start_usage_month(now=timezone.now())
