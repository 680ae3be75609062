import pytest

from tests.addons_pages.stage import Stage, Window, build_stage, open_window


@pytest.fixture
def stage(world) -> Stage:
    return build_stage(world)


@pytest.fixture
def shop_window(stage, sent) -> Window:
    return open_window(stage)
