"""The first page of a reseller: its customers, its company, and nothing that others do."""

import re
from datetime import UTC, datetime

from tenants.services.customers import create_customers
from tenants.services.details import Details
from tenants.services.status import suspend_tenant
from tests.subscriptions.market import build_market
from tests.world import NOW, World

TOKENS = re.compile(rb"csrfmiddlewaretoken\"? value=\"\w+\"|X-CSRFToken[^}]*|csrf[^>]*>|[0-9a-f]{32}|[0-9a-f-]{36}")


def dashboard(browser) -> bytes:
    return TOKENS.sub(b"", browser.get("/portal/").content)


def test_the_customer_base_and_the_own_company(world: World):
    suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, now=NOW)
    answer = world.north.browser().get("/portal/")
    panels = {str(panel.title): dict(panel.facts) for panel in answer.context["panels"]}
    base = panels["Customer base"]
    assert (base["Active"], base["Suspended"], base["Deleted"]) == (1, 1, 0)
    assert (base["Sold to directly"], base["Sold to by resellers"]) == (1, 1)
    assert panels["Your company"]["Organisation"] == "North"
    assert panels["Your company"]["Tenant owner"] == world.north.tenant.profile.owner_email
    mine = {str(panel.title): dict(panel.facts) for panel in world.shop.browser().get("/portal/").context["panels"]}
    assert "Customer base" not in mine
    assert mine["Your company"]["Organisation"] == "Shop"


def test_a_dashboard_does_not_change_with_what_others_do(world: World):
    market = build_market(world)
    browser = world.north.browser()
    browser.get("/portal/")
    before = dashboard(browser)
    assert b"Customer base" in before
    many = [Details(name=f"Customer {number}") for number in range(5)]
    create_customers(actor=world.south.actor, seller_id=world.south.id, customers=many, now=datetime.now(UTC))
    market.sell(world.mill)
    suspend_tenant(actor=world.south.actor, tenant_id=world.mill.id, now=NOW)
    assert dashboard(browser) == before
    create_customers(actor=world.north.actor, seller_id=world.north.id, customers=many, now=datetime.now(UTC))
    assert dashboard(browser) != before
