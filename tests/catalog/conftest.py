import pytest

from tests.subscriptions.market import Market, build_market


@pytest.fixture
def market(world) -> Market:
    return build_market(world)
