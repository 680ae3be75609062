"""A customer becomes a reseller and a reseller a customer; what is in the way, and what stays."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.services.packages import Content
from resellerhub.kernel.refusals import Forbidden, NotFound
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.selling.plans import create_plan
from subscriptions.verify import holdings
from tenants.models import Event, ManagedCustomer, Membership, ResellerTerms, ResellerTypeSetting, Tenant
from tenants.services.closing import close_tenant
from tenants.services.conversion import convert_tenant, may_convert, preview_conversion
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.invitations import invite_member
from tenants.services.limits import create_mailbox, set_limits
from tenants.services.managers import assign_customers
from tenants.services.obstacles import CannotConvert
from tenants.services.settings import TypeUnavailable
from tenants.services.tree import TenantClosed
from tenants.verify import tree
from tests.subscriptions.market import Market, build_market
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, Player, World, customer, reseller


@pytest.fixture
def market(world: World) -> Market:
    return build_market(world)


def convert(by: Player, tenant: Player, reseller_type: str = "") -> Tenant:
    return convert_tenant(actor=by.actor, tenant_id=tenant.id, reseller_type=reseller_type, now=NOW)


def test_a_customer_becomes_a_reseller_with_all_of_its_history(market: Market):
    world = market.world
    market.subscribe(world.north)
    held = market.sell(world.shop)
    close_subscription(actor=world.north.actor, subscription_id=held.pk, now=NOW)
    set_limits(actor=world.north.actor, customer_id=world.shop.id, limits={"light": 4}, now=NOW)
    events = set(Event.objects.filter(tenant=world.shop.id).values_list("pk", flat=True))
    made = convert(world.north, world.shop, "prepaid")
    assert (made.kind, made.seller_id, made.ancestors) == ("reseller", world.north.id, world.shop.tenant.ancestors)
    assert ResellerTerms.objects.get(pk=made.pk).type == "prepaid"
    assert events <= set(Event.objects.filter(tenant=made).values_list("pk", flat=True))
    event = Event.objects.get(kind="customer.converted")
    assert event.before == {"light": 4, "tenant_kind": "customer"}
    assert (event.after["tenant_kind"], event.after["type"]) == ("reseller", "prepaid")
    held.refresh_from_db()
    assert (held.state, held.tenant_id, held.seller_id) == ("closed", made.pk, world.north.id)
    assert world.shop.browser().get("/portal/customers/new/").status_code == 200
    customer(Player(made, world.shop.user, world.north.actor), "Beneath")
    assert tree() == []
    assert holdings() == []


def test_nobody_gets_rights_by_a_conversion_that_the_actor_has_not(world: World):
    """Else who may make customers would make itself an administrator of a reseller."""
    sales = world.north.member("sales")
    with pytest.raises(Forbidden):
        convert_tenant(actor=sales, tenant_id=world.shop.id, reseller_type="prepaid", now=NOW)
    for actor, offered in ((sales, False), (world.north.actor, True)):
        assert may_convert(actor, world.shop.tenant) is offered
    with pytest.raises(Forbidden):
        preview_conversion(sales, world.shop.tenant)
    empty = create_customer(actor=sales, seller_id=world.north.id, details=Details(name="Empty"), now=NOW)
    made = convert_tenant(actor=sales, tenant_id=empty.pk, reseller_type="prepaid", now=NOW)
    assert made.kind == "reseller"
    invited = create_customer(actor=sales, seller_id=world.north.id, details=Details(name="Invited"), now=NOW)
    invite_member(actor=world.north.actor, tenant_id=invited.pk, email="a@lark.example", role="administrator", now=NOW)
    with pytest.raises(Forbidden):
        convert_tenant(actor=sales, tenant_id=invited.pk, reseller_type="prepaid", now=NOW)


def test_what_a_customer_must_end_first(market: Market):
    world = market.world
    market.subscribe(world.north)
    held = market.sell(world.shop)
    set_limits(actor=world.north.actor, customer_id=world.shop.id, limits={"light": 4}, now=NOW)
    mailbox = create_mailbox(
        actor=world.shop.actor, customer_id=world.shop.id, tariff="light", address="a@shop.example", now=NOW
    )
    with pytest.raises(CannotConvert) as refused:
        convert(world.north, world.shop, "prepaid")
    named = [(one["type"], one["id"]) for one in refused.value.facts["active"]]
    assert named == [("mailbox", mailbox.pk), ("subscription", held.pk)]
    page = world.north.browser().get(f"/portal/customers/{world.shop.id}/convert/").content.decode()
    assert f"/portal/subscriptions/{held.pk}/" in page
    assert "a@shop.example" in page
    assert Tenant.objects.get(pk=world.shop.id).kind == "customer"


def test_a_reseller_becomes_a_customer(world: World):
    customer_of_it = world.kiosk
    with pytest.raises(CannotConvert) as refused:
        convert(world.north, world.north_east)
    assert [one["id"] for one in refused.value.facts["active"]] == [customer_of_it.id]
    close_tenant(actor=world.north.actor, tenant_id=customer_of_it.id, confirmation="Yes", now=NOW)
    with pytest.raises(CannotConvert):  # its history hangs there
        convert(world.north, world.north_east)


def test_roles_that_a_customer_lacks_become_read_only(world: World):
    close_tenant(actor=world.south.actor, tenant_id=world.mill.id, confirmation="Yes", now=NOW)
    Tenant.objects.filter(pk=world.north_east.id).update(hides_customers_at=NOW)
    fresh = reseller_without_customers(world)
    for role in ("sales", "support", "account_manager"):
        fresh.member(role)
    browser, path = world.provider.browser(), f"/console/resellers/{fresh.id}/convert/"
    page = browser.get(path)
    assert "1 × Sales becomes Read only" in page.content.decode()
    done = browser.post(path, form_values(page))
    assert done["Location"] == f"/console/customers/{fresh.id}/"
    assert sorted(Membership.objects.filter(tenant=fresh.id).values_list("role", flat=True)) == [
        "administrator", "read_only", "read_only", "read_only"
    ]  # fmt: skip
    assert not ResellerTerms.objects.filter(pk=fresh.id).exists()
    event = Event.objects.get(kind="reseller.converted")
    assert event.before == {"type": "prepaid", "may_oversell": False, "is_large": False, "tenant_kind": "reseller"}
    assert "sales → read_only: 1" in event.after["roles"]
    assert fresh.browser().get("/portal/resellers/").status_code == 403
    assert tree() == []


def reseller_without_customers(world: World) -> Player:
    return reseller(world.provider, "Lonely")


def test_a_reseller_ends_its_business_first(market: Market):
    world = market.world
    lonely = reseller_without_customers(world)
    held = market.subscribe(lonely)
    plan = create_plan(
        actor=lonely.actor,
        service_type_id=market.exchange.pk,
        name="Own",
        content=Content({market.mailbox.pk: 1}),
        now=NOW,
    )
    with pytest.raises(CannotConvert) as refused:
        convert(world.provider, lonely)
    assert {(one["type"], one["id"]) for one in refused.value.facts["active"]} == {
        ("subscription", held.pk), ("package", plan.pk)
    }  # fmt: skip


def test_account_managers_lose_it(world: World):
    manager = world.north.member("account_manager")
    assign_customers(
        actor=world.north.actor, membership_id=manager.membership_id, customer_ids=[world.shop.id], now=NOW
    )
    convert(world.north, world.shop, "commission")
    assert not ManagedCustomer.objects.exists()


def test_only_types_that_the_provider_takes(world: World):
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="commission").update(is_enabled=False)
    for wrong in ("commission", "", "nonsense"):
        with pytest.raises(TypeUnavailable):
            convert(world.north, world.shop, wrong)
    browser, path = world.north.browser(), f"/portal/customers/{world.shop.id}/convert/"
    page = browser.get(path)
    assert [choice for choice, _label in page.context["form"].fields["type"].choices] == ["prepaid"]
    assert browser.post(path, form_values(page, type="commission")).status_code == 422
    assert browser.post(path, form_values(page, type="prepaid"))["Location"] == f"/portal/resellers/{world.shop.id}/"


def test_whom_it_is_not_for(world: World):
    for by in (world.south, world.stranger):
        with pytest.raises(NotFound):
            convert(by, world.shop, "prepaid")
        answer = by.api().post(f"customers/{world.shop.id}/convert", {"type": "prepaid"})
        assert answer.status_code == 404
    assert world.south.browser().get(f"/portal/customers/{world.shop.id}/convert/").status_code == 404
    with pytest.raises(NotFound):
        convert(world.north, world.north)
    for role in ("support", "read_only", "billing"):
        with pytest.raises(Forbidden):
            convert_tenant(actor=world.north.member(role), tenant_id=world.shop.id, reseller_type="prepaid", now=NOW)
    close_tenant(actor=world.north.actor, tenant_id=world.shop.id, confirmation="Yes", now=NOW)
    with pytest.raises(TenantClosed):
        convert(world.north, world.shop, "prepaid")


def test_over_rest_and_back_again(world: World):
    api = world.north.api()
    made = api.post(f"customers/{world.shop.id}/convert", {"type": "prepaid"})
    assert (made.status_code, made.json()["type"], made.json()["id"]) == (200, "prepaid", world.shop.id)
    assert api.get(f"customers/{world.shop.id}").status_code == 404
    assert api.post(f"customers/{world.shop.id}/convert", {"type": "prepaid"}).status_code == 404
    back = api.post(f"resellers/{world.shop.id}/convert")
    assert (back.status_code, back.json()["id"]) == (200, world.shop.id)
    busy = api.post(f"resellers/{world.north_east.id}/convert")
    assert (busy.status_code, busy.json()["code"], busy.json()["active"][0]["id"]) == (
        409, "cannot-convert", world.kiosk.id
    )  # fmt: skip


def test_the_database_keeps_the_kind_of_who_holds_something(market: Market):
    market.subscribe(market.world.north)
    market.sell(market.world.shop)
    for change in ("kind = 'reseller'", "status = 'closed', closed_at = now()"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tenants_tenant SET {change} WHERE id = %s", [market.world.shop.id])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_tenant SET kind = 'customer' WHERE id = %s", [market.world.north_east.id])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sold_while_it_changes(committed_world: World):
    market = build_market(committed_world)
    market.subscribe(committed_world.north)
    outcomes = together(
        lambda: market.sell(committed_world.shop, by=committed_world.north),
        lambda: convert(committed_world.north, committed_world.shop, "prepaid"),
    )
    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert holdings() == []
    assert tree() == []
