"""Two workers, two sales, two hands: on committed data, each on a connection of its own."""

from datetime import date
from decimal import Decimal

import pytest

from addons.models import AddOn, AddOnOneOff, AddOnSale
from addons.services.ending import cancel_add_on_sale
from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.models import Job
from subscriptions.models import Holding
from subscriptions.services.life.changing import raise_allocation
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event
from tests.addons.shop import allocated, outcomes, price_list, sold_on
from tests.addons.terms import Stage as Terms
from tests.subscriptions.life import at
from tests.together import together
from tests.world import NOW, customer, reseller

pytestmark = pytest.mark.django_db(transaction=True)


def in_chunks(sale, size: int = 2) -> None:
    Job.objects.filter(pk=sale.job_id).update(chunk=size, lanes=2)


def lane(sale):
    return lambda: run(sale.job_id, seconds=60)


def test_two_lanes_sell_exactly_what_fits(committed_shop):
    shop = committed_shop
    world, market = shop.world, shop.market
    of_north = market.subscribe(world.north, quantity=2)  # 200 mailboxes
    targets = [market.sell(customer(world.north, f"C{number}")) for number in range(12)]  # 120 sold, 80 left
    add_on = shop.make("More", {market.mailbox: 15})  # 5 fit
    sale = shop.start(shop.to_customers(add_on_id=add_on.pk))
    in_chunks(sale)
    together(lane(sale), lane(sale), lane(sale))
    ended = outcomes(sale)
    assert sorted(ended.values()) == ["oversell_refused"] * 7 + ["sold"] * 5
    assert set(ended) == {target.pk for target in targets}
    assert sold_on(of_north, market.mailbox) == 120 + 75


def test_single_sales_and_a_bulk_sale_share_the_room_exactly(committed_shop):
    shop = committed_shop
    world, market = shop.world, shop.market
    of_north = market.subscribe(world.north)  # 100
    targets = [market.sell(customer(world.north, f"C{number}")) for number in range(6)]  # 40 left
    add_on = shop.make("More", {market.mailbox: 5})  # 8 fit
    sale = shop.start(shop.to_customers(add_on_id=add_on.pk))
    in_chunks(sale, 1)
    single = [lambda target=target: shop.sell(target, add_on) for target in targets]
    together(lane(sale), lane(sale), *single)
    assert sold_on(of_north, market.mailbox) == 100
    assert AddOnSale.objects.count() == 8


def test_the_same_add_on_is_sold_once_by_two_sales_that_do_not_repeat(committed_shop):
    shop = committed_shop
    for number in range(8):
        shop.market.sell(customer(shop.world.provider, f"C{number}"))
    both = [shop.start(shop.to_customers(skip_already_sold=True)) for _time in range(2)]
    for sale in both:
        in_chunks(sale, 3)
    together(*(lane(sale) for sale in both for _time in range(2)))
    assert AddOnSale.objects.count() == 8
    ended = [outcome for sale in both for outcome in outcomes(sale).values()]
    assert sorted(ended) == ["already_sold"] * 8 + ["sold"] * 8


def test_one_copy_per_reseller_whatever_runs_at_once(committed_shop):
    shop = committed_shop
    resellers = [reseller(shop.world.provider, f"R{number}") for number in range(3)]
    for each in resellers:
        for _time in range(3):
            shop.market.subscribe(each)
    both = [shop.start(shop.to_resellers(*resellers, create_copy=True)) for _time in range(2)]
    for sale in both:
        in_chunks(sale, 1)
    together(*(lane(sale) for sale in both for _time in range(2)))
    assert {tuple(outcomes(sale).values()) for sale in both} == {("sold",) * 9}
    copies = AddOn.objects.filter(copied_from=shop.add_on)
    assert sorted(copies.values_list("tenant_id", flat=True)) == sorted(each.id for each in resellers)
    assert set(copies.values_list("name", flat=True)) == {"Shared Mailbox"}
    assert {copy.versions.get().resources.count() for copy in copies} == {1}


def test_raises_usage_and_cancellations_at_the_same_time_lose_nothing(committed_shop):
    shop = committed_shop
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    of_north = market.subscribe(world.north, quantity=100)
    targets = [market.sell(customer(world.north, f"C{number}")) for number in range(6)]
    add_on = shop.make("More", {market.mailbox: 5})
    earlier = [shop.sell(target, add_on) for target in targets[:3]]
    sale = shop.start(shop.to_customers(add_on_id=add_on.pk))
    in_chunks(sale)

    def cancel_all():
        for each in earlier:
            cancel_add_on_sale(actor=actor, sale_id=each.pk, now=NOW)

    def raise_all():
        for number, target in enumerate(reversed(targets)):
            raise_allocation(
                actor=actor,
                subscription_id=target.pk,
                resource_id=market.mailbox.pk,
                amount=1,
                request_id=f"00000000-0000-0000-0000-{number:012}",
                now=NOW,
            )

    def use_all():
        measures = [Measure(f"m{target.pk}", target.pk, "user_mailbox", 3, NOW) for target in reversed(targets)]
        ingest_usage(actor=actor, measures=measures, now=NOW)

    problems = [each for each in together(lane(sale), lane(sale), cancel_all, raise_all, use_all) if each]
    assert not [each for each in problems if isinstance(each, Exception)], problems
    assert set(outcomes(sale).values()) == {"sold"}
    assert [allocated(target, market.mailbox) for target in targets] == [16] * 6
    assert sold_on(of_north, market.mailbox) == 6 * 16
    assert set(Holding.objects.filter(subscription__in=targets, resource=market.mailbox).values_list("used")) == {(3,)}


def test_what_is_owed_once_is_activated_once_and_a_sale_ends_once(committed_shop):
    stage = Terms(committed_shop)
    add_on = stage.add_on(applies_more_than_once=False)
    mails = [stage.subscription, *(stage.mail(customer(stage.world.north, f"C{number}")) for number in range(2))]
    sales = [each for each in together(*(lambda on=on: stage.sell(add_on, on) for on in mails)) if each]
    assert AddOnOneOff.objects.filter(payer=stage.world.north.id).count() == 1
    assert AddOnOneOff.objects.exclude(payer=stage.world.north.id).count() == 3
    early = at("2026-12-01")
    together(*(lambda: stage.end(sales[0], early) for _time in range(3)))
    assert AddOnOneOff.objects.filter(sale=sales[0], kind="cancellation").count() == 1
    assert Event.objects.filter(kind="add_on.cancelled").count() == 1


def test_a_new_term_and_an_end_at_once_leave_one_sale(committed_shop):
    """Whichever comes first: the end finds the sale as which it goes on."""
    stage = Terms(committed_shop)
    add_on = stage.add_on("Plain", {}, {})
    price_list(stage.world.north, stage.world.shop, add_on, Decimal(3), effective_on=date(2026, 12, 20))
    sale, due = stage.sell(add_on), at("2026-12-21")
    problems = together(lambda: stage.due(due), lambda: stage.end(sale, due), lambda: stage.due(due))
    assert not [one for one in problems if isinstance(one, Exception)], problems
    assert set(AddOnSale.objects.order_by("pk").values_list("state", "unit_price")) == {
        ("continued", 4),
        ("cancelled", 3),
    }
    assert allocated(stage.subscription, stage.shop.shared) == 0


def test_sub_resellers_and_their_sellers_in_two_lanes_do_not_wait_for_each_other(committed_shop):
    """Each is a target, and some are the source of others: locks in one order, so nobody deadlocks."""
    shop = committed_shop
    world, market = shop.world, shop.market
    small = market.package("Small", "reseller", {market.mailbox: 1})
    tops = [reseller(world.provider, f"R{number}") for number in range(3)]
    below = [reseller(top, f"Below {number}") for number, top in enumerate(tops)]
    for top in tops:
        market.subscribe(top)
    for top, each in zip(tops, below, strict=True):
        market.subscribe(each, by=top, package=small)
    add_on = shop.make("More", {market.mailbox: 1})
    sales = [shop.start(shop.to_resellers(*tops, *below, add_on_id=add_on.pk)) for _time in range(2)]
    for sale in sales:
        in_chunks(sale, 1)
    together(*(lane(sale) for sale in sales for _time in range(2)))
    assert [set(outcomes(sale).values()) for sale in sales] == [{"sold"}, {"sold"}]
    assert [sold_on(each, market.mailbox) for each in of(tops)] == [3, 3, 3]


def of(players):
    from subscriptions.models import Subscription

    return list(Subscription.objects.filter(tenant__in=[each.id for each in players]).order_by("pk"))
