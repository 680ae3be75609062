"""The end of a reseller or a customer: what it takes along, what stands in its way, what stays."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from subscriptions.models import Subscription
from subscriptions.services.selling.opening import sell_subscription
from subscriptions.verify import holdings
from tenants import selectors
from tenants.models import ApiKey, Event, Invitation, Tenant
from tenants.services.closing import AlreadyClosed, close_tenant
from tenants.services.moves import move_tenant
from tenants.services.obstacles import StillActive
from tenants.services.status import NotActive, resume_tenant, suspend_tenant
from tenants.services.tree import TenantClosed, TenantSuspended
from tenants.verify import tree
from tests.subscriptions.market import Market, build_market
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World, customer


@pytest.fixture
def market(world: World) -> Market:
    return build_market(world)


def close(by: Player, tenant: Player, confirmation: str = "Yes") -> Tenant:
    return close_tenant(actor=by.actor, tenant_id=tenant.id, confirmation=confirmation, now=NOW)


def test_a_customer_ends_with_all_that_is_open(market: Market):
    world = market.world
    market.subscribe(world.north)
    held = [market.sell(world.shop), market.sell(world.shop)]
    closed = close(world.north, world.shop)
    assert (closed.status, closed.closed_at) == ("closed", NOW)
    assert [row.state for row in Subscription.objects.filter(pk__in=[one.pk for one in held])] == ["closed"] * 2
    event = Event.objects.get(kind="customer.closed")
    assert event.before == {"status": "active"}
    assert (event.after["subscriptions"], event.after["logins"]) == (2, 1)
    assert holdings() == []
    assert tree() == []


def test_nobody_logs_in_for_it_any_more(world: World):
    browser, key = world.shop.browser(), world.shop.key()
    assert browser.get("/portal/").status_code == 200
    link = Invitation.objects.create(
        tenant=world.shop.tenant, provider=world.provider.tenant, into=world.shop.tenant, role="read_only",
        email="new@shop.example", created_at=NOW, expires_at=NOW,
    )  # fmt: skip
    close(world.north, world.shop)
    assert browser.get("/portal/")["Location"].startswith("/accounts/login/")
    assert Client(headers={"Authorization": f"Bearer {key}"}).get("/api/v1/me").status_code == 401
    assert ApiKey.objects.get(tenant=world.shop.tenant).revoked_at == NOW
    link.refresh_from_db()
    assert link.revoked_at == NOW
    client = Client()
    client.post("/accounts/login/", {"login": world.shop.user.email, "password": PASSWORD})
    assert client.get("/portal/").status_code == 302


def test_who_works_elsewhere_too_stays_logged_in(world: World):
    from tenants.models import Membership

    Membership.objects.create(
        user=world.shop.user,
        tenant=world.kiosk.tenant,
        provider=world.provider.tenant,
        role="read_only",
        created_at=NOW,
    )
    browser = world.shop.browser()
    close(world.north, world.shop)
    assert browser.get("/portal/").status_code == 200


def test_a_reseller_is_refused_with_the_list(market: Market):
    world = market.world
    subscription = market.subscribe(world.north)
    with pytest.raises(StillActive) as refused:
        close(world.provider, world.north)
    active = refused.value.facts["active"]
    assert {(one["type"], one["id"]) for one in active} == {
        ("reseller", world.north_east.id), ("customer", world.shop.id), ("subscription", subscription.pk)
    }  # fmt: skip
    assert "Shop" in {one["name"] for one in active}
    api = world.provider.api()
    problem = api.post(f"resellers/{world.north.id}/close", {"confirmation": "Yes"})
    assert (problem.status_code, problem.json()["code"]) == (409, "still-active")
    assert len(problem.json()["active"]) == 3
    page = world.provider.browser().get(f"/console/resellers/{world.north.id}/delete/").content.decode()
    assert f"/console/customers/{world.shop.id}/" in page
    assert f"/console/subscriptions/{subscription.pk}/" in page
    assert 'name="confirmation"' not in page
    assert Tenant.objects.get(pk=world.north.id).status == "active"


def test_an_empty_reseller_goes(market: Market):
    world = market.world
    close(world.south, world.mill)
    close(world.provider, world.south)
    assert Tenant.objects.get(pk=world.south.id).status == "closed"
    assert world.south.id not in {row.pk for row in selectors.sellers(world.provider.actor)}
    with pytest.raises(TenantSuspended):
        customer(Player(world.south.tenant, world.south.user, world.provider.actor), "New")
    for again in (lambda: close(world.provider, world.south), lambda: suspended(world), lambda: resumed(world)):
        with pytest.raises((AlreadyClosed, NotActive, Exception)):
            again()
    with pytest.raises(TenantClosed):
        move_tenant(actor=world.provider.actor, tenant_id=world.south.id, seller_id=world.north.id, now=NOW)


def suspended(world: World) -> Tenant:
    return suspend_tenant(actor=world.provider.actor, tenant_id=world.south.id, now=NOW)


def resumed(world: World) -> Tenant:
    return resume_tenant(actor=world.provider.actor, tenant_id=world.south.id, now=NOW)


@pytest.mark.parametrize("word", ["yes", "YES", " Yes", "Yes ", "Ja", ""])
def test_the_word_is_exactly_yes(world: World, word: str):
    with pytest.raises(Invalid):
        close(world.north, world.shop, word)
    answer = world.north.api().post(f"customers/{world.shop.id}/close", {"confirmation": word})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/confirmation")
    browser = world.north.browser()
    path = f"/portal/customers/{world.shop.id}/delete/"
    form = browser.get(path).context["form"]
    page = browser.post(path, {"request_id": form["request_id"].value(), "confirmation": word})
    assert page.status_code == 422
    assert page.context["form"].errors["confirmation"]


def test_over_page_and_api(world: World):
    browser = world.north.browser()
    path = f"/portal/customers/{world.shop.id}/delete/"
    form = browser.get(path).context["form"]
    done = browser.post(path, {"request_id": form["request_id"].value(), "confirmation": "Yes"})
    assert done["Location"] == "/portal/customers/"
    assert "is deleted" in browser.get(done["Location"]).content.decode()
    api = world.north.api()
    assert world.shop.id not in {row["id"] for row in api.get("customers").json()["results"]}
    assert [row["id"] for row in api.get("customers", status="closed").json()["results"]] == [world.shop.id]
    assert api.get(f"customers/{world.shop.id}").json()["status"] == "closed"
    assert browser.get(f"/portal/customers/{world.shop.id}/").status_code == 200
    assert "Shop" in browser.get("/portal/customers/?status=closed").content.decode()
    assert api.post(f"customers/{world.shop.id}/close", {"confirmation": "Yes"}).json()["code"] == "already-closed"
    answer = world.provider.api().post(f"customers/{world.kiosk.id}/close", {"confirmation": "Yes"})
    assert (answer.status_code, answer.json()["status"]) == (200, "closed")


def test_whom_it_is_not_for(world: World):
    for by in (world.south, world.stranger):
        with pytest.raises(NotFound):
            close(by, world.shop)
        path = f"customers/{world.shop.id}/close"
        assert by.api().post(path, {"confirmation": "Yes"}).status_code == 404
    assert world.south.browser().get(f"/portal/customers/{world.shop.id}/delete/").status_code == 404
    with pytest.raises(NotFound):
        close(world.north, world.north)
    for role in ("sales", "support", "billing", "read_only"):
        with pytest.raises(Forbidden):
            close_tenant(actor=world.north.member(role), tenant_id=world.shop.id, confirmation="Yes", now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenants_tenant SET status = 'closed' WHERE id = {shop}",
        "UPDATE tenants_tenant SET closed_at = now() WHERE id = {shop}",
        "UPDATE tenants_tenant SET status = 'closed', closed_at = now() WHERE id = {north}",
        "UPDATE tenants_tenant SET status = 'gone' WHERE id = {shop}",
    ],
)
def test_the_database_keeps_the_rules(world: World, statement: str):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(shop=world.shop.id, north=world.north.id))


def test_the_database_keeps_it_closed(world: World):
    close(world.north, world.shop)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_tenant SET status = 'active', closed_at = NULL WHERE id = %s", [world.shop.id])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sold_while_it_closes(committed_world: World):
    market = build_market(committed_world)
    market.subscribe(committed_world.north)
    north = committed_world.north

    def sell() -> Subscription:
        return sell_subscription(
            actor=north.actor, customer_id=committed_world.shop.id, offer=market.offer(market.standard), now=NOW
        )

    together(sell, lambda: close(north, committed_world.shop), sell)
    assert not Subscription.objects.open().filter(tenant=committed_world.shop.id).exists()
    assert holdings() == []
