"""Windows, ends and terms: until when something can be undone, and how long it runs."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from resellerhub.kernel.refusals import Invalid, NotFound
from subscriptions.models import PlannedChange, Subscription
from subscriptions.refusals import (
    CannotEndTogether,
    DoesNotRenew,
    EndsEarlier,
    StillDrawn,
    SubscriptionClosed,
    TermChanged,
    WindowClosed,
)
from subscriptions.services.life.settling import settle_one
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import preview_step, take_step
from subscriptions.services.life.steps.terms import CoTerm, Renew, SetRenewal
from tests.subscriptions.life import END, at, lines, package, sound, told
from tests.subscriptions.market import held
from tests.subscriptions.prices import later
from tests.world import NOW


def test_a_window_closes_to_the_second(stage, yearly):
    row = stage.sold(yearly, quantity=2)
    almost = NOW + timedelta(hours=168) - timedelta(seconds=1)
    assert lines(stage.preview(row, Cancel(), almost)) == [("credit", 2, 24, 30, "-19.20")]
    with pytest.raises(WindowClosed) as refused:
        stage.take(row, Cancel(), NOW + timedelta(hours=168))
    assert refused.value.facts["until"] == "2026-11-27T12:00:00+00:00"
    assert refused.value.facts["ends_on"] == "2027-11-20"
    assert "until 27 Nov 2026, 12:00 (UTC)" in refused.value.detail
    assert "20 Nov 2027" in refused.value.detail
    quote = stage.preview(row, ChangeQuantity(1), later(10))
    assert (quote.is_planned, quote.on) == (True, date(2027, 11, 20))
    with pytest.raises(WindowClosed):
        stage.preview(row, ChangeQuantity(1, when="now"), later(10))
    with pytest.raises(WindowClosed):
        stage.preview(row, ChangePackage(row.package_id, unit_price=Decimal(1), when="now"), later(10))


def test_t40_only_full_24_hours_of_the_window_are_used(market, stage):
    row = stage.sold(package(market, "For 168 hours", "30", minimum_months=12, cancellation_hours=168))
    for hours, days, refund in ((20, 30, "-30.00"), (30, 29, "-29.00"), (60, 28, "-28.00"), (167, 24, "-24.00")):
        now = NOW + timedelta(hours=hours)
        assert lines(stage.preview(row, Cancel(), now)) == [("credit", 1, days, 30, refund)], hours
    with pytest.raises(WindowClosed):
        stage.preview(row, Cancel(), NOW + timedelta(hours=169))


def test_what_was_added_later_goes_within_its_own_window(stage, yearly):
    row = stage.take(stage.sold(yearly, quantity=2), ChangeQuantity(5), later(30))
    assert lines(stage.preview(row, ChangeQuantity(2), later(32))) == [("credit", 3, 29, 31, "-33.68")]
    assert stage.preview(row, ChangeQuantity(1), later(32)).is_planned
    with pytest.raises(WindowClosed):
        stage.preview(row, Cancel(), later(32))


def test_a_renewal_opens_the_window_again(stage, yearly):
    row = stage.due(stage.sold(yearly), at("2027-11-21"))
    assert (row.term_starts_on, row.renews_on) == (date(2027, 11, 20), date(2028, 11, 20))
    assert lines(stage.preview(row, Cancel(), at("2027-11-22"))) == [("credit", 1, 28, 30, "-11.20")]


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
    assert (lines(quote), quote.total, quote.renews_on) == ([], 0, date(2027, 1, 20))
    assert lines(replace(quote, lines=quote.to_come)) == [("renewal", 1, 31, 31, "10.00")]
    stage.take(row, Renew(ends_on=quote.renews_on))
    stage.take(row, Renew(ends_on=quote.renews_on))
    assert row.renews_on == date(2027, 1, 20)
    with pytest.raises(TermChanged):
        stage.take(row, Renew(ends_on=date(2027, 5, 20)))
    stage.due(row, at("2027-01-20"))
    assert row.renews_on == date(2027, 2, 20)
    Subscription.objects.filter(pk=row.pk).update(renews_on=date(2199, 12, 20))
    with pytest.raises(Invalid) as refused:
        stage.preview(row, Renew(), at("2027-01-20"))
    assert list(refused.value.errors) == ["ends_on"]


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
