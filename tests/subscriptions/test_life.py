"""The life of a subscription: each step as it is previewed, taken, planned and due."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from catalog.services.packages import Content, content_on, create_package, rewrite_package
from resellerhub.kernel.refusals import Forbidden, NotFound
from subscriptions.models import Holding, Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.refusals import (
    AlreadyPlanned,
    BelowUtilised,
    CannotEndTogether,
    CannotHandOver,
    DoesNotRenew,
    EndsEarlier,
    NothingPlanned,
    NotPending,
    OtherService,
    OversellRefused,
    OwnSubscription,
    QuoteChanged,
    StillDrawn,
    SubscriptionClosed,
    TermChanged,
    WindowClosed,
)
from subscriptions.services.settling import due_subscriptions, settle_due, settle_one
from subscriptions.services.steps.base import preview_step, take_step
from subscriptions.services.steps.ending import Cancel, Keep
from subscriptions.services.steps.holder import Move
from subscriptions.services.steps.package import ChangePackage
from subscriptions.services.steps.quantity import ChangeQuantity
from subscriptions.services.steps.standing import Resume, Suspend
from subscriptions.services.steps.terms import CoTerm, Renew, SetRenewal
from subscriptions.verify import holdings, phases, terms
from tenants.models import Event
from tests.subscriptions.market import Market, held
from tests.subscriptions.prices import fee, later, owed
from tests.together import together
from tests.world import NOW, customer

START, END = NOW.date(), date(2026, 12, 20)


def at(text: str) -> datetime:
    """At noon of a day."""
    return datetime.combine(date.fromisoformat(text), NOW.timetz())


def package(market: Market, name: str, price: str, mailboxes: int = 1, **charging):
    """For customers, shared, with a pair of fees; the reseller owes half of what it is to ask."""
    pair = Content(
        {market.mailbox.pk: mailboxes},
        fee(market, "reseller", str(Decimal(price) / 2), name=f"{name} cost").pk,
        fee(market, "account", price, name=name, cycle=charging.pop("cycle", "month"), charging=charging).pk,
    )
    parts = {"service_type_id": market.exchange.pk, "audience": "customer", "now": NOW}
    return create_package(actor=market.world.provider.actor, name=name, content=pair, **parts)


class Stage:
    """North sells to Shop."""

    def __init__(self, market: Market) -> None:
        self.market, self.world, self.actor = market, market.world, market.world.north.actor
        self.wholesale = market.subscribe(market.world.north)

    def sold(self, of, **options) -> Subscription:
        return self.market.sell(self.world.shop, by=self.world.north, package=of, **options)

    def preview(self, row, step, now=NOW):
        return preview_step(actor=self.actor, subscription_id=row.pk, step=step, now=now)

    def take(self, row, step, now=NOW) -> Subscription:
        take_step(actor=self.actor, subscription_id=row.pk, step=step, now=now)
        row.refresh_from_db()
        return row

    def due(self, row, now) -> Subscription:
        settle_one(subscription_id=row.pk, now=now)
        row.refresh_from_db()
        return row


@pytest.fixture
def stage(market):
    return Stage(market)


@pytest.fixture
def small(market):
    return package(market, "Small", "10")


@pytest.fixture
def large(market):
    return package(market, "Large", "25", 5)


@pytest.fixture
def yearly(market):
    """A year's commitment, billed by the month, with a window of a week."""
    return package(market, "Committed", "12", minimum_months=12, cancellation_hours=168)


def told(row, kind: str) -> dict:
    return Event.objects.filter(kind=kind, subject_type="subscription", subject_id=row.pk).latest("pk").after


def lines(quote) -> list[tuple]:
    return [(line.code, line.quantity, line.days, line.of_days, str(line.amount)) for line in quote.lines]


def sound() -> bool:
    assert [*holdings(), *phases(), *terms()] == []
    return True


STEPS = {
    "upgrade": (lambda s: ChangePackage(s["large"].pk), "subscription.changed", "18.00"),
    "upgrade, free price": (
        lambda s: ChangePackage(s["large"].pk, unit_price=Decimal(31)),
        "subscription.changed",
        "25.20",
    ),
    "upgrade of another cycle": (lambda s: ChangePackage(s["annual"].pk), "subscription.changed", "228.00"),
    "downgrade now": (lambda s: ChangePackage(s["tiny"].pk, when="now"), "subscription.changed", "-9.60"),
    "more": (lambda s: ChangeQuantity(5), "subscription.quantity_changed", "18.00"),
    "less": (lambda s: ChangeQuantity(1), "subscription.quantity_changed", "-6.00"),
    "cancel": (lambda s: Cancel(), "subscription.closed", "-12.00"),
    "renew": (lambda s: Renew(), "subscription.term_prolonged", "20.00"),
    "end together": (lambda s: CoTerm(s["later"].pk), "subscription.term_changed", "9.68"),
    "move": (lambda s: Move(s["corner"].id), "subscription.handed_over", "0.00"),
    "suspend": (lambda s: Suspend("Unpaid"), "subscription.suspended", "-12.00"),
}


def test_the_doing_gives_the_numbers_of_the_preview(market, stage, small, large):
    """Two are sold for 10 a month, and twelve days later something is to become of them."""
    named = {
        "large": large,
        "tiny": package(market, "Tiny", "2"),
        "annual": package(market, "Annual", "120", cycle="year"),
        "corner": customer(market.world.north, "Corner"),
        "later": stage.sold(small, quantity=1),
    }
    row = stage.sold(small, quantity=2)
    Subscription.objects.filter(pk=named["later"].pk).update(renews_on=date(2027, 1, 4), anchor_day=4)
    for name, (make, event, total) in STEPS.items():
        with transaction.atomic():
            does_as_previewed(stage, Subscription.objects.get(pk=row.pk), make(named), event, total)
            transaction.set_rollback(True)
        assert sound(), name


def does_as_previewed(stage, row, step, event, total):
    market, now = stage.market, later(12)
    before = list(Event.objects.values_list("pk")), list(Phase.objects.values()), held(row, market.mailbox)
    quote = stage.preview(row, step, now)
    assert before == (list(Event.objects.values_list("pk")), list(Phase.objects.values()), held(row, market.mailbox))
    take_step(actor=stage.actor, subscription_id=row.pk, step=step, seal=quote.seal, now=now)
    row.refresh_from_db()

    facts = told(row, event)
    assert (str(quote.total), quote.currency) == (total, "EUR")
    assert facts["lines"] == [line.told() for line in quote.lines]
    assert (facts["total"], facts["currency"]) == (total, "EUR")
    assert not {"cost", "margin"} & set(facts)
    for limit in quote.limits:
        assert Holding.objects.get(subscription=row, resource=limit.resource_id).allocated == limit.after
    if quote.quantity:
        assert row.quantity == quote.quantity
        assert owed(row)[row.tenant_id, market.world.north.id] == quote.unit_price
        assert row.renews_on == quote.renews_on
    assert sound()


def test_an_upgrade_credits_and_charges_and_the_term_goes_on(market, stage, small, large):
    row = stage.take(stage.sold(small, quantity=2), ChangePackage(large.pk), later(12))
    assert (row.package_id, row.quantity, row.renews_on) == (large.pk, 2, END)
    assert held(row, market.mailbox) == (10, 0, 0, 10)
    assert owed(row) == {
        (market.world.shop.id, market.world.north.id): 25,
        (market.world.north.id, market.world.provider.id): Decimal("12.5"),
    }
    assert stage.preview(row, ChangePackage(large.pk), later(12)).lines == ()
    stage.take(row, ChangePackage(large.pk), later(12))
    assert Event.objects.filter(kind="subscription.changed").count() == 1


def test_another_length_begins_another_term(stage, small, yearly):
    row = stage.take(stage.sold(small), ChangePackage(yearly.pk), later(12))
    assert (row.term_starts_on, row.renews_on) == (date(2026, 12, 2), date(2027, 12, 2))
    assert row.committed_at == later(12)


def test_a_newer_version_is_a_change_too(market, stage, small):
    row = stage.sold(small)
    more = Content({market.mailbox.pk: 7}, *(getattr(content_on(small, START), n) for n in FEES))
    rewrite_package(market.world.provider.actor, small, "Small", more, True, True, None, later(1))
    stage.take(row, ChangePackage(small.pk), later(2))
    assert held(row, market.mailbox)[0] == 7
    assert Phase.objects.get(subscription=row, ends_on=None).version_id == small.versions.latest("pk").pk


FEES = ("reseller_fee_id", "account_fee_id")


def test_who_may_see_a_margin_sees_it(market, stage, small, large):
    row = stage.sold(small)
    quote = stage.preview(row, ChangePackage(large.pk, unit_price=Decimal(12)))
    assert (quote.cost, quote.margin, quote.is_below_cost) == (Decimal("12.5"), Decimal("-0.5"), True)
    assert stage.preview(row, ChangeQuantity(2)).margin == 5
    [limit] = quote.limits
    assert (limit.before, limit.after, limit.left) == (1, 5, 99)


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


def test_a_window_closes_to_the_second(stage, yearly):
    row = stage.sold(yearly, quantity=2)
    almost = NOW + timedelta(hours=168) - timedelta(seconds=1)
    assert lines(stage.preview(row, Cancel(), almost)) == [("credit", 2, 23, 30, "-18.40")]
    with pytest.raises(WindowClosed) as refused:
        stage.take(row, Cancel(), NOW + timedelta(hours=168))
    assert refused.value.facts["until"] == "2026-11-27T12:00:00+00:00"
    assert refused.value.facts["ends_on"] == "2027-11-20"
    assert "27/11/2026, 12:00" in refused.value.detail
    assert "20 Nov 2027" in refused.value.detail
    quote = stage.preview(row, ChangeQuantity(1), later(10))
    assert (quote.is_planned, quote.on) == (True, date(2027, 11, 20))
    with pytest.raises(WindowClosed):
        stage.preview(row, ChangeQuantity(1, when="now"), later(10))
    with pytest.raises(WindowClosed):
        stage.preview(row, ChangePackage(row.package_id, unit_price=Decimal(1), when="now"), later(10))


def test_what_was_added_later_goes_within_its_own_window(stage, yearly):
    row = stage.take(stage.sold(yearly, quantity=2), ChangeQuantity(5), later(30))
    assert lines(stage.preview(row, ChangeQuantity(2), later(32))) == [("credit", 3, 29, 31, "-33.68")]
    assert stage.preview(row, ChangeQuantity(1), later(32)).is_planned
    with pytest.raises(WindowClosed):
        stage.preview(row, Cancel(), later(32))


def test_a_renewal_opens_the_window_again(stage, yearly):
    row = stage.due(stage.sold(yearly), at("2027-11-21"))
    assert (row.term_starts_on, row.renews_on) == (date(2027, 11, 20), date(2028, 11, 20))
    assert lines(stage.preview(row, Cancel(), at("2027-11-22"))) == [("credit", 1, 27, 30, "-10.80")]


def test_an_early_cancellation_fee_lets_it_go(market, stage):
    bound = package(market, "Bound", "30", minimum_months=12, cancellation_hours=24, cancellation_amount=Decimal(50))
    loose = package(market, "Loose", "30", minimum_months=3, cancellation_amount=Decimal(50))
    for of, day, wanted in (
        (bound, 15, [("credit", 1, 15, 30, "-15.00"), ("cancellation", 1, 0, 0, "50.00")]),
        (loose, 15, [("credit", 1, 15, 30, "-15.00"), ("cancellation", 1, 0, 0, "50.00")]),
        (bound, 0, [("credit", 1, 30, 30, "-30.00")]),
    ):
        assert lines(stage.preview(stage.sold(of), Cancel(), later(day))) == wanted
    row = stage.due(stage.sold(loose), at("2027-02-20"))
    assert lines(stage.preview(row, Cancel(), at("2027-02-20"))) == [("credit", 1, 28, 28, "-30.00")]


def test_what_is_not_prorated_is_not_given_back(market, stage):
    row = stage.sold(package(market, "Whole months", "30", prorates_last=False))
    assert stage.preview(row, Cancel(), later(5)).lines == []


def test_it_ends_with_its_term(market, stage, small):
    row = stage.take(stage.sold(small), Cancel(when="period_end", reason="Leaves"))
    assert (row.state, PlannedChange.objects.get().kind) == ("active", "end")
    stage.take(row, Cancel(when="period_end"))
    stage.due(row, at("2026-12-25"))
    assert (row.state, row.closed_on) == ("closed", END)
    assert held(stage.wholesale, market.mailbox)[1] == 0
    with pytest.raises(SubscriptionClosed):
        stage.take(row, Cancel())
    assert sound()


def test_what_does_not_renew_ends(stage, small, large):
    row = stage.take(stage.sold(small), SetRenewal(False))
    quote = stage.preview(row, SetRenewal(True))
    assert (quote.renews_on, quote.ends_on) == (END, None)
    with pytest.raises(DoesNotRenew):
        stage.take(row, ChangePackage(large.pk, when="period_end"))
    stage.due(row, at("2026-12-20"))
    assert (row.state, row.closed_on) == ("closed", END)


def test_what_others_draw_on_goes_on_and_is_told(market, stage, small):
    stage.sold(small)
    north = {"actor": market.world.provider.actor, "subscription_id": stage.wholesale.pk}
    with pytest.raises(StillDrawn):
        preview_step(step=Cancel(), now=NOW, **north)
    take_step(step=SetRenewal(False), now=NOW, **north)
    settle_one(subscription_id=stage.wholesale.pk, now=at("2026-12-20"))
    stage.wholesale.refresh_from_db()
    assert (stage.wholesale.state, stage.wholesale.renews_on) == ("active", date(2027, 1, 20))
    assert told(stage.wholesale, "subscription.plan_failed")["cause"] == "still-drawn"


def test_renewed_early_it_runs_for_another_term(stage, small):
    row = stage.sold(small)
    quote = stage.preview(row, Renew())
    assert (lines(quote), quote.renews_on) == ([("renewal", 1, 31, 31, "10.00")], date(2027, 1, 20))
    stage.take(row, Renew(ends_on=quote.renews_on))
    stage.take(row, Renew(ends_on=quote.renews_on))
    assert row.renews_on == date(2027, 1, 20)
    with pytest.raises(TermChanged):
        stage.take(row, Renew(ends_on=date(2027, 5, 20)))
    stage.due(row, at("2027-01-20"))
    assert row.renews_on == date(2027, 2, 20)


def test_they_end_together(market, stage, small, yearly):
    row, other = stage.sold(small, quantity=3), stage.due(stage.sold(yearly), at("2027-01-05"))
    stage.take(row, CoTerm(other.pk), at("2027-01-05"))
    assert (row.renews_on, row.anchor_day) == (date(2027, 11, 20), 20)
    assert told(row, "subscription.term_changed")["with"] == other.pk
    with pytest.raises(EndsEarlier):
        stage.take(other, CoTerm(stage.sold(small).pk))
    loose = stage.sold(package(market, "By the year", "120", cycle="year"))
    quote = stage.preview(loose, CoTerm(row.pk), at("2027-01-06"))
    assert not quote.lines
    for wrong in (row.pk, stage.wholesale.pk):
        with pytest.raises((CannotEndTogether, NotFound)):
            stage.take(row, CoTerm(wrong))


def test_it_moves_to_another_customer(market, stage, small):
    world = market.world
    corner = customer(world.north, "Corner")
    row = stage.sold(small, quantity=2, unit_price=Decimal(9))
    stage.take(row, ChangeQuantity(1, when="period_end"))
    quote = stage.preview(row, Move(corner.id), later(6))
    assert lines(quote) == [("credit", 2, 24, 30, "-14.40"), ("charge", 2, 24, 30, "14.40")]
    stage.take(row, Move(corner.id), later(6))
    stage.take(row, Move(corner.id), later(6))
    assert row.tenant_id == corner.id
    assert PlannedChange.objects.open().get().tenant_id == corner.id
    assert owed(row) == {(corner.id, world.north.id): 9, (world.north.id, world.provider.id): 5}
    first, second = Phase.objects.filter(subscription=row).order_by("pk")
    assert (first.tenant_id, second.tenant_id) == (world.shop.id, corner.id)
    assert not Phase.objects.visible_to(corner.actor).filter(pk=first.pk).exists()
    assert not PhaseFee.objects.visible_to(corner.actor).filter(phase=first).exists()
    assert not Phase.objects.visible_to(world.shop.actor).filter(pk=second.pk).exists()
    assert Event.objects.filter(kind="subscription.left", tenant_id=world.shop.id).count() == 1
    assert sound()
    for wrong in (world.direct, world.kiosk, world.north_east):
        with pytest.raises((CannotHandOver, NotFound)):
            stage.take(row, Move(wrong.id), later(7))


def test_suspended_days_come_back_and_count_again(stage, small):
    row = stage.take(stage.sold(small), Suspend(), later(10))
    quote = stage.preview(row, Resume(), later(20))
    assert lines(quote) == [("charge", 1, 10, 30, "3.33")]
    stage.take(row, Resume(), later(20))
    assert told(row, "subscription.resumed")["total"] == "3.33"


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


def test_less_than_is_sold_already_is_refused(market, stage, small):
    stage.sold(small, quantity=60)
    less = market.package("Small wholesale", "reseller", {market.mailbox: 30})
    with pytest.raises(BelowUtilised):
        take_step(
            actor=market.world.provider.actor,
            subscription_id=stage.wholesale.pk,
            step=ChangePackage(less.pk, when="now"),
            now=NOW,
        )


def test_only_of_the_same_service_and_audience(market, stage, small):
    with pytest.raises(OtherService):
        stage.take(stage.sold(small), ChangePackage(market.wholesale.pk))


def test_who_may_do_it(market, stage, small):
    row, world = stage.sold(small), market.world
    for who, refused in (
        (world.south.actor, NotFound),
        (world.stranger.actor, NotFound),
        (world.shop.actor, Forbidden),
        (world.north.member("read_only"), Forbidden),
    ):
        for doing in (preview_step, take_step):
            with pytest.raises(refused):
                doing(actor=who, subscription_id=row.pk, step=Cancel(), now=NOW)
    with pytest.raises(OwnSubscription):
        preview_step(actor=stage.actor, subscription_id=stage.wholesale.pk, step=ChangeQuantity(2), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_an_end_a_renewal_and_an_upgrade_at_once_one_wins(committed_market: Market):
    """Each as it was previewed: what comes second would not be what was said."""
    market = committed_market
    stage = Stage(market)
    small, large = package(market, "Small", "10"), package(market, "Large", "25", 5)
    row = stage.sold(small)
    steps = [Cancel(when="period_end"), Renew(), ChangePackage(large.pk, when="period_end"), ChangePackage(large.pk)]
    seals = [stage.preview(row, step).seal for step in steps]

    def take(step, seal):
        return lambda: take_step(actor=stage.actor, subscription_id=row.pk, step=step, seal=seal, now=NOW)

    outcomes = together(*(take(step, seal) for step, seal in zip(steps, seals, strict=True)))
    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert len(refused) == len(steps) - 1
    assert all(isinstance(one, AlreadyPlanned | QuoteChanged) for one in refused)
    assert sound()


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
