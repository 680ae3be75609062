"""Steps in the life of a subscription: each as it is previewed, and as it is taken."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from catalog.services.packages import Content, content_on, rewrite_package
from resellerhub.kernel.refusals import Forbidden, NotFound
from subscriptions.models import Holding, Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.quoting import total_of
from subscriptions.refusals import (
    AlreadyPlanned,
    BelowUtilised,
    CannotHandOver,
    OtherService,
    OwnSubscription,
    QuoteChanged,
)
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Resume, Suspend
from subscriptions.services.life.steps.taking import preview_step, take_step
from subscriptions.services.life.steps.terms import CoTerm, Renew
from tenants.event_words import plain
from tenants.models import Event
from tests.subscriptions.life import END, FEES, START, Stage, lines, package, sound, told
from tests.subscriptions.market import Market, held
from tests.subscriptions.prices import later, owed
from tests.together import together
from tests.world import NOW, customer

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
    "renew": (lambda s: Renew(), "subscription.term_prolonged", "0.00"),
    "end together": (lambda s: CoTerm(s["later"].pk), "subscription.term_changed", "0.00"),
    "move": (lambda s: Move(s["corner"].id), "subscription.handed_over", "0.00"),
    "suspend": (lambda s: Suspend("Unpaid"), "subscription.suspended", "-12.00"),
}

TO_COME = {"subscription.term_prolonged": "20.00", "subscription.term_changed": "9.68"}
"""What a longer term adds is charged as its periods begin: who cancels before owes nothing of it."""


@pytest.fixture
def named(market, stage, small, large):
    """What the steps name."""
    other = stage.sold(small, quantity=1)
    Subscription.objects.filter(pk=other.pk).update(renews_on=date(2027, 1, 4), anchor_day=4)
    return {
        "large": large,
        "tiny": package(market, "Tiny", "2"),
        "annual": package(market, "Annual", "120", cycle="year"),
        "corner": customer(market.world.north, "Corner"),
        "later": other,
    }


def test_the_doing_gives_the_numbers_of_the_preview(stage, small, named):
    """Two are sold for 10 a month, and twelve days later something is to become of them."""
    row = stage.sold(small, quantity=2)
    for name, (make, event, total) in STEPS.items():
        with transaction.atomic():
            does_as_previewed(stage, Subscription.objects.get(pk=row.pk), make(named), event, total)
            transaction.set_rollback(True)
        assert sound(), name


def test_suspended_days_come_back_once(market, stage, small, named):
    """Suspended, then each step, then resumed, all on one day: together what the step comes to without."""
    owed_still = package(market, "Owed while suspended", "10", credits_suspension=False)
    credited, owed_on = stage.sold(small, quantity=2), stage.sold(owed_still, quantity=2)
    for name, (make, event, total) in STEPS.items():
        if name in {"suspend", "upgrade", "upgrade, free price", "more"}:  # nothing is added meanwhile
            continue
        on_resume = "grade" in name  # the new package's fee credits suspended days
        for sold, back, then in (
            (credited, "-12.00", "0.00"),
            (owed_on, "0.00", "-12.00" if on_resume else total),
        ):
            with transaction.atomic():
                row = Subscription.objects.get(pk=sold.pk)
                parts = [stage.preview(row, Suspend(), later(12)).total]
                stage.take(row, Suspend(), later(12))
                parts.append(does_as_previewed(stage, row, make(named), event, then).total)
                if row.state == "suspended":
                    parts.append(stage.preview(row, Resume(), later(12)).total)
                    stage.take(row, Resume(), later(12))
                assert (parts[0], sum(parts)) == (Decimal(back), Decimal(total)), (name, sold is credited)
                transaction.set_rollback(True)


def test_what_is_given_back_of_the_first_day(stage, yearly):
    """Nothing is used in the first 24 hours, whatever happened in them; no day comes back twice."""
    hour = timedelta(hours=1)
    for steps, wanted in (
        ([], [("credit", 2, 30, 30, "-24.00")]),
        ([Suspend()], [("credit", 2, 1, 30, "-0.80")]),
        ([Suspend(), Resume()], [("credit", 2, 30, 30, "-24.00")]),
        ([ChangeQuantity(5)], [("credit", 5, 29, 30, "-58.00")]),
        ([ChangeQuantity(5), Suspend()], []),
        ([ChangeQuantity(1)], [("credit", 1, 29, 30, "-11.60")]),
    ):
        row = stage.sold(yearly, quantity=2)
        for number, step in enumerate(steps):
            stage.take(row, step, NOW + (13 + number) * hour)
        assert lines(stage.preview(row, Cancel(), NOW + 20 * hour)) == wanted, steps


def does_as_previewed(stage, row, step, event, total):
    market, now = stage.market, later(12)
    before = list(Event.objects.values_list("pk")), list(Phase.objects.values()), held(row, market.mailbox)
    quote = stage.preview(row, step, now)
    assert before == (list(Event.objects.values_list("pk")), list(Phase.objects.values()), held(row, market.mailbox))
    take_step(actor=stage.actor, subscription_id=row.pk, step=step, seal=quote.seal, now=now)
    row.refresh_from_db()

    facts = told(row, event)
    assert (quote.total, quote.currency) == (Decimal(total), "EUR")
    if quote.lines:
        assert facts["lines"] == [line.told() for line in quote.lines]
        assert (facts["total"], facts["currency"]) == (total, "EUR")
    else:
        assert "lines" not in facts
    assert facts.get("to_come", []) == [line.told() for line in quote.to_come]
    if event in TO_COME:
        assert [str(line.amount) for line in quote.to_come] == [TO_COME[event]]
    assert not {"cost", "margin"} & set(facts)
    for limit in quote.limits:
        assert Holding.objects.get(subscription=row, resource=limit.resource_id).allocated == limit.after
    if quote.quantity:
        assert row.quantity == quote.quantity
        assert owed(row)[row.tenant_id, market.world.north.id] == quote.unit_price
        assert row.renews_on == quote.renews_on
    assert sound()
    return quote


@pytest.mark.parametrize("name", ["upgrade", "downgrade now", "more", "less", "cancel"])
def test_the_seller_is_told_its_own_lines(stage, small, named, name):
    """It owes half of what it asks, by the same days; nobody's event says so."""
    step, _event, total = STEPS[name]
    row = stage.sold(small, quantity=2)
    quote = stage.preview(row, step(named), later(12))
    assert total_of(quote.cost_lines) * 2 == Decimal(total)
    stage.take(row, step(named), later(12))
    told_total = Event.objects.filter(subject_type="subscription", subject_id=row.pk).latest("pk").after["total"]
    assert (str(quote.total), told_total) == (total, total)


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
    rewrite_package(market.world.provider.actor, small, more, None, later(1))
    stage.take(row, ChangePackage(small.pk), later(2))
    assert held(row, market.mailbox)[0] == 7
    assert Phase.objects.get(subscription=row, ends_on=None).version_id == small.versions.latest("pk").pk


def test_who_may_see_a_margin_sees_it(market, stage, small, large):
    row = stage.sold(small)
    quote = stage.preview(row, ChangePackage(large.pk, unit_price=Decimal(12)))
    assert (quote.cost, quote.margin, quote.is_below_cost) == (Decimal("12.5"), Decimal("-0.5"), True)
    assert stage.preview(row, ChangeQuantity(2)).margin == 5
    [limit] = quote.limits
    assert (limit.before, limit.after, limit.left) == (1, 5, 99)


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


def test_the_lines_of_a_step_are_told_in_words(market, stage, small, large):
    row = stage.take(stage.sold(small, quantity=2), ChangePackage(large.pk), later(12))
    event = Event.objects.filter(subject_type="subscription", subject_id=row.pk).latest("pk")
    page = market.world.north.browser().get(f"/portal/events/{event.pk}/").text
    assert "Credit: 2 × €10.00, 2 Dec 2026 – 20 Dec 2026: −€12.00" in page
    assert "Charge: 2 × €25.00, 2 Dec 2026 – 20 Dec 2026: €30.00" in page
    assert "€18.00" in page
    assert plain("2026-02-31") == "2026-02-31"
