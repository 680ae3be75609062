"""Customers, and sub-resellers, order what their seller lists."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.services.fees import Charging, revise_fee
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.models import Listing, Order, Subscription
from subscriptions.refusals import CommissionReseller, NoSource, OversellRefused
from subscriptions.services.ordering.listings import (
    AlreadyListed,
    Conditions,
    NotSold,
    NotYourListing,
    change_listing,
    create_listing,
)
from subscriptions.services.ordering.orderable import AlreadyOrdered, NotOrderable, preview_order
from subscriptions.services.ordering.orders import (
    OrderDecided,
    OwnOrder,
    TermsChanged,
    approve_order,
    place_order,
    reject_order,
    withdraw_order,
)
from subscriptions.verify import holdings, phases
from tenants.models import Event, Mail
from tenants.services.moves import move_tenant
from tests.subscriptions.market import Market, build_market, held
from tests.subscriptions.prices import later, owed, price_list, recording, rule
from tests.together import together
from tests.world import NOW, Player


def listed(market: Market, package, by: Player | None = None, **conditions) -> Listing:
    seller = by or market.world.north
    terms = Conditions(market.instance.pk, **{"needs_approval": False, **conditions})
    return create_listing(actor=seller.actor, package_id=package.pk, conditions=terms, now=NOW)


def order(listing: Listing, by: Player, quantity: int = 1, **options) -> Order:
    return place_order(actor=by.actor, listing_id=listing.pk, quantity=quantity, **{"now": NOW, **options})


def decide(service, row: Order, by: Player, **values):
    return service(actor=by.actor, order_id=row.pk, **{"now": later(3), **values})


@pytest.fixture
def entry(market):
    """North holds its wholesale package, and lists call recording: it owes 10 for it and is to ask 20."""
    market.subscribe(market.world.north)
    return listed(market, recording(market), text="Records calls.")


def mails(kind):
    return {mail.to: mail for mail in Mail.objects.filter(kind=kind)}


def test_without_approval_it_is_a_subscription_at_once(market, entry):
    world = market.world
    preview = preview_order(actor=world.shop.actor, listing_id=entry.pk, quantity=3, now=NOW)
    assert (preview.account.amount, preview.total, preview.limits) == (20, 60, {market.mailbox.pk: 1})
    once = {"note": "For the shop", "request_id": uuid4()}
    row = order(entry, world.shop, 3, **once)
    assert order(entry, world.shop, 3, **once) == row
    with pytest.raises(RequestReused):
        order(entry, world.shop, 2, **once)
    sold = row.subscription
    assert (row.state, row.public_name, row.unit_price, row.cycle) == ("approved", "Call recording", 20, "month")
    assert owed(sold) == {(world.shop.id, world.north.id): 20, (world.north.id, world.provider.id): 10}
    source = Subscription.objects.get(tenant=world.north.id)
    assert (sold.source_id, held(source, market.mailbox)) == (source.pk, (100, 3, 0, 97))
    told = Event.objects.filter(kind__in=["order.placed", "subscription.opened"], tenant=world.shop.id)
    assert {event.user_id for event in told} == {world.shop.user.pk}
    assert list(mails("order_fulfilled")) == ["admin@north.example"]
    assert holdings() == phases() == []


def test_with_approval_the_price_of_the_order_holds(market, entry):
    world = market.world
    cheap = listed(market, market.standard, unit_price=Decimal(7), currency="EUR", needs_approval=True)
    row = order(cheap, world.shop, 2)
    assert (row.state, row.subscription) == ("pending", None)
    mail = mails("order_waiting")["admin@north.example"]
    assert (mail.tenant_id, mail.facts["organisation"], mail.facts["quantity"]) == (world.north.id, "Shop", 2)
    change_listing(
        actor=world.north.actor,
        listing_id=cheap.pk,
        conditions=Conditions(market.instance.pk, unit_price=Decimal(9), currency="EUR"),
        now=later(1),
    )
    rule(price_list(world.north), "fixed", "30")
    done = decide(approve_order, row, world.north, comment="Welcome")
    assert (done.state, done.comment, done.subscription.quantity) == ("approved", "Welcome", 2)
    assert owed(done.subscription)[world.shop.id, world.north.id] == 7
    assert mails("order_approved")["admin@shop.example"].facts["comment"] == "Welcome"
    for service in (approve_order, reject_order):
        with pytest.raises(OrderDecided):
            decide(service, row, world.north, comment="Again")


def test_other_terms_are_not_slipped_in(market, entry):
    world = market.world
    change_listing(actor=world.north.actor, listing_id=entry.pk, conditions=Conditions(market.instance.pk), now=NOW)
    row = order(entry, world.shop)
    fee = entry.package.versions.get().account_fee
    dearer = Charging("Call recording", Decimal(25))
    revise_fee(actor=world.provider.actor, fee_id=fee.pk, charging=dearer, effective_on=NOW.date(), now=NOW)
    bound = Charging("Call recording", Decimal(25), minimum_months=12)
    revise_fee(actor=world.provider.actor, fee_id=fee.pk, charging=bound, effective_on=later(2).date(), now=NOW)
    with pytest.raises(TermsChanged):
        decide(approve_order, row, world.north)
    done = approve_order(actor=world.north.actor, order_id=row.pk, now=later(1))
    assert owed(done.subscription)[world.shop.id, world.north.id] == 20


def test_rejected_with_a_comment_or_withdrawn(market, entry):
    world = market.world
    change_listing(actor=world.north.actor, listing_id=entry.pk, conditions=Conditions(market.instance.pk), now=NOW)
    first = order(entry, world.shop)
    with pytest.raises(Invalid) as refused:
        decide(reject_order, first, world.north, comment=" ")
    assert list(refused.value.errors) == ["comment"]
    assert decide(reject_order, first, world.north, comment="Pay first").state == "rejected"
    assert mails("order_rejected")["admin@shop.example"].facts["comment"] == "Pay first"
    second = order(entry, world.shop)
    assert decide(withdraw_order, second, world.shop).state == "withdrawn"
    with pytest.raises(OrderDecided):
        decide(approve_order, second, world.north)
    assert not Subscription.objects.filter(tenant=world.shop.id).exists()


def test_of_one_entry_one_order_waits(market, entry, settings):
    settings.MAILS_ABOUT_TENANT = 2
    world = market.world
    change_listing(actor=world.north.actor, listing_id=entry.pk, conditions=Conditions(market.instance.pk), now=NOW)
    once = {"request_id": uuid4()}
    row = order(entry, world.shop, **once)
    assert order(entry, world.shop, **once) == row
    for ask in (order, lambda entry, by: preview_order(actor=by.actor, listing_id=entry.pk, now=NOW)):
        with pytest.raises(AlreadyOrdered) as refused:
            ask(entry, world.shop)
        assert refused.value.facts == {"order": row.pk}
    for _time in range(2):
        decide(withdraw_order, row, world.shop)
        row = order(entry, world.shop)
    assert Mail.objects.filter(kind="order_waiting").count() == 2


def test_when_nothing_is_left_it_waits_and_the_seller_alone_learns_why(market, entry):
    world = market.world
    row = order(entry, world.shop, 101)
    assert (row.state, row.held_by, row.subscription) == ("pending", "oversell-refused", None)
    assert "admin@north.example" in mails("order_held")
    with pytest.raises(OversellRefused):
        decide(approve_order, row, world.north)
    full = Subscription.objects.get(tenant=world.north.id)
    another = market.subscribe(world.north, quantity=2)
    with pytest.raises(OversellRefused):
        decide(approve_order, row, world.north, source_id=full.pk)
    with pytest.raises(NoSource):
        decide(approve_order, row, world.north, source_id=market.sell(world.direct).pk)
    assert Order.objects.get(pk=row.pk).state == "pending"
    done = decide(approve_order, row, world.north)
    assert (done.state, done.subscription.source_id) == ("approved", another.pk)
    assert holdings() == []


def test_who_sells_says_from_which_of_its_subscriptions(market, entry):
    """By page, where it holds several there, and by REST; else it is the oldest with room for all of it."""
    world = market.world
    oldest, another = Subscription.objects.get(tenant=world.north.id), market.subscribe(world.north)
    assert market.sell(world.shop, by=world.north, package=entry.package, quantity=60).source_id == oldest.pk
    assert market.sell(world.shop, by=world.north, package=entry.package, quantity=60).source_id == another.pk
    assert market.sell(world.shop, by=world.north, package=entry.package, quantity=40).source_id == oldest.pk
    waiting = listed(market, market.standard, needs_approval=True)
    first = order(waiting, world.shop)
    browser, address = world.north.browser(), f"/portal/orders/{first.pk}/approve/"
    assert list(browser.get(address).context["form"].fields["source"].queryset) == [oldest, another]
    refused = browser.post(address, {"source": oldest.pk, "comment": "Kept", "request_id": uuid4()})
    assert (refused.status_code, "Only 0 of User mailboxes remain" in refused.text) == (422, True)
    assert "Kept" in refused.text
    assert browser.post(address, {"source": another.pk, "request_id": uuid4()}).status_code == 302
    second = order(waiting, world.shop)
    api, path = world.north.api(), f"orders/{second.pk}/approve"
    assert api.post(path, {"source": oldest.pk}).json()["code"] == "oversell-refused"
    assert api.post(path, {"source": first.pk + 10**6}).json()["code"] == "no-source"
    assert api.post(path, {"source": another.pk}).json()["state"] == "approved"
    assert set(Subscription.objects.filter(package=market.standard).values_list("source", flat=True)) == {another.pk}


def test_who_may_not(market, entry):
    world = market.world
    for stranger in (world.mill, world.kiosk, world.direct, world.stranger_reseller, world.north, world.provider):
        with pytest.raises(NotFound):
            order(entry, stranger)
    with pytest.raises(Forbidden):
        place_order(actor=world.shop.member("read_only"), listing_id=entry.pk, now=NOW)
    row = order(listed(market, market.standard, needs_approval=True), world.shop)
    with pytest.raises(NotFound):
        decide(approve_order, row, world.south)
    with pytest.raises(Forbidden):
        approve_order(actor=world.north.member("read_only"), order_id=row.pk, now=NOW)
    with pytest.raises(Forbidden):
        decide(approve_order, row, world.shop)
    with pytest.raises(NotFound):
        decide(withdraw_order, row, world.north)
    with pytest.raises(Invalid):
        order(entry, world.shop, 0)


def test_what_the_seller_cannot_sell_cannot_be_ordered(market, entry):
    world = market.world
    entry.package.is_active = False
    entry.package.save(update_fields=["is_active"])
    with pytest.raises(NotOrderable):
        order(entry, world.shop)
    off = Conditions(market.instance.pk, is_active=False)
    change_listing(actor=world.north.actor, listing_id=entry.pk, conditions=off, now=NOW)
    with pytest.raises(NotFound):
        order(entry, world.shop)


def test_what_may_be_listed(market, entry):
    world = market.world
    with pytest.raises(AlreadyListed):
        listed(market, entry.package)
    with pytest.raises(NotSold):
        listed(market, recording_unoffered(market), by=world.south)
    with pytest.raises(NotFound):
        listed(market, market.standard, by=world.stranger)
    with pytest.raises(Forbidden):
        listed(market, market.standard, by=replace(world.north, actor=world.north.member("sales")))
    with pytest.raises(Invalid) as refused:
        listed(market, market.standard, unit_price=Decimal(5))
    assert list(refused.value.errors) == ["unit_price"]
    terms = Conditions(market.instance.pk, unit_price=Decimal(5), currency="CHF")
    with pytest.raises(Invalid):
        change_listing(actor=world.north.actor, listing_id=entry.pk, conditions=terms, now=NOW)
    with pytest.raises(NotYourListing):
        change_listing(actor=world.provider.actor, listing_id=entry.pk, conditions=terms, now=NOW)
    with pytest.raises(NotFound):
        change_listing(actor=world.south.actor, listing_id=entry.pk, conditions=terms, now=NOW)


def recording_unoffered(market):
    return market.package("Not offered", "customer", {market.mailbox: 1})


def test_a_sub_reseller_orders_from_its_reseller_and_a_commission_reseller_does_not(market, entry):
    world = market.world
    small = market.package("Small wholesale", "reseller", {market.mailbox: 30})
    row = order(listed(market, small), world.north_east)
    assert row.subscription.source.tenant_id == world.north.id
    waiting = order(listed(market, market.wholesale, needs_approval=True), world.north_east)
    with pytest.raises(OwnOrder):
        decide(approve_order, waiting, world.north_east)
    by_provider = listed(market, small, by=world.provider)
    with pytest.raises(CommissionReseller):
        order(by_provider, world.south)


def test_what_waits_does_not_follow_to_another_seller(market, entry):
    world = market.world
    row = order(listed(market, market.standard, needs_approval=True), world.shop)
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.south.id, now=later(1))
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert not Order.objects.visible_to(world.south.actor).exists()
    assert Order.objects.visible_to(world.north.actor).count() == 0  # the customer is no longer beneath


def test_of_two_who_decide_at_once_one_does(committed_world):
    market = build_market(committed_world)
    world = market.world
    market.subscribe(world.north)
    row = order(listed(market, market.standard, needs_approval=True), world.shop)
    outcomes = together(
        lambda: decide(approve_order, row, world.north),
        lambda: decide(approve_order, row, world.provider),
        lambda: decide(withdraw_order, row, world.shop),
        lambda: decide(reject_order, row, world.north, comment="No"),
    )
    assert sum(isinstance(one, Order) for one in outcomes) == 1
    assert sum(isinstance(one, OrderDecided) for one in outcomes) == 3
    decided = Order.objects.get(pk=row.pk)
    assert Subscription.objects.filter(tenant=world.shop.id).count() == (decided.state == "approved")
    assert Event.objects.filter(kind__startswith="order.", tenant=world.shop.id).count() == 2
    assert holdings() == phases() == []
