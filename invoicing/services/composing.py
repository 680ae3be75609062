"""What stands on a document: the lines of its charges, each at the tax of its days, and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from invoicing.models import Charge, Document, DocumentKind, DocumentLine, DocumentTax
from invoicing.rating.taxation import Piece, Taxation
from invoicing.rating.taxes import Category, Taxed, totals
from invoicing.refusals import SeveralTaxes
from resellerhub.kernel.periods import Period

NO_TAX_YET = Taxation(waits="rate")


@dataclass(frozen=True, slots=True)
class Composed:
    document: Document
    lines: Sequence[DocumentLine]
    taxes: Sequence[DocumentTax]


def compose(document: Document, charges: Iterable[Charge], taxation: Taxation) -> Composed:
    """Lines and taxes that are not written yet; the sums and what it waits for are set on the document."""
    lines: list[DocumentLine] = []
    document.waits = taxation.waits
    for charge in in_order(charges):
        for piece, part in enumerate(_pieces(charge, taxation, document)):
            lines.append(_line(document, charge, part, piece, len(lines) + 1))
    return Composed(document, lines, add_up(document, lines))


def in_order(charges: Iterable[Charge]) -> list[Charge]:
    """A reseller's own first, then customer by customer; by days."""
    own_first = [(charge.holder_id != charge.payer_id, charge) for charge in charges]
    own_first.sort(key=lambda row: (row[0], row[0] and row[1].holder_id, row[1].service_start, row[1].pk))
    return [charge for _other, charge in own_first]


def add_up(document: Document, lines: Sequence[DocumentLine]) -> list[DocumentTax]:
    """The tax of each category and rate on their net; the sums are set on the document."""
    taxed = [Taxed(line.amount, Category(line.category), line.rate) for line in lines]
    try:
        summed = totals(taxed, document.currency)
    except ValueError as error:
        raise SeveralTaxes() from error
    document.net, document.tax = summed.net, summed.tax
    return [
        DocumentTax(
            document=document,
            provider_id=document.provider_id,
            category=row.category.value,
            rate=row.rate,
            net=row.net,
            tax=row.tax,
        )
        for row in summed.subtotals
    ]


def write(composed: Sequence[Composed]) -> None:
    """Of documents that are written already: in the order that the database asks for, however many they are."""
    DocumentLine.objects.bulk_create([line for each in composed for line in each.lines], batch_size=5000)
    DocumentTax.objects.bulk_create([tax for each in composed for tax in each.taxes], batch_size=5000)


def rewrite(composed: Composed) -> None:
    """In place of what stood on a draft."""
    document = composed.document
    DocumentLine.objects.filter(document=document).delete()
    DocumentTax.objects.filter(document=document).delete()
    document.save(update_fields=["net", "tax", "waits"])
    document.refresh_from_db(fields=["gross", "payable"])  # the database reckons them
    write([composed])


def _pieces(charge: Charge, taxation: Taxation, document: Document) -> list[Piece]:
    """Taken apart where its tax changes. While nobody can say the tax it stands there whole, without one."""
    days = Period(charge.service_start, charge.service_end)
    pieces = taxation.split(days, charge.amount, charge.currency)
    if pieces is None:
        document.waits = document.waits or NO_TAX_YET.waits
    return pieces or [Piece(days, charge.amount, Category.OUTSIDE, Decimal(0))]


def _line(document: Document, charge: Charge, piece: Piece, nth: int, position: int) -> DocumentLine:
    """What has no quantity, as goodwill, is one of what it comes to. Of a piece the share is that of its days."""
    part, whole = charge.part, charge.whole
    if (days := (charge.service_end - charge.service_start).days) != piece.days.days:
        part, whole = part * piece.days.days, whole * days
    quantity, price = charge.quantity, charge.unit_price
    if not quantity:
        quantity, price, part, whole = 1, abs(piece.amount), 1, 1
    return DocumentLine(
        document=document,
        provider_id=document.provider_id,
        position=position,
        charge=charge,
        piece=nth,
        counts=document.kind != DocumentKind.PROFORMA,
        section_id=charge.holder_id if document.is_roll_up and charge.holder_id != charge.payer_id else None,
        kind=charge.kind,
        label=charge.label,
        service_start=piece.days.start if days else None,
        service_end=piece.days.end if days else None,
        quantity=-quantity if piece.amount < 0 else quantity,
        unit_price=price,
        part=part,
        whole=whole,
        amount=piece.amount,
        category=piece.category.value,
        rate=piece.rate,
    )
