"""What workers do for tenants by themselves."""

from django.utils import timezone

from resellerhub.kernel.tasks import task
from tenants import postman
from tenants.services.visits import end_overdue_visits


@task
def send_mails() -> None:
    """Send what is due until nothing is. Sent for after each mail is written, and by beat in case that was lost."""
    while postman.deliver_some(now=timezone.now()):
        pass


@task
def end_visits() -> None:
    """Close the visits that nobody ended before their time was over."""
    end_overdue_visits(now=timezone.now())
