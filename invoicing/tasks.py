"""What workers do for invoicing by themselves."""

from django.utils import timezone

from invoicing import vat_clerk
from invoicing.services import runs
from resellerhub.kernel.tasks import task


@task
def check_vat_ids() -> None:
    """Ask about VAT IDs until nothing is due. Sent for when somebody wants to know, and by beat."""
    while vat_clerk.ask_some(now=timezone.now()):
        pass


@task
def issue_due() -> None:
    """Issue what billing runs have drafted once its days of grace are over; late, or twice, it is the same."""
    now = timezone.now()
    for run_id in runs.due_runs(now):
        runs.issue_due_run(run_id=run_id, now=now)
