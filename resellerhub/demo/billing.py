"""What the demo bills: a run of the provider that is issued and partly paid, one of a reseller whose drafts wait."""

from collections.abc import Sequence
from uuid import uuid5

from invoicing.models import BillingRun, Document
from invoicing.services.payments import Received, record_payment
from invoicing.services.runs import approve_run, issue_run, start_run
from invoicing.services.taxes import adopt_standard_rates
from resellerhub.demo.add_ons import SPACE
from resellerhub.demo.sellers import Seller, Stage
from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.periods import day_of
from tenants.services.company import amend_company

PROVIDER = {
    "legal_name": "Groupware GmbH",
    "contact_name": "Greta Lindqvist",
    "owner_email": "buchhaltung@groupware.example",
    "phone": "+49 30 5550100",
    "street": "Torstraße 12",
    "postal_code": "10119",
    "city": "Berlin",
    "country": "DE",
    "vat_id": "DE136695976",
    "iban": "DE89370400440532013000",
}
WORK = 600.0
"""Seconds that a job may take before the next one is begun."""


def make_bills(stage: Stage, provider: Seller, resellers: Sequence[Seller]) -> int:
    """How many documents there are then; every third that was issued is paid."""
    amend_company(actor=stage.provider, tenant_id=provider.id, values=PROVIDER, now=stage.now)
    adopt_standard_rates(actor=stage.provider, now=stage.now)
    run = _billed(stage, provider)
    issue_run(actor=provider.actor, run_id=run.pk, now=stage.now)
    run.refresh_from_db()
    _work(run.issuing_id)
    for reseller in resellers:
        _billed(stage, reseller)
    _pay(stage, provider)
    return Document.objects.count()


def _billed(stage: Stage, seller: Seller) -> BillingRun:
    until = day_of(stage.now)
    run = start_run(actor=seller.actor, until=until, request_id=uuid5(SPACE, f"run {seller.id}"), now=stage.now)
    _work(run.counting_id)
    run = approve_run(actor=seller.actor, run_id=run.pk, now=stage.now)
    _work(run.job_id)
    return run


def _work(job_id: int | None) -> None:
    while job_id is not None and run_job(job_id, seconds=WORK):
        pass


def _pay(stage: Stage, provider: Seller) -> None:
    """What was issued, by transfer, as its number says."""
    issued = Document.objects.issued_by(provider.id).filter(state=Document.State.ISSUED, payable__gt=0)
    for document in issued.order_by("pk")[::3]:
        received = Received(
            payer_id=document.payer_id,
            amount=document.payable,
            currency=document.currency,
            received_on=day_of(stage.now),
            reference=document.full_number,
        )
        record_payment(
            actor=provider.actor, received=received, request_id=uuid5(SPACE, document.full_number), now=stage.now
        )
