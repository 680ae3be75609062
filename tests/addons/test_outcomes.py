"""What comes of each target of a bulk sale: a table of cases, and the sale that follows from it."""

from decimal import Decimal

import pytest

from addons.models import AddOn, AddOnPackage, AddOnSale
from addons.outcomes import SALES
from addons.refusals import TargetNotActive
from addons.services.add_ons import change_add_on
from addons.services.decision import REASONS
from addons.services.ending import cancel_add_on_sale
from subscriptions.models import Grant
from subscriptions.outcomes import PUSHED
from subscriptions.services.life.standing import close_subscription, suspend_subscription
from subscriptions.services.pushes.decision import REFUSED, SKIPPED
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event
from tenants.services.status import resume_tenant, suspend_tenant
from tests.addons.shop import allocated, charges, let_oversell, resources_of, sold_on, work
from tests.world import NOW, customer, reseller


def test_each_reason_has_its_words():
    assert set(REASONS) <= set(SALES.labels)
    assert set(REASONS) <= set(SALES.sentences)
    assert {*SKIPPED, *REFUSED, "waiting"} <= set(PUSHED.labels)
    assert {*SKIPPED, *REFUSED, "waiting"} <= set(PUSHED.sentences)


def use(shop, subscription, resource, quantity):
    """So much in use, measured now."""
    measure = Measure(f"{subscription.pk}-{resource.code}", subscription.pk, resource.code, quantity, NOW)
    ingest_usage(actor=shop.world.provider.actor, measures=[measure], now=NOW)


@pytest.mark.parametrize(
    ("mailboxes", "storage", "raised", "outcome"),
    [
        (9, 0, ("mailbox",), "not_over_quota"),
        (10, 0, ("mailbox",), "not_over_quota"),  # exactly at quota is not over
        (11, 0, ("mailbox",), "sold"),
        (0, 51, ("mailbox",), "not_over_quota"),  # over, but of something that the add-on does not raise
        (0, 51, ("mailbox", "storage"), "sold"),  # over of one of two
        (11, 50, ("storage",), "not_over_quota"),
        (11, 51, ("mailbox", "storage"), "sold"),
    ],
)
def test_only_over_quota(shop, mailboxes, storage, raised, outcome):
    market = shop.market
    subscription = market.sell(shop.world.direct)  # 10 mailboxes, 50 GB
    use(shop, subscription, market.mailbox, mailboxes)
    use(shop, subscription, market.storage, storage)
    add_on = shop.make("More", {getattr(market, name): 1 for name in raised})
    order = shop.to_customers(add_on_id=add_on.pk, only_over_quota=True)
    assert shop.run(order) == {subscription.pk: outcome}


def test_without_any_of_a_resource_its_use_is_over_quota(shop):
    subscription = shop.market.sell(shop.world.direct)
    assert shop.run(shop.to_customers(only_over_quota=True)) == {subscription.pk: "not_over_quota"}
    use(shop, subscription, shop.shared, 1)
    assert shop.run(shop.to_customers(only_over_quota=True)) == {subscription.pk: "sold"}


def test_a_reseller_is_over_by_what_it_sold(shop):
    world, market = shop.world, shop.market
    of_north = market.subscribe(world.north)
    let_oversell(world.north)
    add_on = shop.make("More", {market.mailbox: 1})
    order = shop.to_resellers(world.north, add_on_id=add_on.pk, only_over_quota=True)
    market.sell(world.shop, quantity=10)
    assert shop.run(order) == {of_north.pk: "not_over_quota"}  # 100 of 100
    market.sell(world.shop)
    assert shop.run(order) == {of_north.pk: "sold"}


def test_already_sold_counts_active_sales_of_this_add_on_alone(shop):
    world, market = shop.world, shop.market
    never, active, cancelled, other = (market.sell(customer(world.provider, name)) for name in "ABCD")
    shop.sell(active)
    sale = shop.sell(cancelled)
    cancel_add_on_sale(actor=world.provider.actor, sale_id=sale.pk, now=NOW)
    shop.sell(other, shop.make("Rooms", {shop.rooms: 1}))
    assert shop.run(shop.to_customers(skip_already_sold=True)) == {
        never.pk: "sold",
        active.pk: "already_sold",
        cancelled.pk: "sold",
        other.pk: "sold",
    }
    assert set(shop.run(shop.to_customers()).values()) == {"sold"}
    assert allocated(active, shop.shared) == 2 * 9999


def test_the_original_of_a_copy_is_the_same_add_on(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    let_oversell(world.north)
    of_shop = market.sell(world.shop)
    shop.run(shop.to_resellers(world.north, create_copy=True))
    copy = AddOn.objects.get(copied_from=shop.add_on)
    shop.run(shop.to_customers(owner_id=world.north.id))
    order = shop.to_customers(add_on_id=copy.pk, skip_already_sold=True)
    assert shop.run(order, by=world.north) == {of_shop.pk: "already_sold"}


def test_what_is_not_active_is_passed_over(shop):
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    active, suspended, of_suspended, closed = (market.sell(customer(world.provider, name)) for name in "ABCD")
    suspend_subscription(actor=actor, subscription_id=suspended.pk, now=NOW)
    suspend_tenant(actor=actor, tenant_id=of_suspended.tenant_id, now=NOW)
    close_subscription(actor=actor, subscription_id=closed.pk, now=NOW)
    assert shop.run(shop.to_customers()) == {
        active.pk: "sold",
        suspended.pk: "suspended",
        of_suspended.pk: "suspended",
    }


def test_what_was_closed_meanwhile_is_said_to_be_closed(shop):
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    stays, closes = (market.sell(customer(world.provider, name)) for name in "AB")
    sale = shop.start(shop.to_customers())
    close_subscription(actor=actor, subscription_id=closes.pk, now=NOW)
    assert work(sale) == {stays.pk: "sold", closes.pk: "closed"}


def test_beneath_a_suspended_seller_nothing_is_sold(shop):
    """As no subscription can be opened there; the levels above and below it go on."""
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    of_north = market.subscribe(world.north)
    small = market.package("Small", "reseller", {market.mailbox: 20, market.storage: 100})
    of_north_east = market.subscribe(world.north_east, by=world.north, package=small)
    of_shop, of_kiosk = market.sell(world.shop), market.sell(world.kiosk)
    let_oversell(world.north)
    let_oversell(world.north_east)
    to_resellers = shop.to_resellers(world.north, world.north_east)
    suspend_tenant(actor=actor, tenant_id=world.north_east.id, now=NOW)
    assert shop.run(shop.to_customers()) == {of_shop.pk: "sold", of_kiosk.pk: "suspended"}
    assert shop.run(to_resellers) == {of_north.pk: "sold", of_north_east.pk: "suspended"}
    suspend_tenant(actor=actor, tenant_id=world.north.id, now=NOW)
    resume_tenant(actor=actor, tenant_id=world.north_east.id, now=NOW)
    assert shop.run(shop.to_customers()) == {of_shop.pk: "suspended", of_kiosk.pk: "sold"}
    assert shop.run(to_resellers) == {of_north.pk: "suspended", of_north_east.pk: "suspended"}
    with pytest.raises(TargetNotActive):
        shop.sell(of_shop)


def test_while_what_a_seller_draws_on_is_suspended_it_sells_nothing(shop):
    world, market = shop.world, shop.market
    of_north, of_direct = market.subscribe(world.north), market.sell(world.direct)
    of_shop = market.sell(world.shop)
    let_oversell(world.north)
    suspend_subscription(actor=world.provider.actor, subscription_id=of_north.pk, now=NOW)
    assert shop.run(shop.to_customers()) == {of_shop.pk: "suspended", of_direct.pk: "sold"}
    with pytest.raises(TargetNotActive):
        shop.sell(of_shop)


def test_packages_that_are_not_associated_are_passed_over_and_reasons_have_an_order(shop):
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    standard = market.sell(world.direct)
    large = market.sell(world.direct, package=market.package("Large", "customer", {market.mailbox: 1}))
    assert shop.run(shop.to_customers(only_over_quota=True)) == {
        standard.pk: "not_over_quota",
        large.pk: "not_associated",
    }
    suspend_subscription(actor=actor, subscription_id=large.pk, now=NOW)
    assert shop.run(shop.to_customers()) == {standard.pk: "sold", large.pk: "suspended"}


def test_the_first_that_fit_are_sold(shop):
    world, market = shop.world, shop.market
    of_north = market.subscribe(world.north)  # 100 mailboxes
    first, second, third = (market.sell(customer(world.north, name)) for name in "ABC")  # 30 sold
    direct = market.sell(world.direct)  # draws on nothing
    add_on = shop.make("More", {market.mailbox: 30})
    sale = shop.start(shop.to_customers(add_on_id=add_on.pk))
    assert work(sale) == {direct.pk: "sold", first.pk: "sold", second.pk: "sold", third.pk: "oversell_refused"}
    assert sold_on(of_north, market.mailbox) == 90
    refused = sale.job.items.get(subject_id=third.pk)
    assert refused.facts == {"resource": "User mailboxes", "remaining": 10, "asked": 30}


def test_the_scarcest_resource_decides(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)  # 100 mailboxes, 1,000 GB
    targets = [market.sell(customer(world.north, name)) for name in "ABC"]  # 30 and 150 sold
    add_on = shop.make("More", {market.mailbox: 1, market.storage: 400})
    outcomes = shop.run(shop.to_customers(add_on_id=add_on.pk))
    assert [outcomes[target.pk] for target in targets] == ["sold", "sold", "oversell_refused"]


def test_a_raise_of_the_seller_in_the_same_sale_makes_room_for_one_more(shop):
    """As if they were sold to one after the other, from the top of the tree down."""
    world, market = shop.world, shop.market
    small = market.package("Small", "reseller", {market.mailbox: 10})
    of_north = market.subscribe(world.north)
    below = [reseller(world.north, name) for name in ("One", "Two", "Three")]
    of_below = [market.subscribe(each, by=world.north, package=small) for each in below]  # 30 of 100 sold
    leaf = reseller(below[0], "Leaf")
    of_leaf = market.subscribe(leaf, by=below[0], package=small)  # 10 of 10 sold
    add_on = shop.make("More", {market.mailbox: 50})  # 70 left: one, and one more by North's own
    outcomes = shop.run(shop.to_resellers(leaf, *below, world.north, add_on_id=add_on.pk))
    assert outcomes == {
        of_north.pk: "sold",
        of_below[0].pk: "sold",
        of_below[1].pk: "sold",
        of_below[2].pk: "oversell_refused",
        of_leaf.pk: "sold",
    }
    assert allocated(of_north, market.mailbox) == 150
    assert sold_on(of_north, market.mailbox) == 130


def test_a_copy_is_made_once_for_each_reseller_that_was_sold_to(shop):
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    for _time in range(2):
        market.subscribe(world.north)
    blocked = market.subscribe(reseller(world.provider, "Blocked"))
    suspend_subscription(actor=actor, subscription_id=blocked.pk, now=NOW)
    own = shop.make("Shared Mailbox", {market.mailbox: 1}, by=world.north)  # has the name already
    plan = market.package("Unrelated", "reseller", {market.mailbox: 1})
    for _time in range(2):
        shop.run(shop.to_resellers(world.north, create_copy=True))
    shop.run(shop.to_resellers(world.north))
    copy = AddOn.objects.get(copied_from=shop.add_on)
    assert (copy.tenant_id, copy.name, copy.is_active) == (world.north.id, "Shared Mailbox (2)", True)
    assert charges(copy) == (None, 4)
    assert resources_of(copy) == [(shop.shared, 9999, 0)]
    packages = set(AddOnPackage.objects.filter(add_on=copy).values_list("package_id", flat=True))
    assert packages == {market.standard.pk}
    assert plan.pk not in packages
    assert own.pk != copy.pk
    assert Event.objects.filter(kind="add_on.copied", tenant_id=world.north.id).count() == 1


def test_the_copy_is_sold_on_at_its_own_price_and_the_originals_cost(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    shop.run(shop.to_resellers(world.north, create_copy=True, quantity=99_999))
    copy = AddOn.objects.get(copied_from=shop.add_on)
    change_add_on(actor=world.north.actor, add_on_id=copy.pk, customer_price=Decimal("7.25"), now=NOW)
    assert shop.run(shop.to_customers(add_on_id=copy.pk), by=world.north) == {of_shop.pk: "sold"}
    sale = AddOnSale.objects.get(add_on=copy)
    assert (sale.unit_price, sale.unit_cost) == (Decimal("7.25"), Decimal("2.5"))


def test_a_copy_that_is_sold_two_levels_down_costs_each_seller_what_it_is_charged(shop):
    """North pays the provider 2.50 and asks 9 of those beneath it; the preview tells each seller's own sums."""
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    small = market.package("Small", "reseller", {market.mailbox: 20, market.storage: 100})
    market.subscribe(world.north_east, by=world.north, package=small)
    of_shop, of_kiosk = market.sell(world.shop), market.sell(world.kiosk)
    shop.run(shop.to_resellers(world.north, create_copy=True, quantity=99))
    let_oversell(world.north_east)
    copy = AddOn.objects.get(copied_from=shop.add_on)
    prices = {"reseller_price": Decimal(9), "customer_price": Decimal(10), "currency": "EUR"}
    change_add_on(actor=world.north.actor, add_on_id=copy.pk, now=NOW, **prices)
    order = shop.to_customers(add_on_id=copy.pk, quantity=2)
    charges = shop.preview(order, by=world.north).charges
    assert [(each.seller_name, each.sales, each.amount, each.cost, each.currency) for each in charges] == [
        ("North", 1, 20, Decimal("2.5") * 2, "EUR"),
        ("North-East", 1, 20, 9 * 2, "EUR"),
    ]
    bulk_sale = shop.start(order, by=world.north)
    for who, add_on in ((world.north, copy), (world.provider, shop.add_on)):  # too late for what is started
        change_add_on(actor=who.actor, add_on_id=add_on.pk, reseller_price=Decimal(99), now=NOW)
    assert work(bulk_sale) == {of_shop.pk: "sold", of_kiosk.pk: "sold"}
    costs = AddOnSale.objects.filter(add_on=copy).values_list("seller_id", "unit_cost")
    assert set(costs) == {(world.north.id, Decimal("2.5")), (world.north_east.id, 9)}


def test_the_recipe_of_the_manual(shop):
    """99,999 × 9,999 to resellers, 1 × 9,999 to customers of all; the second run sells nothing and says why."""
    world, market = shop.world, shop.market
    of_north, of_south_customer = market.subscribe(world.north), market.sell(world.mill)
    of_shop, of_direct = market.sell(world.shop), market.sell(world.direct)
    before = Grant.objects.count()
    to_resellers = shop.to_resellers(world.north, quantity=99_999, skip_already_sold=True, create_copy=True)
    to_customers = shop.to_customers(skip_already_sold=True)
    assert shop.run(to_resellers) == {of_north.pk: "sold"}
    assert set(shop.run(to_customers).values()) == {"sold"}
    assert allocated(of_north, shop.shared) == 999_890_001
    assert [allocated(each, shop.shared) for each in (of_shop, of_direct, of_south_customer)] == [9999] * 3
    assert allocated(of_shop, market.mailbox) == 10
    assert Grant.objects.count() == before + 4
    for order in (to_resellers, to_customers):
        assert set(shop.run(order).values()) == {"already_sold"}
    assert Grant.objects.count() == before + 4
