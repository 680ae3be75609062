"""What workers do for tenants by themselves."""

from django.utils import timezone

from resellerhub.kernel.tasks import task
from tenants import postman


@task
def send_mails() -> None:
    """Send what is due until nothing is. Sent for after each mail is written, and by beat in case that was lost."""
    while postman.deliver_some(now=timezone.now()):
        pass
