"""What the steps of a subscription preview is what rating makes of the facts that they write, at each level."""

from collections import defaultdict
from decimal import Decimal

import pytest

from invoicing.rating.charges import Charge, Kind
from invoicing.rating.engine import rate
from invoicing.rating.policy import Anchor, Policy, Terms
from invoicing.rating.timeline import DueOnce, GivenBack, Stream, Stretch
from resellerhub.kernel.cycles import Cadence
from resellerhub.kernel.periods import Cycle, day_of
from subscriptions.models import OneOff, PhaseFee, SubscriptionTerm
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.terms import CoTerm
from subscriptions.terms import Term, grid_of
from tests.invoicing.billing import a_life
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import later
from tests.world import NOW


@pytest.fixture
def stage(world) -> Stage:
    return Stage(build_market(world))


def streams(subscription_id: int, billed: dict[int, list[Charge]]) -> dict[int, Stream]:
    """By who owes; for each that was billed before, with that."""
    stretches, once, given = defaultdict(list), defaultdict(list), defaultdict(list)
    fees = PhaseFee.objects.filter(phase__subscription=subscription_id).select_related("phase")
    for fee in fees.order_by("phase_id", "pk"):
        phase = fee.phase
        terms = Terms(
            in_advance=fee.billed == "advance",
            prorates_first=fee.prorates_first,
            prorates_last=fee.prorates_last,
            credits_suspension=fee.credits_suspension,
        )
        cadence, is_suspended = Cadence(Cycle(fee.cycle).months), phase.state == "suspended"
        days = (phase.starts_on, phase.ends_on)
        row = Stretch(fee.pk, *days, phase.quantity, fee.unit_price, cadence, terms, is_suspended)
        stretches[fee.payer_id].append(row)
    for one in OneOff.objects.filter(subscription=subscription_id).order_by("pk"):
        if one.kind == OneOff.Kind.CREDIT_FROM:
            given[one.payer_id].append(GivenBack(one.phase_fee_id, one.on, one.quantity))
        else:
            once[one.payer_id].append(DueOnce(one.phase_fee_id, Kind(one.kind), one.on, one.amount))
    anchors = anchors_of(subscription_id)
    return {
        payer: Stream("EUR", rows, anchors, billed[payer], given[payer], once[payer])
        for payer, rows in stretches.items()
    }


def anchors_of(subscription_id: int) -> list[Anchor]:
    """Its terms as they were said."""
    return [
        Anchor(row.starts_on, row.starts_on, grid_of(_term(row), Cycle.MONTH).anchor, row.ends_on)
        for row in SubscriptionTerm.objects.filter(subscription=subscription_id).order_by("pk")
    ]


def _term(row: SubscriptionTerm) -> Term:
    return Term(row.starts_on, row.ends_on, row.anchor_day)


class Bills:
    """What is billed of one subscription, run after run."""

    def __init__(self, subscription) -> None:
        self.subscription, self.billed = subscription, defaultdict(list)

    def until(self, now) -> dict[int, list[Decimal]]:
        found = {}
        for payer, stream in streams(self.subscription.pk, self.billed).items():
            charges = rate(stream, Policy(), day_of(now))
            self.billed[payer] += [
                row._replace(id=len(self.billed[payer]) + number) for number, row in enumerate(charges)
            ]
            found[payer] = sorted(row.amount for row in charges)
        return found


def take_and_bill(stage: Stage, row, bills: Bills, step, now) -> list[str]:
    """As it was previewed, for the holder and for its seller; before it, what was due without it.

    Previews say in one line what is given back of several charges: the bill has a line for each.
    """
    stage.due(row, now)
    bills.until(now)
    quote = stage.preview(row, step, now)
    stage.take(row, step, now)
    billed = bills.until(now)
    shop, north = billed[stage.world.shop.id], billed[stage.world.north.id]
    assert back_and_due(shop) == back_and_due(line.amount for line in quote.lines), step
    assert back_and_due(north) == back_and_due(line.amount for line in quote.cost_lines), step
    return [str(amount) for amount in shop]


def back_and_due(amounts) -> tuple[Decimal, list[Decimal]]:
    said = sorted(amounts)
    return sum((amount for amount in said if amount < 0), Decimal(0)), [amount for amount in said if amount >= 0]


def test_a_life_is_billed_as_it_was_previewed(stage):
    market = stage.market
    small = package(market, "Small", "30", activation_amount=Decimal("4.90"))
    large = package(market, "Large", "49.99", activation_amount=Decimal("9.90"))
    row = stage.sold(small, quantity=2)
    bills = Bills(row)
    first = bills.until(NOW)
    assert (first[stage.world.shop.id], first[stage.world.north.id]) == ([Decimal("4.90"), 60], [30])
    for day, step, amounts in a_life(large):
        assert take_and_bill(stage, row, bills, step, later(day)) == amounts, (day, step)
    assert bills.until(later(400)) == {stage.world.shop.id: [], stage.world.north.id: []}


def test_what_a_window_gives_back_is_billed_as_it_was_previewed(stage):
    yearly = package(stage.market, "Committed", "365", cycle="year", minimum_months=12, cancellation_hours=168)
    row = stage.sold(yearly, quantity=3)
    bills = Bills(row)
    bills.until(NOW)
    assert take_and_bill(stage, row, bills, ChangeQuantity(2), later(2)) == ["-363.00"]
    assert take_and_bill(stage, row, bills, ChangeQuantity(4), later(30)) == ["670.00"]
    assert take_and_bill(stage, row, bills, ChangeQuantity(3), later(33)) == ["-332.00"]


def test_what_is_left_early_is_billed_as_it_was_previewed(stage):
    terms = {"minimum_months": 6, "cancellation_amount": Decimal(50), "prorates_last": False}
    row = stage.sold(package(stage.market, "Bound", "30", **terms))
    bills = Bills(row)
    bills.until(NOW)
    assert take_and_bill(stage, row, bills, Cancel(when="now"), later(10)) == ["50.00"]


def test_what_is_to_end_with_another_is_billed_as_it_was_previewed(stage):
    """And goes on from there in periods of the other's day."""
    first = stage.sold(package(stage.market, "By the month", "30"))
    other = stage.sold(package(stage.market, "By the quarter", "92", cycle="quarter"))
    bills = Bills(other)
    bills.until(NOW)
    assert take_and_bill(stage, other, bills, CoTerm(first.pk), later(6)) == ["-62.00"]
    stage.due(other, later(30))
    assert bills.until(later(30))[stage.world.shop.id] == [92]
