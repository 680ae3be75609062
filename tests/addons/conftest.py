import pytest

from addons.verify import sales
from resellerhub.kernel.jobs.check import job_counters
from subscriptions.verify import holdings
from tests.addons.shop import build_shop
from tests.addons.terms import Stage


@pytest.fixture(autouse=True)
def _no_workers(sent) -> None:
    """Jobs are run by the tests."""


def verified() -> list[str]:
    return [*holdings(), *sales(), *job_counters()]


@pytest.fixture
def shop(world):
    yield build_shop(world)
    assert verified() == []


@pytest.fixture
def committed_shop(committed_world):
    yield build_shop(committed_world)
    assert verified() == []


@pytest.fixture
def stage(shop):
    """North sells to Shop, what has fees with terms."""
    return Stage(shop)


@pytest.fixture
def api(shop):
    return shop.world.provider.api()
