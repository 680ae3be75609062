"""What was billed is given back: whole, by lines, by an amount; never more than is left, however many do so."""

from decimal import Decimal

import pytest

from invoicing.document_verify import charges, series, sums
from invoicing.models import Allocation, Charge, Document
from invoicing.refusals import CreditTooLarge, NotOfInvoice, NotToBeCredited, NotToBeVoid
from invoicing.selectors.papers import paper_of
from invoicing.services.crediting import credit_invoice, left_of
from invoicing.services.issuing import issue_document
from invoicing.services.voiding import void_document
from resellerhub.kernel.refusals import Invalid
from subscriptions.services.life.steps.quantity import ChangeQuantity
from tests.invoicing.paperwork import Office
from tests.subscriptions.prices import later
from tests.world import NOW


@pytest.fixture
def office(world) -> Office:
    return Office(world)


def credited(office: Office, invoice: Document, **what) -> Document:
    actor = office.world.north.actor
    note = credit_invoice(actor=actor, invoice_id=invoice.pk, reason="Agreed", now=NOW, **what)
    return issue_document(actor=actor, document_id=note.pk, now=NOW)


def well() -> bool:
    return series() + sums() + charges() == []


def test_several_credits_come_to_the_invoice_and_no_cent_more(office):
    """Source: Flexprice, what is left is the original less what was given back before; Lago, the tax with it."""
    office.sold(price="29.99", quantity=1)
    office.sold(price="0.07", name="Small")
    invoice = office.invoice()
    assert (invoice.net, invoice.gross) == (Decimal("30.06"), Decimal("35.77"))
    notes = [credited(office, invoice, amount=Decimal(text)) for text in ("0.03", "0.03", "10")]
    notes.append(credited(office, invoice))
    assert sum(note.gross for note in notes) == invoice.gross
    assert [note.full_number for note in notes] == [f"CN-2026-{number:04d}" for number in range(1, 5)]
    with pytest.raises(CreditTooLarge):
        credited(office, invoice, amount=Decimal("0.01"))
    assert (left_of(invoice).net, sum(left_of(invoice).taxes.values())) == (0, 0)
    assert well()


def test_a_line_is_given_back_at_the_price_at_which_it_was_billed(office):
    row = office.sold(price="20", quantity=3)
    office.sold(name="Other", price="7")
    invoice = office.invoice()
    line = invoice.lines.get(amount=60)
    note = credited(office, invoice, lines={line.pk: None})
    (given,) = paper_of(note).lines
    assert (given.quantity, given.unit_price, given.amount) == (3, 20, 60)
    assert (paper_of(note).corrects, paper_of(note).reason) == (invoice.full_number, "Agreed")
    with pytest.raises(CreditTooLarge):
        credited(office, invoice, lines={line.pk: Decimal(1)})
    with pytest.raises(NotOfInvoice):
        credited(office, invoice, lines={note.lines.get().pk: None})
    assert row
    assert (Allocation.objects.get().amount, well()) == (Decimal("71.4"), True)


def test_what_a_bill_gives_back_later_leaves_less(office):
    """Goodwill of 10, then two of three units end: what comes back is bounded by what the goodwill left."""
    row = office.sold(price="20", quantity=1)
    invoice = office.invoice()
    credited(office, invoice, amount=Decimal(12))
    office.stage.take(row, ChangeQuantity(2, when="now"), later(1))
    office.billing.run(later(1))
    assert Charge.objects.filter(payer=office.world.shop.id, amount=-12).count() == 1
    assert left_of(invoice).net == 8
    with pytest.raises(CreditTooLarge):
        credited(office, invoice, amount=Decimal("8.01"))
    assert office.billing.run(later(1)) == 0


def test_two_drafts_of_the_same_do_not_both_become_credit_notes(office):
    office.sold()
    invoice, actor = office.invoice(), office.world.north.actor
    drafts = [credit_invoice(actor=actor, invoice_id=invoice.pk, reason="Twice", now=NOW) for _each in range(2)]
    issue_document(actor=actor, document_id=drafts[0].pk, now=NOW)
    with pytest.raises(CreditTooLarge):
        issue_document(actor=actor, document_id=drafts[1].pk, now=NOW)
    with pytest.raises(NotToBeVoid):
        void_document(actor=actor, document_id=invoice.pk, reason="Too late", now=NOW)
    with pytest.raises(NotToBeVoid):
        void_document(actor=actor, document_id=drafts[0].pk, reason="Stays", now=NOW)
    assert well()


@pytest.mark.parametrize("what", [{"amount": Decimal("0.005")}, {"amount": Decimal(-1)}, {"reason": " "}])
def test_a_credit_that_cannot_be(office, what):
    office.sold()
    invoice = office.invoice()
    with pytest.raises((Invalid, CreditTooLarge)):
        credit_invoice(actor=office.world.north.actor, invoice_id=invoice.pk, now=NOW, **({"reason": "Agreed"} | what))


def test_only_an_issued_invoice_is_credited(office):
    office.sold()
    office.charge()
    with pytest.raises(NotToBeCredited):
        credited(office, office.draft())
