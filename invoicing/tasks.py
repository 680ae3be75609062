"""What workers do for invoicing by themselves."""

from collections.abc import Callable
from typing import Any

import structlog
from django.utils import timezone

from invoicing import vat_clerk
from invoicing.refusals import NobodyOwes
from invoicing.services import run_calendar
from resellerhub.kernel.tasks import task

log = structlog.get_logger(__name__)


@task
def check_vat_ids() -> None:
    """Ask about VAT IDs until nothing is due. Sent for when somebody wants to know, and by beat."""
    while vat_clerk.ask_some(now=timezone.now()):
        pass


@task
def issue_due() -> None:
    """Issue what billing runs have drafted once its days of grace are over; late, or twice, it is the same."""
    now = timezone.now()
    for run_id in run_calendar.due_runs(now):
        _try(run_calendar.issue_due_run, run_id=run_id, now=now)


@task
def count_due() -> None:
    """Count what is to be billed on the day that an issuer's policy says; it waits to be approved. Who owes nothing is
    not billed."""
    now = timezone.now()
    for issuer_id, day in run_calendar.months_due(now):
        _try(run_calendar.count_month, issuer_id=issuer_id, until=day, now=now)


def _try(operation: Callable[..., Any], **values: Any) -> None:
    """One issuer that cannot be billed keeps no other from it: its turn comes again."""
    try:
        operation(**values)
    except NobodyOwes:
        pass
    except Exception:
        log.exception("billing_run_put_off", **{name: str(value) for name, value in values.items()})
