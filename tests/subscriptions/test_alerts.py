"""Thresholds, soft and hard quotas: one notice for each crossing, whoever notes it and whoever dies."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from resellerhub.kernel import verify
from resellerhub.kernel.refusals import Forbidden, Invalid
from subscriptions.models import Holding, UsageAlerts
from subscriptions.services.life.changing import raise_allocation
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.usage.alerts import change_alerts, note_again
from subscriptions.services.usage.ingesting import start_usage_month
from subscriptions.services.usage.notices import tell_crossings
from tenants.models import Event, Mail
from tests.subscriptions.market import change_quantity
from tests.subscriptions.quotas import HOUR, crossings, package, set_alerts, tell, use
from tests.together import together
from tests.world import NOW


def test_a_soft_quota_tells_and_a_hard_one_blocks_beyond_its_overage(market):
    """As Acronis has it (T60): quota 20, and quota 20 with an overage of 5: told at 20, blocked at 25."""
    soft = market.sell(market.world.direct, package=package(market, 20))
    hard = market.sell(market.world.direct, package=package(market, 20, overage=5, name="Hard twenty"))
    set_alerts(market.world.provider, 100)
    for subscription in (soft, hard):
        use(market, subscription, 19)
        assert crossings(subscription) == []
        use(market, subscription, 20, NOW + HOUR)
        assert crossings(subscription) == [(100, 20, None)]
    to = [("usage_crossed", market.world.direct.user.email, market.world.provider.id)] * 2
    assert tell() == (["usage.crossed"] * 2, to)
    for used, is_blocked in ((24, False), (25, True), (30, True)):
        use(market, hard, used, NOW + used * HOUR / 10)
        use(market, soft, used, NOW + used * HOUR / 10)
        row = Holding.objects.get(subscription=hard)
        assert (row.quota, row.ceiling, row.is_blocked, row.used) == ("hard", 25, is_blocked, used)
        row = Holding.objects.get(subscription=soft)
        assert (row.quota, row.ceiling, row.is_blocked, row.used) == ("soft", None, False, used)
    assert tell() == (["usage.blocked"], [("usage_blocked", *to[0][1:])])
    event = Event.objects.get(kind="usage.blocked")
    assert (event.subject_id, event.tenant_id) == (hard.pk, market.world.direct.id)
    assert event.after == {"resource": market.mailbox.pk, "ceiling": 25, "used": 25}
    use(market, hard, 24, NOW + 4 * HOUR)
    assert tell() == (["usage.unblocked"], [("usage_unblocked", *to[0][1:])])
    assert tell() == ([], [])
    mail = Mail.objects.get(kind="usage_crossed", facts__subscription=hard.name)
    assert (mail.facts["value"], mail.facts["allocated"], mail.facts["percent"]) == ("20", "20", "100")
    assert not any(verify.findings().values())


def test_the_ceiling_follows_what_is_bought(market):
    hard = market.sell(market.world.direct, package=package(market, 20, overage=5))
    use(market, hard, 26)
    assert Holding.objects.get(subscription=hard).is_blocked
    raised = raise_allocation(
        actor=market.world.provider.actor,
        subscription_id=hard.pk,
        resource_id=market.mailbox.pk,
        amount=2,
        request_id=uuid4(),
        now=NOW,
    )
    assert raised.amount == 2
    assert (Holding.objects.get().ceiling, Holding.objects.get().is_blocked) == (27, False)
    change_quantity(actor=market.world.provider.actor, subscription_id=hard.pk, quantity=3, now=NOW)
    assert (Holding.objects.get().allocated, Holding.objects.get().ceiling) == (62, 77)
    assert [kind for kind in tell()[0] if kind != "usage.crossed"] == ["usage.blocked", "usage.unblocked"]
    change_quantity(actor=market.world.provider.actor, subscription_id=hard.pk, quantity=2, now=NOW)
    assert Holding.objects.get().ceiling == 52
    assert not any(verify.findings().values())


def test_one_notice_for_each_crossing_and_again_after_it_fell_below(market):
    held = market.sell(market.world.direct)
    for hours, used in enumerate((8, 9, 8, 10, 12)):
        use(market, held, used, NOW + hours * HOUR)
    assert crossings(held) == [(80, 8, None), (100, 10, None)]
    kinds, mails = tell()
    assert kinds == ["usage.crossed"] * 2
    assert len(mails) == 2
    use(market, held, 9, NOW + 6 * HOUR)
    assert crossings(held, cleared_at=None) == [(80, 8, None)]
    use(market, held, 10, NOW + 7 * HOUR)
    assert [row[0] for row in crossings(held)] == [80, 100, 100]
    assert tell()[0] == ["usage.crossed"]
    use(market, held, 3, NOW - HOUR)  # late: what counts is 10
    assert len(crossings(held, cleared_at=None)) == 2
    close_subscription(actor=market.world.provider.actor, subscription_id=held.pk, now=NOW + 8 * HOUR)
    assert crossings(held, cleared_at=None) == []


def test_a_jump_has_an_event_of_each_threshold_and_one_mail(market):
    held = market.sell(market.world.direct)
    use(market, held, 99)
    kinds, mails = tell()
    assert (kinds, len(mails)) == (["usage.crossed"] * 2, 1)
    assert Mail.objects.get(kind="usage_crossed").facts["percent"] == "100"


def test_a_counter_is_armed_again_with_its_month(market):
    held = market.sell(market.world.direct, package=package(market, 100, resource=market.traffic))
    use(market, held, 90, resource="mails")
    december = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    use(market, held, 95, december, resource="mails")  # before the clock said so: it never fell below
    assert crossings(held) == [(80, 90, december), (80, 95, None)]
    use(market, held, 10, resource="mails")  # late, of November
    assert len(crossings(held)) == 2
    january = datetime(2027, 1, 1, tzinfo=UTC)
    assert start_usage_month(now=january) == 1
    assert crossings(held, cleared_at=None) == []
    assert tell()[0] == ["usage.crossed"] * 2


def test_sales_and_grants_cross_too(market):
    """What a reseller utilises is what it sold."""
    world = market.world
    depot = market.subscribe(world.north, package=package(market, 20, name="Depot", audience="reseller"))
    ten = package(market, 10, name="Ten")
    sold = market.sell(world.shop, by=world.north, package=ten)
    assert crossings(depot) == []
    again = market.sell(world.shop, by=world.north, package=ten)
    assert [row[0] for row in crossings(depot)] == [80, 100]
    assert tell()[1] == [("usage_crossed", world.north.user.email, world.provider.id)]
    close_subscription(actor=world.north.actor, subscription_id=again.pk, now=NOW)
    assert crossings(depot, cleared_at=None) == []
    use(market, sold, 8)
    assert [row[0] for row in crossings(sold)] == [80]
    assert tell()[1] == [("usage_crossed", world.shop.user.email, world.north.id)]


def test_the_nearest_at_or_above_the_seller_says_from_where_on(market):
    world = market.world
    market.subscribe(world.north)
    market.subscribe(world.north_east, by=world.north, package=package(market, 30, name="Depot", audience="reseller"))
    ten = package(market, 10, name="Ten")
    near = market.sell(world.shop, by=world.north, package=ten)
    deep = market.sell(world.kiosk, by=world.north_east, package=ten)
    set_alerts(world.provider, 50, tells_seller=True, tells_holder=False)
    set_alerts(world.north_east)
    use(market, near, 5)
    use(market, deep, 10)
    assert [row[0] for row in crossings(near)] == [50]
    assert crossings(deep) == []
    assert tell()[1] == [("usage_crossed", world.north.user.email, world.north.id)]
    set_alerts(world.north, 40, 90, 40)
    assert UsageAlerts.objects.get(tenant=world.north.id).percents == [40, 90]
    note_again(seller_id=world.north.id, now=NOW)
    assert [row[0] for row in crossings(near, cleared_at=None)] == [40]
    change_alerts(actor=world.north_east.actor, inherit=True, now=NOW)
    note_again(seller_id=world.north_east.id, now=NOW)
    assert [row[0] for row in crossings(deep)] == [40, 90]
    assert Event.objects.filter(kind="usage_alerts.changed").count() == 4


def test_who_may_set_thresholds_and_which(market):
    world = market.world
    with pytest.raises(Forbidden):
        change_alerts(actor=world.north.member("sales"), percents=[80], now=NOW)
    with pytest.raises(Forbidden):
        change_alerts(actor=world.shop.actor, percents=[80], now=NOW)
    for bad in ([0], [1001], list(range(1, 12))):
        with pytest.raises(Invalid) as refused:
            change_alerts(actor=world.north.actor, percents=bad, now=NOW)
        assert list(refused.value.errors) == ["percents"]


def test_the_database_keeps_the_rules_itself(market):
    held = market.sell(market.world.direct)
    use(market, held, 8)
    set_alerts(market.world.provider, 80)
    tell()
    for statement, error in (
        ("UPDATE subscriptions_usagealerts SET percents = '{0}'", IntegrityError),
        ("UPDATE subscriptions_usagealerts SET percents = '{1001}'", IntegrityError),
        ("UPDATE subscriptions_usagecrossing SET told_at = now()", ProgrammingError),
        ("UPDATE subscriptions_usagecrossing SET value = 1", ProgrammingError),
        ("DELETE FROM subscriptions_usagecrossing", ProgrammingError),
        ("UPDATE subscriptions_usagecrossing SET cleared_at = crossed_at - interval '1 day'", IntegrityError),
        ("UPDATE subscriptions_usagecrossing SET tenant_id = provider_id", ProgrammingError),
        ("UPDATE subscriptions_holding SET overage = -1", IntegrityError),
        (
            "INSERT INTO subscriptions_usagecrossing (provider_id, tenant_id, seller_id, subscription_id, resource_id,"
            " percent, value, allocated, crossed_at) SELECT provider_id, tenant_id, seller_id, subscription_id,"
            " resource_id, percent, value, allocated, crossed_at FROM subscriptions_usagecrossing",
            IntegrityError,
        ),
    ):
        with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE subscriptions_holding SET overage = 7")
    assert len(verify.findings()["subscriptions.holdings"]) == 2


@pytest.mark.django_db(transaction=True)
def test_rivals_note_and_tell_a_crossing_once(committed_market):
    """Batches that cross together, workers that tell together, and one who dies before it commits."""
    market = committed_market
    held = market.sell(market.world.direct)
    assert not [
        each
        for each in together(*[lambda n=n: use(market, held, 11, NOW + n * HOUR / 10) for n in range(8)])
        if isinstance(each, Exception)
    ]
    assert [row[0] for row in crossings(held)] == [80, 100]

    def dies():
        with transaction.atomic():
            tell_crossings(now=NOW)
            raise RuntimeError

    together(dies, *[lambda: tell_crossings(now=NOW)] * 4)
    tell_crossings(now=NOW)
    assert Event.objects.filter(kind="usage.crossed").count() == 2
    assert Mail.objects.filter(kind="usage_crossed").count() == 1
