"""The event log is added to, never changed; whatever tries."""

import ast
import csv
import io
import json
import re

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.translation import override

from resellerhub.kernel.owner import as_owner
from tenants.event_words import FACTS, WORDS
from tenants.models import Event
from tenants.roles import PERMISSIONS
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.moves import move_tenant
from tenants.services.status import resume_tenant, suspend_tenant
from tenants.services.visibility import hide_customers
from tests.architecture.sources import APPS, modules
from tests.world import NOW, World

ATTACKS = ("UPDATE tenants_event SET kind = 'nothing'", "DELETE FROM tenants_event", "TRUNCATE tenants_event CASCADE")


@pytest.mark.parametrize("sql", ATTACKS)
def test_the_application_cannot_change_events(world: World, sql: str):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("change", [lambda: Event.objects.update(kind="nothing"), lambda: Event.objects.all().delete()])
def test_nor_by_the_orm(world: World, change):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        change()


@pytest.mark.parametrize("sql", ATTACKS[:2])
def test_even_the_owner_is_told(committed_world: World, sql: str):
    with as_owner(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="added to, never changed"):
        cursor.execute(sql)


def test_an_event_names_who_for_whom_and_in_which_request(world: World):
    event = Event.objects.get(tenant=world.shop.id)
    assert (event.provider_id, event.user_id, event.user_tenant_id) == (
        world.provider.id,
        world.north.user.pk,
        world.north.id,
    )
    assert (event.subject_type, event.subject_id, event.request_id) == ("tenant", world.shop.id, "test")


def test_names_of_customers_stay_out_of_the_log(world: World):
    """They live in the profile alone, so that they can be hidden."""
    facts = str(list(Event.objects.filter(kind="customer.created").values("before", "after")))
    assert not [player.name for player in (world.shop, world.mill, world.kiosk, world.direct) if player.name in facts]


def test_by_key_or_by_session_is_noted(world: World):
    answer = world.north.api().post("customers", {"name": "New"})
    assert answer.status_code == 201
    event = Event.objects.get(tenant=answer.json()["id"])
    assert event.api_key_id is not None
    assert event.request_id == answer["X-Request-Id"]


def test_every_kind_that_is_recorded_has_a_word():
    kind = re.compile(r"[a-z_]+\.[a-z_]+")
    recorded = {
        argument.value
        for name, tree in modules().items()
        if name.split("/")[0] in APPS and "/services" in name
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and re.search("record|note|event", ast.unparse(call.func).rpartition(".")[2])
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and kind.fullmatch(argument.value)
    }
    assert len(recorded) > 40
    assert recorded - set(WORDS) - PERMISSIONS == set()


@pytest.fixture
def log(world: World) -> World:
    suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, reason="Not paid", now=NOW)
    return world


def kinds(world: World, **query) -> list[str]:
    answer = world.north.api().get("events", limit=200, **query)
    assert answer.status_code == 200, answer.content
    return [row["kind"] for row in answer.json()["results"]]


def test_the_filters(log: World):
    assert kinds(log, kind="customer.suspended") == ["customer.suspended"]
    assert set(kinds(log, kind="customer.")) == {"customer.created", "customer.suspended"}
    assert kinds(log, kind="customer.suspended", who="north admin", tenant=log.shop.id) == ["customer.suspended"]
    assert kinds(log, kind="customer.suspended", who="nobody") == []
    assert kinds(log, subject_type="tenant", subject=log.shop.id) == ["customer.suspended", "customer.created"]
    assert "customer.suspended" in kinds(log, at_after="2026-11-20", at_before="2026-11-20")
    assert "customer.suspended" not in kinds(log, at_after="2026-11-21")
    assert kinds(log, on_behalf_of="north") == []
    assert log.north.api().get("events", kind="nonsense").status_code == 422
    page = log.north.browser().get("/portal/events/?kind=customer.suspended")
    assert "Customer suspended" in page.content.decode()
    assert "Reason: Not paid; Status: Suspended" in page.content.decode()


def german(player) -> Client:
    browser = player.browser()
    browser.cookies["language"] = "de"
    return browser


def line(page) -> list[str]:
    """What the first row of a list says, cell by cell."""
    return [re.sub(r"<[^>]+>", "", str(cell)) for _css, cell in next(page.context["table"].body())[1]]


def test_ids_and_codes_are_told_in_names_and_words(world: World):
    """Of those in sight; whoever is above a reader is named to none."""
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.south.id, now=NOW)
    moved = "?kind=customer.moved"
    assert {"Before: Seller: North", "After: Seller: South"} <= set(
        line(world.provider.browser().get(f"/console/events/{moved}"))
    )
    said = line(world.south.browser().get(f"/portal/events/{moved}"))
    assert {"Before: Seller: Another organisation", "After: Seller: South"} <= set(said)
    said = line(world.shop.browser().get(f"/portal/events/{moved}"))
    assert "After: Seller: Your seller" in said
    event = Event.objects.filter(kind="customer.moved").get()
    page = german(world.provider).get(f"/console/events/{event.pk}/").content.decode()
    assert "Verkäufer" in page
    assert "North" in page
    made = line(german(world.provider).get("/console/events/?kind=reseller.created"))
    assert any("Abonnement" in cell or "Prepaid" in cell or "Subscription" in cell for cell in made), made


def test_every_value_has_a_word_in_german(world: World):
    with override("de"):
        untold = [name for name, word in FACTS.items() if not str(word)]
    assert untold == []


def test_by_person_and_by_organisation(log: World):
    north = log.north
    assert kinds(log, kind="customer.suspended", user=north.user.pk) == ["customer.suspended"]
    assert kinds(log, kind="customer.suspended", organisation="sho") == ["customer.suspended"]
    assert kinds(log, organisation="mill") == []
    for name, pk in (("user", log.south.user.pk), ("tenant", log.mill.id), ("user", log.provider.user.pk)):
        assert north.api().get("events", **{name: pk}).status_code == 422
    page = north.browser().get(f"/portal/events/?tenant={log.shop.id}&user={north.user.pk}")
    assert [chip.value for chip in page.context["filters"].chips] == [north.user.name, "Shop"]
    assert "Mill" not in page.content.decode()


def test_what_is_hidden_is_found_by_nobody_above(log: World):
    hide_customers(actor=log.provider.actor, reseller_id=log.north.id, now=NOW)
    provider = log.provider
    assert provider.api().get("events", organisation="shop").json()["results"] == []
    page = provider.browser().get(f"/console/events/?tenant={log.shop.id}")
    assert [chip.value for chip in page.context["filters"].chips] == [f"Customer {log.shop.id}"]
    assert "Shop" not in page.content.decode()


def test_acting_as_another_stands_in_the_log_under_both_names(log: World):
    from tests.tenants.test_visits import mine, visit

    provider, north = log.provider, log.north
    visited = provider.actor.visiting(visit(provider.actor, north), mine(north))
    resume_tenant(actor=visited, tenant_id=log.shop.id, now=NOW)
    (row,) = provider.api().get("events", kind="customer.resumed", on_behalf_of="north").json()["results"]
    assert (row["who"], row["user"], row["as_whom"], row["on_behalf_of"]) == (
        provider.user.name, provider.user.pk, north.user.name, north.user.pk,
    )  # fmt: skip
    words = f"{provider.user.name} as {north.user.name}"
    assert words in provider.browser().get("/console/events/").content.decode()
    (row,) = north.api().get("events", kind="customer.resumed", on_behalf_of="north").json()["results"]
    assert (row["who"], row["user"], row["as_whom"]) == ("", None, north.user.name)
    page = north.browser().get("/portal/events/").content.decode()
    assert f"Support as {north.user.name}" in page
    assert provider.user.name not in page


def test_the_export_has_before_and_after(log: World):
    browser = log.north.browser()
    answer = browser.get("/portal/events/?kind=customer.suspended&export=csv")
    head, row = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    told = dict(zip(head, row, strict=True))
    assert (told["Before"], told["After"]) == ("Status: Active", "Reason: Not paid; Status: Suspended")
    told |= _with_data(browser)
    assert json.loads(told["After (data)"]) == {"status": "suspended", "reason": "Not paid"}
    assert (told["What"], told["What (code)"]) == ("Customer suspended", "customer.suspended")
    assert told["Who"] == log.north.user.name
    sheet = openpyxl.load_workbook(
        io.BytesIO(browser.get("/portal/events/?kind=customer.suspended&export=xlsx").getvalue())
    ).active
    assert [cell.value for cell in sheet[1]] == head


def _with_data(browser) -> dict[str, str]:
    """The same as machines read it, where these columns are chosen."""
    browser.post("/portal/columns/", {"list": "events", "columns": ["before_data", "after_data", "code"]})
    answer = browser.get("/portal/events/?kind=customer.suspended&export=csv")
    head, row = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    browser.post("/portal/columns/", {"list": "events", "reset": "1"})
    return dict(zip(head, row, strict=True))


def test_the_page_of_a_tenant_has_its_log(log: World):
    page = log.north.browser().get(f"/portal/customers/{log.shop.id}/?tab=events").content.decode()
    assert "Status: Active" in page
    assert f"/portal/events/?tenant={log.shop.id}" in page


def test_as_many_queries_for_many_events_as_for_few(log: World, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    browser = log.provider.browser()
    browser.get("/console/events/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/console/events/?per_page=25")
    for number in range(30):
        suspend = Details(f"Customer {number}")
        create_customer(actor=log.provider.actor, seller_id=log.provider.id, details=suspend, now=NOW)
    with django_assert_num_queries(len(few)):
        browser.get("/console/events/?per_page=100")
