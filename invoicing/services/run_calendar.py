"""What the clock does to billing runs: counts them on their day, and issues what was drafted when its grace is over."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q

from invoicing.models import BillingPolicy, BillingRun, Document
from invoicing.selectors.policies import policy_of
from invoicing.services.drafting import today_of
from invoicing.services.run_chunks import approver
from invoicing.services.runs import issue, start_run
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import add_months
from tenants.actor import Actor
from tenants.models import Tenant

DUE = UUID("8b0c9b52-6c2d-4d4f-9d0a-3f1f4f0a7c11")
"""What the request ids of runs are made of that the clock asks for: twice is once."""
AGAIN = timedelta(days=1)


def months_due(now: datetime) -> list[tuple[int, date]]:
    """Whose policy says that a run is to be counted by now, with the day that it is for, and who has none yet. A day on
    which nobody was there is made up for: what became due since the last run is in this one."""
    issuers = BillingPolicy.objects.filter(run_day__gt=0).order_by("tenant").values_list("tenant", flat=True).distinct()
    standing = BillingRun.objects.standing()
    found = []
    for issuer_id in issuers:
        today = today_of(issuer_id, now)
        policy = policy_of(issuer_id, today)
        due = _run_day(today, policy.run_day)
        if due is not None and due > today:
            due = _run_day(today.replace(day=1) - timedelta(days=1), policy.run_day)
        if due is None or due < policy.effective_on:
            continue
        if not standing.filter(Q(month__gte=due.replace(day=1)) | Q(job=None), issuer=issuer_id).exists():
            found.append((issuer_id, due))
    return found


def count_month(*, issuer_id: int, until: date, now: datetime) -> BillingRun:
    """Count a run that is due. Refused as `start_run` refuses."""
    tenant = Tenant.objects.get(pk=issuer_id)
    actor = replace(Actor.system(tenant.house_id, ""), tenant_id=issuer_id, kind=tenant.kind)
    return start_run(actor=actor, until=until, request_id=uuid5(DUE, f"{issuer_id} {until}"), now=now)


@operation
def issue_due_run(*, run_id: int, now: datetime) -> BillingRun | None:
    """Issue its drafts once the days of grace are over, in the name of who approved it; nothing where they are not."""
    run = BillingRun.objects.locked().select_related("issuer").get(pk=run_id)
    return issue(approver(run), run, now) if due_runs(now, pk=run_id) else None


def due_runs(now: datetime, **which: int) -> list[int]:
    """Those that were drafted, whose days of grace are over, and of which drafts are left. What could not be issued is
    tried again each day."""
    tried = Q(issuing=None) | Q(issuing__finished_at__lte=now - AGAIN)
    ready = {"job__finished_at__isnull": False, "documents__state": Document.State.DRAFT}
    drafted = BillingRun.objects.filter(tried, **ready, **which)
    rows = drafted.distinct().values_list("pk", "issuer_id", "until", "job__finished_at")
    return [
        pk
        for pk, issuer_id, until, drafted_at in rows
        if drafted_at and drafted_at + timedelta(days=policy_of(issuer_id, until).grace_days) <= now
    ]


def _run_day(today: date, run_day: int) -> date | None:
    """Of the month of a day; a month without that day has its last one."""
    first = today.replace(day=1)
    return min(first + timedelta(days=run_day - 1), add_months(first, 1) - timedelta(days=1)) if run_day else None
