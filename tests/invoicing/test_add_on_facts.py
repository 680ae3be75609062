"""What is previewed of the add-ons on a subscription is what rating makes of the sales that are written."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from addons.levels import levels_of
from addons.models import AddOnOneOff, AddOnSale
from addons.services.ending import EndAddOn
from invoicing.rating.charges import Charge, Kind
from invoicing.rating.engine import rate
from invoicing.rating.policy import Policy, Terms
from invoicing.rating.timeline import DueOnce, GivenBack, Stream, Stretch
from resellerhub.kernel.cycles import Cadence
from resellerhub.kernel.periods import Cycle, day_of
from subscriptions.models import Phase
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.standing import Suspend
from subscriptions.services.life.steps.taking import preview_step, take_step
from subscriptions.services.life.steps.terms import CoTerm, Renew
from tests.addons.shop import build_shop
from tests.addons.terms import Stage
from tests.invoicing.test_facts import anchors_of
from tests.subscriptions.life import at, package
from tests.world import NOW, customer

UNITS = 3
"""Of add-ons; of the subscription there is one."""
Pair = tuple[int, int]


def streams(subscription_id: int, billed: dict[Pair, list[Charge]]) -> dict[Pair, Stream]:
    """By who owes whom: sales that go on as others are one thing to them."""
    stretches, once, given = defaultdict(list), defaultdict(list), defaultdict(list)
    sales = {row.pk: row for row in AddOnSale.objects.filter(subscription=subscription_id).order_by("pk")}
    phases = Phase.objects.filter(subscription=subscription_id).order_by("pk")
    for pk, levels in levels_of(sales.values()).items():
        begins, ended_at = day_of(sales[pk].sold_at), sales[pk].ended_at
        ends = day_of(ended_at) if ended_at else None
        for level in levels:
            pair, cadence = (level.payer_id, level.issuer_id), Cadence(Cycle(level.cycle).months)
            for phase in phases:
                starts = max(phase.starts_on, begins)
                stops = min((day for day in (phase.ends_on, ends) if day), default=None)
                if stops and stops <= starts and not begins == stops == starts:
                    continue
                terms = Terms(
                    prorates_first=level.prorates_first,
                    prorates_last=level.prorates_last,
                    credits_suspension=level.credits_suspension,
                )
                is_suspended = phase.state == "suspended"
                row = Stretch(pk, starts, stops, level.quantity, level.unit_price, cadence, terms, is_suspended)
                stretches[pair].append(row)
    for one in AddOnOneOff.objects.filter(sale__in=sales).order_by("pk"):
        if one.kind == "credit_from":
            given[one.payer_id, one.issuer_id].append(GivenBack(one.sale_id, one.on, one.quantity))
        else:
            once[one.payer_id, one.issuer_id].append(DueOnce(one.sale_id, Kind(one.kind), one.on, one.amount))
    anchors = anchors_of(subscription_id)
    return {
        pair: Stream("EUR", rows, anchors, billed[pair], given[pair], once[pair]) for pair, rows in stretches.items()
    }


class Bills:
    def __init__(self, stage: Stage) -> None:
        self.stage, self.row, self.billed = stage, stage.subscription, defaultdict(list)

    def until(self, now) -> dict[Pair, list[Decimal]]:
        found = {}
        for pair, stream in streams(self.row.pk, self.billed).items():
            charges = rate(stream, Policy(), day_of(now))
            had = len(self.billed[pair])
            self.billed[pair] += [row._replace(id=had + number) for number, row in enumerate(charges)]
            if charges:
                found[pair] = sorted(row.amount for row in charges)
        return found

    def of(self, payer) -> list[Decimal]:
        return sorted(row.amount for pair, rows in self.billed.items() if pair[0] == payer.id for row in rows)

    def step(self, step, day: str) -> list[str]:
        """As it was previewed, for the holder and for its seller."""
        now, world = at(day), self.stage.world
        self.stage.due(now)
        self.until(now)
        parts = {"actor": self.stage.actor, "subscription_id": self.row.pk, "step": step, "now": now}
        quote = preview_step(**parts)
        take_step(**parts)
        billed = self.until(now)
        told = [line for line in quote.lines if line.quantity == UNITS]
        assert sorted(x for rows in self.by_customers(billed) for x in rows) == sorted(line.amount for line in told)
        ours = [line.amount for line in quote.cost_lines if line.quantity == UNITS]
        assert billed.get((world.north.id, world.provider.id), []) == sorted(ours)
        return [str(line.amount) for line in told]

    def by_customers(self, billed) -> list[list[Decimal]]:
        return [rows for pair, rows in billed.items() if pair[1] == self.stage.world.north.id]


@pytest.fixture
def stage(world) -> Stage:
    return Stage(build_shop(world))


def test_another_term_cuts_the_periods_of_what_runs_in_it(stage):
    bills = Bills(stage)
    sale = stage.sell(stage.add_on("Plain", {}, {}))
    bills.until(NOW)
    yearly = package(stage.market, "By the year", "120", cycle="year")
    assert bills.step(ChangePackage(yearly.pk, when="now"), "2026-11-30") == ["-8.00", "12.00"]
    assert bills.step(EndAddOn(sale.pk), "2026-12-05") == ["-10.00"]
    world = stage.world
    assert (sum(bills.of(world.shop)), sum(bills.of(world.north))) == (6, 3)  # fifteen days of thirty


def test_a_term_that_ends_sooner_cuts_them_too(stage):
    market, bills = stage.market, Bills(stage)
    quarterly, yearly = (package(market, name, "90", cycle=name) for name in ("quarter", "year"))
    bills.row = row = stage.subscription
    take_step(actor=stage.actor, subscription_id=row.pk, step=ChangePackage(yearly.pk, when="now"), now=NOW)
    other = stage.mail()
    change = ChangePackage(quarterly.pk, when="now")
    take_step(actor=stage.actor, subscription_id=other.pk, step=change, now=at("2026-12-05"))
    sale = stage.sell(stage.add_on("Plain", {}, {}))
    assert bills.step(CoTerm(other.pk), "2027-02-25") == ["-6.43"]  # from the 5th of March on
    assert bills.step(EndAddOn(sale.pk), "2027-03-01") == ["-1.71"]
    assert sum(bills.of(stage.world.shop)) == Decimal("39.86")  # three months, and nine days of 28


def test_a_longer_term_says_what_it_adds(stage):
    stage.sell(stage.add_on("Plain", {}, {}))
    step = {"actor": stage.actor, "subscription_id": stage.subscription.pk, "step": Renew(), "now": NOW}
    told = [(line.code, line.quantity, line.starts_on, line.amount) for line in preview_step(**step).to_come]
    assert told == [("renewal", UNITS, date(2026, 12, 20), 12)]


@pytest.mark.parametrize(
    ("step", "day", "told"),
    [
        ("end", "2026-12-10", ["-6.00"]),
        ("end", "2026-11-30", ["-12.00"]),
        (Cancel(), "2026-12-10", ["-6.00"]),
        (Suspend(), "2026-12-10", ["-6.00"]),
    ],
)
def test_a_first_period_that_was_charged_whole_comes_back_by_its_own_days(stage, step, day, told):
    whole = {"prorates_first": False}
    sale = stage.sell(stage.add_on("Whole", whole, whole), now=at("2026-11-30"))
    bills = Bills(stage)
    assert sorted(bills.until(at("2026-11-30")).values()) == [[6], [12]]
    assert bills.step(EndAddOn(sale.pk) if step == "end" else step, day) == told


def test_what_goes_on_is_charged_whole_only_once(stage):
    """The new holder pays by days; to the seller it is the same as before."""
    whole, world, bills = {"prorates_first": False}, stage.world, Bills(stage)
    sale = stage.sell(stage.add_on("Whole", whole, whole), now=at("2026-11-30"))
    corner = customer(world.north, "Corner")
    assert bills.step(Move(corner.id), "2026-12-10") == ["-6.00", "4.00"]
    assert bills.step(EndAddOn(sale.pk), "2026-12-15") == ["-2.00"]
    assert (bills.of(world.shop), bills.of(corner)) == ([-6, 12], [-2, 4])
    assert bills.of(world.north) == [Decimal("-1.50"), 6]
