"""Jobs over REST."""

import pytest

from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.models import Job
from tests.kernel.doubles import Someone, job_of
from tests.rest.conftest import caller_for
from tests.world import provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(house, sent) -> Job:
    return job_of("choke", 300, actor=Someone(tenant_id=house.id, provider_id=house.id))


def test_progress_outcomes_and_another_attempt(api, job):
    assert api.get(f"jobs/{job.pk}").json()["state"] == "queued"
    run(job.pk, seconds=60)
    told = api.get(f"jobs/{job.pk}").json()
    assert (told["state"], told["percent"], told["done"], told["skipped"], told["failed"]) == ("done", 100, 199, 99, 2)

    failed = api.get(f"jobs/{job.pk}/items?state=failed").json()["results"]
    assert [(item["subject_id"], item["reason"], item["facts"]) for item in failed] == [
        (13, "too_large", {"asked": 777}),
        (99, "error", {"error": "DataError"}),
    ]
    assert api.post(f"jobs/{job.pk}/cancel").json()["code"] == "job-finished"
    again = api.post(f"jobs/{job.pk}/retry", Idempotency_Key="one")
    assert (again.status_code, again.json()["state"], again.json()["attempt"]) == (202, "queued", 2)
    assert again["Location"] == f"http://testserver/api/v1/jobs/{job.pk}"


def test_cancel(api, job):
    answer = api.post(f"jobs/{job.pk}/cancel")
    assert answer.status_code == 202
    assert answer.json()["cancel_asked_at"]
    run(job.pk, seconds=60)
    assert [row["state"] for row in api.get("jobs?state=cancelled").json()["results"]] == ["cancelled"]


def test_a_stranger_sees_nothing_of_it(job):
    stranger = caller_for(provider("Fremd AG"))
    assert stranger.get("jobs").json()["results"] == []
    for answer in (
        stranger.get(f"jobs/{job.pk}"),
        stranger.get(f"jobs/{job.pk}/items"),
        stranger.post(f"jobs/{job.pk}/cancel"),
        stranger.post(f"jobs/{job.pk}/retry"),
    ):
        assert answer.status_code == 404
    assert Job.objects.get(pk=job.pk).cancel_asked_at is None
