"""Lists and pages of resellers and customers: scope, search, export, a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subscriptions.selectors.over_usage import over_usage_alone
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event, Tenant
from tenants.services.customers import create_customers
from tenants.services.details import Details
from tenants.services.status import suspend_tenant
from tests.subscriptions.market import build_market
from tests.world import NOW, World, reseller


def test_the_provider_sees_its_whole_house(world: World):
    page = world.provider.browser().get("/console/resellers/").content.decode()
    assert "North" in page
    assert "North-East" in page
    assert "South" in page
    assert "Far Away" not in page
    page = world.provider.browser().get("/console/customers/").content.decode()
    assert all(name in page for name in ("Shop", "Mill", "Kiosk", "Direct"))


def test_a_reseller_sees_its_branch_only(world: World):
    browser = world.north.browser()
    page = browser.get("/portal/customers/").content.decode()
    assert "Shop" in page
    assert "Kiosk" in page
    assert "Mill" not in page
    assert "Direct" not in page
    assert "North-East" in browser.get("/portal/resellers/").content.decode()
    assert browser.get(f"/portal/customers/{world.shop.id}/").status_code == 200
    for pk in (world.mill.id, world.direct.id, world.north_east.id, 999_999):
        assert browser.get(f"/portal/customers/{pk}/").status_code == 404
    assert browser.get(f"/portal/resellers/{world.south.id}/").status_code == 404


@pytest.mark.parametrize("path", ["resellers/", "customers/", "events/", "team/", "api-keys/"])
def test_each_shell_is_closed_to_the_others(world: World, path: str):
    assert world.north.browser().get(f"/console/{path}").status_code == 404
    assert world.provider.browser().get(f"/portal/{path}").status_code == 404


def test_a_choice_of_sellers_names_nobody_else(world: World):
    page = world.north.browser().get("/portal/customers/").content.decode()
    assert "South" not in page
    assert "Groupware" not in page
    rows = world.north.browser().get(f"/portal/customers/?seller={world.south.id}").content.decode()
    assert "Mill" not in rows


def test_search_by_name_owner_and_id(world: World):
    browser = world.provider.browser()
    for words in ("shop", "admin@shop", str(world.shop.id)):
        table = browser.get("/console/customers/", {"q": words}).context["table"]
        assert [row.record.pk for row in table.rows] == [world.shop.id]


def test_filter_by_seller_and_status(world: World):
    suspend_tenant(actor=world.provider.actor, tenant_id=world.direct.id, now=NOW)
    browser = world.provider.browser()

    def ids(**query):
        table = browser.get("/console/customers/", query).context["table"]
        return {row.record.pk for row in table.rows}

    assert ids(seller=world.provider.id) == {world.direct.id}
    assert ids(seller=world.north.id) == {world.shop.id}
    assert ids(status="suspended") == {world.direct.id}


def test_export_holds_what_the_list_holds(world: World):
    answer = world.north.browser().get("/portal/customers/?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Organisation,")
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["Kiosk", "Shop"]


LISTS = [
    *(f"/portal/{name}/" for name in ("customers", "resellers", "events", "team", "api-keys")),
    *(f"/api/v1/{name}" for name in ("customers", "resellers", "events", "users", "api-keys")),
]


@pytest.mark.parametrize("path", LISTS)
def test_the_number_of_queries_does_not_grow(world: World, path: str):
    client = world.north.api().client if path.startswith("/api/") else world.north.browser()

    def queries() -> int:
        client.get(path)  # warm, and noted as used
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    world.north.key()
    before = queries()
    many = [Details(name=f"Customer {number}") for number in range(15)]
    create_customers(actor=world.north.actor, seller_id=world.north.id, customers=many, now=NOW)
    for number in range(3):
        reseller(world.north, f"Reseller {number}")
        world.north.member("sales", f"sales{number}@north.example")
        world.north.key()
    assert queries() == before


@pytest.mark.parametrize("path", ["customers", "resellers"])
def test_a_page_of_a_directory_takes_few_queries(world: World, path: str):
    browser = world.provider.browser()
    browser.get(f"/console/{path}/")
    for query in ("", "?q=o&status=active", "?sort=-over_quota"):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/console/{path}/{query}").status_code == 200
        assert len(captured) <= 12, [query["sql"][:80] for query in captured]


def test_a_list_fetches_the_rows_of_its_page_alone(world: World):
    many = [Details(name=f"Customer {number}") for number in range(40)]
    create_customers(actor=world.south.actor, seller_id=world.south.id, customers=many, now=NOW)
    browser = world.provider.browser()
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/console/customers/").context["count"] == 44
    rows = [query["sql"] for query in captured if query["sql"].startswith('SELECT "tenants_tenant"')]
    assert all("LIMIT" in sql for sql in rows)


def test_over_quota_counts_the_rows_of_the_report(world: World):
    market = build_market(world)
    market.subscribe(world.north)
    held = market.sell(world.shop, by=world.north)
    market.sell(world.direct)
    measure = Measure("1", subscription_id=held.pk, resource=market.mailbox.code, quantity=99, at=NOW)
    ingest_usage(actor=world.provider.actor, measures=[measure], now=NOW)

    def counts(path: str) -> dict[int, int]:
        table = world.provider.browser().get(path).context["table"]
        return {row.record.pk: row.record.over_quota for row in table.rows}

    customers, resellers = counts("/console/customers/"), counts("/console/resellers/")
    assert (customers[world.shop.id], customers[world.direct.id]) == (1, 0)
    assert resellers[world.north.id] == over_usage_alone(world.provider.actor, reseller=world.north.id).count() == 1
    assert resellers[world.south.id] == 0
    lines = world.provider.browser().get("/console/resellers/?export=csv&filename=../My%20list")
    assert 'filename="My_list.csv"' in lines["Content-Disposition"].replace("..", "")
    assert b"Over quota" in b"".join(lines.streaming_content)


def test_counters_equal_the_lists_behind_them(world: World):
    browser = world.provider.browser()
    for counter in browser.get("/console/").context["counters"]:
        assert browser.get(counter.url).context["count"] == counter.value
    page = browser.get(f"/console/resellers/{world.north.id}/").context["page"]
    assert [counter.value for counter in page.counters[:2]] == [1, 1]
    for counter in page.counters[:2]:
        assert browser.get(counter.url).context["count"] == counter.value


def test_the_page_of_a_reseller_shows_its_company_users_and_activity(world: World):
    browser = world.provider.browser()
    page = browser.get(f"/console/resellers/{world.north.id}/").content.decode()
    assert "Prepaid" in page
    assert "Reseller created" in page
    assert "admin@north.example" in browser.get(f"/console/resellers/{world.north.id}/?tab=users").content.decode()


def test_a_choice_of_very_many_sellers_is_cut_off_but_not_closed(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tenants.choices.SHOWN", 1)
    browser = world.provider.browser()
    page = browser.get("/console/customers/new/").content.decode()
    assert "Groupware GmbH</option>" in page
    assert "South</option>" not in page
    page = browser.get(f"/console/customers/new/?seller={world.south.id}").content.decode()
    assert f'<option value="{world.south.id}" selected>South</option>' in page
    page = browser.get(f"/console/customers/?seller={world.south.id}")
    assert page.context["count"] == 1
    assert "South</option>" in page.content.decode()


def test_a_user_of_a_tenant_beneath(world: World):
    browser = world.provider.browser()
    page = browser.get(f"/console/tenants/{world.north.id}/users/new/")
    values = {
        "request_id": page.context["form"]["request_id"].value(),
        "email": "sales@north.example",
        "role": "sales",
        "password": "long enough for this",
    }
    assert browser.post(f"/console/tenants/{world.north.id}/users/new/", values).status_code == 302
    assert "sales@north.example" in browser.get(f"/console/resellers/{world.north.id}/?tab=users").content.decode()
    assert world.south.browser().get(f"/portal/tenants/{world.north.id}/users/new/").status_code == 404


def test_events_in_words(world: World):
    suspend_tenant(actor=world.provider.actor, tenant_id=world.north.id, reason="unpaid", now=NOW)
    page = world.north.browser().get("/portal/events/").content.decode().partition('id="list"')[2]
    assert "Reseller suspended" in page
    assert "Status: Active" in page
    assert "Status: Suspended" in page
    assert "Reason: unpaid" in page
    assert "Your seller" in page
    assert "Groupware" not in page
    page = world.provider.browser().get("/console/events/").content.decode()
    assert "Groupware GmbH administrator" in page
    assert "The system" in page
    event = Event.objects.get(kind="reseller.suspended")
    detail = world.north.browser().get(f"/portal/events/{event.pk}/").content.decode()
    assert ("</span>Active</td>" in detail, "</span>Suspended</td>" in detail) == (True, True)
    assert world.south.browser().get(f"/portal/events/{event.pk}/").status_code == 404


def test_suspend_and_resume(world: World):
    browser = world.provider.browser()
    url = f"/console/resellers/{world.north.id}"
    form = browser.get(f"{url}/suspend/").context["form"]
    values = {"request_id": form["request_id"].value(), "reason": "unpaid"}
    assert browser.post(f"{url}/suspend/", values).status_code == 302
    assert Tenant.objects.get(pk=world.north.id).status == "suspended"
    event = Event.objects.get(kind="reseller.suspended")
    assert (event.before, event.after) == ({"status": "active"}, {"status": "suspended", "reason": "unpaid"})
    again = browser.post(f"{url}/suspend/", values)
    assert again.status_code == 422
    assert "Only an active tenant" in again.content.decode()
    assert browser.post(f"{url}/resume/").status_code == 302
    assert Tenant.objects.get(pk=world.north.id).status == "active"
    assert "Only a suspended" in browser.post(f"{url}/resume/", follow=True).content.decode()


def test_a_rival_cannot_suspend(world: World):
    browser = world.south.browser()
    answer = browser.post(f"/portal/resellers/{world.north.id}/suspend/", {"reason": ""})
    assert answer.status_code == 404
    assert browser.post(f"/portal/customers/{world.shop.id}/resume/").status_code == 404
    assert Tenant.objects.get(pk=world.north.id).status == "active"


def test_search_everything_stays_in_scope(world: World):
    assert "Mill" not in world.north.browser().get("/portal/search/?q=mill").content.decode()
    assert "Shop" in world.north.browser().get("/portal/search/?q=sho").content.decode()
