import pytest

from tests.subscriptions.market import Market, build_market


@pytest.fixture
def market(world) -> Market:
    return build_market(world)


@pytest.fixture
def committed_market(committed_world) -> Market:
    return build_market(committed_world)
