"""The rows of a batch of invitations, each with what became of it."""

from typing import Any

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from resellerhub.kernel.models import JobItem
from tenants.models import InvitationBatch, InvitationRow
from tenants.services.bulk_inviting import REASONS

OUTCOMES: dict[str, Any] = {
    **REASONS,
    JobItem.State.DONE.value: _("Invited"),
    JobItem.State.PENDING.value: _("Waiting"),
    JobItem.State.FAILED.value: _("Failed"),
    "cancelled": pgettext_lazy("job", "Cancelled"),
}


def outcome_of(item: Any) -> str:
    return str(item.reason if item.state == JobItem.State.SKIPPED else item.state)


def outcome_label(outcome: str) -> str:
    return str(OUTCOMES.get(outcome, outcome))


def rows_of(batch: InvitationBatch) -> QuerySet[Any]:
    row = InvitationRow.objects.filter(pk=OuterRef("subject_id"))
    told = {name: Subquery(row.values(name)) for name in ("line", "email", "organisation")}
    return JobItem.objects.filter(job=batch.job_id).annotate(**told)


def outcomes(batch: InvitationBatch) -> list[tuple[str, int]]:
    """How many rows ended how: a reason where nobody was invited, else the state."""
    outcome = Case(When(state=JobItem.State.SKIPPED, then=F("reason")), default=F("state"))
    rows = JobItem.objects.filter(job=batch.job_id).annotate(outcome=Coalesce(outcome, F("state"))).order_by("outcome")
    return list(rows.values_list("outcome").annotate(Count("pk")))
