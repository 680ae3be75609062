from decimal import Decimal
from uuid import uuid4

import pytest

from addons.models import AddOn, AddOnSale, BulkSale
from addons.refusals import AddOnInactive, BelowMinimum, NoPackages, NothingSelected, NotYourAddOn
from addons.refusals import WrongServiceType as WrongType
from addons.services.add_ons import Value, associate_add_on, change_add_on, deactivate_add_on
from addons.services.previews import preview_bulk_sale
from catalog.services.types import create_service_instance, create_service_type
from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.models import Grant, Holding
from subscriptions.refusals import PriceTooLarge
from tenants.models import Event
from tenants.roles import Role
from tests.addons.shop import allocated, work
from tests.subscriptions.prices import price_list, rule
from tests.world import NOW, customer


def test_a_sale_returns_at_once_and_the_worker_does_the_rest(shop, sent, django_capture_on_commit_callbacks):
    target = shop.market.sell(shop.world.direct)
    with django_capture_on_commit_callbacks(execute=True):
        sale = shop.start(shop.to_customers())
    job = Job.objects.get(pk=sale.job_id)
    assert (job.state, job.total, job.title) == ("queued", 1, "Shared Mailbox × 1")
    assert sent == [job.pk]
    assert not AddOnSale.objects.exists()
    assert work(sale) == {target.pk: "sold"}
    job.refresh_from_db()
    assert (job.state, job.done, job.skipped, job.failed) == ("done", 1, 0, 0)
    started = Event.objects.get(kind="bulk_sale.started")
    assert (started.subject_id, started.after["targets"]) == (sale.pk, 1)
    told = Event.objects.get(kind="add_on.sold")
    assert (told.user_id, told.request_id, told.after["bulk_sale"]) == (started.user_id, started.request_id, sale.pk)
    item = JobItem.objects.get()
    assert (item.result_id, AddOnSale.objects.get().job_item_id) == (AddOnSale.objects.get().pk, item.pk)


def test_a_request_starts_once(shop):
    shop.market.sell(shop.world.direct)
    request = uuid4()
    first = shop.start(shop.to_customers(), request_id=request)
    assert shop.start(shop.to_customers(), request_id=request) == first
    assert BulkSale.objects.count() == 1
    with pytest.raises(RequestReused):
        shop.start(shop.to_customers(quantity=2), request_id=request)


def test_nothing_is_sold_at_a_price_that_no_column_has_room_for(shop):
    north = shop.world.north
    shop.market.subscribe(north)
    shop.market.sell(shop.world.shop, by=north)
    dear = shop.make("Dear", {shop.rooms: 1}, reseller_price=Decimal(500), is_shared=True)
    rule(price_list(north), "markup", "999999999999")
    for ask in (shop.preview, shop.start):
        with pytest.raises(PriceTooLarge):
            ask(shop.to_customers(add_on_id=dear.pk), north)


def test_the_preview_tells_counts_and_money(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north, quantity=3)
    shop.sell(market.sell(world.direct))
    market.sell(world.mill)
    market.sell(world.shop)
    preview = shop.preview(shop.to_customers(quantity=5, skip_already_sold=True))
    # North may not oversell and holds no shared mailboxes
    assert {outcome: number for outcome, number in preview.counts.items() if number} == {
        "sold": 1,
        "already_sold": 1,
        "oversell_refused": 1,
    }
    (charge,) = preview.charges
    assert (preview.total, charge.currency, charge.cycle) == (3, "EUR", "month")
    assert (str(charge.amount), str(charge.cost)) == ("20.00", "0.00")  # South sells on commission: it buys nothing
    assert charge.seller_name == "Groupware GmbH"
    assert preview.granted == {shop.shared.pk: 5 * 9999}
    assert not BulkSale.objects.exists()


def test_whom_the_audience_and_the_owner_mean(shop):
    world, market = shop.world, shop.market
    of = {
        name: market.subscribe(getattr(world, name), by=seller, quantity=quantity).pk
        for name, seller, quantity in (("north", world.provider, 5), ("north_east", world.north, 1))
    } | {name: market.sell(getattr(world, name)).pk for name in ("shop", "mill", "kiosk", "direct")}

    def meant(order, by=None):
        sale = shop.start(order, by)
        return list(JobItem.objects.filter(job=sale.job_id).order_by("position").values_list("subject_id", flat=True))

    assert meant(shop.to_resellers(world.north_east, world.north)) == [of["north"], of["north_east"]]
    assert set(meant(shop.to_customers())) == {of[name] for name in ("shop", "mill", "kiosk", "direct")}
    assert meant(shop.to_customers(owner_id=world.provider.id)) == [of["direct"]]
    assert meant(shop.to_customers(owner_id=world.north.id)) == [of["shop"]]
    own = shop.make("Own", {market.mailbox: 1}, by=world.north)
    assert set(meant(shop.to_customers(add_on_id=own.pk), by=world.north)) == {of["shop"], of["kiosk"]}
    assert meant(shop.to_resellers(world.north_east, add_on_id=own.pk), by=world.north) == [of["north_east"]]


def test_only_the_chosen_instance_is_touched(shop):
    market, actor = shop.market, shop.world.provider.actor
    market.sell(shop.world.direct)
    other = create_service_instance(actor=actor, service_type_id=market.exchange.pk, name="Exchange 2016", now=NOW)
    with pytest.raises(NothingSelected):
        shop.start(shop.to_customers(service_instance_id=other.pk))
    assert len(shop.run(shop.to_customers(service_instance_id=market.instance.pk))) == 1
    assert not BulkSale.objects.filter(service_instance=other).exists()


def test_what_is_refused(shop):
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    market.subscribe(world.north)
    market.sell(world.direct)
    to_north = shop.to_resellers(world.north)
    backup = create_service_type(actor=actor, code="backup", name="Backup", now=NOW)
    elsewhere = create_service_instance(actor=actor, service_type_id=backup.pk, name="B1", now=NOW)
    bare = shop.make("Bare", {shop.rooms: 1}, packages=[])
    for refusal, order in (
        (Invalid, shop.to_resellers()),
        (Invalid, shop.to_customers(create_copy=True)),
        (Invalid, shop.to_customers(quantity=0)),
        (Invalid, shop.to_customers(quantity=100_000)),
        (Invalid, shop.to_customers(audience="everybody")),
        (NotFound, shop.to_resellers(world.north, world.stranger_reseller)),
        (NotFound, shop.to_resellers(world.shop)),
        (NotFound, shop.to_customers(owner_id=world.stranger.id)),
        (NotFound, shop.to_customers(owner_id=world.shop.id)),
        (NotFound, shop.to_customers(add_on_id=10**9)),
        (NotFound, shop.to_customers(service_type_id=10**9)),
        (NotFound, shop.to_customers(service_instance_id=10**9)),
        (WrongType, shop.to_customers(service_type_id=backup.pk)),
        (WrongType, shop.to_customers(service_instance_id=elsewhere.pk)),
        (NoPackages, shop.to_customers(add_on_id=bare.pk)),
        (NothingSelected, shop.to_resellers(world.south)),
        (NothingSelected, shop.to_customers(owner_id=world.north.id)),
    ):
        for ask in (shop.preview, shop.start):
            with pytest.raises(refusal):
                ask(order)
    change_add_on(actor=actor, add_on_id=shop.add_on.pk, values=[Value(shop.shared.pk, 1, 2)], now=NOW)
    with pytest.raises(BelowMinimum):
        shop.start(to_north)
    deactivate_add_on(actor=actor, add_on_id=shop.add_on.pk, now=NOW)
    with pytest.raises(AddOnInactive):
        shop.start(to_north)
    assert not BulkSale.objects.exists()
    assert not Job.objects.exists()


def test_a_rival_finds_nothing(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    market.sell(world.shop)
    sale = shop.start(shop.to_resellers(world.north))
    for rival in (world.south, world.stranger):
        with pytest.raises(NotFound):
            shop.start(shop.to_customers(owner_id=world.north.id), by=rival)
        assert not BulkSale.objects.visible_to(rival.actor).exists()
        with pytest.raises(NotFound):
            cancel_job(actor=rival.actor, job_id=sale.job_id, now=NOW)
    work(sale)
    with pytest.raises(NotYourAddOn):
        shop.start(shop.to_customers(), by=world.north)
    with pytest.raises(Forbidden):
        shop.start(shop.to_customers(), by=world.shop)
    support = world.provider.member(Role.SUPPORT)
    with pytest.raises(Forbidden):
        preview_bulk_sale(actor=support, order=shop.to_customers(), now=NOW)


def test_what_changes_meanwhile_does_not_reach_it(shop):
    actor = shop.world.provider.actor
    target = shop.market.sell(shop.world.direct)
    sale = shop.start(shop.to_customers(quantity=2))
    late = shop.market.sell(customer(shop.world.provider, "Late"))
    values = [Value(shop.shared.pk, 1), Value(shop.rooms.pk, 1)]
    change_add_on(actor=actor, add_on_id=shop.add_on.pk, customer_price=100, values=values, is_active=False, now=NOW)
    assert work(sale) == {target.pk: "sold"}
    sold = AddOnSale.objects.get()
    assert (sold.unit_price, allocated(target, shop.shared), allocated(target, shop.rooms)) == (4, 2 * 9999, 0)
    assert allocated(late, shop.shared) == 0


def test_running_it_again_sells_nothing_twice(shop):
    target = shop.market.sell(shop.world.direct)
    sale = shop.start(shop.to_customers())
    for _time in range(3):
        work(sale)
    assert allocated(target, shop.shared) == 9999
    assert AddOnSale.objects.count() == 1


def test_a_poisoned_target_fails_alone_and_can_be_tried_again(shop):
    actor = shop.world.provider.actor
    targets = [shop.market.sell(customer(shop.world.provider, name)) for name in "ABCDE"]
    shop.sell(targets[2])
    full = Holding.objects.filter(subscription=targets[2], resource=shop.shared)
    grant = {
        "provider_id": actor.provider_id,
        "tenant_id": targets[2].tenant_id,
        "subscription": targets[2],
        "resource": shop.shared,
        "kind": "adjustment",
        "source_id": 1,
        "made_at": NOW,
    }
    rest = 2**63 - 1 - 9999
    Grant.objects.create(amount=rest, **grant)
    full.update(allocated=2**63 - 1)
    sale = shop.start(shop.to_customers())
    outcomes = work(sale)
    assert [outcomes[target.pk] for target in targets] == ["sold", "sold", "too_much", "sold", "sold"]
    failed = JobItem.objects.get(state="failed")
    assert (failed.subject_id, failed.reason) == (targets[2].pk, "too_much")
    Grant.objects.create(amount=-rest, **grant)
    full.update(allocated=9999)
    retry_failed(actor=actor, job_id=sale.job_id, now=NOW)
    assert work(sale)[targets[2].pk] == "sold"
    assert [allocated(target, shop.shared) for target in targets] == [9999, 9999, 2 * 9999, 9999, 9999]


def test_a_cancelled_sale_leaves_the_rest(shop):
    targets = [shop.market.sell(customer(shop.world.provider, name)) for name in "AB"]
    sale = shop.start(shop.to_customers())
    cancel_job(actor=shop.world.provider.actor, job_id=sale.job_id, now=NOW)
    assert work(sale) == {target.pk: "cancelled" for target in targets}
    assert not AddOnSale.objects.exists()


def test_packages_associated_later_count_when_the_turn_comes(shop):
    """The selection is frozen, the outcome is decided when the item runs."""
    actor, target = shop.world.provider.actor, shop.market.sell(shop.world.direct)
    sale = shop.start(shop.to_customers())
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages=[shop.market.wholesale.pk], now=NOW)
    assert work(sale) == {target.pk: "not_associated"}
    assert AddOn.objects.count() == 1


def test_reasons_of_many_bulk_sales_cost_no_more_queries_than_of_one(shop, django_assert_max_num_queries):
    provider = shop.world.provider
    shop.sell(shop.market.sell(customer(provider, "Bert")))
    for _again in range(3):
        work(shop.start(shop.to_customers(skip_already_sold=True)))
    api = provider.api()
    with django_assert_max_num_queries(8):
        rows = api.get("bulk-sales", expand="reasons").json()["results"]
    assert [row["reasons"] for row in rows] == [{"already_sold": 1}] * 3
