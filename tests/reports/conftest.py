import pytest

from tests.reports.oversold import Oversold, build_oversold
from tests.subscriptions.market import build_market


@pytest.fixture
def oversold(world) -> Oversold:
    return build_oversold(build_market(world))


@pytest.fixture
def committed_oversold(committed_world) -> Oversold:
    return build_oversold(build_market(committed_world))
