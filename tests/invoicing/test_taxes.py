"""Rates with their days, who owes the tax, and what is known of a VAT ID."""

import json
import threading
from datetime import date, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import DatabaseError, connection, transaction

from invoicing.models import TaxRate, VatCheck
from invoicing.rating.liability import Liability
from invoicing.rating.taxation import Rate, taxation
from invoicing.rating.taxes import Category
from invoicing.selectors.taxes import exemption_reason, liabilities_of, liability_of
from invoicing.services.taxes import adopt_standard_rates, set_small_business, set_tax_rate, withdraw_tax_rate
from invoicing.services.vat_checks import NoVatId, check_vat_id, open_checks
from invoicing.vat_clerk import ask_some
from invoicing.vies import Answer, Vies
from resellerhub.kernel.periods import Period
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import Event, Profile
from tenants.naming import NamesHidden
from tenants.services.visibility import hide_customers
from tests.invoicing.cases import read
from tests.world import NOW, Player, World

TODAY = NOW.date()
VAT_ID = "IT00743110157"
CASES = read("taxes")


def lives(player: Player, country: str, vat_id: str = "") -> Player:
    Profile.objects.filter(pk=player.id).update(country=country, vat_id=vat_id)
    return player


def answered(player: Player, state: str, days_ago: int = 0, vat_id: str = VAT_ID) -> VatCheck:
    at = NOW - timedelta(days=days_ago)
    return VatCheck.objects.create(
        provider_id=player.tenant.house_id, tenant=player.tenant, vat_id=vat_id, state=state, made_at=at, answered_at=at
    )


def rate_of(world: World, country: str, percent: str, on: date = date(2000, 1, 1), **more):
    return set_tax_rate(
        actor=world.provider.actor, country=country, percent=Decimal(percent), effective_on=on, now=NOW, **more
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_who_owes_the_tax(world: World, case):
    lives(world.provider, "FR")
    payer = lives(world.direct, case["country"], case.get("vat_id", ""))
    rate_of(world, "FR", "20")
    rate_of(world, "IT", "22")
    if case.get("small"):
        set_small_business(actor=world.provider.actor, is_small=True, effective_on=date(2026, 1, 1), now=NOW)
    if "answer" in case:
        answered(payer, case["answer"], case.get("answered", 30))
    found = liability_of(world.provider.id, payer.id, TODAY)
    assert found.waits == case.get("waits", "")
    if "category" in case:
        counts = found.on(TODAY)
        assert counts is not None
        assert (counts.category, counts.percent) == (case["category"], Decimal(case["rate"]))


def test_many_payers_cost_what_one_does(world: World, django_assert_num_queries):
    lives(world.provider, "FR")
    rate_of(world, "FR", "20")
    payers = [lives(player, "FR").id for player in (world.direct, world.mill, world.shop)]
    for ids in (payers[:1], payers):
        with django_assert_num_queries(4):
            assert set(liabilities_of(world.provider.id, ids, TODAY)) == set(ids)


JULY, YEAR_END = date(2020, 7, 1), date(2021, 1, 1)


def test_a_line_is_split_where_its_rate_changes():
    """Germany, 2020; the pieces come to the line, and each is taxed at the rate of its days."""
    rates = [Rate(date(2007, 1, 1), Category.STANDARD, Decimal(19)), Rate(JULY, Category.STANDARD, Decimal(16))]
    taxed = taxation(Liability(Category.STANDARD, "DE"), rates, [(YEAR_END, True)])
    pieces = taxed.split(Period(date(2020, 6, 16), date(2020, 7, 16)), Decimal("0.01"), "EUR")
    assert [(piece.amount, piece.rate) for piece in pieces] == [(Decimal("0.01"), 19), (Decimal(0), 16)]
    pieces = taxed.split(Period(date(2020, 12, 22), date(2021, 1, 11)), Decimal(-20), "EUR")
    assert [(piece.amount, piece.category) for piece in pieces] == [(Decimal(-10), "S"), (Decimal(-10), "E")]
    assert taxed.split(Period(JULY, JULY), Decimal(5), "EUR")[0].rate == 16
    assert taxed.split(Period(date(2006, 12, 1), date(2007, 2, 1)), Decimal(5), "EUR") is None


def test_a_rate_is_said_corrected_and_withdrawn(world: World):
    row = rate_of(world, "DE", "19")
    assert rate_of(world, "DE", "19").pk == row.pk
    assert rate_of(world, "DE", "25.5").pk == row.pk
    assert list(TaxRate.objects.values_list("percent", flat=True)) == [Decimal("25.500")]
    rate_of(world, "DE", "0", TODAY + timedelta(days=40), category="Z")
    withdraw_tax_rate(actor=world.provider.actor, tax_rate_id=row.pk, now=NOW)
    said = Event.objects.filter(subject_type="taxrate").order_by("pk")
    assert [(event.kind, event.after["percent"] if event.after else None) for event in said] == [
        ("tax_rate.set", "19"),
        ("tax_rate.set", "25.5"),
        ("tax_rate.set", "0"),
        ("tax_rate.withdrawn", None),
    ]
    assert adopt_standard_rates(actor=world.provider.actor, now=NOW) == 26
    assert adopt_standard_rates(actor=world.provider.actor, now=NOW) == 0


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("country", {"country": "XX"}),
        ("percent", {"percent": Decimal("100.001")}),
        ("percent", {"percent": Decimal("NaN")}),
        ("percent", {"percent": Decimal("0.0001")}),
        ("percent", {"percent": Decimal(0)}),
        ("percent", {"category": "Z"}),
        ("category", {"category": "AE", "percent": Decimal(0)}),
        ("effective_on", {"effective_on": date(3000, 1, 1)}),
    ],
)
def test_what_is_no_rate_is_refused(world: World, field, values):
    said = {"country": "DE", "percent": Decimal(19), "effective_on": TODAY} | values
    with pytest.raises(Invalid) as refused:
        set_tax_rate(actor=world.provider.actor, now=NOW, **said)
    assert field in refused.value.errors


def test_only_the_provider_says_rates(world: World):
    for actor in (world.north.actor, world.provider.member("billing")):
        with pytest.raises(Forbidden):
            set_tax_rate(actor=actor, country="DE", percent=Decimal(19), effective_on=TODAY, now=NOW)
    row = rate_of(world, "DE", "19")
    with pytest.raises(NotFound):
        withdraw_tax_rate(actor=world.stranger.actor, tax_rate_id=row.pk, now=NOW)


def test_the_reason_is_in_the_language_of_the_document():
    assert "§ 19 UStG" in exemption_reason(Category.EXEMPT, "DE", "de")
    assert exemption_reason(Category.EXEMPT, "FR", "en").startswith("Exempt from VAT as a small business (Art")
    assert not exemption_reason(Category.REVERSE_CHARGE, "DE", "de")


RAW = {
    "two for one day": "INSERT INTO invoicing_taxrate (provider_id, country, effective_on, category, percent, made_at)"
    " SELECT provider_id, country, effective_on, 'S', 7, made_at FROM invoicing_taxrate",
    "taxed at nothing": "UPDATE invoicing_taxrate SET percent = 0",
    "no number": "UPDATE invoicing_taxrate SET percent = 'NaN'",
    "an answer changed": "UPDATE invoicing_vatcheck SET state = 'valid'",
    "an answer deleted": "DELETE FROM invoicing_vatcheck WHERE state = 'invalid'",
    "asked twice": "INSERT INTO invoicing_vatcheck (provider_id, tenant_id, vat_id, requester, state, made_at,"
    " retry_at, tries, problem, consultation)"
    " SELECT provider_id, tenant_id, vat_id, '', 'unknown', now(), now(), 0, '', ''"
    " FROM invoicing_vatcheck, generate_series(1, 2)",
}


@pytest.mark.parametrize("sql", RAW.values(), ids=RAW)
def test_the_database_refuses(world: World, sql):
    rate_of(world, "DE", "19")
    answered(world.direct, "invalid")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# VAT IDs


class Office:
    """Answers as it is told, and notes what it was asked."""

    answer = Answer("valid", "WAPI1")
    asked: list = []

    def ask(self, vat_id, requester):
        Office.asked.append((vat_id, requester))
        return Office.answer


@pytest.fixture
def office(settings):
    settings.VAT_CHECKER = f"{__name__}.Office"
    Office.asked, Office.answer = [], Answer("valid", "WAPI1")
    return Office


def across(world: World) -> Player:
    """A customer in another country of the union than who bills it."""
    lives(world.provider, "DE", "DE136695976")
    rate_of(world, "IT", "22")
    return lives(world.direct, "IT", VAT_ID)


def test_a_new_vat_id_is_asked_for_and_again_before_it_is_too_old(world: World, office):
    payer = across(world)
    lives(world.mill, "DE", "DE136695976")  # at home: it changes nothing
    assert ask_some(now=NOW) == 1
    assert office.asked == [(VAT_ID, "DE136695976")]
    row = VatCheck.objects.get()
    assert (row.tenant_id, row.state, row.consultation) == (payer.id, "valid", "WAPI1")
    assert liability_of(world.provider.id, payer.id, TODAY).on(TODAY).category == "AE"
    assert Event.objects.get(kind="vat_id.checked").tenant_id == payer.id
    assert ask_some(now=NOW + timedelta(days=24)) == 0
    assert ask_some(now=NOW + timedelta(days=26)) == 1


def test_while_nobody_answers_documents_wait(world: World, office):
    payer = across(world)
    office.answer = Answer("unknown", problem="MS_UNAVAILABLE")
    assert ask_some(now=NOW) == 1
    assert liability_of(world.provider.id, payer.id, TODAY).waits == "vat_check"
    assert ask_some(now=NOW + timedelta(seconds=59)) == 0
    assert ask_some(now=NOW + timedelta(seconds=61)) == 1
    row = VatCheck.objects.get()
    assert (row.tries, row.problem, row.retry_at) == (2, "MS_UNAVAILABLE", NOW + timedelta(seconds=361))
    office.answer = Answer("invalid")
    check_vat_id(actor=world.provider.actor, tenant_id=payer.id, now=NOW + timedelta(seconds=90))
    assert ask_some(now=NOW + timedelta(seconds=90)) == 1
    found = liability_of(world.provider.id, payer.id, TODAY)
    assert (found.waits, found.on(TODAY).percent) == ("", 22)


def test_another_vat_id_is_another_question(world: World, office):
    payer = across(world)
    assert open_checks(now=NOW) == 1
    lives(payer, "IT", "IT00905811006")
    assert open_checks(now=NOW) == 1
    assert VatCheck.objects.get().vat_id == "IT00905811006"
    lives(payer, "US", "US1")
    assert open_checks(now=NOW) == 0
    with pytest.raises(NoVatId):
        check_vat_id(actor=world.provider.actor, tenant_id=payer.id, now=NOW)


def test_who_may_ask(world: World, office):
    lives(world.north, "DE")
    shop = lives(world.shop, "IT", VAT_ID)
    assert world.south.api().post(f"customers/{shop.id}/check-vat-id").status_code == 404
    assert world.north.browser().post(f"/portal/customers/{shop.id}/check-vat-id/").status_code == 302
    assert world.north.api().post(f"customers/{shop.id}/check-vat-id").json()["state"] == "unknown"
    assert [row["tenant"] for row in world.north.api().get("vat-checks").json()["results"]] == [shop.id]
    assert "Asked next" in world.north.browser().get(f"/portal/customers/{shop.id}/").content.decode()
    with pytest.raises(Forbidden):
        check_vat_id(actor=world.north.member("read_only"), tenant_id=shop.id, now=NOW)
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=NOW)
    with pytest.raises(NamesHidden):
        check_vat_id(actor=world.provider.actor, tenant_id=shop.id, now=NOW)
    assert world.provider.api().get("vat-checks").json()["results"] == []


REPLIES = {
    "valid": ({"valid": True, "requestIdentifier": "WAPIAAAA"}, Answer("valid", "WAPIAAAA")),
    "invalid": ({"valid": False, "requestIdentifier": ""}, Answer("invalid")),
    "older shape": ({"isValid": True, "userError": "VALID"}, Answer("valid")),
    "no such number": ({"actionSucceed": False, "errorWrappers": [{"error": "INVALID_INPUT"}]}, Answer("invalid")),
    "down": (
        {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]},
        Answer("unknown", problem="MS_UNAVAILABLE"),
    ),
    "text": ("<html>", Answer("unknown", problem="JSONDecodeError")),
    "list": ([1], Answer("unknown", problem="ValueError")),
    "too much": ({"valid": True, "name": "x" * 200_000}, Answer("unknown", problem="ValueError")),
    "empty": ({}, Answer("unknown", problem="NO_ANSWER")),
    "elsewhere": (302, Answer("unknown", problem="HTTP_302")),
}


@pytest.fixture(scope="module")
def vies():
    class Replies(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(asked)
            reply = server.reply
            if "requesterNumber" in asked and server.unknown_requester:
                reply = {"actionSucceed": False, "errorWrappers": [{"error": "INVALID_REQUESTER_INFO"}]}
            self.send_response(reply if isinstance(reply, int) else 200)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            if not isinstance(reply, int):
                self.wfile.write((reply if isinstance(reply, str) else json.dumps(reply)).encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Replies)
    server.unknown_requester = False
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("reply", "answer"), REPLIES.values(), ids=REPLIES)
def test_what_vies_says(vies, settings, reply, answer):
    settings.VIES_URL = f"http://127.0.0.1:{vies.server_port}/check-vat-number"
    vies.reply, vies.asked = reply, []
    assert Vies().ask(VAT_ID, "DE136695976") == answer
    assert vies.asked[0] == {
        "countryCode": "IT",
        "vatNumber": VAT_ID[2:],
        "requesterMemberStateCode": "DE",
        "requesterNumber": "136695976",
    }


def test_vies_is_asked_without_a_requester_that_it_does_not_know(vies, settings, monkeypatch):
    settings.VIES_URL = f"http://127.0.0.1:{vies.server_port}/check-vat-number"
    monkeypatch.setattr(vies, "unknown_requester", True)
    vies.reply, vies.asked = {"valid": True}, []
    assert Vies().ask(VAT_ID, "DE136695976") == Answer("valid")
    assert len(vies.asked) == 2
    settings.VIES_URL = "http://127.0.0.1:9/"
    assert Vies().ask(VAT_ID, "") == Answer("unknown", problem="ConnectionRefusedError")


# Pages and REST


def test_the_page_of_tax_rates(world: World):
    browser = world.provider.browser()
    assert browser.post("/console/tax-rates/adopt/").status_code == 302
    page = browser.get("/console/tax-rates/").content.decode()
    assert "Finland" in page
    assert "25.5 %" in page
    said = {"country": "DE", "category": "S", "percent": "101", "effective_on": "2026-01-01"}
    bad = browser.post("/console/tax-rates/new/", said | {"request_id": "00000000-0000-4000-8000-000000000001"})
    assert bad.status_code == 422
    assert 'value="101"' in bad.content.decode()
    good = browser.post(
        "/console/tax-rates/new/", said | {"percent": "16", "request_id": "00000000-0000-4000-8000-000000000001"}
    )
    assert good.status_code == 302
    row = TaxRate.objects.get(percent=16)
    assert (
        browser.post(
            f"/console/tax-rates/{row.pk}/withdraw/", {"request_id": "00000000-0000-4000-8000-000000000001"}
        ).status_code
        == 302
    )
    assert not TaxRate.objects.filter(pk=row.pk).exists()
    reseller = world.north.browser()
    assert "Withdraw" not in reseller.get("/portal/tax-rates/").content.decode()
    assert reseller.get("/portal/tax-rates/new/").status_code == 403
    small = {"is_small": "on", "effective_on": "2027-01-01", "request_id": "00000000-0000-4000-8000-000000000001"}
    assert reseller.post("/portal/small-business/edit/", small).status_code == 302
    assert "Jan" in reseller.get("/portal/small-business/").content.decode()
    assert world.shop.browser().get("/portal/tax-rates/").status_code == 403


def test_tax_rates_over_rest(world: World):
    api = world.provider.api()
    said = {"country": "DE", "percent": "19", "effective_on": "2021-01-01"}
    made = api.post("tax-rates", said)
    assert (made.status_code, made.json()["percent"]) == (201, "19.000")
    assert api.post("tax-rates", said | {"percent": "-1"}).status_code == 422
    assert world.north.api().post("tax-rates", said).status_code == 403
    assert len(world.north.api().get("tax-rates", country="DE").json()["results"]) == 1
    assert world.stranger.api().get("tax-rates").json()["results"] == []
    row = made.json()["id"]
    assert world.stranger.api().post(f"tax-rates/{row}/withdraw").status_code == 404
    assert api.post(f"tax-rates/{row}/withdraw").status_code == 204
    assert api.post("tax-rates/adopt").json() == {"countries": 27}
    small = {"is_small": True, "effective_on": "2027-01-01"}
    assert world.north.api().post("small-business", small).status_code == 200
    assert [row["is_small"] for row in world.north.api().get("small-business").json()["results"]] == [True]
    assert world.south.api().get("small-business").json()["results"] == []
