import pytest

from resellerhub.kernel.tasks import run_job
from tests.addons_pages.stage import Stage, Window, build_stage, open_window


@pytest.fixture
def stage(world) -> Stage:
    return build_stage(world)


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """Ids of the jobs that workers were sent for; nothing reaches the broker."""
    messages: list[int] = []
    monkeypatch.setattr(run_job, "delay", lambda job_id: messages.append(job_id))
    return messages


@pytest.fixture
def shop_window(stage, sent) -> Window:
    return open_window(stage)
