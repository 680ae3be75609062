import pytest

from tests.pools.stage import Stage, build_stage


@pytest.fixture
def stage(world) -> Stage:
    return build_stage(world)


@pytest.fixture
def committed_stage(committed_world) -> Stage:
    return build_stage(committed_world)
