"""The pages of jobs: progress, outcomes, every target and its file, cancel and retry."""

import pytest

from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.models import Job
from tests.kernel.doubles import Someone, job_of
from tests.world import Player, provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db) -> Player:
    return provider("Groupware GmbH")


@pytest.fixture
def job(house, sent) -> Job:
    return job_of("choke", 300, actor=Someone(tenant_id=house.id, provider_id=house.id))


def test_it_can_be_followed_stopped_and_tried_again(house, job):
    browser = house.browser()
    assert "Cancel the job" in browser.get(f"/console/jobs/{job.pk}/").content.decode()
    run(job.pk, seconds=60)
    page = browser.get(f"/console/jobs/{job.pk}/").content.decode()
    assert "Retry the failed" in page
    assert browser.post(f"/console/jobs/{job.pk}/retry/").status_code == 302
    assert Job.objects.get(pk=job.pk).attempt == 2
    assert browser.post(f"/console/jobs/{job.pk}/cancel/").status_code == 302
    run(job.pk, seconds=60)
    assert Job.objects.get(pk=job.pk).state == "cancelled"
    assert job.title in browser.get("/console/jobs/").content.decode()


def test_every_target_is_listed_and_exported(house, job):
    run(job.pk, seconds=60)
    browser = house.browser()
    assert "too_large" in browser.get(f"/console/jobs/{job.pk}/items/?state=failed").content.decode()
    answer = browser.get(f"/console/jobs/{job.pk}/items/?export=csv&state=failed")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "13" in lines[1]
    assert len(b"".join(browser.get(f"/console/jobs/{job.pk}/items/?export=csv").streaming_content).splitlines()) == 301


def test_strangers_find_nothing(job):
    browser = provider("Fremd AG").browser()
    assert browser.get("/console/jobs/").status_code == 200
    for page in ("", "items/"):
        assert browser.get(f"/console/jobs/{job.pk}/{page}").status_code == 404
    for operation in ("cancel", "retry"):
        assert browser.post(f"/console/jobs/{job.pk}/{operation}/").status_code == 404
    assert Job.objects.get(pk=job.pk).cancel_asked_at is None
