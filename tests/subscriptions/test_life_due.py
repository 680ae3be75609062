"""What is planned, pending and due."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalog.services.packages import Content, create_package
from subscriptions.models import Holding, Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.refusals import (
    AlreadyPlanned,
    NothingPlanned,
    NotPending,
    OtherCurrency,
    OversellRefused,
    SubscriptionNotActive,
)
from subscriptions.services.life.settling import due_subscriptions, settle_due
from subscriptions.services.life.steps.ending import Cancel, Keep
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Suspend
from subscriptions.services.life.steps.terms import SetRenewal
from tenants.models import Event, Tenant
from tests.subscriptions.life import END, START, Stage, at, package, sound, told
from tests.subscriptions.market import Market, held
from tests.subscriptions.prices import fee, later, owed
from tests.together import together
from tests.world import NOW


def test_a_downgrade_waits_for_the_end_of_the_term_and_can_be_withdrawn(market, stage, small, large):
    row = stage.sold(large, quantity=2)
    step = ChangePackage(small.pk)
    quote = stage.preview(row, step, later(3))
    assert (quote.is_planned, quote.on, str(quote.total)) == (True, END, "20.00")
    stage.take(row, step, later(3))
    stage.take(row, step, later(4))
    assert (row.package_id, PlannedChange.objects.count()) == (large.pk, 1)
    with pytest.raises(AlreadyPlanned):
        stage.take(row, ChangeQuantity(9), later(4))
    with pytest.raises(AlreadyPlanned):
        stage.take(row, SetRenewal(False), later(4))
    stage.take(row, Keep(), later(5))
    assert PlannedChange.objects.get().state == "withdrawn"
    with pytest.raises(NothingPlanned):
        stage.take(row, Keep(), later(5))
    stage.take(row, step, later(6))
    stage.due(row, later(29))
    assert row.package_id == large.pk
    stage.due(row, at("2026-12-23"))
    assert (row.package_id, row.quantity, row.renews_on) == (small.pk, 2, date(2027, 1, 20))
    assert Phase.objects.get(subscription=row, ends_on=None).starts_on == END
    assert held(row, market.mailbox)[0] == 2
    assert told(row, "subscription.changed")["on"] == "2026-12-20"
    assert sound()


def test_what_was_agreed_for_a_day_holds_on_that_day(market, stage, small, large):
    row = stage.take(stage.sold(large), ChangePackage(small.pk, unit_price=Decimal(8)))
    assert stage.preview(row, ChangePackage(small.pk, unit_price=Decimal(8))).unit_price == 8
    stage.due(row, at("2026-12-20"))
    assert owed(row)[row.tenant_id, market.world.north.id] == 8


def test_a_subscription_keeps_its_currency(market, stage, small):
    pair = (fee(market, kind, "12", name=f"{kind} in dollars", currency="USD").pk for kind in ("reseller", "account"))
    dollars = create_package(
        actor=market.world.provider.actor,
        service_type_id=market.exchange.pk,
        name="In dollars",
        audience="customer",
        content=Content({market.mailbox.pk: 1}, *pair),
        now=NOW,
    )
    row = stage.sold(small)
    for when in (None, "now", "period_end"):
        with pytest.raises(OtherCurrency):
            stage.preview(row, ChangePackage(dollars.pk, when=when))
    sold = stage.sold(dollars)
    with pytest.raises(OtherCurrency):
        stage.take(sold, ChangePackage(small.pk))


def test_a_preview_is_held_to_its_terms_and_limits(stage, small, large):
    quote = stage.preview(stage.sold(small), ChangePackage(large.pk))
    assert quote.version_id == large.versions.get().pk
    [limit] = quote.limits
    others = [
        replace(quote, currency="USD"),
        replace(quote, cycle="year"),
        replace(quote, version_id=small.versions.get().pk),
        replace(quote, limits=[replace(limit, after=6)]),
    ]
    assert len({quote.seal, *(other.seal for other in others)}) == 5
    assert replace(quote, limits=[replace(limit, left=3)]).seal == quote.seal


def test_a_plan_that_does_not_fit_fails_and_is_told(market, stage, small, large):
    row = stage.sold(small, quantity=10)
    stage.sold(small, quantity=80)
    quote = stage.preview(row, ChangePackage(large.pk, when="period_end"))
    assert len(quote.problems) == 1
    with pytest.raises(OversellRefused):
        stage.preview(row, ChangePackage(large.pk))
    stage.take(row, ChangePackage(large.pk, when="period_end"))
    stage.due(row, at("2026-12-20"))
    assert (row.package_id, row.renews_on) == (small.pk, date(2027, 1, 20))
    plan = PlannedChange.objects.get()
    assert (plan.state, plan.reason) == ("failed", "oversell-refused")
    assert told(row, "subscription.plan_failed")["cause"] == "oversell-refused"
    assert sound()


def test_what_begins_on_a_day_to_come_holds_nothing_until_then(market, stage, small):
    row = stage.sold(small, quantity=2, starts_on=date(2027, 1, 31), unit_price=Decimal(7))
    assert (row.state, row.renews_on, row.anchor_day) == ("pending", date(2027, 2, 28), 31)
    assert not Holding.objects.filter(subscription=row).exists()
    assert held(stage.wholesale, market.mailbox)[1] == 0
    with pytest.raises(NotPending) as refused:
        stage.take(row, ChangeQuantity(3))
    assert refused.value.facts["on"] == "2027-01-31"
    stage.due(row, at("2027-01-30"))
    assert row.state == "pending"
    stage.due(row, at("2027-04-02"))
    assert (row.state, row.term_starts_on, row.renews_on) == ("active", date(2027, 3, 31), date(2027, 4, 30))
    assert Phase.objects.get(subscription=row).starts_on == date(2027, 1, 31)
    assert owed(row)[row.tenant_id, market.world.north.id] == 7
    assert held(row, market.mailbox) == (2, 0, 0, 2)
    assert sound()


def test_what_has_not_begun_can_be_cancelled(stage, small):
    row = stage.take(stage.sold(small, starts_on=date(2027, 1, 31)), Cancel(when="period_end"))
    assert (row.state, row.closed_on, PlannedChange.objects.get().state) == ("closed", START, "withdrawn")
    assert sound()


def test_what_finds_no_room_on_its_day_begins_when_there_is(market, stage, small):
    row = stage.sold(small, quantity=60, starts_on=date(2027, 1, 31))
    full = stage.sold(small, quantity=60)
    for now in (at("2027-01-31"), at("2027-02-01")):
        assert stage.due(row, now).state == "pending"
    assert Event.objects.filter(kind="subscription.plan_failed").count() == 1
    stage.take(full, Cancel(), at("2027-02-02"))
    stage.due(row, at("2027-02-03"))
    assert (row.state, row.started_on, row.renews_on) == ("active", date(2027, 2, 3), date(2027, 3, 3))
    assert sound()


def test_nothing_begins_for_or_from_what_is_suspended(market, stage, small):
    row, day = stage.sold(small, starts_on=date(2027, 1, 31)), at("2027-01-31")
    for tenant in (market.world.shop, market.world.north):
        Tenant.objects.filter(pk=tenant.id).update(status="suspended")
        assert stage.due(row, day).state == "pending"
        assert told(row, "subscription.plan_failed")["cause"] == "holder-not-active"
        Tenant.objects.filter(pk=tenant.id).update(status="active")
    Subscription.objects.filter(pk=stage.wholesale.pk).update(state="suspended")
    assert stage.due(row, day).state == "pending"
    assert told(row, "subscription.plan_failed")["cause"] == "no-source"
    Subscription.objects.filter(pk=stage.wholesale.pk).update(state="active")
    stage.due(row, at("2027-02-03"))
    assert (row.state, row.started_on) == ("active", date(2027, 2, 3))
    assert sound()


def test_nothing_is_added_while_it_is_suspended(market, stage, small, large):
    row = stage.take(stage.sold(small, quantity=2), ChangeQuantity(4, when="period_end"))
    stage.take(row, Suspend())
    stage.due(row, at("2026-12-20"))
    assert (row.quantity, told(row, "subscription.plan_failed")["cause"]) == (2, "subscription-not-active")
    for step in (ChangeQuantity(3), ChangePackage(large.pk)):
        with pytest.raises(SubscriptionNotActive):
            stage.take(row, step, at("2026-12-21"))
    stage.take(row, ChangeQuantity(1), at("2026-12-21"))
    assert row.quantity == 1
    assert sound()


def shape(row) -> tuple:
    row.refresh_from_db()
    spans = Phase.objects.filter(subscription=row).order_by("pk")
    parts = spans.values_list("starts_on", "ends_on", "quantity", "version_id", "state")
    prices = PhaseFee.objects.filter(phase__in=spans).order_by("pk").values_list("payer_id", "unit_price")
    days = Event.objects.filter(subject_id=row.pk, after__has_key="on").order_by("pk").values_list("kind", "after__on")
    return (*row_of(row), [*parts], [*prices], [*days])


def row_of(row) -> tuple:
    return (row.state, row.quantity, row.package_id, row.term_starts_on, row.renews_on, row.closed_on, row.committed_at)


def test_caught_up_after_months_it_is_as_day_by_day(market, stage, small, large, yearly):
    """The clock stands still for a hundred days for one of each pair."""

    def pairs():
        for of, steps in (
            (small, []),
            (large, [ChangePackage(small.pk)]),
            (small, [ChangeQuantity(3, when="period_end"), Suspend()]),
            (small, [SetRenewal(False)]),
            (large, [Cancel(when="period_end")]),
            (small, [ChangePackage(yearly.pk, when="period_end")]),
        ):
            yield [stage.sold(of), stage.sold(of)], steps
        yield [stage.sold(small, starts_on=date(2026, 12, 31)) for _one in "ab"], []

    all_of_them = list(pairs())
    for pair, steps in all_of_them:
        for row in pair:
            for step in steps:
                stage.take(row, step)
    daily = {pair[0].pk: pair[0] for pair, _steps in all_of_them}
    for number in range(1, 101):
        for pk in due_subscriptions(later(number).date(), 0, 99):
            if pk in daily:
                stage.due(daily[pk], later(number))
    settle_due(now=later(100))
    settle_due(now=later(100))
    for (nightly, late), _steps in all_of_them:
        assert shape(nightly) == shape(late)
    assert due_subscriptions(later(100).date(), 0, 9) == []
    assert sound()


def test_nothing_overtakes_what_is_due(stage, small, large):
    row = stage.take(stage.sold(large), ChangePackage(small.pk))
    stage.take(row, ChangeQuantity(2), at("2026-12-29"))
    spans = Phase.objects.filter(subscription=row).order_by("pk").values_list("starts_on", "quantity")
    assert list(spans) == [(START, 1), (END, 1), (date(2026, 12, 29), 2)]


def test_a_preview_that_finds_something_due_leaves_it_undone(stage, small, large):
    row = stage.take(stage.sold(large), ChangePackage(small.pk))
    quote = stage.preview(row, ChangeQuantity(2), at("2026-12-29"))
    row.refresh_from_db()
    assert (str(quote.lines[0].unit_price), row.package_id) == ("10.000000", large.pk)


@pytest.mark.django_db(transaction=True)
def test_the_clock_twice_at_once_renews_once(committed_market: Market):
    stage = Stage(committed_market)
    row = stage.sold(package(committed_market, "Small", "10"))
    together(*[lambda: settle_due(now=at("2026-12-21"))] * 3)
    row.refresh_from_db()
    assert (row.renews_on, Event.objects.filter(kind="subscription.renewed", subject_id=row.pk).count()) == (
        date(2027, 1, 20),
        1,
    )
