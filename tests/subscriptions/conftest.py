from collections.abc import Iterator

import pytest

from subscriptions.verify import holdings, phases
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import Market, build_market
from tests.subscriptions.pushes import Sold, build_sold


@pytest.fixture
def market(world) -> Market:
    return build_market(world)


@pytest.fixture
def committed_market(committed_world) -> Market:
    return build_market(committed_world)


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


@pytest.fixture
def sold(market) -> Iterator[Sold]:
    """What new terms are pushed to; afterwards everything still adds up."""
    yield build_sold(market)
    assert [*holdings(), *phases()] == []
