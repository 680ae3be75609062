"""Documents of a filter as one file: each with all its lines, for whoever may read every name on them."""

import csv
import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import facturx
import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from invoicing.models import Document
from invoicing.services.issuing import issue_document
from reports.models import ReportRun
from reports.services.runs import start_report_run
from reports.writers import documents as writer
from tenants.models import Profile
from tenants.services.visibility import hide_customers
from tests.invoicing.paperwork import Office
from tests.reports.callers import api, content, get, post
from tests.reports.test_runs import _media, work
from tests.world import NOW

__all__ = ["_media"]
API = "/api/v1/invoices/export"
NEW = "/portal/reports/runs/new/"


@pytest.fixture
def office(world) -> Office:
    """North has issued one to Shop and has a draft for it; the provider has issued one to North."""
    office = Office(world)
    office.sold(quantity=2)
    office.invoice()
    office.invoice(world.north, by=world.provider)
    office.sold(name="Other")
    office.charge()
    office.draft()
    return office


def start(player, file_format="zip", filters=(), **options):
    return start_report_run(
        actor=player.actor, report="documents", file_format=file_format, filters=dict(filters), language="en", now=NOW,
        **options,
    )  # fmt: skip


def files(run) -> dict[str, bytes]:
    with run.file.open("rb") as file, zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def lines(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def test_the_zip_holds_what_was_issued_and_all_its_lines(office):
    run = work(start(office.world.north))
    found = files(run)
    pages = [PdfReader(io.BytesIO(body)).pages[0].extract_text() for name, body in found.items() if name[-4:] == ".pdf"]
    assert run.rows == len(pages) == 2
    assert any("Shop" in page for page in pages)
    rows = lines(found["lines.csv"])
    totals = {(row["issuer"], row["number"]): Decimal(row["document_net"]) for row in rows}
    assert sum(Decimal(row["amount"]) for row in rows) == sum(totals.values()) == 60
    assert found["lines-excel.csv"].startswith("\ufeffNummer;".encode())
    assert work(start(office.world.north, "csv")).rows == 2


def test_an_e_invoice_goes_along_where_all_is_known_that_one_says(office):
    world = office.world
    Profile.objects.filter(provider_id=world.provider.id).update(
        contact_name="Accounts", phone="+49 30 901820", iban="DE02120300000000202051", vat_id="DE136695976"
    )
    issue_document(actor=world.north.actor, document_id=Document.objects.drafts().get().pk, now=NOW)
    found = files(work(start(world.north)))
    (invoice,) = (body for name, body in found.items() if name.endswith(".xml"))
    assert b"#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0" in invoice
    carried = [PdfReader(io.BytesIO(body)).attachments for name, body in found.items() if name.endswith(".pdf")]
    assert sum("factur-x.xml" in each for each in carried) == 1
    facturx.xml_check_xsd(invoice, flavor="factur-x", level="en16931")


def test_filters_are_those_of_the_list_and_rivals_have_nothing(office):
    world = office.world
    assert work(start(world.north, filters={"payer": str(world.shop.id)})).rows == 1
    assert work(start(world.north, filters={"kind": "credit_note"})).rows == 0
    assert work(start(world.south)).rows == 0


def test_a_document_with_a_hidden_name_is_left_out(office):
    world = office.world
    assert work(start(world.provider)).rows == 2
    hide_customers(actor=world.north.actor, reseller_id=world.north.id, now=NOW + timedelta(days=1))
    run = work(start(world.provider))
    assert run.rows == 1
    assert {row["recipient"] for row in lines(files(run)["lines.csv"])} == {"North"}
    assert work(start(world.north)).rows == 2


def test_two_documents_of_the_same_number_are_two_files(office, monkeypatch):
    monkeypatch.setattr(writer, "stem", lambda paper: "R-1")
    names = [name for name in files(work(start(office.world.provider))) if name.endswith(".pdf")]
    assert len(set(names)) == 2


def test_too_many_for_a_zip_are_a_table(office, monkeypatch):
    monkeypatch.setattr(writer, "MOST", 1)
    with pytest.raises(writer.TooManyDocuments):
        work(start(office.world.north))
    assert work(start(office.world.north, "csv")).rows == 2


def test_from_the_list_to_the_file(office):
    browser = office.world.north.browser()
    asked = f"report=documents&payer={office.world.shop.id}"
    form = browser.get(f"{NEW}?{asked}").content.decode()
    assert "Payer: Shop" in form
    assert 'value="zip"' in form
    assert 'value="xlsx"' not in form
    refused = browser.post(NEW, {"request_id": str(uuid4()), "format": "xlsx", "query": asked})
    assert refused.status_code == 422
    answer = browser.post(NEW, {"request_id": str(uuid4()), "format": "zip", "query": asked})
    run = work(ReportRun.objects.get())
    page = get(browser, answer["Location"]).content.decode()
    assert "Payer: Shop" in page
    file = get(browser, f"{answer['Location']}file/")
    assert file["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(content(file))).namelist()
    assert run.rows == 1


def test_over_rest(office):
    world = office.world
    body = {"format": "zip", "filters": {"state": "issued", "issued_after": "2026-01-01", "payer": world.shop.id}}
    first, again = (post(api(world.north), API, body) for _ in range(2))
    assert first.status_code == again.status_code == 202
    run = work(ReportRun.objects.get(pk=first.json()["id"]))
    assert (run.report, run.rows) == ("documents", 1)
    assert api(world.south).get(f"/api/v1/report-runs/{run.pk}/file").status_code == 404
    assert post(api(world.shop), API, body).status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [({"format": "xlsx"}, 422), ({"filters": {"payer": 999_999_999}}, 422), ({"filters": {"nothing": 1}}, 400)],
)
def test_what_cannot_be_exported(world, change, status):
    assert post(api(world.north), API, {"format": "zip", **change}).status_code == status
    assert not ReportRun.objects.exists()


def test_the_database_refuses_a_format_that_a_report_has_not(office):
    run = start(office.world.north)
    with pytest.raises(IntegrityError, match="report_run_report"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_reportrun SET format = 'xlsx' WHERE id = %s", [run.pk])
