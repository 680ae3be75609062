"""What was paid: recorded once, allocated to the cent, reversed by another record; and what is owed after it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from invoicing.account_verify import balances as checked_balances
from invoicing.models import Allocation, Balance, Document, Payment
from invoicing.selectors.accounts import balances, payments, statement, with_open
from invoicing.services.allocating import NotSettledBy, TooMuch, allocate, deallocate
from invoicing.services.crediting import credit_invoice
from invoicing.services.issuing import issue_document
from invoicing.services.payments import NotItsReceiver, NotReversible, Received, record_payment, reverse_payment
from invoicing.services.voiding import void_document
from resellerhub.kernel.owner import as_owner
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from tenants.models import Event
from tenants.services.visibility import hide_customers
from tests.invoicing.paperwork import TODAY, Office
from tests.together import together
from tests.world import NOW, World

TAXED = Decimal("23.80")
"""20 a month, with 19 percent of tax."""


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def billed(office: Office) -> Document:
    office.sold()
    return office.invoice()


def paid(office: Office, amount: str = "23.80", *, settles: bool = True, **more) -> Payment:
    received = Received(office.world.shop.id, Decimal(amount), "EUR", TODAY, **more)
    return record_payment(actor=office.world.north.actor, received=received, settles=settles, now=NOW)


def opened(document: Document) -> Decimal:
    return with_open(Document.objects.filter(pk=document.pk)).get().open


def balance() -> tuple[Decimal, ...]:
    """Of the one account there is: billed, paid, owed, not allocated."""
    assert list(checked_balances()) == []
    return Balance.objects.values_list("billed", "paid", "owed", "unallocated").get()


def test_a_payment_settles_what_is_open(office: Office):
    invoice = billed(office)
    assert (opened(invoice), balance()) == (TAXED, (TAXED, 0, TAXED, 0))
    first = paid(office, "20")
    assert (opened(invoice), balance()) == (Decimal("3.80"), (TAXED, 20, Decimal("3.80"), 0))
    second = paid(office, "5")
    assert (opened(invoice), balance()) == (0, (TAXED, 25, Decimal("-1.20"), Decimal("1.20")))
    left = dict(payments(office.world.north.actor).values_list("pk", "left"))
    assert left == {first.pk: 0, second.pk: Decimal("1.20")}
    told = Event.objects.filter(kind="payment.recorded", tenant_id=office.world.shop.id)
    assert [row.after["payment.amount"] for row in told.order_by("pk")] == ["20", "5"]
    row = balances(office.world.north.actor).get()
    assert [(entry.kind, entry.amount, entry.owed) for entry in statement(row)] == [
        ("invoice", TAXED, TAXED),
        ("payment", -20, Decimal("3.80")),
        ("payment", -5, Decimal("-1.20")),
    ]


def test_what_is_reversed_is_owed_again(office: Office):
    invoice = billed(office)
    row = paid(office)
    reverse_payment(actor=office.world.north.actor, payment_id=row.pk, now=NOW)
    assert (opened(invoice), balance()) == (TAXED, (TAXED, 0, TAXED, 0))
    for pk in (row.pk, row.reversal.pk):
        with pytest.raises(NotReversible):
            reverse_payment(actor=office.world.north.actor, payment_id=pk, now=NOW)
    with pytest.raises(NotSettledBy):
        allocate(actor=office.world.north.actor, payment_id=row.pk, document_id=invoice.pk, now=NOW)


def test_money_is_allocated_elsewhere(office: Office):
    invoice = billed(office)
    row = paid(office, "30", settles=False)
    north = office.world.north.actor
    with pytest.raises(TooMuch):
        allocate(actor=north, payment_id=row.pk, document_id=invoice.pk, amount=Decimal("23.81"), now=NOW)
    allocate(actor=north, payment_id=row.pk, document_id=invoice.pk, amount=Decimal(3), now=NOW)
    allocate(actor=north, payment_id=row.pk, document_id=invoice.pk, now=NOW)
    assert opened(invoice) == 0
    deallocate(actor=north, payment_id=row.pk, document_id=invoice.pk, now=NOW)
    assert (opened(invoice), balance()[3]) == (TAXED, 30)
    with pytest.raises(NotFound):
        deallocate(actor=north, payment_id=row.pk, document_id=invoice.pk, now=NOW)


def test_a_credit_note_settles_what_it_corrects_and_its_rest_is_paid_back(office: Office):
    invoice = billed(office)
    paid(office, "20")
    north = office.world.north.actor
    note = credit_invoice(actor=north, invoice_id=invoice.pk, reason="Outage", now=NOW)
    issue_document(actor=north, document_id=note.pk, now=NOW)
    assert (opened(invoice), opened(note)) == (0, -20)
    paid(office, "20", kind="refund")
    assert (opened(note), balance()) == (0, (0, 0, 0, 0))


def test_what_is_made_void_is_settled_no_more(office: Office):
    invoice = billed(office)
    paid(office)
    void_document(actor=office.world.north.actor, document_id=invoice.pk, reason="Wrong", now=NOW)
    assert balance() == (0, TAXED, -TAXED, TAXED)


def test_references_are_hidden_as_names_are(office: Office):
    row = paid(office, "5", reference="Shop pays")
    provider = office.world.provider
    page = f"/console/payments/{row.pk}/"
    account = f"balances/{Balance.objects.get().pk}/statement"
    assert "Shop pays" in provider.browser().get(page).content.decode()
    hide_customers(actor=provider.actor, reseller_id=office.world.north.id, now=NOW)
    browser, api = provider.browser(), provider.api()
    for path in (page, "/console/payments/", "/console/payments/?q=pays", "/console/events/"):
        assert "Shop pays" not in browser.get(path).content.decode()
    assert api.get("payments").json()["results"][0]["reference"] == ""
    assert api.get("payments", search="pays").json()["results"] == []
    assert api.get(account).json()["entries"][0]["name"] == ""


def test_a_request_is_recorded_once(office: Office):
    request_id = uuid4()
    received = Received(office.world.shop.id, Decimal(5), "EUR", TODAY)
    for _again in range(2):
        record_payment(actor=office.world.north.actor, received=received, request_id=request_id, now=NOW)
    assert Payment.objects.count() == 1
    other = Received(office.world.shop.id, Decimal(6), "EUR", TODAY)
    with pytest.raises(RequestReused):
        record_payment(actor=office.world.north.actor, received=other, request_id=request_id, now=NOW)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("amount", {"amount": "0"}),
        ("amount", {"amount": "NaN"}),
        ("amount", {"amount": "0.001"}),
        ("kind", {"kind": "reversal"}),
        ("method", {"method": "barter"}),
        ("reference", {"reference": "two\nlines"}),
    ],
)
def test_what_is_no_payment_is_refused(office: Office, field, values):
    with pytest.raises(Invalid) as refused:
        paid(office, values.pop("amount", "5"), **values)
    assert field in refused.value.errors


def test_who_records_payments(office: Office):
    world = office.world
    row = paid(office, "5")
    received = Received(world.shop.id, Decimal(5), "EUR", TODAY)
    with pytest.raises(Forbidden):
        record_payment(actor=world.north.member("support"), received=received, now=NOW)
    record_payment(actor=world.north.member("billing"), received=received, now=NOW)
    for actor, refusal in ((world.south.actor, NotFound), (world.provider.actor, NotItsReceiver)):
        with pytest.raises(refusal):
            reverse_payment(actor=actor, payment_id=row.pk, now=NOW)
    with pytest.raises(NotFound):
        record_payment(actor=world.south.actor, received=received, now=NOW)
    assert list(payments(world.mill.actor)) == []
    assert len(payments(world.shop.actor)) == 2
    assert list(payments(world.stranger.actor)) == []


RAW = {
    "more than was paid": "INSERT INTO invoicing_allocation (provider_id, payment_id, document_id, amount, made_at)"
    " SELECT provider_id, payment_id, document_id, 0.01, made_at FROM invoicing_allocation",
    "more than is open": "INSERT INTO invoicing_allocation (provider_id, payment_id, document_id, amount, made_at)"
    " SELECT d.provider_id, p.id, d.id, 23.81, now() FROM invoicing_document d, invoicing_payment p"
    " WHERE p.amount = 100",
    "less than nothing": "INSERT INTO invoicing_allocation (provider_id, payment_id, document_id, amount, made_at)"
    " SELECT provider_id, payment_id, document_id, -24, made_at FROM invoicing_allocation",
    "of another payer": "INSERT INTO invoicing_allocation (provider_id, payment_id, document_id, amount, made_at)"
    " SELECT d.provider_id, p.id, d.id, 1, now() FROM invoicing_document d, invoicing_payment p WHERE p.amount = 7",
    "reversed while allocated": "INSERT INTO invoicing_payment (provider_id, issuer_id, payer_id, kind, amount,"
    " currency, received_on, method, reference, reverses_id, source, made_at) SELECT provider_id, issuer_id, payer_id,"
    " 'reversal', -amount, currency, received_on, method, '', id, '', made_at FROM invoicing_payment"
    " WHERE amount = 23.80",
    "paid to a stranger": "INSERT INTO invoicing_payment (provider_id, issuer_id, payer_id, kind, amount, currency,"
    " received_on, method, reference, source, made_at) SELECT provider_id, payer_id, issuer_id, 'payment', 1, currency,"
    " received_on, method, '', '', made_at FROM invoicing_payment",
    "changed": "UPDATE invoicing_payment SET amount = 1",
    "another balance": "UPDATE invoicing_balance SET paid = 0",
    "void while settled": "UPDATE invoicing_document SET state = 'void', voided_at = now(), void_reason = 'x'",
}


def test_the_database_refuses(office: Office):
    world = office.world
    billed(office)
    paid(office)
    paid(office, "100", settles=False)
    other = Received(world.north_east.id, Decimal(7), "EUR", TODAY)
    record_payment(actor=world.north.actor, received=other, settles=False, now=NOW)
    for sql in RAW.values():
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert list(checked_balances()) == []


def test_lists_ask_as_much_for_many_rows(office: Office):
    office.sold()
    browser, api = office.world.north.browser(), office.world.north.api()

    def asked() -> list[int]:
        counts = []
        for page in ("payments", "balances", "invoices"):
            for read in (lambda page=page: browser.get(f"/portal/{page}/"), lambda page=page: api.get(page)):
                read()
                with CaptureQueriesContext(connection) as queries:
                    assert read().status_code == 200
                counts.append(len(queries))
        return counts

    office.invoice()
    paid(office, "1")
    before = asked()
    for payer in (office.world.north_east, office.world.shop):
        received = Received(payer.id, Decimal(7), "CHF", TODAY)
        record_payment(actor=office.world.north.actor, received=received, now=NOW)
    assert asked() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_allocate_the_last_cent(committed_world: World):
    office = Office(committed_world)
    invoice = billed(office)
    rows = [paid(office, settles=False) for _each in range(2)]
    actor = office.world.north.actor
    outcomes = together(
        *(lambda row=row: allocate(actor=actor, payment_id=row.pk, document_id=invoice.pk, now=NOW) for row in rows)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Allocation", "NotSettledBy"]
    assert sum(Allocation.objects.values_list("amount", flat=True)) == TAXED
    assert balance() == (TAXED, 2 * TAXED, -TAXED, TAXED)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE invoicing_balance SET billed = billed + 1")
    assert len(list(checked_balances())) == 1


@pytest.mark.django_db(transaction=True)
def test_what_two_take_back_at_once_is_taken_back_once(committed_world: World):
    office = Office(committed_world)
    invoice = billed(office)
    actor = office.world.north.actor
    for _round in range(5):
        row = paid(office)
        undo = {"actor": actor, "payment_id": row.pk, "now": NOW}
        outcomes = together(
            lambda undo=undo: reverse_payment(**undo),
            lambda undo=undo: reverse_payment(**undo),
            lambda undo=undo: deallocate(document_id=invoice.pk, **undo),
        )
        told = {type(outcome).__name__ for outcome in outcomes}
        assert told <= {"Payment", "NotReversible", "NoneType", "NotFound"}, outcomes
        assert sum(isinstance(outcome, Payment) for outcome in outcomes) == 1
        assert opened(invoice) == TAXED


def test_an_invoice_is_overdue_until_it_is_paid(office: Office):
    office.sold()
    office.charge()
    draft = office.draft()
    long_ago = NOW - timedelta(days=40)
    issue_document(actor=office.world.north.actor, document_id=draft.pk, now=long_ago)
    api = office.world.north.api()

    def standing(**query) -> list[str]:
        return [row["standing"] for row in api.get("invoices", **query).json()["results"]]

    assert standing() == standing(payment="overdue") == standing(payment="open") == ["overdue"]
    assert "Overdue" in office.world.north.browser().get("/portal/invoices/").content.decode()
    paid(office)
    assert standing() == standing(payment="paid") == ["paid"]
    assert standing(payment="open") == []
