"""From charges to a document: drafted, changed, issued, frozen, void."""

from datetime import date
from decimal import Decimal

import pytest

from invoicing.document_verify import charges, series, sums
from invoicing.models import Document, DocumentLine, FrozenPaper, NumberSeries
from invoicing.papers.paper import Mark
from invoicing.refusals import (
    BilledElsewhere,
    NotADraft,
    NotAProforma,
    NotItsIssuer,
    RollUpIncomplete,
    TaxUnknown,
)  # fmt: skip
from invoicing.selectors.papers import is_readable_to, paper_of
from invoicing.services.drafting import draft_documents
from invoicing.services.drafts import change_draft, choose_charges, discard_draft
from invoicing.services.issuing import issue_document
from invoicing.services.proformas import turn_into_invoice
from invoicing.services.taxes import set_tax_rate
from invoicing.services.voiding import void_document
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from subscriptions.services.life.steps.quantity import ChangeQuantity
from tenants.models import Profile
from tenants.services.company import amend_company
from tenants.services.visibility import hide_customers
from tests.invoicing.paperwork import TODAY, Office
from tests.subscriptions.prices import later
from tests.world import NOW


@pytest.fixture
def office(world) -> Office:
    return Office(world)


def test_an_invoice_is_numbered_dated_and_frozen(office):
    office.sold(quantity=2)
    invoice = office.invoice()
    assert (invoice.full_number, invoice.issued_on, (invoice.due_on - TODAY).days) == ("INV-2026-0001", TODAY, 14)
    assert (invoice.net, invoice.tax, invoice.gross, invoice.payable) == (40, Decimal("7.6"), *[Decimal("47.6")] * 2)
    paper = paper_of(invoice)
    assert (paper.number, paper.totals.gross, paper.recipient.name) == ("INV-2026-0001", Decimal("47.60"), "Shop")
    Profile.objects.filter(pk=office.world.shop.id).update(street="Elsewhere 9", legal_name="Shop AG")
    assert paper_of(invoice) == paper
    assert FrozenPaper.objects.get().content["recipient"]["street"] == "Hauptstraße 1"
    assert office.drafts() == []


def test_a_reseller_s_bill_has_a_section_for_each_customer(office):
    office.sold()
    office.sold(to=office.world.shop, name="More", price="11")
    office.charge()
    draft = office.draft(office.world.north, by=office.world.provider)
    paper = paper_of(draft)
    assert draft.is_roll_up
    assert [section.name for section in paper.sections] == ["Shop"]
    assert paper.sections[0].subtotal == office.owed(office.world.north) == draft.net
    assert paper.mark is Mark.DRAFT


def test_a_bill_that_would_leave_a_customer_out_is_refused(office):
    office.sold()
    office.charge()
    office.sold(name="Later")
    with pytest.raises(RollUpIncomplete) as refused:
        office.drafts(office.world.provider)
    assert "Shop" in refused.value.detail
    assert not Document.objects.exists()
    office.charge()
    assert office.draft(office.world.north, by=office.world.provider).net == office.owed(office.world.north)


def test_alike_lines_are_one_on_paper_and_as_many_as_they_are_in_the_books(office):
    """Source: WHMCS, 3 × 15.95 is one printed line of 47.85."""
    plan = [office.sold(price="15.95", name=f"Lease {number}") for number in range(3)]
    assert plan
    office.charge()
    draft = office.draft()
    DocumentLine.objects.filter(document=draft).update(label="Monthly Lease")
    (line,) = paper_of(draft).lines
    assert (line.quantity, line.unit_price, line.amount) == (3, Decimal("15.95"), Decimal("47.85"))
    assert draft.lines.count() == 3


def test_a_draft_is_changed_until_it_is_issued(office):
    office.sold()
    office.sold(name="Other", price="5")
    office.charge()
    draft, actor = office.draft(), office.world.north.actor
    keep = draft.lines.order_by("amount").last()
    change_draft(actor=actor, document_id=draft.pk, said={"note": "Thank you.", "order_number": "B-77"}, now=NOW)
    choose_charges(actor=actor, document_id=draft.pk, charge_ids=[keep.charge_id], now=NOW)
    draft.refresh_from_db()
    assert (draft.net, draft.gross, draft.lines.count()) == (20, Decimal("23.8"), 1)
    both = [*draft.lines.values_list("charge_id", flat=True), office.draft().lines.get().charge_id]
    with pytest.raises(Exception, match="billed-elsewhere"):
        choose_charges(actor=actor, document_id=draft.pk, charge_ids=both, now=NOW)
    discard_draft(actor=actor, document_id=Document.objects.drafts().latest("pk").pk, now=NOW)
    choose_charges(actor=actor, document_id=draft.pk, charge_ids=both, now=NOW)
    issue_document(actor=actor, document_id=draft.pk, now=NOW)
    assert paper_of(draft).notes == ("Thank you.",)
    late = [(change_draft, {"said": {"note": "x"}}), (choose_charges, {"charge_ids": []})]
    for change, values in [*late, (discard_draft, {}), (issue_document, {})]:
        with pytest.raises(NotADraft):
            change(actor=actor, document_id=draft.pk, now=NOW, **values)


def test_what_cannot_be_taxed_waits(office):
    office.sold()
    office.charge()
    Profile.objects.filter(pk=office.world.shop.id).update(country="")
    draft = office.draft()
    assert draft.waits == "payer_country"
    with pytest.raises(TaxUnknown):
        issue_document(actor=office.world.north.actor, document_id=draft.pk, now=NOW)
    Profile.objects.filter(pk=office.world.shop.id).update(country="US")
    issued = issue_document(actor=office.world.north.actor, document_id=draft.pk, now=NOW)
    assert (issued.tax, issued.taxes.get().category) == (0, "O")


def test_the_tax_is_that_of_the_day_of_issue(office):
    office.sold()
    office.charge()
    Profile.objects.filter(pk=office.world.shop.id).update(country="US")
    draft = office.draft()
    Profile.objects.filter(pk=office.world.shop.id).update(country="DE")
    issued = issue_document(actor=office.world.north.actor, document_id=draft.pk, now=NOW)
    assert (draft.tax, issued.gross, paper_of(issued).totals.payable) == (0, Decimal("23.8"), Decimal("23.80"))
    assert series() + sums() + charges() == []


def test_what_is_void_keeps_its_number_and_is_billed_again(office):
    office.sold()
    invoice = office.invoice()
    void_document(actor=office.world.north.actor, document_id=invoice.pk, reason="Wrong address", now=NOW)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.full_number, paper_of(invoice).mark) == ("void", "INV-2026-0001", Mark.VOID)
    again = issue_document(actor=office.world.north.actor, document_id=office.draft().pk, now=NOW)
    assert again.full_number == "INV-2026-0002"
    assert NumberSeries.objects.get().next_number == 3


def test_only_the_issuer_touches_it_and_the_payer_sees_no_draft(office):
    office.sold()
    office.charge()
    draft, world = office.draft(), office.world
    with pytest.raises(Forbidden):
        issue_document(actor=world.shop.actor, document_id=draft.pk, now=NOW)
    for rival in (world.south, world.stranger, world.north_east):
        with pytest.raises(NotFound):
            issue_document(actor=rival.actor, document_id=draft.pk, now=NOW)
    with pytest.raises(NotItsIssuer):
        issue_document(actor=world.provider.actor, document_id=draft.pk, now=NOW)
    assert not Document.objects.visible_to(world.shop.actor).exists()
    issue_document(actor=world.north.actor, document_id=draft.pk, now=NOW)
    assert Document.objects.visible_to(world.shop.actor).count() == 1
    bill = office.draft(world.north, by=world.provider)
    issue_document(actor=world.provider.actor, document_id=bill.pk, now=NOW)
    assert not Document.objects.visible_to(world.shop.actor).filter(pk=bill.pk).exists()
    assert not Document.objects.visible_to(world.north_east.actor).exists()
    assert Document.objects.visible_to(world.north.actor).count() == 2


def test_the_currency_of_an_account_stays_once_it_was_charged(office):
    seller, shop = office.world.north.actor, office.world.shop
    amend_company(actor=seller, tenant_id=shop.id, values={"currency": "CHF"}, now=NOW)
    amend_company(actor=seller, tenant_id=shop.id, values={"currency": "EUR"}, now=NOW)
    office.sold()
    office.charge()
    with pytest.raises(Invalid) as refused:
        amend_company(actor=seller, tenant_id=shop.id, values={"currency": "CHF"}, now=NOW)
    assert refused.value.errors["currency"] == ["Something was charged in EUR: it stays."]


def test_a_proforma_invoice_becomes_an_invoice(office):
    """Its charges wait for the invoice; what was billed meanwhile cannot be billed by it."""
    office.sold()
    office.charge()
    actor = office.world.north.actor
    (proforma,) = draft_documents(actor=actor, until=TODAY, kind="proforma", now=NOW)
    with pytest.raises(NotAProforma):
        turn_into_invoice(actor=actor, document_id=proforma.pk, now=NOW)
    assert issue_document(actor=actor, document_id=proforma.pk, now=NOW).full_number == "PRO-2026-0001"
    invoice = turn_into_invoice(actor=actor, document_id=proforma.pk, now=NOW)
    assert (invoice.net, invoice.state, office.drafts()) == (20, "draft", [])
    assert issue_document(actor=actor, document_id=invoice.pk, now=NOW).full_number == "INV-2026-0001"
    with pytest.raises(NotAProforma):
        turn_into_invoice(actor=actor, document_id=proforma.pk, now=NOW)
    void_document(actor=actor, document_id=invoice.pk, reason="Wrong", now=NOW)
    issue_document(actor=actor, document_id=office.draft().pk, now=NOW)
    with pytest.raises(BilledElsewhere):
        turn_into_invoice(actor=actor, document_id=proforma.pk, now=NOW)
    assert series() + sums() + charges() == []


def test_more_given_back_than_charged_is_payable_below_zero(office):
    row = office.sold(quantity=3)
    office.invoice()
    office.stage.take(row, ChangeQuantity(1, when="now"), later(10))
    office.billing.run(later(10))
    (draft,) = draft_documents(actor=office.world.north.actor, until=later(10).date(), now=later(10))
    issued = issue_document(actor=office.world.north.actor, document_id=draft.pk, now=later(10))
    assert issued.payable < 0
    assert issued.net == sum(line.amount for line in paper_of(issued).lines)
    assert series() + sums() + charges() == []


def test_no_hidden_name_stands_on_what_whoever_is_above_reads(office):
    """North hides its customers: the bill to it numbers them, and what it bills them the provider does not read."""
    world = office.world
    hide_customers(actor=world.north.actor, reseller_id=world.north.id, now=NOW)
    office.sold()
    office.charge()
    bill = office.draft(world.north, by=world.provider)
    assert [section.name for section in paper_of(bill).sections] == [f"Customer {world.shop.id}"]
    theirs = office.draft()
    assert is_readable_to(world.north.actor, theirs)
    assert not is_readable_to(world.provider.actor, theirs)
    assert is_readable_to(world.provider.actor, bill)


def test_a_rate_that_changes_inside_the_days_takes_a_line_apart(office):
    provider = office.world.provider.actor
    set_tax_rate(actor=provider, country="DE", percent=Decimal(16), effective_on=date(2026, 12, 1), now=NOW)
    office.sold(price="30")
    invoice = office.invoice()
    assert [(line.amount, line.rate, line.part, line.whole) for line in invoice.lines.order_by("position")] == [
        (11, 19, 330, 900), (19, 16, 570, 900),
    ]  # fmt: skip
    assert (invoice.net, invoice.tax) == (30, Decimal("5.13"))
    assert series() + sums() + charges() == []
