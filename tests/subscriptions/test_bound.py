"""By what a holder is bound: from which day its minimum term counts, and what leaves it early."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.services.fees import Charging, revise_fee
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.taking import preview_step
from tests.subscriptions.life import at, package, sound
from tests.subscriptions.market import Market
from tests.subscriptions.prices import later, owed, recording
from tests.subscriptions.test_facts import DEAR, pair, same_as_previewed
from tests.subscriptions.test_move import move, west
from tests.world import NOW


def test_a_minimum_term_counts_from_the_day_on_which_its_package_is_held(market, stage, small):
    """Two years of another package are nothing of the twelve months of this one."""
    world, of = market.world, pair(market, "Dear")
    row = stage.take(stage.sold(small), ChangePackage(of.pk, when="now"), at("2028-11-20"))
    shop, north, house = world.shop.id, world.north.id, world.provider.id
    early = same_as_previewed(stage, row, Cancel(), at("2028-12-10"), stage.actor)
    assert early == {
        ("cancellation", shop, north, date(2028, 12, 10), Decimal(50), None, "end"),
        ("cancellation", north, house, date(2028, 12, 10), Decimal(30), None, "end"),
    }
    row = stage.take(stage.sold(small), ChangePackage(of.pk, when="now"), later(30))
    assert not same_as_previewed(stage, row, Cancel(), at("2027-12-20"), stage.actor)
    assert sound()


def test_what_is_left_early_for_another_package_is_left_early(market, stage):
    """Whatever the other costs; where it binds as long and for as much, nothing is left."""
    world, free = market.world, {"minimum_months": 0}
    of = pair(market, "Dear", ours=free)
    dearer = pair(market, "A cent more", ours=free, dear=free, price="10.01")
    cheaper = pair(market, "Less", ours=free, dear=free, price="1")
    bound = pair(market, "Bound as long", ours=free, price="30")
    for lightly in ({"minimum_months": 11}, {"cancellation_amount": Decimal(49)}, {"cancellation_hours": 48}):
        less = pair(market, f"Bound less by {next(iter(lightly))}", ours=free, dear=DEAR | lightly, price="30")
        row = stage.sold(of)
        assert [row.code for row in stage.preview(row, ChangePackage(less.pk), later(1)).lines][1] == "cancellation"
    day = date(2026, 11, 22)
    early = ("cancellation", world.shop.id, world.north.id, day, Decimal(50), None, "change")
    for other in (dearer, cheaper):
        row = stage.sold(of)
        quote = stage.preview(row, ChangePackage(other.pk, when="now"), later(2))
        assert [(line.code, line.amount) for line in quote.lines if line.code == "cancellation"] == [
            ("cancellation", Decimal(50))
        ]
        assert early in same_as_previewed(stage, row, ChangePackage(other.pk, when="now"), later(2), stage.actor)
        ended = same_as_previewed(stage, row, Cancel(), later(3), stage.actor)
        assert "cancellation" not in {one[0] for one in ended}
    for row, other, now in (
        (stage.sold(of), bound, later(2)),
        (stage.sold(of), cheaper, at("2027-11-20")),
        (stage.sold(bound), bound, later(2)),
    ):
        step = ChangePackage(other.pk, quantity=2, when="now")
        assert early[0] not in {one[0] for one in same_as_previewed(stage, row, step, now, stage.actor)}
    assert sound()


def test_a_move_binds_nobody_for_longer(market: Market):
    """Sold without a minimum; by the time at which its holder moves, the fee has one, and costs another price."""
    world = market.world
    to = west(world)
    market.subscribe(world.north)
    market.subscribe(to)
    held = recording(market)
    mail = market.sell(world.shop, by=world.north, package=held)
    bound = Charging("Call recording", Decimal(22), minimum_months=24, cancellation_amount=Decimal(99))
    account = held.versions.get().account_fee_id
    revise_fee(actor=world.provider.actor, fee_id=account, charging=bound, effective_on=NOW.date(), now=NOW)
    move(world, world.shop, to)
    assert owed(mail) == {(world.shop.id, to.id): 22, (to.id, world.provider.id): 10}
    quote = preview_step(actor=to.actor, subscription_id=mail.pk, step=Cancel(), now=NOW + timedelta(days=9))
    assert [line.code for line in quote.lines] == ["credit"]


@pytest.mark.parametrize("minimum", [0, 12])
def test_a_closed_window_is_not_escaped_by_what_costs_a_cent_more(market, stage, minimum):
    """Nor by a window that opens anew; what stays as closed and for as much binds on."""
    terms = {"minimum_months": minimum, "cancellation_hours": 24, "cancellation_amount": Decimal(50)}
    row = stage.sold(package(market, "Window", "30", **terms))
    cent, longer = (package(market, name, "30.01", **more) for name, more in (
        ("A cent more", {}), ("Open for longer", terms | {"cancellation_hours": 720}),
    ))  # fmt: skip
    as_closed = package(market, "As closed", "30.01", **terms)
    by_year = package(market, "By the year", "400", cycle="year", **terms | {"minimum_months": 24})

    def early(step, day):
        return [line.amount for line in stage.preview(row, step, later(day)).lines if line.code == "cancellation"]

    assert early(Cancel(), 3) == [50]
    for other, fee in ((cent, [50]), (longer, [50]), (by_year, [50]), (as_closed, [])):
        assert early(ChangePackage(other.pk, when="now"), 3) == fee, other.name
        assert early(ChangePackage(other.pk, when="now"), 0) == [], other.name
    stage.take(row, ChangePackage(cent.pk), later(3))
    assert early(Cancel(), 4) == []
    assert sound()


def test_what_ends_only_with_its_term_may_become_more(market, stage):
    row = stage.sold(package(market, "Window", "30", cancellation_hours=24))
    more = package(market, "More", "31")
    assert [line.code for line in stage.preview(row, ChangePackage(more.pk), later(3)).lines] == ["credit", "charge"]
