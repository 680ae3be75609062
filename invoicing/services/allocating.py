"""What settles what: money goes to documents, and what a payer gets back settles what it owes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from invoicing.models import Allocation, Document, Payment
from invoicing.selectors.accounts import open_documents, payments, with_open
from resellerhub.kernel.money import plain, round_money
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
    payment: Any = found(payments(actor), pk=payment_id)
    document: Any = found(with_open(Document.objects.visible_to(actor)), pk=document_id)
    if actor.tenant_id not in {payment.issuer_id} & {document.issuer_id}:
        raise NotFound()
    most = min(payment.left, abs(document.open))
    if most <= 0 or (payment.payer_id, payment.currency) != (document.payer_id, document.currency):
        raise NotSettledBy(field="document")
    wanted = most if amount is None else amount
    if not 0 < wanted <= most or round_money(wanted, payment.currency) != wanted:
        raise TooMuch(field="amount", most=plain(most), currency=payment.currency)
    (row,) = _write([(payment, document, wanted)], now)
    facts: dict[str, Any] = {"payment.amount": plain(wanted), "document.number": document.full_number}
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
    facts: dict[str, Any] = {"document.number": document.full_number}
    actor.record("payment.deallocated", payment, at=now, tenant_id=payment.payer_id, **facts)


def lock_open(issuer_id: int, payer_ids: Collection[int]) -> None:
    """Before a payment is written that is to settle something: its balance is locked after the documents."""
    list(open_documents(issuer_id, payer_ids).only("pk").locked())


def settle(rows: Sequence[Payment], first: Mapping[int, Collection[int]], now: datetime) -> None:
    """Part of an operation: payments to one issuer go to what is open, as far as the money goes. To the documents that
    `first` names for a payment by its key; then to one of just this amount; then to what was due first."""
    if not rows:
        return
    open_of = defaultdict(list)
    for document in open_documents(rows[0].issuer_id, {row.payer_id for row in rows}):
        open_of[document.payer_id, document.currency].append(document)
    wanted = []
    for row in rows:
        left, named = abs(row.amount), first.get(row.pk, ())
        due = [each for each in open_of[row.payer_id, row.currency] if (each.open > 0) == (row.amount > 0)]
        for document in sorted(due, key=lambda each: (each.pk not in named, abs(each.open) != abs(row.amount))):
            if part := min(left, abs(document.open)):
                wanted.append((row, document, part))
                document.open -= part if document.open > 0 else -part
                left -= part
    _write(wanted, now)


def apply_credit(note: Document, now: datetime) -> None:
    """Part of the issue of a credit note: it settles what it corrects, as far as that is open; the rest stays for
    other documents, or is paid back."""
    invoice = with_open(Document.objects.all()).get(pk=note.corrects_id)
    part = min(invoice.open, note.payable)
    if part > 0:
        Allocation.objects.create(provider_id=note.provider_id, credit=note, document=invoice, amount=part, made_at=now)


def release(document: Document, now: datetime) -> None:
    """Part of making a document void: what settled it can settle another one."""
    take_back(Allocation.objects.filter(document=document) | Allocation.objects.filter(credit=document), now)


def take_back(rows: QuerySet[Allocation], now: datetime) -> int:
    """As much as there is of each, by rows of its own; how many those are. Read once their documents are locked: of two
    who take back at once the second finds nothing left."""
    named = {pk for pair in rows.values_list("document", "credit") for pk in pair if pk}
    list(Document.objects.filter(pk__in=named).only("pk").locked())
    sums: dict[tuple[int, int | None, int | None, int], Decimal] = defaultdict(lambda: NOTHING)
    for row in rows.all():
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
