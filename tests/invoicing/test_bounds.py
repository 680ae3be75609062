"""How far ahead and back bills reach, and to what the smallest part."""

from datetime import timedelta
from decimal import Decimal

import pytest

from invoicing.models import Charge, Document
from invoicing.refusals import TooFarAhead, TooLongAgo
from invoicing.services.allocating import TooMuch, allocate
from invoicing.services.billing import bill
from invoicing.services.crediting import credit_invoice, left_of
from invoicing.services.issuing import issue_document
from invoicing.services.payments import Received, record_payment
from invoicing.services.taxes import set_tax_rate
from subscriptions.services.life.steps.ending import Cancel
from tests.invoicing.paperwork import TODAY, Office
from tests.subscriptions.prices import later
from tests.world import NOW


@pytest.fixture
def office(world) -> Office:
    return Office(world)


def test_nobody_is_billed_years_ahead(office):
    office.sold()
    asked = {"actor": office.world.north.actor, "payer_id": office.world.shop.id, "now": NOW}
    with pytest.raises(TooFarAhead):
        bill(until=TODAY + timedelta(days=400), **asked)
    assert not Charge.objects.exists()
    page = office.world.north.browser().post(
        "/portal/invoices/new/", {"payer": office.world.shop.id, "until": "2199-01-01", "kind": "invoice"}
    )
    assert page.status_code == 422
    assert bill(until=TODAY, **asked).net == 20


def test_no_document_is_of_a_year_that_is_closed(office):
    office.sold()
    office.charge()
    draft = office.draft()
    with pytest.raises(TooLongAgo):
        issue_document(actor=office.world.north.actor, document_id=draft.pk, on=TODAY.replace(year=1950), now=NOW)
    api = office.world.north.api()
    for on in ("0001-01-01", "1950-01-01"):
        refused = api.post(f"invoices/{draft.pk}/issue", {"on": on})
        assert (refused.status_code, refused.json()["code"]) == (422, "too-long-ago")


def test_nothing_is_smaller_than_a_cent(office):
    office.sold()
    invoice = office.invoice()
    north = office.world.north.actor
    received = Received(office.world.shop.id, Decimal("23.80"), "EUR", TODAY)
    row = record_payment(actor=north, received=received, settles=False, now=NOW)
    with pytest.raises(TooMuch):
        allocate(actor=north, payment_id=row.pk, document_id=invoice.pk, amount=Decimal("0.005"), now=NOW)


def test_what_bills_gave_back_of_a_charge_in_pieces_is_given_back_once(office):
    """The rate changes inside its days: two lines of one charge, of which half comes back when it is cancelled."""
    half = TODAY + timedelta(days=12)
    set_tax_rate(actor=office.world.provider.actor, country="DE", percent=Decimal(16), effective_on=half, now=NOW)
    row = office.sold(price="60")
    invoice = office.invoice()
    assert invoice.lines.count() == 2
    office.stage.take(row, Cancel(), later(6))
    office.billing.run(later(6))
    given = -sum(Charge.objects.filter(payer=office.world.shop.id, amount__lt=0).values_list("amount", flat=True))
    assert 0 < given < 60
    assert sum(left_of(invoice).lines.values()) == 60 - given
    north = office.world.north.actor
    note = credit_invoice(actor=north, invoice_id=invoice.pk, reason="All of it", now=NOW)
    issue_document(actor=north, document_id=note.pk, now=NOW)
    assert Document.objects.get(pk=note.pk).net == 60 - given
