"""Statements of bank accounts: read as they are, matched to payers, imported once, hostile ones refused."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from invoicing.models import Balance, Payment
from invoicing.services.statements import How, import_statement, match_statement
from invoicing.statement_files import AmountField, read_statement
from resellerhub.kernel.refusals import Forbidden
from resellerhub.kernel.sheets import Unreadable
from tenants.models import Profile
from tenants.services.reading import FaultyRows
from tests.invoicing.paperwork import TODAY, Office
from tests.world import NOW, World

IBAN = "DE89370400440532013000"
DAY = TODAY.isoformat()
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{kept}</AcctSvcrRef><NtryDtls><TxDtls>
<RltdPties><Dbtr>{name}</Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def entry(amount="23.80", text="", *, sign="CRDT", status="BOOK", day=DAY, kept="1", name="", iban="") -> str:
    name = f"<Nm>{name}</Nm>"
    return ENTRY.format(amount=amount, sign=sign, status=status, day=day, kept=kept, name=name, iban=iban, text=text)


def camt(*entries: str, version: str = "02") -> BytesIO:
    return BytesIO(CAMT.format(version=version, entries="".join(entries)).encode())


def table(*lines: str) -> BytesIO:
    return BytesIO("\n".join(["Received;Amount;Currency;Reference;IBAN;Name", *lines]).encode())


def matched(office: Office, file: BytesIO) -> list[tuple[str, int]]:
    lines = match_statement(actor=office.world.north.actor, table=read_statement(file), now=NOW)
    return [(line.how, line.payer_id) for line in lines]


def imported(office: Office, file: BytesIO) -> int:
    _lines, rows = import_statement(actor=office.world.north.actor, table=read_statement(file), now=NOW)
    return len(rows)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("23.80", "23.80"),
        ("23,80", "23.80"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234", "1234"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("−5", "-5"),
        ("12.345", "12.345"),
    ],
)
def test_amounts_are_read_as_banks_write_them(text, amount):
    assert AmountField(label="x").clean(text) == Decimal(amount)


def test_lines_find_their_payer(office: Office):
    office.sold()
    invoice = office.invoice()
    shop = office.world.shop.id
    Profile.objects.filter(pk=shop).update(iban=IBAN)
    broken = " ".join(invoice.full_number)  # as banks break it
    own_name = office.world.shop.name
    file = camt(
        entry(text=f"Invoice {broken} thanks", kept="1"),
        entry(text="Thanks", iban=IBAN, kept="2"),
        entry(name=own_name.upper(), kept="3"),
        entry("1", name=own_name, kept="4"),
        entry(text="?", kept="5"),
        entry(sign="DBIT", kept="6"),
        entry(status="PDNG", kept="7"),
        entry(status="<Cd>BOOK</Cd>", text=invoice.full_number, kept="8"),
    )
    assert matched(office, file) == [
        (How.NUMBER, shop),
        (How.IBAN, shop),
        (How.NAME, shop),
        (How.NOBODY, 0),
        (How.NOBODY, 0),
        (How.OUTGOING, 0),
        (How.NUMBER, shop),
    ]
    assert matched(office, table(f"{DAY};23,80;EUR;{invoice.full_number};;")) == [(How.NUMBER, shop)]
    assert not Payment.objects.exists()


def test_a_statement_is_imported_once(office: Office):
    office.sold()
    invoice = office.invoice()
    file = camt(entry("20", invoice.full_number, kept="A"), entry("3.80", invoice.full_number, kept="B"), version="08")
    assert imported(office, file) == 2
    assert Balance.objects.values_list("owed", "unallocated").get() == (0, 0)
    assert imported(office, file) == 0
    more = table(*[f"{DAY};1;EUR;{invoice.full_number};;"] * 2)
    assert (imported(office, more), imported(office, more)) == (2, 0)
    assert matched(office, more) == [(How.KNOWN, 0)] * 2


def test_a_faulty_line_refuses_all_and_says_which(office: Office):
    office.sold()
    number = office.invoice().full_number
    file = table(f"{DAY};5;EUR;{number};;", "2999-01-01;5;EUR;;;", f"{DAY};x;EUR;;;", f"{DAY};5;EUR;;DE00;")
    with pytest.raises(FaultyRows) as refused:
        imported(office, file)
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (3, "Received"),
        (4, "Amount"),
        (5, "IBAN"),
    ]
    assert not Payment.objects.exists()


HOSTILE = {
    "entities": '<!DOCTYPE a [<!ENTITY b "bbbb">]><Document>&b;</Document>',
    "a file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document>&b;</Document>',
    "not closed": "<Document>",
    "nothing booked": CAMT.format(version="02", entries=""),
    "something else": "<html/>",
    "encoding": '<?xml version="1.0" encoding="nonsense"?><Document/>',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused(text):
    with pytest.raises(Unreadable):
        read_statement(BytesIO(text.encode()))


def test_who_imports(office: Office):
    with pytest.raises(Forbidden):
        match_statement(actor=office.world.north.member("sales"), table=read_statement(table(f"{DAY};5;EUR")), now=NOW)


REQUEST = "00000000-0000-4000-8000-000000000001"


def test_the_pages_of_payments(office: Office):
    world = office.world
    office.sold()
    invoice = office.invoice()
    browser, rival, shop = world.north.browser(), world.south.browser(), world.shop.browser()
    text = camt(entry("20", invoice.full_number)).getvalue()

    def upload(**more):
        file = SimpleUploadedFile("a.xml", text)
        return browser.post("/portal/payments/import/", {"file": file, "request_id": REQUEST, **more})

    looked = upload(dry_run="on")
    assert "1 of 1 lines would be recorded" in looked.content.decode()
    assert "by the number of the document" in looked.content.decode()
    assert upload().status_code == 302
    said = {"payer": world.shop.id, "kind": "payment", "amount": "0", "currency": "EUR", "received_on": DAY}
    said |= {"method": "transfer", "reference": "by hand", "request_id": REQUEST}
    bad = browser.post("/portal/payments/new/", said)
    assert bad.status_code == 422
    assert 'value="by hand"' in bad.content.decode()
    assert browser.post("/portal/payments/new/", said | {"amount": "5"}).status_code == 302
    row = Payment.objects.get(amount=5)
    assert "by hand" in browser.get("/portal/payments/").content.decode()
    page = f"/portal/payments/{row.pk}/"
    assert "Allocate" in browser.get(page).content.decode()
    give = {"document": invoice.pk, "request_id": REQUEST}
    assert browser.post(f"{page}allocate/", give | {"amount": "9"}).status_code == 422
    assert browser.post(f"{page}allocate/", give).status_code == 302
    assert browser.post(f"{page}documents/{invoice.pk}/", {"request_id": REQUEST}).status_code == 302
    assert browser.post(f"{page}reverse/", {"request_id": REQUEST}).status_code == 302
    account = f"/portal/balances/{Balance.objects.get().pk}/"
    assert "€3.80" in browser.get(account).content.decode()
    file = b"".join(browser.get(f"{account}statement.csv").streaming_content).decode()
    assert file.count("\r\n") == 5
    assert "Balance" in browser.get(f"/portal/customers/{world.shop.id}/").content.decode()
    for path in (page, account):
        assert rival.get(path).status_code == 404
        assert shop.get(path).status_code == 200
    assert shop.get("/portal/payments/new/").status_code == 403


def test_payments_over_rest(office: Office):
    world = office.world
    office.sold()
    invoice = office.invoice()
    api = world.north.api()
    said = {"payer": world.shop.id, "amount": {"amount": "30", "currency": "EUR"}, "received_on": DAY, "settles": False}
    made = api.post("payments", said).json()
    assert (made["not_allocated"]["amount"], made["kind"]) == ("30.00", "payment")
    assert api.post("payments", said | {"received_on": "2999-01-01"}).status_code == 422
    here = f"payments/{made['id']}"
    assert api.post(f"{here}/allocate", {"document": invoice.pk, "amount": "24"}).status_code == 409
    assert api.post(f"{here}/allocate", {"document": invoice.pk}).json()["not_allocated"]["amount"] == "6.20"
    assert api.post(f"{here}/deallocate", {"document": invoice.pk}).json()["not_allocated"]["amount"] == "30.00"
    assert api.post(f"{here}/reverse").json()["reverses"] == made["id"]
    file = {"file": SimpleUploadedFile("a.xml", camt(entry("20", invoice.full_number)).getvalue())}
    headers = {"Authorization": f"Bearer {world.north.key()}", "Idempotency-Key": "a"}
    done = api.client.post("/api/v1/payments/import", file, headers=headers).json()
    assert (done["saved"], done["lines"][0]["how"], len(done["ids"])) == (True, "number", 1)
    (row,) = api.get("balances").json()["results"]
    assert row["owed"] == {"amount": "3.80", "currency": "EUR"}
    entries = api.get(f"balances/{row['id']}/statement").json()["entries"]
    assert [each["owed"]["amount"] for each in entries] == ["23.80", "-6.20", "-26.20", "3.80"]
    for rival in (world.south.api(), world.stranger.api()):
        assert rival.get(here).status_code == 404
        assert rival.post(f"{here}/reverse").status_code == 404
        assert rival.get("balances").json()["results"] == []
    assert world.shop.api().post("payments", said).status_code == 403
