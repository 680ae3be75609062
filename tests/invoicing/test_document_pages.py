"""Documents in the browser and over REST: made, changed, issued, credited, void, as files; by whom and by whom not."""

from decimal import Decimal

import pytest

from invoicing.models import Document
from tenants.roles import Role
from tests.invoicing.paperwork import TODAY, Office, drafts_of_hand_made_charges
from tests.world import Api


@pytest.fixture
def office(world) -> Office:
    return Office(world)


def request_id() -> dict[str, str]:
    return {"request_id": "9f3b1c1e-6f0a-4f7e-9a55-0d5b2a1f7c11"}


def test_the_month_s_work_in_the_browser(office):
    """From nothing to an invoice, a credit note and a void one, as the issuer clicks."""
    office.sold(quantity=2)
    browser, shop = office.world.north.browser(), office.world.shop
    assert b"No invoices yet" in browser.get("/portal/invoices/").content
    made = browser.post(
        "/portal/invoices/new/", {"payer": shop.id, "kind": "invoice", "until": str(TODAY)} | request_id()
    )
    draft = Document.objects.get()
    assert made.headers["Location"] == f"/portal/invoices/{draft.pk}/"
    page = browser.get(made.headers["Location"])
    assert "€47.60" in page.content.decode()
    late = browser.post(f"/portal/invoices/{draft.pk}/issue/", {"on": "2199-01-01"} | request_id())
    assert (late.status_code, b'value="2199-01-01"' in late.content) == (422, True)
    change = {"note": "Thanks", "buyer_reference": "04011000-1", "order_number": "", "charges": charge_ids(draft)}
    assert browser.post(f"/portal/invoices/{draft.pk}/edit/", change | request_id()).status_code == 302
    assert browser.post(f"/portal/invoices/{draft.pk}/issue/", request_id()).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.full_number[:4], draft.note) == ("issued", "INV-", "Thanks")
    bad = browser.post(f"/portal/invoices/{draft.pk}/credit/", {"amount": "99", "reason": "Agreed"} | request_id())
    assert (bad.status_code, b"At most 40 EUR" in bad.content) == (422, True)
    credit = browser.post(f"/portal/invoices/{draft.pk}/credit/", {"amount": "10", "reason": "Agreed"} | request_id())
    assert credit.status_code == 302
    note = Document.objects.get(kind="credit_note")
    assert browser.post(f"/portal/invoices/{note.pk}/issue/", request_id()).status_code == 302
    note.refresh_from_db()
    assert (note.gross, note.full_number[:3]) == (Decimal("11.9"), "CN-")
    blocked = browser.post(f"/portal/invoices/{draft.pk}/void/", {"reason": "Wrong"} | request_id())
    assert blocked.status_code == 422
    found = browser.get("/portal/invoices/?q=47,60").content.decode()
    assert draft.full_number in found
    assert note.full_number not in found
    assert browser.get("/portal/invoices/?export=csv").status_code == 200
    assert draft.full_number in shop.browser().get("/portal/invoices/").content.decode()


def charge_ids(draft: Document) -> list[int]:
    return list(draft.lines.values_list("charge_id", flat=True))


def test_files_say_what_the_document_says(office):
    office.sold(quantity=2)
    invoice = office.invoice()
    for path, begins in (("pdf", b"%PDF"), ("csv", b"number,")):
        answer = office.world.shop.browser().get(f"/portal/invoices/{invoice.pk}/{path}/")
        assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
        again = office.world.shop.api().get(f"invoices/{invoice.pk}/{path}")
        assert again.content == answer.content
    assert office.world.south.api().get(f"invoices/{invoice.pk}/pdf").status_code == 404


def test_over_rest(office):
    office.sold(quantity=2)
    api: Api = office.world.north.api()
    asked = {"payer": office.world.shop.id, "until": str(TODAY)}
    made = api.post("invoices", asked, key="one")
    assert made.status_code == 201, made.content
    draft = made.json()
    assert (draft["total"], draft["number"], draft["state"]) == ({"amount": "47.60", "currency": "EUR"}, "", "draft")
    assert api.post("invoices", asked, key="one").json() == draft
    assert api.post("invoices", asked).json()["code"] == "nothing-to-bill"
    issued = api.post(f"invoices/{draft['id']}/issue", key="two").json()
    assert (issued["state"], issued["due_on"] > issued["issued_on"]) == ("issued", True)
    assert api.post(f"invoices/{draft['id']}/issue").json()["code"] == "not-a-draft"
    whole = api.get(f"invoices/{draft['id']}", expand="lines,taxes").json()
    assert [row["amount"]["amount"] for row in whole["lines"]] == ["40.00"]
    assert whole["taxes"][0]["tax"] == {"amount": "7.60", "currency": "EUR"}
    more = {"amount": {"amount": "40.01", "currency": "EUR"}, "reason": "Agreed"}
    refused = api.post(f"invoices/{draft['id']}/credit", more)
    assert (refused.status_code, refused.json()["code"]) == (409, "credit-too-large")
    assert "#/amount" in str(refused.json()["errors"])
    line = {"lines": [{"line": whole["lines"][0]["id"]}], "reason": "Agreed"}
    both = [*line["lines"], *line["lines"]]
    for wrong in (
        line | {"lines": []},
        line | {"lines": both},
        line | {"amount": {"amount": "1.00", "currency": "EUR"}},
    ):
        assert api.post(f"invoices/{draft['id']}/credit", wrong).status_code == 422
    note = api.post(f"invoices/{draft['id']}/credit", line)
    assert (note.status_code, note.json()["total"]["amount"]) == (201, "47.60")
    assert note.headers["Location"].endswith(f"/credit-notes/{note.json()['id']}")
    assert api.get("credit-notes").json()["results"][0]["corrects"] == draft["id"]
    assert api.get(f"invoices/{note.json()['id']}").status_code == 404
    assert api.get("invoices", search="47.60").json()["results"][0]["id"] == draft["id"]
    series = api.post("number-series", {"kind": "proforma", "pattern": "P-", "start": 7})
    assert (series.status_code, series.json()["next"]) == (201, "P-0007")
    assert {row["kind"] for row in api.get("number-series").json()["results"]} == {"invoice", "proforma"}


def test_who_may_and_who_may_not(office):
    office.sold()
    invoice = office.invoice()
    world = office.world
    for rival in (world.south, world.mill, world.kiosk, world.stranger):
        assert rival.api().get(f"invoices/{invoice.pk}").status_code == 404
        assert rival.api().get("invoices").json()["results"] == []
    assert world.shop.api().get(f"invoices/{invoice.pk}").status_code == 200
    assert world.shop.api().post(f"invoices/{invoice.pk}/void", {"reason": "Mine"}).status_code == 403
    answer = world.provider.api().post(f"invoices/{invoice.pk}/void", {"reason": "Ours"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-its-issuer")
    sales = world.north.member(Role.SALES)
    assert sales.can("invoice.view")
    assert not sales.can("invoice.edit")


def test_lists_ask_as_much_for_many_as_for_one(office, django_assert_max_num_queries):
    browser = office.world.north.browser()
    drafts_of_hand_made_charges(office, 30)
    browser.get("/portal/invoices/")
    with django_assert_max_num_queries(25):
        assert browser.get("/portal/invoices/").status_code == 200
    api = office.world.north.api()
    with django_assert_max_num_queries(20):
        assert len(api.get("invoices", expand="lines,taxes").json()["results"]) == 30


def test_number_series_are_said_in_the_settings(office):
    browser = office.world.north.browser()
    form = {"pattern": "R-{year}", "digits": 4, "start": 1} | request_id()
    bad = browser.post("/portal/number-series/invoice/", form)
    assert (bad.status_code, b'value="R-{year}"' in bad.content) == (422, True)
    assert browser.post("/portal/number-series/invoice/", form | {"pattern": "R-{year}-"}).status_code == 302
    assert "R-2026-0001" in browser.get("/portal/number-series/").content.decode()
    assert browser.get("/portal/number-series/nothing/").status_code == 404
