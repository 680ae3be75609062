"""What workers do for invoicing by themselves."""

from django.utils import timezone

from invoicing import vat_clerk
from resellerhub.kernel.tasks import task


@task
def check_vat_ids() -> None:
    """Ask about VAT IDs until nothing is due. Sent for when somebody wants to know, and by beat."""
    while vat_clerk.ask_some(now=timezone.now()):
        pass
