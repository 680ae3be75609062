"""A tenant moves to another seller with what it holds: the sums of both sellers are right at every moment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from addons.models import AddOnSale
from addons.services.add_ons import Value, create_add_on
from addons.services.ending import cancel_add_on_sale
from addons.services.sales import sell_add_on
from addons.verify import sales
from catalog.models import Package
from catalog.services.packages import Content
from subscriptions.models import Subscription
from subscriptions.selectors.planned import last_plan
from subscriptions.services.life.settling import settle_one
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.planning import PERIOD_END
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.selling.plans import create_plan
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from subscriptions.verify import holdings
from tenants.models import Event, ResellerTerms, Tenant
from tenants.services.moves import move_tenant
from tenants.services.obstacles import CannotFollow
from tenants.verify import tree
from tests.subscriptions.market import Market, held
from tests.tenants.test_creation import form_values
from tests.world import NOW, Player, World, reseller


def west(world: World) -> Player:
    return reseller(world.provider, "West")


def move(world: World, tenant: Player, seller: Player, by: Player | None = None) -> Tenant:
    return move_tenant(actor=(by or world.provider).actor, tenant_id=tenant.id, seller_id=seller.id, now=NOW)


def kestrel(market: Market):
    """North's own plan."""
    parts = {"service_type_id": market.exchange.pk, "content": Content({market.mailbox.pk: 1}), "now": NOW}
    return create_plan(actor=market.world.north.actor, name="Kestrel", **parts)


def measure(market: Market, subscription: Subscription, quantity: int, event: str) -> None:
    one = Measure(event, subscription.pk, market.mailbox.code, quantity, NOW)
    ingest_usage(actor=market.world.provider.actor, measures=[one], now=NOW)


def test_open_subscriptions_follow_and_are_counted_at_the_new_seller(market: Market):
    world = market.world
    to = west(world)
    old, new = market.subscribe(world.north), market.subscribe(to)
    mail, gone = market.sell(world.shop), market.sell(world.shop)
    close_subscription(actor=world.north.actor, subscription_id=gone.pk, now=NOW)
    measure(market, mail, 7, "1")
    assert held(old, market.mailbox) == (100, 10, 7, 90)
    move(world, world.shop, to)
    mail.refresh_from_db()
    gone.refresh_from_db()
    assert (mail.seller_id, mail.source_id) == (to.id, new.pk)
    assert (gone.seller_id, gone.source_id) == (world.north.id, old.pk)
    assert held(old, market.mailbox) == (100, 0, 0, 100)
    assert held(new, market.mailbox) == (100, 10, 7, 90)
    assert held(new, market.storage)[1] == 50
    measure(market, mail, 9, "2")
    assert held(new, market.mailbox) == (100, 10, 9, 90)
    event = Event.objects.get(kind="subscription.moved")
    assert (event.before, event.after) == (
        {"seller": world.north.id, "source": old.pk}, {"seller": to.id, "source": new.pk}
    )  # fmt: skip
    assert Event.objects.get(kind="customer.moved").after["subscriptions"] == 1
    assert holdings() == []
    assert tree() == []


def test_up_and_down_between_who_holds_and_who_need_not(market: Market):
    """The provider and a commission reseller draw on nothing."""
    world = market.world
    old = market.subscribe(world.north)
    mail = market.sell(world.shop)
    for seller, source in ((world.provider, None), (world.south, None), (world.north, old)):
        move(world, world.shop, seller)
        mail.refresh_from_db()
        assert (mail.seller_id, mail.source_id) == (seller.id, source and source.pk)
        assert held(old, market.mailbox)[1] == (10 if source else 0)
        assert holdings() == []


def test_a_reseller_moves_with_what_it_holds_and_all_beneath_it(market: Market):
    world = market.world
    to = west(world)
    old, new = market.subscribe(world.north), market.subscribe(to)
    wholesale = market.package("Sub wholesale", "reseller", {market.mailbox: 20}, is_shared=True)
    own = market.subscribe(world.north_east, package=wholesale)
    kiosk = market.sell(world.kiosk, package=market.package("Small", "customer", {market.mailbox: 5}, is_shared=True))
    measure(market, kiosk, 3, "1")
    assert (held(old, market.mailbox)[1:3], held(own, market.mailbox)[1:3]) == ((20, 3), (5, 3))
    move(world, world.north_east, to)
    own.refresh_from_db()
    kiosk.refresh_from_db()
    assert (own.seller_id, own.source_id) == (to.id, new.pk)
    assert (kiosk.seller_id, kiosk.source_id) == (world.north_east.id, own.pk)
    assert (held(old, market.mailbox)[1:3], held(new, market.mailbox)[1:3]) == ((0, 0), (20, 3))
    assert holdings() == []
    assert tree() == []


def test_without_room_it_is_refused_with_the_list_and_nothing_moves(market: Market):
    world = market.world
    to = west(world)
    market.subscribe(world.north, quantity=2)
    first, second = market.sell(world.shop, quantity=6), market.sell(world.shop, quantity=6)
    with pytest.raises(CannotFollow) as refused:
        move(world, world.shop, to)
    assert [one["id"] for one in refused.value.facts["active"]] == [first.pk, second.pk]
    market.subscribe(to)
    with pytest.raises(CannotFollow) as refused:
        move(world, world.shop, to)
    assert [one["id"] for one in refused.value.facts["active"]] == [second.pk]
    assert Tenant.objects.get(pk=world.shop.id).seller_id == world.north.id
    ResellerTerms.objects.filter(pk=to.id).update(may_oversell=True)
    move(world, world.shop, to)
    assert holdings() == []


def test_what_the_new_seller_does_not_offer_does_not_follow(market: Market):
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    market.subscribe(to)
    plan = kestrel(market)
    mail = market.sell(world.shop, by=world.north, package=plan)
    with pytest.raises(CannotFollow) as refused:
        move(world, world.shop, to)
    assert [one["id"] for one in refused.value.facts["active"]] == [mail.pk]
    close_subscription(actor=world.north.actor, subscription_id=mail.pk, now=NOW)
    move(world, world.shop, to)


def test_a_change_to_what_the_new_seller_does_not_offer_is_withdrawn(market: Market):
    """The package that is held follows; the old seller's plan, to which it was to change, does not."""
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    market.subscribe(to)
    plan = kestrel(market)
    known = market.package("Known", "customer", {market.mailbox: 1}, is_shared=True)
    mail, other = market.sell(world.shop, by=world.north), market.sell(world.shop, by=world.north)
    for row, package in ((mail, plan), (other, known)):
        step = ChangePackage(package.pk, when=PERIOD_END)
        take_step(actor=world.north.actor, subscription_id=row.pk, step=step, now=NOW)
    last = last_plan(mail)
    assert last is not None
    assert last.version_id == plan.versions.get().pk
    move(world, world.shop, to)
    mail.refresh_from_db()
    assert last_plan(mail) is None
    event = Event.objects.get(kind="subscription.kept", subject_id=mail.pk)
    assert event.after == {"planned": "change", "on": mail.renews_on.isoformat()}
    for row in (mail, other):
        settle_one(subscription_id=row.pk, now=NOW + timedelta(days=40))
        row.refresh_from_db()
    assert mail.package_id != plan.pk
    assert other.package_id == known.pk
    assert holdings() == []


def test_add_ons_run_on_unless_they_are_the_old_sellers_own(market: Market):
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    new = market.subscribe(to)
    mail = market.sell(world.shop)
    parts = {"service_type_id": market.exchange.pk, "currency": "EUR", "cycle": "month", "now": NOW}
    prices = {"reseller_price": 1, "customer_price": 2, "values": [Value(market.mailbox.pk, 1)]}

    def sell(by: Player, name: str) -> AddOnSale:
        add_on = create_add_on(actor=by.actor, name=name, packages=[market.standard.pk], **parts, **prices)
        return sell_add_on(
            actor=by.actor, subscription_id=mail.pk, add_on_id=add_on.pk, quantity=3, request_id=uuid4(), now=NOW
        )

    kept, own = sell(world.provider, "Shared"), sell(world.north, "Own")
    with pytest.raises(CannotFollow) as refused:
        move(world, world.shop, to)
    assert [one["name"] for one in refused.value.facts["active"]] == ["Own × 3"]
    cancel_add_on_sale(actor=world.north.actor, sale_id=own.pk, now=NOW)
    move(world, world.shop, to)
    kept.refresh_from_db()
    assert (kept.state, kept.seller_id) == ("continued", world.north.id)
    assert AddOnSale.objects.get(origin=kept).seller_id == to.id
    assert held(new, market.mailbox)[1] == 13
    assert holdings() == sales() == []


def test_what_was_before_is_no_business_of_the_new_seller(market: Market):
    """Nor is the old seller's name; the customer itself, and whoever moves along, keep their own past."""
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    gone = market.sell(world.shop)
    close_subscription(actor=world.north.actor, subscription_id=gone.pk, now=NOW)
    later = NOW + timedelta(days=1)
    for tenant in (world.shop, world.north_east):
        move_tenant(actor=world.provider.actor, tenant_id=tenant.id, seller_id=to.id, now=later)
    for path in (f"subscriptions?tenant={world.shop.id}", f"events?tenant={world.shop.id}"):
        answer = to.api().client.get(f"/api/v1/{path}").json()["results"]
        assert [row for row in answer if row.get("kind") not in {"customer.moved"}] == []
    for path in ("subscriptions/", "events/", f"customers/{world.shop.id}/"):
        assert "North<" not in to.browser().get(f"/portal/{path}").content.decode()
    assert to.api().get(f"subscriptions/{gone.pk}").status_code == 404
    Package.objects.filter(pk=gone.package_id).update(is_shared=False)
    assert to.api().get(f"packages/{gone.package_id}").status_code == 404
    assert world.provider.api().get(f"packages/{gone.package_id}").status_code == 200
    assert world.shop.api().get(f"subscriptions/{gone.pk}").status_code == 200
    assert world.provider.api().get(f"subscriptions/{gone.pk}").status_code == 200
    kinds = {row["kind"] for row in world.north_east.api().get("events").json()["results"]}
    assert {"customer.created", "reseller.moved"} <= kinds
    assert "customer.created" in {row["kind"] for row in world.shop.api().get("events").json()["results"]}


def test_over_rest_with_a_preview(market: Market):
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    mail = market.sell(world.shop)
    api, path = world.provider.api(), f"customers/{world.shop.id}/move"
    blocked = api.post(f"{path}/preview", {"seller": to.id}).json()
    assert (blocked["is_possible"], blocked["blocked"][0]["first"][0]["id"]) == (False, mail.pk)
    refused = api.post(path, {"seller": to.id})
    assert (refused.status_code, refused.json()["code"], refused.json()["active"][0]["id"]) == (
        409, "cannot-follow", mail.pk
    )  # fmt: skip
    new = market.subscribe(to, name="West wholesale")
    free = api.post(f"{path}/preview", {"seller": to.id}).json()
    assert free["is_possible"]
    assert "West wholesale" in str([part["first"] for part in free["along"]])
    assert Tenant.objects.get(pk=world.shop.id).seller_id == world.north.id
    moved = api.post(path, {"seller": to.id})
    assert (moved.status_code, moved.json()["seller"]) == (200, to.id)
    assert held(new, market.mailbox)[1] == 10
    assert world.north.api().post(path, {"seller": world.north.id}).status_code == 404
    assert to.api().post(path, {"seller": world.south.id}).status_code == 404
    assert api.post(path, {"seller": world.stranger_reseller.id}).status_code == 404
    assert (
        api.post(f"resellers/{world.north.id}/move", {"seller": world.north_east.id}).json()["code"] == "invalid-move"
    )
    assert api.post(f"resellers/{world.north_east.id}/move/preview", {"seller": to.id}).json()["is_possible"]


def test_on_pages(market: Market):
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    mail = market.sell(world.shop)
    browser, path = world.provider.browser(), f"/console/customers/{world.shop.id}/move/"
    page = browser.get(path)
    assert {to.id, world.north.id} & {row.pk for row in page.context["form"].fields["seller"].queryset} == {to.id}
    blocked = browser.post(path, form_values(page, seller=to.id))
    assert (blocked.status_code, f"/console/subscriptions/{mail.pk}/" in blocked.content.decode()) == (422, True)
    assert browser.post(path, form_values(page, seller=to.id, confirmed="on")).status_code == 422
    market.subscribe(to)
    preview = browser.post(path, form_values(page, seller=to.id))
    assert preview.status_code == 200
    assert "This comes along" in preview.content.decode()
    assert Tenant.objects.get(pk=world.shop.id).seller_id == world.north.id
    done = browser.post(path, form_values(preview))
    assert done["Location"] == f"/console/customers/{world.shop.id}/"
    assert Tenant.objects.get(pk=world.shop.id).seller_id == to.id
    assert browser.post(path, form_values(page, seller=world.stranger_reseller.id)).status_code == 422
    assert world.south.browser().get(f"/portal/customers/{world.shop.id}/move/").status_code == 404
