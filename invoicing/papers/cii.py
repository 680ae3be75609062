"""A paper as e-invoice: EN 16931 in the syntax CII, as XRechnung or for the PDF that carries it.

Imported where one is made: drafthorse and lxml take longer to load than a page takes to answer.
"""

from typing import Any

from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentMeans, PaymentTerms
from drafthorse.models.tradelines import LineItem

from invoicing.papers.closing import reason
from invoicing.papers.einvoice import (
    CLEARING,
    CODES,
    DEBIT,
    account,
    billed,
    lacking,
    may_be,
    means_of,
    parties,
    reachable,
    reference,
)
from invoicing.papers.fonts import printable
from invoicing.papers.look import Look
from invoicing.papers.paper import Line, Paper, Party, TaxRow, final_day
from invoicing.papers.table import details
from invoicing.rating.taxes import Category
from resellerhub.kernel.periods import Period

XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EN16931 = "urn:cen.eu:en16931:2017"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
SCHEMA = "FACTUR-X_EN16931"
REASON_CODES = {Category.REVERSE_CHARGE: "VATEX-EU-AE", Category.OUTSIDE: "VATEX-EU-O"}


class Incomplete(ValueError):
    """No e-invoice can be made; `lacking` says what is not known."""

    def __init__(self, lacking: list[str]) -> None:
        super().__init__(", ".join(lacking))
        self.lacking = lacking


def xrechnung(paper: Paper) -> bytes:
    """Refused, as `Incomplete`: what the rules of XRechnung would refuse."""
    if missing := lacking(paper):
        raise Incomplete(missing)
    return invoice(paper, XRECHNUNG)


def invoice(paper: Paper, guideline: str = EN16931) -> bytes:
    """Held to the schema. Refused, as ValueError: what is no invoice, such as a draft."""
    if not may_be(paper):
        raise ValueError(f"a {paper.kind} marked '{paper.mark}' is no invoice")
    look, document = Look(paper), Document()
    document.context.guideline_parameter.id = guideline
    document.context.business_parameter.id = PROCESS
    document.header.id = paper.number
    document.header.type_code = CODES[paper.kind]
    document.header.issue_date_time = paper.issued_on
    for note in filter(None, (paper.reason, *paper.notes)):
        document.header.notes.add(IncludedNote(content=printable(note, 2_000)))
    for line in paper.lines:
        document.trade.items.add(_line(look, line))
    _agree(document.trade.agreement, paper)
    _settle(document.trade, look)
    written: bytes = document.serialize(schema=SCHEMA)
    return written


def _agree(agreement: Any, paper: Paper) -> None:
    """What is outside the scope of tax names no VAT id, of neither (BR-O-2)."""
    outside = any(row.category is Category.OUTSIDE for row in paper.taxes)
    for told, party, sells in zip((agreement.seller, agreement.buyer), parties(paper), (True, False), strict=True):
        _tell(told, party, sells=sells, outside=outside)
    agreement.buyer_reference = printable(reference(paper))
    if paper.order:
        agreement.buyer_order.issuer_assigned_id = printable(paper.order)


def _tell(told: Any, party: Party, *, sells: bool, outside: bool) -> None:
    told.name = printable(party.name)
    if party.number:
        told.id = printable(party.number)
    address = told.address
    for field, text in (("line_one", party.street), ("postcode", party.postal_code), ("city_name", party.city)):
        if text:
            setattr(address, field, printable(text))
    address.country_id = party.country
    if reach := reachable(party):
        told.electronic_address.uri_ID = (party.electronic_scheme if party.electronic_address else "EM", reach)
    if party.register:
        told.legal_organization.id = printable(party.register)
    if sells:
        contact = party.contact
        told.contact.person_name = printable(contact.name)
        told.contact.telephone.number = printable(contact.phone)
        told.contact.email.address = printable(contact.email)
    if party.tax_number and sells:
        told.tax_registrations.add(TaxRegistration(id=("FC", printable(party.tax_number))))
    if party.vat_id and not outside:
        told.tax_registrations.add(TaxRegistration(id=("VA", party.vat_id)))


def _line(look: Look, line: Line) -> LineItem:
    currency = look.paper.currency
    quantity, price = billed(line, currency)
    item = LineItem()
    item.document.line_id = str(line.position)
    item.product.name = printable(line.label)
    if said := " · ".join(details(look, line, days=False)):
        item.product.description = said
    item.agreement.net.amount = f"{price:f}"
    item.delivery.billed_quantity = (f"{quantity:f}", line.unit)
    tax = item.settlement.trade_tax
    tax.type_code, tax.category_code = "VAT", line.category.value
    if line.category is not Category.OUTSIDE:
        tax.rate_applicable_percent = f"{line.rate:.2f}"
    if line.service:
        _span(item.settlement.period, line.service)
    item.settlement.monetary_summation.total_amount = f"{line.amount:f}"
    return item


def _settle(trade: Any, look: Look) -> None:
    paper, settlement = look.paper, trade.settlement
    settlement.currency_code = paper.currency
    settlement.payment_reference = printable(paper.payment.reference or paper.number)
    settlement.payment_means.add(_means(settlement, paper))
    for row in paper.taxes:
        settlement.trade_tax.add(_tax(look, row))
    trade.delivery.event.occurrence = paper.issued_on
    if paper.service:
        _span(settlement.period, paper.service)
        trade.delivery.event.occurrence = final_day(paper.service)
    terms = PaymentTerms(due=paper.due_on)
    if means_of(paper) == DEBIT:
        terms.debit_mandate_id = printable(paper.payment.mandate)
    settlement.terms.add(terms)
    _sum(settlement.monetary_summation, paper)
    if paper.corrects:
        settlement.invoice_referenced_document.issuer_assigned_id = printable(paper.corrects)
        if paper.corrects_on:
            settlement.invoice_referenced_document.issue_date_time = paper.corrects_on


def _means(settlement: Any, paper: Paper) -> PaymentMeans:
    code = means_of(paper)
    means = PaymentMeans(type_code=code)
    if code == DEBIT:
        settlement.creditor_reference_id = printable(paper.payment.creditor)
        means.payer_account.iban = paper.recipient.account.replace(" ", "")
    elif code != CLEARING and (iban := account(paper)):
        means.payee_account.iban = iban
        bank = paper.head.bank
        if iban == bank.iban.replace(" ", "") and bank.bic:
            means.payee_institution.bic = bank.bic.replace(" ", "")
    return means


def _tax(look: Look, row: TaxRow) -> ApplicableTradeTax:
    tax = ApplicableTradeTax(type_code="VAT", category_code=row.category.value)
    tax.calculated_amount, tax.basis_amount = f"{row.tax:f}", f"{row.net:f}"
    tax.rate_applicable_percent = f"{row.rate:.2f}"  # BR-DE-14 asks for it where BR-O-5 forbids it on lines
    if why := reason(look, row):
        tax.exemption_reason = why
    if code := REASON_CODES.get(row.category):
        tax.exemption_reason_code = code
    return tax


def _sum(told: Any, paper: Paper) -> None:
    """The currency stands beside the tax alone."""
    totals = paper.totals
    told.line_total = f"{totals.net:f}"
    told.tax_basis_total = (f"{totals.net:f}", None)
    told.tax_total = (f"{totals.tax:f}", paper.currency)
    told.grand_total = (f"{totals.gross:f}", None)
    told.due_amount = f"{totals.payable:f}"
    if totals.prepaid:
        told.prepaid_total = f"{totals.prepaid:f}"
    if totals.rounding:
        told.rounding_amount = f"{totals.rounding:f}"


def _span(told: Any, period: Period) -> None:
    told.start, told.end = period.start, final_day(period)
