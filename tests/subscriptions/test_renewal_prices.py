"""What is owed in a new term: the prices in force on its first day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.services.fees import Charging, revise_fee
from subscriptions.models import OneOff, Phase, PhaseFee
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from tenants.models import Event
from tests.subscriptions.life import START, at, package, sound
from tests.subscriptions.prices import owed, price_list, rule
from tests.world import NOW


def say(fee_row, amount: str, on: date, actor, **others):
    """A fee says another price from a day on."""
    charging = replace(Charging.of(fee_row.versions.latest("pk")), amount=Decimal(amount), **others)
    revise_fee(actor=actor, fee_id=fee_row.pk, charging=charging, effective_on=on, now=NOW)


def priced(row) -> list[tuple]:
    """(from, price of the holder, cost of its seller), phase by phase."""
    phases = Phase.objects.filter(subscription=row).order_by("pk").prefetch_related("fees")
    return [(one.starts_on, *(str(fee.unit_price.normalize()) for fee in one.fees.order_by("pk"))) for one in phases]


END, NEXT = date(2026, 12, 20), date(2027, 1, 20)


def test_a_term_keeps_its_prices_and_the_next_has_those_in_force(market, stage, small):
    version, provider = small.versions.get(), market.world.provider.actor
    listed, free = stage.sold(small), stage.sold(small, unit_price=Decimal(8))
    say(version.account_fee, "12", date(2026, 12, 1), provider)
    say(version.reseller_fee, "6", END, provider, minimum_months=24, activation_amount=Decimal(99))
    say(version.reseller_fee, "7", date(2026, 12, 21), provider)
    for row in (listed, free):
        stage.due(row, at("2026-12-19"))
        assert len(priced(row)) == 1
        stage.due(row, at("2027-02-25"))
    assert priced(listed) == [(START, "1E+1", "5"), (END, "12", "6"), (NEXT, "12", "7")]
    assert priced(free) == [(START, "8", "5"), (END, "8", "6"), (NEXT, "8", "7")]
    last = PhaseFee.objects.filter(phase__subscription=listed, stream="reseller").latest("pk")
    assert (last.minimum_months, last.activation_amount, OneOff.objects.count()) == (0, 0, 0)
    events = Event.objects.filter(subject_id=listed.pk, kind__in=("subscription.repriced", "subscription.cost_changed"))
    assert [*events.order_by("pk").values_list("tenant", "before__unit_price", "after__unit_price")] == [
        (market.world.shop.id, "10", "12"),
        (market.world.north.id, "5", "6"),
        (market.world.north.id, "6", "7"),
    ]
    assert sound()


def test_a_new_term_is_priced_by_the_list_in_force(market, stage, small, yearly):
    bought, bound = stage.sold(small), stage.sold(yearly)
    shops = price_list(market.world.north, "customer", market.world.shop)
    rule(shops, "fixed", "9", END)
    rule(shops, "fixed", "9.5", date(2026, 12, 21))
    quote = stage.preview(bought, ChangeQuantity(2, when="period_end"))
    assert (quote.is_planned, str(quote.unit_price)) == (True, "9.000000")
    stage.take(bought, ChangeQuantity(2, when="period_end"))
    for row in (bought, bound):
        stage.due(row, at("2026-12-29"))
    assert owed(bought)[market.world.shop.id, market.world.north.id] == 9
    assert (Phase.objects.get(subscription=bought, ends_on=None).quantity, len(priced(bound))) == (2, 1)
    stage.due(bound, at("2027-11-21"))
    assert priced(bound)[1] == (date(2027, 11, 20), "9.5", "6")
    assert sound()


def test_what_a_list_or_a_fee_made_is_theirs_after_the_day_for_which_it_was_planned(market, stage, small):
    """It is carried out at the price that was agreed; whoever named no price follows list and fee in the next term."""
    by_list, by_fee, free = (stage.sold(package(market, name, "30")) for name in ("Listed", "Of a fee", "Free"))
    shops = price_list(market.world.north, "customer", market.world.shop)
    rule(shops, "fixed", "9", package=small)
    stage.take(by_list, ChangePackage(small.pk))
    waits = stage.sold(small, starts_on=END)
    named = stage.sold(small, starts_on=END, unit_price=Decimal(8))
    rule(shops, "keep", package=small)
    stage.take(by_fee, ChangePackage(small.pk))
    stage.take(free, ChangePackage(small.pk, unit_price=Decimal(8)))
    rule(shops, "fixed", "11", date(2026, 12, 1), package=small)
    say(small.versions.get().account_fee, "12", date(2026, 12, 1), market.world.provider.actor)
    for row, price in ((by_list, 9), (waits, 9), (by_fee, 10), (free, 8), (named, 8)):
        stage.due(row, at("2026-12-20"))
        assert owed(row)[market.world.shop.id, market.world.north.id] == price
    for row, price in ((by_list, 11), (waits, 11), (by_fee, 11), (free, 8), (named, 8)):
        stage.due(row, at("2027-01-20"))
        assert owed(row)[market.world.shop.id, market.world.north.id] == price
    assert sound()


def test_a_change_that_changes_nothing_begins_no_phase(market, stage, small):
    row, version = stage.sold(small), small.versions.get()
    say(version.account_fee, "10", date(2026, 12, 1), market.world.provider.actor)
    stage.due(row, at("2027-03-25"))
    assert len(priced(row)) == 1
    assert sound()


def test_the_cycle_stays_though_the_fee_has_another(market, stage, small):
    row, version = stage.sold(small), small.versions.get()
    say(version.account_fee, "108", END, market.world.provider.actor, cycle="year")
    stage.due(row, at("2026-12-25"))
    fee_row = PhaseFee.objects.get(phase__subscription=row, phase__ends_on=None, stream="account")
    assert (fee_row.cycle, fee_row.unit_price, row.renews_on) == ("month", Decimal(9), NEXT)
