from uuid import uuid4

import pytest

from catalog.services.packages import Content, change_package
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions import hooks
from subscriptions.models import Grant, Holding
from subscriptions.refusals import (
    BelowUtilised,
    NothingAdded,
    OversellRefused,
    OwnSubscription,
    SourceSuspended,
    StillDrawn,
    SubscriptionClosed,
    SubscriptionNotActive,
    SubscriptionNotSuspended,
)
from subscriptions.services.life.changing import raise_allocation
from subscriptions.services.life.standing import close_subscription, resume_subscription, suspend_subscription
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import preview_step, take_step
from subscriptions.services.settings import set_over_quota_basis
from subscriptions.verify import holdings
from tenants.models import Event, ResellerTerms
from tests.subscriptions.market import change_quantity, held
from tests.subscriptions.pushes import Sold
from tests.world import NOW


@pytest.fixture
def wholesale(market):
    return market.subscribe(market.world.north)


@pytest.fixture
def standard(market, wholesale):
    return market.sell(market.world.shop, by=market.world.north)


def quantity(market, subscription, to, by=None):
    actor = (by or market.world.provider).actor
    return change_quantity(actor=actor, subscription_id=subscription.pk, quantity=to, now=NOW)


def raised(market, subscription, amount, by=None, resource=None, request_id=None):
    return raise_allocation(
        actor=(by or market.world.provider).actor,
        subscription_id=subscription.pk,
        resource_id=(resource or market.mailbox).pk,
        amount=amount,
        request_id=request_id or uuid4(),
        now=NOW,
    )


def test_more_and_less_of_a_package(market, wholesale, standard):
    quantity(market, standard, 3, by=market.world.north)
    assert held(standard, market.mailbox) == (30, 0, 0, 30)
    assert held(wholesale, market.mailbox) == (100, 30, 0, 70)
    quantity(market, standard, 1, by=market.world.north)
    assert held(wholesale, market.storage) == (1000, 50, 0, 950)
    assert Event.objects.filter(kind="subscription.quantity_changed").count() == 2
    assert holdings() == []


def test_nothing_is_added_while_what_it_draws_on_is_suspended(market, wholesale, standard):
    """Whoever has not paid sells nothing more, to nobody; what it takes back it may."""
    world = market.world
    larger = market.package("Larger", "customer", {market.mailbox: 30, market.storage: 50})
    quantity(market, standard, 2, by=world.north)
    change_package(
        actor=world.provider.actor, package_id=market.standard.pk, name="Standard", is_shared=True, is_active=True,
        content=Content({market.mailbox.pk: 11, market.storage.pk: 50}), now=NOW,
    )  # fmt: skip
    suspend_subscription(actor=world.provider.actor, subscription_id=wholesale.pk, now=NOW)
    asked = {"actor": world.north.actor, "subscription_id": standard.pk, "now": NOW}
    for seller in (world.north, world.provider):
        for attempt in (
            lambda by: quantity(market, standard, 50, by=by),
            lambda by: raised(market, standard, 1, by=by),
            lambda by: take_step(**asked | {"actor": by.actor}, step=ChangePackage(larger.pk, when="now")),
        ):
            with pytest.raises(SourceSuspended):
                attempt(seller)
    with pytest.raises(SourceSuspended):
        preview_step(**asked, step=ChangeQuantity(50))
    refused = world.north.api().post(f"subscriptions/{standard.pk}/change", {"quantity": 50})
    assert (refused.status_code, refused.json()["code"]) == (409, "subscription-not-active")
    sold = Sold(market, market.standard)
    assert sold.push(world.provider, prices=False) == {standard.pk: "suspended"}
    quantity(market, standard, 1, by=world.north)
    assert held(wholesale, market.mailbox) == (100, 10, 0, 90)
    resume_subscription(actor=world.provider.actor, subscription_id=wholesale.pk, now=NOW)
    assert sold.push(world.provider, prices=False) == {standard.pk: "changed"}
    quantity(market, standard, 9, by=world.north)
    assert held(wholesale, market.mailbox) == (100, 99, 0, 1)


def test_who_may_oversell_sells_more_of_what_it_was_allocated_and_nothing_else(market, wholesale, standard):
    """As it makes plans of what it was granted alone."""
    world = market.world
    ResellerTerms.objects.filter(pk=world.north.id).update(may_oversell=True)
    raised(market, standard, 1_000, by=world.north)
    with pytest.raises(OversellRefused):
        raised(market, standard, 1, by=world.north, resource=market.traffic)
    with_traffic = market.package("Mails", "customer", {market.mailbox: 1, market.traffic: 5})
    with pytest.raises(OversellRefused) as refused:
        market.sell(world.shop, by=world.north, package=with_traffic)
    assert refused.value.facts["remaining"] == 0
    raised(market, wholesale, 1, resource=market.traffic)
    market.sell(world.shop, by=world.north, package=with_traffic)
    assert held(wholesale, market.traffic) == (1, 5, 0, -4)


def test_the_same_quantity_changes_nothing(market, standard):
    quantity(market, standard, 1)
    assert Event.objects.filter(kind="subscription.quantity_changed").count() == 0


def test_a_package_keeps_the_size_it_was_sold_with(market, standard):
    change_package(
        actor=market.world.provider.actor,
        package_id=market.standard.pk,
        name="Standard",
        content=Content({market.mailbox.pk: 99}),
        is_shared=True,
        is_active=True,
        now=NOW,
    )
    assert held(standard, market.mailbox)[0] == 10
    quantity(market, standard, 2)
    assert held(standard, market.mailbox)[0] == 20


def test_more_than_remains_is_refused(market, wholesale, standard):
    with pytest.raises(OversellRefused) as refused:
        quantity(market, standard, 11, by=market.world.north)
    assert (refused.value.facts["remaining"], refused.value.facts["asked"]) == (90, 100)
    assert quantity(market, standard, 10, by=market.world.north).quantity == 10


def test_what_is_sold_already_stays_allocated_unless_the_reseller_may_oversell(market, standard):
    wholesale = market.subscribe(market.world.north)
    quantity(market, wholesale, 2)
    market.sell(market.world.shop, by=market.world.north, quantity=12, source_id=wholesale.pk)
    with pytest.raises(BelowUtilised) as refused:
        quantity(market, wholesale, 1)
    assert (refused.value.facts["asked"], refused.value.facts["utilised"]) == (100, 120)
    ResellerTerms.objects.filter(pk=market.world.north.id).update(may_oversell=True)
    quantity(market, wholesale, 1)
    assert held(wholesale, market.mailbox) == (100, 120, 0, -20)


@pytest.mark.parametrize("to", [0, -1, 100_000])
def test_a_quantity_has_bounds(market, standard, to):
    with pytest.raises(Invalid):
        quantity(market, standard, to)


def test_an_allocation_is_raised_once_per_request(market, wholesale):
    request_id = uuid4()
    first = raised(market, wholesale, 25, request_id=request_id)
    assert raised(market, wholesale, 25, request_id=request_id) == first
    assert held(wholesale, market.mailbox) == (125, 0, 0, 125)
    assert held(wholesale, market.storage)[0] == 1000
    assert (first.kind, first.amount) == ("adjustment", 25)
    with pytest.raises(RequestReused):
        raised(market, wholesale, 26, request_id=request_id)
    assert Event.objects.filter(kind="subscription.allocation_raised").count() == 1
    assert holdings() == []


def test_raising_what_a_customer_holds_takes_from_its_source(market, wholesale, standard):
    raised(market, standard, 90, by=market.world.north)
    assert held(wholesale, market.mailbox) == (100, 100, 0, 0)
    with pytest.raises(OversellRefused):
        raised(market, standard, 1, by=market.world.north)
    with pytest.raises(OversellRefused):
        raised(market, standard, 1, by=market.world.north, resource=market.traffic)
    assert holdings() == []


def test_a_resource_without_a_row_begins_at_nothing(market, wholesale):
    raised(market, wholesale, 5, resource=market.traffic)
    assert held(wholesale, market.traffic) == (5, 0, 0, 5)


def test_nobody_raises_their_own_or_a_rivals(market, wholesale, standard):
    with pytest.raises(OwnSubscription):
        raised(market, wholesale, 5, by=market.world.north)
    with pytest.raises(NotFound):
        raised(market, standard, 5, by=market.world.south)
    with pytest.raises(Forbidden):
        raised(market, standard, 5, by=market.world.shop)
    with pytest.raises(NotFound):
        raised(market, standard, 5, by=market.world.stranger)


@pytest.mark.parametrize("amount", [0, -5, 10**12 + 1])
def test_an_amount_has_bounds(market, wholesale, amount):
    with pytest.raises(Invalid):
        raised(market, wholesale, amount)


def test_suspend_and_resume(market, standard):
    values = {"actor": market.world.north.actor, "subscription_id": standard.pk, "now": NOW}
    assert suspend_subscription(reason="Unpaid", **values).state == "suspended"
    with pytest.raises(SubscriptionNotActive):
        suspend_subscription(**values)
    for more in (quantity, raised):
        with pytest.raises(NothingAdded):
            more(market, standard, 2)
    assert resume_subscription(**values).state == "active"
    with pytest.raises(SubscriptionNotSuspended):
        resume_subscription(**values)
    assert held(standard, market.mailbox)[0] == 10


def test_closing_gives_back_what_was_drawn(market, wholesale, standard):
    with pytest.raises(StillDrawn):
        close_subscription(actor=market.world.provider.actor, subscription_id=wholesale.pk, now=NOW)
    values = {"actor": market.world.north.actor, "subscription_id": standard.pk, "now": NOW}
    closed = close_subscription(**values)

    assert (closed.state, closed.closed_on) == ("closed", NOW.date())
    assert held(wholesale, market.mailbox) == (100, 0, 0, 100)
    assert not Holding.objects.filter(subscription=standard).exists()
    assert list(Grant.objects.filter(subscription=standard, kind="closing").values_list("amount", flat=True)) != []
    assert holdings() == []
    for change in (
        lambda: close_subscription(**values),
        lambda: quantity(market, standard, 2),
        lambda: raised(market, standard, 2),
    ):
        with pytest.raises(SubscriptionClosed):
            change()
    close_subscription(actor=market.world.provider.actor, subscription_id=wholesale.pk, now=NOW)


def test_apps_above_take_part_in_closing(market, standard, monkeypatch):
    seen = []
    monkeypatch.setattr(hooks, "CLOSING", [lambda actor, subscription, now: seen.append(subscription.pk)])
    close_subscription(actor=market.world.north.actor, subscription_id=standard.pk, now=NOW)
    assert seen == [standard.pk]


def test_the_basis_of_over_quota_counts_all_resellers_anew(market, wholesale, standard):
    set_over_quota_basis(actor=market.world.provider.actor, basis="used", now=NOW)
    assert held(wholesale, market.mailbox) == (100, 10, 0, 100)
    assert set(Holding.objects.values_list("basis", flat=True)) == {"used"}
    set_over_quota_basis(actor=market.world.provider.actor, basis="sold", now=NOW)
    assert held(wholesale, market.mailbox) == (100, 10, 0, 90)
    assert holdings() == []
    with pytest.raises(Forbidden):
        set_over_quota_basis(actor=market.world.north.actor, basis="used", now=NOW)
