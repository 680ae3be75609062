"""What the clock does to subscriptions."""

from celery import shared_task
from django.utils import timezone

from subscriptions.services.usage import start_usage_month as start


@shared_task
def start_usage_month() -> int:
    """Begin counters anew in a new month; safe to run at any time, and as often as one likes."""
    return start(now=timezone.now())
