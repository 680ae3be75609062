"""Billing runs by page and by REST."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from invoicing.models import BillingRun, Document
from invoicing.selectors.runs import billing_runs
from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.tasks import run_job as run_job_task
from tests.invoicing.paperwork import TODAY, Office

AHEAD = (timezone.now() + timedelta(days=3)).date().isoformat()


@pytest.fixture(autouse=True)
def _nobody_is_sent_for(monkeypatch):
    monkeypatch.setattr(run_job_task, "delay", lambda job_id: None)


@pytest.fixture
def office(world) -> Office:
    office = Office(world)
    office.sold(quantity=2)
    return office


def worked(job_id: int) -> None:
    run_job(job_id, seconds=60)


def test_a_month_is_billed_over_rest(office):
    api = office.world.north.api()
    made = api.post("billing-runs", {"until": TODAY.isoformat()})
    assert made.status_code == 202, made.content
    run = made.json()
    assert run["state"] == "counting"
    assert made["Location"].endswith(f"/jobs/{run['counting_job']}")
    worked(run["counting_job"])
    (payer,) = api.get(f"billing-runs/{run['id']}/payers").json()["results"]
    assert payer["expected"] == {"amount": "40.00", "currency": "EUR"}
    assert (payer["payer"], payer["payer_name"], payer["billed"]) == (office.world.shop.id, "Shop", None)
    approved = api.post(f"billing-runs/{run['id']}/approve").json()
    worked(approved["job"])
    now = api.get(f"billing-runs/{run['id']}", expand="totals,approvals").json()
    (total,) = now["totals"]
    assert (now["state"], total["billed"]["amount"], len(now["approvals"])) == ("drafted", "40.00", 1)
    issued = api.post(f"billing-runs/{run['id']}/issue").json()
    worked(issued["issuing_job"])
    assert api.get(f"billing-runs/{run['id']}").json()["state"] == "issued"
    assert api.post(f"billing-runs/{run['id']}/issue").json()["code"] == "no-drafts"
    assert [row["id"] for row in api.get("billing-runs", state="issued").json()["results"]] == [run["id"]]
    assert api.get("billing-runs", state="counted").json()["results"] == []


def test_what_is_refused_over_rest(office):
    api = office.world.north.api()
    wrong = api.post("billing-runs", {"until": AHEAD})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not-yet-due")
    assert wrong.json()["errors"][0]["pointer"] == "#/until"
    assert api.post("billing-runs", {"until": "soon"}).status_code == 422
    assert office.world.north.api("read").post("billing-runs", {"until": TODAY.isoformat()}).status_code == 403
    run = api.post("billing-runs", {"until": TODAY.isoformat()}).json()
    assert api.post(f"billing-runs/{run['id']}/approve").json()["code"] == "run-not-counted"
    assert office.world.south.api().get(f"billing-runs/{run['id']}").status_code == 404
    assert office.world.provider.api().post(f"billing-runs/{run['id']}/cancel").status_code == 404
    assert office.world.shop.api().get("billing-runs").json()["results"] == []
    assert api.post(f"billing-runs/{run['id']}/cancel").json()["state"] == "cancelled"


def test_a_month_is_billed_by_page(office):
    client = office.world.north.browser()
    wrong = client.post("/portal/billing-runs/new/", {"until": AHEAD, "request_id": str(uuid4())})
    assert wrong.status_code == 422
    assert f'value="{AHEAD}"' in wrong.content.decode()
    assert "choose a day of the month that has come" in wrong.content.decode()
    made = client.post("/portal/billing-runs/new/", {"until": TODAY.isoformat(), "request_id": str(uuid4())})
    run = BillingRun.objects.get()
    assert made.headers["Location"] == f"/portal/billing-runs/{run.pk}/"
    worked(run.counting_id)
    shown = client.get(made.headers["Location"]).content.decode()
    assert "To be approved" in shown
    assert "Shop" in shown
    client.post(f"/portal/billing-runs/{run.pk}/recount/")
    run.refresh_from_db()
    worked(run.counting_id)
    assert "€40.00 expected" in client.get(f"/portal/billing-runs/{run.pk}/approve/").content.decode()
    client.post(f"/portal/billing-runs/{run.pk}/approve/", {"request_id": str(uuid4())})
    run.refresh_from_db()
    worked(run.job_id)
    assert "Issue all drafts" in client.get(f"/portal/billing-runs/{run.pk}/").content.decode()
    client.post(f"/portal/billing-runs/{run.pk}/issue/")
    run.refresh_from_db()
    worked(run.issuing_id)
    assert Document.objects.get().state == "issued"
    (row,) = billing_runs(office.world.north.actor)
    assert row.state == "issued"
    assert client.get(f"/portal/jobs/{run.job_id}/").headers["Location"].endswith(f"/counted-by/{run.job_id}/")
    listed = client.get("/portal/billing-runs/?export=csv")
    assert b"".join(listed.streaming_content).decode().splitlines()[1].startswith(f"{run.month:%Y-%m}")
