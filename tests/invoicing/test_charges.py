"""Charges on the page, by REST, in the file for the books; and what is charged by hand."""

import csv
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoicing.models import Charge
from invoicing.services.manual import BilledByAnother, OneCurrency, OneOff, charge_by_hand
from invoicing.verify import charges
from resellerhub.kernel.money import Money
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.services.life.steps.quantity import ChangeQuantity
from tenants.models import Event
from tests.invoicing.billing import Billing
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import later
from tests.together import together
from tests.world import NOW

SETUP = OneOff("Setting up", 3, Money(Decimal("19.995"), "EUR"))


def by_hand(player, payer, one_off=SETUP, request_id=None, actor=None):
    parts = {"payer_id": payer.id, "one_off": one_off, "request_id": request_id or uuid4(), "now": NOW}
    return charge_by_hand(actor=actor or player.actor, **parts)


@pytest.fixture
def billed(world) -> Stage:
    """Of Shop, for three days five seats and then two."""
    stage = Stage(build_market(world))
    row = stage.sold(package(stage.market, "Plain", "9.99999"), quantity=5)
    billing = Billing(world)
    billing.run(NOW)
    stage.take(row, ChangeQuantity(2, when="now"), later(3))
    billing.run(later(3))
    return stage


def test_each_sees_what_it_pays_is_paid_and_is_paid_beneath_it(billed):
    world = billed.world
    told = {
        name: {row["payer"] for row in getattr(world, name).api().get("charges").json()["results"]}
        for name in ("provider", "north", "shop", "south", "stranger")
    }
    both = {world.north.id, world.shop.id}
    assert told == {"provider": both, "north": both, "shop": {world.shop.id}, "south": set(), "stranger": set()}
    one = Charge.objects.filter(payer=world.north.id).first()
    assert world.shop.api().get(f"charges/{one.pk}").status_code == 404
    assert "Plain cost" not in world.shop.browser().get("/portal/charges/").content.decode()


def test_the_list_and_its_file_take_as_many_queries_however_many(billed):
    browser = billed.world.north.browser()
    browser.get("/portal/charges/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert browser.get("/portal/charges/?q=Call").status_code == 200
    for number in range(5):
        by_hand(billed.world.north, billed.world.shop, OneOff(f"Call {number}", 1, Money(Decimal(1), "EUR")))
    with CaptureQueriesContext(connection) as many:
        shown = browser.get("/portal/charges/?q=Call").content.decode()
    assert len(few) == len(many)
    assert "Call 4" in shown


def test_the_file_for_the_books_computes_again(billed):
    """Quantity × price of four places × share, rounded, is the amount; else a line of its own says what is left."""
    world = billed.world
    by_hand(world.north, world.shop, OneOff("Finely priced", 99_999, Money(Decimal("0.000049"), "EUR")))
    file = world.north.browser().get(f"/portal/charges/reconciliation/?payer={world.shop.id}")
    text = b"".join(file.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    for row in rows:
        share = Decimal(row["part"]) / Decimal(row["whole"])
        exact = Decimal(row["quantity"]) * Decimal(row["unit_price"]) * share
        assert abs(exact - Decimal(row["amount"])) <= Decimal("0.005")
    total = sum(Charge.objects.filter(payer=world.shop.id).values_list("amount", flat=True))
    assert sum(Decimal(row["amount"]) for row in rows) == total
    assert [row["amount"] for row in rows if row["row"] == "rounding"] == ["4.900"]
    by_rest = world.north.api().get("charges/reconciliation.csv", payer=world.shop.id)
    assert b"".join(by_rest.streaming_content).decode() == text


def test_what_is_charged_by_hand_is_charged_once(world):
    key = uuid4()
    row = by_hand(world.north, world.shop, request_id=key)
    assert (row.amount, row.source_id, row.due_on, row.stream) == (Decimal("59.99"), row.pk, NOW.date(), "manual")
    assert by_hand(world.north, world.shop, request_id=key).pk == row.pk
    with pytest.raises(RequestReused):
        by_hand(world.north, world.shop, OneOff("Other", 1, Money(Decimal(1), "EUR")), request_id=key)
    assert Event.objects.filter(kind="charge.made", subject_id=row.pk, tenant_id=world.shop.id).count() == 1
    assert list(charges()) == []


def test_nobody_is_charged_by_who_does_not_bill_it(world):
    for payer in (world.mill, world.south):
        with pytest.raises(NotFound):
            by_hand(world.north, payer)
    with pytest.raises(BilledByAnother):
        by_hand(world.provider, world.shop)
    by_hand(world.provider, world.mill)  # South sells on commission
    with pytest.raises(BilledByAnother):
        by_hand(world.south, world.mill)
    with pytest.raises(Forbidden):
        by_hand(world.north, world.shop, actor=world.north.member("sales"))
    with pytest.raises(Forbidden):
        by_hand(world.shop, world.shop)
    by_hand(world.north, world.shop)
    with pytest.raises(OneCurrency):
        by_hand(world.north, world.shop, OneOff("In dollars", 1, Money(Decimal(1), "USD")))


WRONG = {
    "label": OneOff("two\nlines", 1, Money(Decimal(1), "EUR")),
    "quantity": OneOff("Many", 100_000, Money(Decimal(1), "EUR")),
    "unit_price": OneOff("Nothing", 1, Money(Decimal(0), "EUR")),
    "ends_on": OneOff("Backwards", 1, Money(Decimal(1), "EUR"), later(3).date(), NOW.date()),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_charged_is_refused_beside_its_field(world, field):
    with pytest.raises(Invalid) as refused:
        by_hand(world.north, world.shop, WRONG[field])
    assert list(refused.value.errors) == [field]


def test_charging_by_hand_on_the_page_and_by_rest(world):
    browser = world.north.browser()
    values = {"payer": world.shop.id, "label": "Migration", "quantity": "2", "unit_price": "0", "currency": "EUR"}
    form = browser.get("/portal/charges/new/").content.decode()
    assert world.shop.name in form
    assert world.mill.name not in form
    values["request_id"] = str(uuid4())
    refused = browser.post("/portal/charges/new/", values)
    assert refused.status_code == 422
    assert 'value="Migration"' in refused.content.decode()
    assert browser.post("/portal/charges/new/", values | {"unit_price": "12.50"}).status_code == 302
    body = {"payer": world.shop.id, "label": "By REST", "unit_price": {"amount": "5.00", "currency": "EUR"}}
    api = world.north.api()
    made, again = (api.post("charges", body, key="once") for _each in range(2))
    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json()["amount"] == {"amount": "5.00", "currency": "EUR"}
    assert made.json()["id"] == again.json()["id"]
    assert api.post("charges", body | {"payer": world.mill.id}).status_code == 404
    assert world.shop.api().post("charges", body).status_code == 403
    assert sorted(Charge.objects.values_list("amount", flat=True))[-1] == 25


@pytest.mark.django_db(transaction=True)
def test_the_same_asked_for_at_once_is_charged_once(committed_world):
    world, key = committed_world, uuid4()
    done = together(*[lambda: by_hand(world.north, world.shop, request_id=key)] * 3)
    assert Charge.objects.count() == 1
    assert {getattr(each, "pk", None) for each in done} - {None} == {Charge.objects.get().pk}
