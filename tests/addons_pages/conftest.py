import pytest

from tests.addons_pages.stage import Stage, build_stage


@pytest.fixture
def stage(world) -> Stage:
    return build_stage(world)
