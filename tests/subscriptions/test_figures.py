from dataclasses import dataclass
from decimal import Decimal

import pytest

from subscriptions.figures import figures

HOLDER, EAST, NORTH, PROVIDER = 4, 3, 2, 1


@dataclass(frozen=True)
class Line:
    stream: str
    payer_id: int
    issuer_id: int
    unit_price: Decimal
    cycle: str = "month"
    currency: str = "EUR"
    applies_more_than_once: bool = True


ACCOUNT = Line("account", HOLDER, EAST, Decimal(25))
EASTS = Line("reseller", EAST, NORTH, Decimal(12))
NORTHS = Line("reseller", NORTH, PROVIDER, Decimal(10))
YEARLY = Line("account", HOLDER, EAST, Decimal(240), "year")
ONCE = Line("reseller", EAST, NORTH, Decimal(12), applies_more_than_once=False)
DOLLARS = Line("reseller", EAST, NORTH, Decimal(12), currency="USD")


@pytest.mark.parametrize(
    ("lines", "reader", "told"),
    [
        ([], EAST, (None, None, None, None, None)),
        ([ACCOUNT], HOLDER, (25, None, None, None, "month")),
        ([ACCOUNT, EASTS], EAST, (25, 25, 12, 13, "month")),
        ([ACCOUNT, EASTS, NORTHS], NORTH, (25, 12, 10, 2, "month")),
        ([ACCOUNT, EASTS, NORTHS], PROVIDER, (25, 10, None, None, "month")),
        ([YEARLY, EASTS], EAST, (240, 240, 144, 96, "year")),
        ([ACCOUNT, DOLLARS], EAST, (25, 25, None, None, "month")),
        ([EASTS, NORTHS], NORTH, (None, 12, 10, 2, "month")),
    ],
)
def test_what_a_reader_is_told(lines, reader, told):
    """In the cycle of the price; another currency is not compared, and where the holder pays nothing no price is."""
    seen = figures(lines, reader)
    assert (seen.price, seen.income, seen.cost, seen.margin, seen.cycle) == told


@pytest.mark.parametrize(
    ("lines", "reader", "told"),
    [
        ([ACCOUNT, ONCE], EAST, (25, 12, False, True)),
        ([ACCOUNT, ONCE, NORTHS], NORTH, (12, 10, True, False)),
        ([ACCOUNT, EASTS], EAST, (25, 12, False, False)),
    ],
)
def test_what_is_owed_once_is_nothing_of_one_unit(lines, reader, told):
    """It is said, and marked; how much is left of one unit would depend on how many there are."""
    seen = figures(lines, reader)
    assert (seen.income, seen.cost, seen.income_once, seen.cost_once) == told
    assert (seen.margin is None) is (seen.income_once or seen.cost_once)
