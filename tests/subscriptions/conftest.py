import pytest

from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import Market, build_market


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
