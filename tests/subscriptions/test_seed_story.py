"""Call recording: the provider asks 10 of the reseller for each account, and recommends 20."""

from decimal import Decimal

from subscriptions.models import PhaseFee
from subscriptions.services.standing import resume_subscription, suspend_subscription
from subscriptions.timeline import phases as timeline
from subscriptions.verify import phases as faults
from tests.subscriptions.prices import later, phases, recording
from tests.world import customer


def test_the_reseller_owes_three_times_ten_whatever_it_asks(market):
    world = market.world
    market.subscribe(world.north)
    package = recording(market)
    shops = [world.shop, customer(world.north, "Second"), customer(world.north, "Third")]
    sold = [
        market.sell(shop, by=world.north, package=package, unit_price=Decimal(price))
        for shop, price in zip(shops, (20, 25, 8), strict=True)
    ]
    change = {"actor": world.north.actor, "subscription_id": sold[1].pk}
    suspend_subscription(**change, now=later(11))  # 1 December
    resume_subscription(**change, now=later(42))  # 1 January
    assert phases(sold[1]) == [(0, 11, 1, "active"), (11, 42, 1, "suspended"), (42, None, 1, "active")]

    december = PhaseFee.objects.filter(phase__starts_on__lte=later(11).date()).exclude(
        phase__ends_on__lte=later(11).date()
    )
    owed = december.filter(payer=world.north.id, phase__subscription__in=sold)
    assert [(fee.unit_price, fee.credits_suspension, fee.applies_more_than_once) for fee in owed] == [
        (10, False, True)
    ] * 3
    asked = december.filter(issuer=world.north.id).order_by("phase__subscription")
    assert [(fee.unit_price, fee.credits_suspension) for fee in asked] == [(20, True), (25, True), (8, True)]
    rows = timeline(world.north.actor).filter(ends_on=None, subscription__in=sold).order_by("subscription")
    assert [row.figures.margin for row in rows] == [10, 15, -2]
    assert faults() == []
