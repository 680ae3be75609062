from collections.abc import Iterator

import pytest


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Ids of the jobs that workers were sent for; nothing reaches the broker."""
    from resellerhub.kernel.tasks import run_job

    messages: list[int] = []
    monkeypatch.setattr(run_job, "delay", lambda job_id: messages.append(job_id))
    return messages
