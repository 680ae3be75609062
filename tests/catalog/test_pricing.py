"""How a price is made, by table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from catalog.pricing import About, per_cycle, price, weighed

ABOUT = About(service_type_id=1, cycle="month", package_id=7)
EARLY, LATER = date(2026, 1, 1), date(2026, 6, 1)


@dataclass(frozen=True)
class Rule:
    """As a line of a price list."""

    method: str
    value: Decimal = Decimal(0)
    pk: int = 1
    effective_on: date = EARLY
    package_id: int | None = None
    add_on_id: int | None = None
    service_type_id: int | None = None
    cycle: str = ""
    floor: Decimal | None = None
    ceiling: Decimal | None = None


def rule(method, value="0", **about) -> Rule:
    return Rule(method, Decimal(value), **about)


def priced(*rules, stated="20", cost="10", recommended="20", about=ABOUT):
    numbers = {"stated": stated, "cost": cost, "recommended": recommended}
    return price(rules, about, **{name: value and Decimal(value) for name, value in numbers.items()})


@pytest.mark.parametrize(
    ("one", "numbers", "amount"),
    [
        (rule("markup", "25"), {"cost": "8.43"}, "10.5375"),
        (rule("off", "20"), {"recommended": "10.50"}, "8.40"),
        (rule("off", "10"), {"recommended": "8.40"}, "7.56"),
        (rule("fixed", "12.345678"), {}, "12.345678"),
        (rule("fixed", "0"), {}, "0"),
        (rule("off", "100"), {}, "0"),
        (rule("markup", "0"), {}, "10"),
        (rule("markup", "33.3333"), {"cost": "0.000001"}, "0.000001"),
        (rule("markup", "50"), {"cost": "0.000001"}, "0.000002"),
        (rule("split", "25"), {}, "17.5"),
        (rule("split", "0"), {}, "20"),
        (rule("split", "100"), {}, "10"),
        (rule("split", "40"), {"cost": "10", "recommended": "8"}, "8.8"),
        (rule("split", "33.3333"), {"cost": "0.000001", "recommended": "0.000003"}, "0.000002"),
        (rule("split", "40"), {"cost": None}, "20"),
        (rule("split", "40"), {"recommended": None}, "20"),
        (rule("markup", "999999999999"), {"cost": "999999999999"}, "1000000000000"),
        (rule("keep"), {}, "20"),
        (rule("stated"), {"stated": "17"}, "17"),
        (rule("stated"), {"stated": None}, None),
        (rule("markup", "25"), {"cost": None}, "20"),
        (rule("off", "20"), {"recommended": None, "stated": None}, None),
    ],
)
def test_what_each_method_makes_of_the_numbers(one, numbers, amount):
    assert priced(one, **numbers).amount == (amount and Decimal(amount))


WIDE = [
    rule("markup", "20", pk=1),
    rule("markup", "15", pk=2, service_type_id=1),
    rule("markup", "10", pk=3, package_id=7),
]


@pytest.mark.parametrize(
    ("about", "pk", "amount"),
    [
        (ABOUT, 3, "11"),
        (About(1, "month", package_id=8), 2, "11.5"),
        (About(2, "month", package_id=9), 1, "12"),
        (About(1, "month", add_on_id=7), 2, "11.5"),
    ],
)
def test_the_most_specific_wins(about, pk, amount):
    for rules in (WIDE, WIDE[::-1]):
        found = priced(*rules, about=about)
        assert (found.rule.pk, found.amount) == (pk, Decimal(amount))


def test_a_package_with_its_cycle_comes_before_the_package():
    yearly = rule("fixed", "90", pk=9, package_id=7, cycle="year")
    assert priced(*WIDE, yearly).rule.pk == 3
    assert priced(*WIDE, yearly, about=About(1, "year", package_id=7)).rule.pk == 9


def test_what_a_rule_for_any_cycle_says_in_money_is_of_the_fees_own():
    """8 a month are 96 a year; a percentage is one of both, and what is said of the year is said of the year."""
    by_year = About(1, "year", package_id=7, own_cycle="month")
    bound = rule("fixed", "8", floor=Decimal(9), ceiling=Decimal(30))
    found = priced(bound, about=by_year)
    assert (found.amount, found.floor, found.ceiling) == (96, 108, 360)
    assert priced(rule("off", "10"), recommended="200", about=by_year).amount == 180
    assert priced(bound, rule("fixed", "70", pk=2, cycle="year"), about=by_year).amount == 70


def test_of_the_same_kind_the_last_to_take_effect_counts_then_the_last_made():
    first, second = rule("fixed", "1", pk=5, effective_on=LATER), rule("fixed", "2", pk=6)
    assert priced(first, second).amount == 1
    assert priced(first, rule("fixed", "3", pk=7, effective_on=LATER)).amount == 3


def test_a_rule_that_was_ended_leaves_the_word_to_the_less_specific():
    ended = rule("keep", pk=8, package_id=7, effective_on=LATER)
    found = priced(*WIDE, ended)
    assert found.rule.pk == 2
    assert [step.code for step in found.steps] == ["ended", "markup"]


def test_every_rule_about_it_is_weighed():
    rules = [
        *WIDE,
        rule("keep", pk=4, package_id=7, effective_on=LATER),
        rule("off", "5", pk=5, service_type_id=1, effective_on=EARLY),
        rule("fixed", "1", pk=6, package_id=7, cycle="year"),
        rule("fixed", "1", pk=7, package_id=8),
        rule("fixed", "1", pk=8, effective_on=date(2027, 1, 1)),
    ]
    found = weighed(rules, ABOUT, LATER, cost=Decimal(10), recommended=None)
    assert [(each.rule.pk, each.verdict) for each in found] == [
        (4, "ended"),
        (5, "no_recommended"),
        (1, "won"),
        (8, "planned"),
        (6, "cycle"),
        (3, "replaced"),
        (2, "replaced"),
    ]
    in_force = [one for one in rules if one.effective_on <= LATER]
    assert priced(*in_force, recommended=None).rule.pk == 1


def test_the_explanation_has_the_numbers():
    found = priced(rule("markup", "25", pk=4), cost="8.43")
    [step] = found.steps
    assert step.code == "markup"
    assert step.facts == {
        "rule": 4,
        "about": "everything",
        "value": Decimal(25),
        "base": Decimal("8.43"),
        "amount": Decimal("10.537500"),
    }
    assert [step.code for step in priced(stated=None).steps] == ["nothing"]


def test_bounds_are_those_of_the_rule_that_won():
    bound = rule("markup", "0", package_id=7, floor=Decimal(9), ceiling=Decimal(30))
    found = priced(bound, rule("fixed", "1", floor=Decimal(1)))
    assert (found.floor, found.ceiling) == (9, 30)
    assert (priced().floor, priced().ceiling) == (None, None)


def test_what_the_fee_says_can_be_bound_and_kept_from_wider_rules():
    as_it_is = rule("stated", pk=9, package_id=7, floor=Decimal(12), ceiling=Decimal(18))
    found = priced(*WIDE, as_it_is, rule("off", "50", pk=2))
    assert (found.amount, found.floor, found.ceiling, found.rule.pk) == (20, 12, 18, 9)
    assert [(step.code, step.facts["amount"]) for step in found.steps] == [("as_stated", 20)]
    by_year = priced(as_it_is, stated="216", about=About(1, "year", package_id=7, own_cycle="month"))
    assert (by_year.amount, by_year.floor, by_year.ceiling) == (216, 144, 216)
    nothing = priced(as_it_is, stated=None)
    assert (nothing.amount, nothing.floor, [step.code for step in nothing.steps]) == (None, 12, ["as_nothing"])
    assert weighed([as_it_is], ABOUT, EARLY, cost=None, recommended=None)[0].verdict == "won"


@pytest.mark.parametrize(
    ("amount", "cycle", "wanted", "found"),
    [("10", "month", "year", "120"), ("10", "year", "month", "0.833333"), ("10", "quarter", "quarter", "10")],
)
def test_a_price_for_another_cycle(amount, cycle, wanted, found):
    assert per_cycle(Decimal(amount), cycle, wanted) == Decimal(found)
    assert per_cycle(None, cycle, wanted) is None
