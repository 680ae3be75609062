"""Credit notes: what was billed is given back, at the price at which it was billed, never more than is left of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from invoicing.models import Charge, Document, DocumentKind, DocumentLine, DocumentTax
from invoicing.rating.splitting import percent_of, spread
from invoicing.refusals import CreditTooLarge, NotOfInvoice, NotToBeCredited
from invoicing.services.composing import Composed, write
from invoicing.services.drafts import check_texts, own
from resellerhub.kernel.money import plain, round_money
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, RequestReused
from resellerhub.kernel.text import is_blank
from tenants.actor import Actor

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Left:
    """What of an invoice was not given back: of each line that charges something, of each rate, and the tax on it."""

    lines: Mapping[DocumentLine, Decimal]
    nets: Mapping[tuple[str, Decimal], Decimal]
    taxes: Mapping[tuple[str, Decimal], Decimal]

    @property
    def net(self) -> Decimal:
        return sum(self.nets.values(), NOTHING)


def left_of(invoice: Document) -> Left:
    """Counted are credit notes that were issued, and what bills gave back of the same charges since."""
    rows = list(invoice.lines.filter(amount__gt=0).order_by("position"))
    issued = {"document__state": Document.State.ISSUED}
    by_notes = _sums(DocumentLine.objects.filter(corrects__in=rows, **issued), "corrects")
    by_bills = _sums(Charge.objects.filter(credits__in=[row.charge_id for row in rows]), "credits")
    rest = _sums(DocumentLine.objects.filter(document=invoice, amount__gt=0), "charge")  # of all pieces of a charge
    for charge_id, given in by_bills.items():
        rest[charge_id] += given
    lines = {}
    for row in rows:
        left = max(row.amount - by_notes.get(row.pk, NOTHING), NOTHING)
        if row.charge_id:
            left = min(left, max(rest[row.charge_id], NOTHING))
            rest[row.charge_id] -= left
        lines[row] = left
    nets: dict[tuple[str, Decimal], Decimal] = {}
    taxes: dict[tuple[str, Decimal], Decimal] = {}
    for tax in invoice.taxes.all():
        nets[tax.category, tax.rate], taxes[tax.category, tax.rate] = tax.net, tax.tax
    for tax in DocumentTax.objects.filter(document__corrects=invoice, **issued):
        nets[tax.category, tax.rate] -= tax.net
        taxes[tax.category, tax.rate] -= tax.tax
    for key in nets:
        most = sum((left for row, left in lines.items() if (row.category, row.rate) == key), NOTHING)
        nets[key] = max(min(nets[key], most), NOTHING)
    return Left(lines, nets, taxes)


@operation
def credit_invoice(
    *,
    actor: Actor,
    invoice_id: int,
    reason: str,
    amount: Decimal | None = None,
    lines: Mapping[int, Decimal | None] | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> Document:
    """The draft of a credit note: of some lines, each with an amount or with all that is left of it; of an amount
    before tax, spread over the lines by what they come to; or of all that is left. Repeating a request id repeats
    nothing.

    Refused: `NotToBeCredited`, `NotOfInvoice`, `CreditTooLarge` with what is left.
    """
    invoice = own(actor, invoice_id)
    earlier = Document.objects.filter(issuer=invoice.issuer_id, request_id=request_id).first() if request_id else None
    if earlier:
        if (earlier.corrects_id, earlier.reason) != (invoice.pk, reason.strip()):
            raise RequestReused()
        return earlier
    if not invoice.is_invoice or invoice.state != Document.State.ISSUED:
        raise NotToBeCredited()
    if is_blank(reason):
        raise Invalid({"reason": [_("Say why: it stands on the credit note.")]})
    check_texts({"reason": reason.strip()})
    left = left_of(invoice)
    given = _of_lines(invoice, left, lines) if lines else _of_amount(invoice, left, amount)
    note = Document(
        provider_id=invoice.provider_id,
        issuer_id=invoice.issuer_id,
        payer_id=invoice.payer_id,
        seller_id=invoice.seller_id,
        kind=DocumentKind.CREDIT_NOTE,
        currency=invoice.currency,
        language=invoice.language,
        is_roll_up=invoice.is_roll_up,
        buyer_reference=invoice.buyer_reference,
        order_number=invoice.order_number,
        corrects=invoice,
        reason=reason.strip(),
        request_id=request_id,
        made_at=now,
    )
    composed = _composed(note, given, left)
    note.save(force_insert=True)
    write([composed])
    facts: dict[str, Any] = {"document.corrects": invoice.full_number, "document.reason": note.reason}
    actor.record("document.drafted", note, at=now, tenant_id=note.payer_id, **facts)
    return note


def give_back(note: Document, on: date, now: datetime) -> None:
    """Writes, for the issue of a credit note, what its lines give back into the ledger that bills are counted from:
    what bills give back later is bounded by it. Part of an operation; the invoice is locked.

    Refused: `CreditTooLarge` where something was given back since the draft was made.
    """
    invoice: Any = note.corrects
    invoice.refresh_from_db(fields=["state"])
    if invoice.state != Document.State.ISSUED:
        raise NotToBeCredited()
    rows = list(note.lines.select_related("charge", "corrects__charge").order_by("position"))
    left = left_of(invoice)
    _refuse_more(note, rows, left)
    charges = [row.corrects.charge for row in rows if row.corrects and row.corrects.charge]
    known = _known(charges)
    made = []
    for row in rows:
        was = row.corrects.charge if row.corrects else None
        if was is not None:
            key = (was.source_kind, was.source_id, was.service_start, was.pk)
            made.append((row, _goodwill(was, row, known[key], on, now)))
            known[key] += 1
    Charge.objects.bulk_create([charge for _row, charge in made])
    for row, charge in made:
        row.charge = charge
    DocumentLine.objects.bulk_update([row for row, _charge in made], ["charge"])


def _of_lines(invoice: Document, left: Left, asked: Mapping[int, Decimal | None]) -> dict[DocumentLine, Decimal]:
    rows = {row.pk: row for row in left.lines}
    if not set(asked) <= set(rows):
        raise NotOfInvoice(field="lines")
    given = {}
    for pk, amount in asked.items():
        row = rows[pk]
        most = left.lines[row]
        wanted = most if amount is None else _rounded(amount, invoice)
        if wanted > most or wanted <= 0:
            raise CreditTooLarge(field="lines", left=f"{plain(most)} {invoice.currency}")
        given[row] = wanted
    for key, net in _by_rate(given).items():
        if net > left.nets[key]:
            raise CreditTooLarge(field="lines", left=f"{plain(left.nets[key])} {invoice.currency}")
    return given


def _of_amount(invoice: Document, left: Left, amount: Decimal | None) -> dict[DocumentLine, Decimal]:
    """Over the rates by what is left of each, and over the lines of a rate likewise."""
    wanted = left.net if amount is None else _rounded(amount, invoice)
    if wanted > left.net or wanted <= 0:
        raise CreditTooLarge(field="amount", left=f"{plain(left.net)} {invoice.currency}")
    keys = list(left.nets)
    given: dict[DocumentLine, Decimal] = {}
    for key, share in zip(keys, spread(wanted, [left.nets[key] for key in keys], invoice.currency), strict=True):
        rows = [row for row in left.lines if (row.category, row.rate) == key]
        parts = spread(share, [left.lines[row] for row in rows], invoice.currency)
        given |= {row: part for row, part in zip(rows, parts, strict=True) if part}
    return given


def _rounded(amount: Decimal, invoice: Document) -> Decimal:
    """In the currency's minor unit, or refused: half a cent is not given back."""
    rounded = round_money(amount, invoice.currency)
    if rounded != amount:
        raise Invalid({"amount": [_("This currency has no smaller coins than that.")]})
    return rounded


def _composed(note: Document, given: Mapping[DocumentLine, Decimal], left: Left) -> Composed:
    """A line in full is said as it was billed, a part of it as one of what is given back. The tax is that on the net,
    and with the last of the net all that is left of it."""
    lines = []
    for position, (was, amount) in enumerate(given.items(), 1):
        whole = amount == was.amount
        lines.append(
            DocumentLine(
                document=note,
                provider_id=note.provider_id,
                position=position,
                corrects=was,
                section_id=was.section_id,
                kind=was.kind,
                label=was.label,
                service_start=was.service_start,
                service_end=was.service_end,
                quantity=was.quantity if whole else 1,
                unit_price=was.unit_price if whole else amount,
                part=was.part if whole else 1,
                whole=was.whole if whole else 1,
                amount=amount,
                category=was.category,
                rate=was.rate,
            )
        )
    taxes = []
    for (category, rate), net in _by_rate(given).items():
        tax = left.taxes[category, rate]
        if net < left.nets[category, rate]:
            tax = min(percent_of(net, rate, note.currency), tax)
        taxes.append(
            DocumentTax(
                document=note,
                provider_id=note.provider_id,
                category=category,
                rate=rate,
                net=net,
                tax=max(tax, NOTHING),
            )
        )
    note.net, note.tax = sum(given.values(), NOTHING), sum((row.tax for row in taxes), NOTHING)
    return Composed(note, lines, taxes)


def _refuse_more(note: Document, rows: Sequence[DocumentLine], left: Left) -> None:
    of_lines = {row.pk: most for row, most in left.lines.items()}
    for row in rows:
        most = of_lines.get(row.corrects_id or 0, NOTHING)
        if row.amount > most:
            raise CreditTooLarge(field="amount", left=f"{plain(most)} {note.currency}")
    for tax in note.taxes.all():
        key = tax.category, tax.rate
        if tax.net > left.nets[key] or tax.tax > left.taxes[key]:
            raise CreditTooLarge(field="amount", left=f"{plain(left.nets[key])} {note.currency}")


def _goodwill(was: Charge, row: DocumentLine, nth: int, on: date, now: datetime) -> Charge:
    """Without days, as rating knows what is given back for another reason than days that were not used."""
    return Charge(
        provider_id=was.provider_id,
        issuer_id=was.issuer_id,
        payer_id=was.payer_id,
        holder_id=was.holder_id,
        seller_id=was.seller_id,
        subscription_id=was.subscription_id,
        mark_id=was.mark_id,
        stream=was.stream,
        source_kind=was.source_kind,
        source_id=was.source_id,
        kind=Charge.Kind.CREDIT,
        label=was.label,
        service_start=was.service_start,
        service_end=was.service_start,
        billing_start=was.billing_start,
        billing_end=was.billing_end,
        quantity=0,
        unit_price=was.unit_price,
        amount=-row.amount,
        currency=was.currency,
        due_on=on,
        credits_id=was.pk,
        nth=nth,
        made_at=now,
    )


def _known(charges: Sequence[Charge]) -> dict[tuple[Any, ...], int]:
    """How often something was given back of the same already: the next one is told apart by that."""
    names = ("source_kind", "source_id", "service_start", "credits_id")
    rows = Charge.objects.filter(credits__in={row.pk for row in charges}, kind=Charge.Kind.CREDIT).order_by()
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows.values(*names).annotate(count=Count("pk")):
        found[tuple(row[name] for name in names)] = row["count"]
    return found


def _by_rate(given: Mapping[DocumentLine, Decimal]) -> dict[tuple[str, Decimal], Decimal]:
    found: dict[tuple[str, Decimal], Decimal] = {}
    for row, amount in given.items():
        key = row.category, row.rate
        found[key] = found.get(key, NOTHING) + amount
    return found


def _sums(rows: Any, by: str) -> dict[int, Decimal]:
    return dict(rows.order_by().values_list(by).annotate(sum=Sum("amount")).values_list(by, "sum"))
