"""What is known of a VAT ID: asked for in time, answered once, waited for."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from invoicing.models import VatCheck
from invoicing.selectors.taxes import liability_of
from invoicing.services.vat_checks import NoVatId, check_vat_id, open_checks
from invoicing.vat_clerk import ask_some
from invoicing.vies import Answer, Vies
from resellerhub.kernel.refusals import Forbidden
from tenants.models import Event
from tenants.naming import NamesHidden
from tenants.services.visibility import hide_customers
from tests.invoicing.test_taxes import TODAY, VAT_ID, lives, rate_of
from tests.world import NOW, Player, World


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
