"""Many invitations out of one file: all rows are taken or none, and a job carries them out, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy, RequestReused, found
from resellerhub.kernel.text import has_link
from tenants.actor import Actor
from tenants.models import Event, InvitationBatch, InvitationRow, Tenant
from tenants.services.bulk_inviting import invite_rows
from tenants.services.checks import no_link
from tenants.services.reading import Column, Table
from tenants.services.settings import require_type
from tenants.services.tree import may_sell

KIND, STARTED = "invitation_batch", "invitation_batch.started"
CHUNK = 500

COLUMNS = (
    Column("email", forms.EmailField(label=_("E-mail"), max_length=254)),
    Column("organisation", forms.CharField(label=_("Organisation"), max_length=200, required=False)),
)

ITEMS = "SELECT row_number() OVER (ORDER BY line), id FROM tenants_invitationrow WHERE batch_id = %s"


@dataclass(frozen=True)
class Terms:
    """What all rows share; without a language, it is the seller's.

    Without `mails_unregistered`, who is no reseller here is told of and not written to.
    """

    seller_id: int
    language: str
    reseller_type: str = ""
    mails_unregistered: bool = True
    file_name: str = ""


@operation
def start_invitation_batch(
    *, actor: Actor, terms: Terms, table: Table, request_id: UUID, now: datetime
) -> InvitationBatch:
    """Take all rows, or with one faulty row none (`FaultyRows`), and hand them to the workers.

    A repeated request id starts nothing twice. Cancel and retry through the kernel's jobs.
    """
    actor.require("reseller.invite")
    seller: Tenant = found(Tenant.objects.visible_to(actor).select_related("profile"), pk=terms.seller_id)
    terms = replace(terms, language=terms.language or seller.profile.language)
    if earlier := InvitationBatch.objects.filter(tenant=actor.tenant_id, request_id=request_id).first():
        if any(getattr(earlier, name) != value for name, value in vars(terms).items()):
            raise RequestReused()
        return earlier
    may_sell(seller)
    if terms.reseller_type:
        require_type(seller.house_id, terms.reseller_type, field="reseller_type")
    table.blame_repeats("email")
    for row in table.rows:
        if has_link(row.values.get("organisation", "")):
            table.blame(row.line, "organisation", no_link())
    rows = table.sound()
    job = start_job(actor=actor, kind=KIND, title=f"{terms.file_name or KIND} ({len(rows)})", now=now)
    with refusing({"tenants_batch_request": Busy()}):
        batch = InvitationBatch.objects.create(
            tenant_id=actor.tenant_id,
            provider_id=actor.provider_id,
            job=job,
            request_id=request_id,
            created_at=now,
            **vars(terms),
        )
    InvitationRow.objects.bulk_create(
        InvitationRow(
            batch=batch,
            line=row.line,
            email=row.values["email"].lower(),
            organisation=row.values.get("organisation", ""),
        )
        for row in rows
    )
    write_items(job, ITEMS, [batch.pk])
    seal_job(job, chunk=CHUNK)
    actor.record(STARTED, batch, at=now, rows=len(rows), mails_unregistered=terms.mails_unregistered, job=job.pk)
    return batch


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Invite the rows of these items; called by the job runner inside its transaction."""
    batch: Any = InvitationBatch.objects.select_related("tenant", "seller").get(job=job.pk)
    told = Event.objects.get(subject_type="invitationbatch", subject_id=batch.pk, kind=STARTED)
    invite_rows(Actor.of_job(batch.tenant, told), batch, item_ids, job.heartbeat_at or told.at)
