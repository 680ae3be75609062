"""What a document says on paper: as it was frozen when it was issued, or of a draft as it would be today."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby, islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, override

from invoicing.models import Document, DocumentKind, DocumentLine, DocumentTax, FrozenPaper, Letterhead
from invoicing.papers.paper import (
    Bank,
    Contact,
    Head,
    Kind,
    Line,
    Mark,
    Paper,
    Party,
    Payment,
    Section,
    TaxRow,
    Totals,
)  # fmt: skip
from invoicing.rating.charges import Charge
from invoicing.rating.charges import Kind as ChargeKind
from invoicing.rating.grouping import Printed, grouped
from invoicing.rating.taxes import Category
from invoicing.selectors.taxes import exemption_reason
from resellerhub.kernel.money import minor_units
from resellerhub.kernel.periods import Period
from tenants.actor import Actor
from tenants.brands import brand_for
from tenants.models import Branding, Profile, Signature, Tenant
from tenants.naming import readable

CHUNK = 500
ONCE = Period(date.min, date.min)
"""Stands for the days of what is for none."""


def paper_of(document: Document, *, on: date | None = None) -> Paper:
    """Of one. `on` is the day that a draft says; without it, the day on which it was made."""
    frozen = FrozenPaper.objects.filter(document=document).first()
    if frozen is None:
        (paper,) = papers_of([document], on or document.made_at.date())
        return replace(paper, mark=Mark.DRAFT)
    return _as_issued(document, frozen)


def logo_of(paper: Paper, provider_id: int) -> bytes | None:
    """The picture of its head: as it was kept with what was issued, else as it is."""
    if not paper.head.logo:
        return None
    kept = Letterhead.objects.filter(provider=provider_id, digest=paper.head.logo).values_list("picture", flat=True)
    now = Branding.objects.filter(provider=provider_id, logo_digest=paper.head.logo).values_list("logo", flat=True)
    found = kept.first() or now.first()
    return bytes(found) if found else None


def is_readable_to(actor: Actor, document: Document) -> bool:
    """Whether nothing on it is hidden from the actor."""
    return readable_among(actor, Document.objects.filter(pk=document.pk)).exists()


def readable_among(actor: Actor, rows: QuerySet[Document]) -> QuerySet[Document]:
    """Those on which nothing is hidden from the actor: not who pays, and to others than the two whom it is between, no
    customer who has a section on it. What stood on it when it was issued its issuer may go on reading."""
    sections = DocumentLine.objects.filter(document=OuterRef("pk"), section__isnull=False)
    between = Q(issuer=actor.tenant_id) | Q(payer=actor.tenant_id)
    hidden = Exists(sections.exclude(readable(actor, "section")))
    return rows.filter(readable(actor, "payer")).filter(between | ~hidden)


def frozen_papers(rows: QuerySet[Document]) -> Iterator[tuple[Document, Paper]]:
    """What was issued, as it was, so many at a time that memory stays flat."""
    documents = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(documents, CHUNK)):
        frozen = FrozenPaper.objects.in_bulk([document.pk for document in chunk])
        for document in chunk:
            yield document, _as_issued(document, frozen[document.pk])


def _as_issued(document: Document, frozen: FrozenPaper) -> Paper:
    """And marked where it is void by now."""
    paper = Paper.from_json(frozen.content)
    return replace(paper, mark=Mark.VOID) if document.state == Document.State.VOID else paper


def papers_of(documents: Sequence[Document], on: date) -> list[Paper]:
    """Of documents of one issuer, as they are now and as the two sides are known now: in as many queries for one as for
    a thousand. What is not numbered yet is of the day `on`."""
    if not documents:
        return []
    ids = [document.pk for document in documents]
    lines, taxes = defaultdict[int, list[DocumentLine]](list), defaultdict[int, list[DocumentTax]](list)
    for line in DocumentLine.objects.filter(document__in=ids).order_by("document_id", "position"):
        lines[line.document_id].append(line)
    for tax in DocumentTax.objects.filter(document__in=ids).order_by("document_id", "-rate", "category"):
        taxes[tax.document_id].append(tax)
    corrected = {row.pk: row for row in Document.objects.filter(pk__in=[each.corrects_id for each in documents])}
    house = House(documents[0].issuer_id)
    sections = {line.section_id for rows in lines.values() for line in rows if line.section_id}
    names = house.names_of(sections)
    payers = Profile.objects.in_bulk({document.payer_id for document in documents})
    return [
        _paper(each, on, house, payers[each.payer_id], lines[each.pk], taxes[each.pk], names, corrected)
        for each in documents
    ]


class House:
    """Whoever issues: looked up once for all of its documents."""

    def __init__(self, issuer_id: int) -> None:
        self.tenant = Tenant.objects.select_related("profile").get(pk=issuer_id)
        self.profile: Profile = self.tenant.profile

    @cached_property
    def party(self) -> Party:
        mine = self.profile
        contact = Contact(mine.contact_name, mine.phone, mine.owner_email)
        return replace(_party(mine), electronic_address=mine.owner_email, contact=contact)

    @cached_property
    def head(self) -> Head:
        """The look of the nearest brand at or above it. Of the provider's a reseller's customers learn nothing, and
        what its foot says is said of whoever has the brand."""
        mine, brand = self.profile, brand_for(self.tenant.pk)
        signed = Signature.objects.filter(tenant=self.tenant, department="billing").values_list("text", flat=True)
        bank = Bank(holder=mine.legal_name or mine.name, iban=mine.iban)
        head = Head(signature=signed.first() or "", bank=bank)
        if brand.owner_id is None or (brand.owner_id == self.tenant.provider_id and self.tenant.pk != brand.owner_id):
            return head
        footer = (brand.footer,) if brand.footer and brand.owner_id == self.tenant.pk else ()
        return replace(head, logo=brand.logo, colour=brand.colour, footer=footer)

    def names_of(self, customers: Iterable[int]) -> dict[int, str]:
        """Of customers in a roll-up: no name that is hidden from whoever issues it."""
        rows = Tenant.objects.filter(pk__in=list(customers)).select_related("profile")
        return {row.pk: row.profile.name if row.veil <= self.tenant.depth else "" for row in rows}


def _paper(
    document: Document, on: date, house: House, payer: Profile, lines: Sequence[DocumentLine],
    taxes: Sequence[DocumentTax], names: dict[int, str], corrected: dict[int, Document],
) -> Paper:  # fmt: skip
    was = corrected.get(document.corrects_id or 0)
    with override(document.language):
        return Paper(
            kind=Kind(document.kind),
            number=document.full_number,
            language=document.language,
            currency=document.currency,
            issued_on=document.issued_on or on,
            due_on=document.due_on or due_on(document, payer, on),
            issuer=house.party,
            recipient=_recipient(payer),
            sections=_sections(document, lines, names),
            taxes=tuple(_tax_row(document, row, house.profile.country) for row in taxes),
            totals=_totals(document),
            head=house.head,
            payment=Payment(),
            corrects=was.full_number if was else "",
            corrects_on=was.issued_on if was else None,
            reason=document.reason,
            buyer_reference=document.buyer_reference,
            order=document.order_number,
            notes=(document.note,) if document.note else (),
        )


def due_on(document: Document, payer: Profile, on: date) -> date:
    """By the payer's terms; what is given back is due at once."""
    waits = document.kind in (DocumentKind.INVOICE, DocumentKind.PROFORMA)
    return on + timedelta(days=payer.payment_days if waits else 0)


def _party(profile: Profile) -> Party:
    return Party(
        name=profile.legal_name or profile.name,
        street=profile.street,
        postal_code=profile.postal_code,
        city=profile.city,
        country=profile.country,
        vat_id=profile.vat_id,
    )


def _recipient(payer: Profile) -> Party:
    party = replace(
        _party(payer),
        number=str(payer.pk),
        attention=payer.contact_name,
        electronic_address=payer.billing_email or payer.owner_email,
    )
    if payer.billing_name:
        party = replace(party, name=payer.billing_name)
    if payer.billing_same:
        return party
    return replace(
        party,
        street=payer.billing_street,
        postal_code=payer.billing_postal_code,
        city=payer.billing_city,
        country=payer.billing_country,
    )


def _sections(document: Document, lines: Sequence[DocumentLine], names: dict[int, str]) -> tuple[Section, ...]:
    """In the order of the lines, which stand customer by customer."""
    found, position = [], 0
    for section_id, rows in groupby(lines, key=lambda line: line.section_id):
        printed = grouped((_label(row), _charge(row, document.currency)) for row in rows)
        made = tuple(_line(position + nth, each, document.currency) for nth, each in enumerate(printed, 1))
        position += len(made)
        if section_id is None:
            found.append(Section(made))
        else:
            named = names[section_id] or gettext("Customer %(id)s") % {"id": section_id}
            found.append(Section(made, named, str(section_id)))
    return tuple(found)


def _label(line: DocumentLine) -> Any:
    """What has to be alike, beside what it is for and what it costs, for lines to be one on paper."""
    return line.label, line.kind, line.category, line.rate, line.service_start is None


def _charge(line: DocumentLine, currency: str) -> Charge:
    days = Period(line.service_start, line.service_end) if line.service_start and line.service_end else ONCE
    return Charge(
        ChargeKind(line.kind), line.pk, days, days, abs(line.quantity), line.unit_price, currency, line.part,
        line.whole, line.amount, days.start,
    )  # fmt: skip


def _line(position: int, printed: Printed, currency: str) -> Line:
    said: Any = printed.label
    label, kind, category, rate, is_once = said
    first = printed.charges[0]
    return Line(
        position=position,
        label=label,
        quantity=Decimal(-printed.quantity if printed.amount < 0 else printed.quantity),
        unit_price=_tidy(printed.unit_price, currency),
        amount=_minor(printed.amount, currency),
        service=None if is_once else first.service,
        part=first.part,
        whole=first.whole,
        category=Category(category),
        rate=rate.normalize() + 0,
        kind=kind,
    )


def _tax_row(document: Document, row: DocumentTax, country: str) -> TaxRow:
    category = Category(row.category)
    reason = exemption_reason(category, country, document.language)
    net, tax = (_minor(each, document.currency) for each in (row.net, row.tax))
    return TaxRow(category, row.rate.normalize() + 0, net, tax, reason)


def _totals(document: Document) -> Totals:
    names = ("net", "tax", "gross", "payable", "prepaid", "rounding")
    return Totals(**{name: _minor(Decimal(getattr(document, name)), document.currency) for name in names})


def _minor(amount: Decimal, currency: str) -> Decimal:
    """With as many places as the currency has: a column has one more."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)))


def _tidy(price: Decimal, currency: str) -> Decimal:
    """Without zeros at the end, beyond the minor unit."""
    least = _minor(price, currency)
    return least if least == price else price.normalize()
