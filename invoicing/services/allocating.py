"""What settles what: money goes to documents, and what a payer gets back settles what it owes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy

from invoicing.models import Allocation, Document, Payment
from invoicing.selectors.accounts import open_documents, payments, with_open
from resellerhub.kernel.money import plain
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import NotFound, Refusal, found
from tenants.actor import Actor

NOTHING = Decimal(0)


class TooMuch(Refusal):
    code, status = "too-much", 409
    message = gettext_lazy("At most {most} {currency} can be allocated here.")


class NotSettledBy(Refusal):
    code = "not-settled-by"
    message = gettext_lazy("This document is not settled by this: it is of another payer or currency, or not open.")


@operation
def allocate(
    *, actor: Actor, payment_id: int, document_id: int, amount: Decimal | None = None, now: datetime
) -> Allocation:
    """Let a payment settle a document, with as much as both have left, or an amount of that. Refused: `TooMuch`."""
    actor.require("payment.edit")
    payment = found(payments(actor), pk=payment_id)
    document = found(with_open(Document.objects.visible_to(actor)), pk=document_id)
    if actor.tenant_id not in {payment.issuer_id} & {document.issuer_id}:
        raise NotFound()
    most = min(payment.left, abs(document.open))  # type: ignore[attr-defined]
    if most <= 0 or (payment.payer_id, payment.currency) != (document.payer_id, document.currency):
        raise NotSettledBy(field="document")
    wanted = most if amount is None else amount
    if not 0 < wanted <= most:
        raise TooMuch(field="amount", most=plain(most), currency=payment.currency)
    (row,) = _write([(payment, document, wanted)], now)
    facts = {"payment.amount": plain(wanted), "document.number": document.full_number}
    actor.record("payment.allocated", payment, at=now, tenant_id=payment.payer_id, currency=payment.currency, **facts)
    return row


@operation
def deallocate(*, actor: Actor, payment_id: int, document_id: int, now: datetime) -> None:
    """Take back what of a payment settles a document: it can be allocated elsewhere. Nothing to take back: 404."""
    actor.require("payment.edit")
    payment = found(Payment.objects.visible_to(actor), pk=payment_id, issuer=actor.tenant_id)
    document = found(Document.objects.visible_to(actor), pk=document_id)
    if not take_back(payment.allocations.filter(document=document), now):
        raise NotFound()
    facts = {"document.number": document.full_number}
    actor.record("payment.deallocated", payment, at=now, tenant_id=payment.payer_id, **facts)


def settle_oldest(payment: Payment, now: datetime) -> None:
    """Part of an operation: what was due first before the rest, as far as the money goes."""
    left = abs(payment.amount)
    wanted = []
    for document in open_documents(payment.issuer_id, payment.payer_id, payment.currency):
        if left and (document.open > 0) == (payment.amount > 0):  # type: ignore[attr-defined]
            part = min(left, abs(document.open))  # type: ignore[attr-defined]
            wanted.append((payment, document, part))
            left -= part
    _write(wanted, now)


def apply_credit(note: Document, now: datetime) -> None:
    """Part of the issue of a credit note: it settles what it corrects, as far as that is open; the rest stays for
    other documents, or is paid back."""
    invoice = with_open(Document.objects.filter(pk=note.corrects_id)).get()
    part = min(invoice.open, note.payable)  # type: ignore[attr-defined]
    if part > 0:
        Allocation.objects.create(provider_id=note.provider_id, credit=note, document=invoice, amount=part, made_at=now)


def release(document: Document, now: datetime) -> None:
    """Part of making a document void: what settled it can settle another one."""
    take_back(Allocation.objects.filter(document=document) | Allocation.objects.filter(credit=document), now)


def take_back(rows: Iterable[Allocation], now: datetime) -> int:
    """As much as there is of each, by rows of its own; how many those are."""
    sums: dict[tuple[int, int | None, int | None, int], Decimal] = defaultdict(lambda: NOTHING)
    for row in rows:
        sums[row.provider_id, row.payment_id, row.credit_id, row.document_id] += row.amount
    made = [
        Allocation(
            provider_id=provider, payment_id=payment, credit_id=credit, document_id=document, amount=-sum_, made_at=now
        )
        for (provider, payment, credit, document), sum_ in sorted(sums.items(), key=lambda item: item[0][3])
        if sum_
    ]
    Allocation.objects.bulk_create(made)
    return len(made)


def _write(wanted: Iterable[tuple[Payment, Document, Decimal]], now: datetime) -> list[Allocation]:
    """The database counts: who is second to the last cent is told what is left, by trying again."""
    rows = [
        Allocation(provider_id=payment.provider_id, payment=payment, document=document, amount=amount, made_at=now)
        for payment, document, amount in wanted
    ]
    beaten = {"allocation_within_source": NotSettledBy(), "allocation_within_document": NotSettledBy()}
    with refusing({**beaten, "allocation_settles": NotSettledBy()}):
        return Allocation.objects.bulk_create(rows)
