"""What an e-invoice says otherwise than paper does, and what it cannot do without."""

from decimal import Decimal

from invoicing.papers.paper import Kind, Line, Mark, Means, Paper, Party
from invoicing.rating.taxes import Category
from resellerhub.kernel.money import round_money

CODES = {Kind.INVOICE: "380", Kind.CREDIT_NOTE: "381", Kind.COMMISSION_STATEMENT: "389"}
"""Of UNTDID 1001. A pro forma invoice is none, and is not exported."""
SEPA, TRANSFER, DEBIT, CLEARING = "58", "30", "59", "97"
PLACES = Decimal("1e-8")


def may_be(paper: Paper) -> bool:
    """Whether it is a document that a tax office knows, and valid."""
    return paper.kind in CODES and paper.mark is Mark.NONE and bool(paper.number)


def parties(paper: Paper) -> tuple[Party, Party]:
    """Who sells and who buys: on a statement of commission whoever gets it has sold."""
    if paper.kind is Kind.COMMISSION_STATEMENT:
        return paper.recipient, paper.issuer
    return paper.issuer, paper.recipient


def reachable(party: Party) -> str:
    """Its electronic address."""
    return party.electronic_address or party.contact.email


def means_of(paper: Paper) -> str:
    """The code of UNTDID 4461: what is given back is set off."""
    if paper.kind is Kind.CREDIT_NOTE or paper.totals.payable <= 0:
        return CLEARING
    if paper.payment.means is Means.DEBIT:
        return DEBIT
    return SEPA if paper.currency == "EUR" else TRANSFER


def account(paper: Paper) -> str:
    """Where a transfer goes to."""
    iban = paper.recipient.account if paper.kind is Kind.COMMISSION_STATEMENT else paper.head.bank.iban
    return iban.replace(" ", "")


def billed(line: Line, currency: str) -> tuple[Decimal, Decimal]:
    """Quantity and price that give the amount when they are multiplied and rounded, the price never below zero
    (BR-27): a share of days goes into the quantity, and what is not explained by numbers is one piece at its amount."""
    sign = -1 if line.unit_price < 0 else 1
    quantity, price = sign * line.quantity, sign * line.unit_price
    if line.part != line.whole:
        quantity = (quantity * line.part / line.whole).quantize(PLACES).normalize()
    if round_money(quantity * price, currency) == line.amount and quantity:
        return quantity, price
    return Decimal(-1 if line.amount < 0 else 1), abs(line.amount)


def lacking(paper: Paper) -> list[str]:
    """What has to be known before an XRechnung can be made of a paper: `seller.city` and the like, empty if nothing.
    BR-DE-1 to BR-DE-16, BR-CO-26, PEPPOL-EN16931-R010 and R020, BR-AE-2 and BR-AE-3."""
    seller, buyer = parties(paper)
    needed = {
        f"{role}.{name}": getattr(party, name)
        for role, party in (("seller", seller), ("buyer", buyer))
        for name in ("name", "postal_code", "city", "country")
    }
    needed |= {f"seller.contact.{name}": getattr(seller.contact, name) for name in ("name", "phone", "email")}
    needed |= {"seller.electronic_address": reachable(seller), "buyer.electronic_address": reachable(buyer)}
    needed["seller.vat_id"] = seller.vat_id or (seller.tax_number and (seller.register or seller.number))
    needed["buyer_reference"] = reference(paper)
    if any(row.category is Category.REVERSE_CHARGE for row in paper.taxes):
        needed |= {"buyer.vat_id": buyer.vat_id, "seller.vat_id": seller.vat_id}
    means = means_of(paper)
    if means == DEBIT:
        needed |= {"payment.mandate": paper.payment.mandate, "payment.creditor": paper.payment.creditor}
        needed["buyer.account"] = buyer.account
    elif means != CLEARING:
        needed["seller.account"] = account(paper)
    return [name for name, value in needed.items() if not value]


def reference(paper: Paper) -> str:
    """BT-10 has to be something: whoever asks for none is known by its number."""
    return paper.buyer_reference or paper.recipient.number or paper.order
