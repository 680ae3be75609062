"""A file that was written before names were hidden is not given to those from whom they are hidden."""

from datetime import UTC, datetime

from reports.selectors import report_runs
from reports.tasks import run_chunk
from resellerhub.kernel.models import JobItem
from tenants.services.moves import move_tenant
from tenants.services.visibility import hide_customers, show_customers
from tests.reports.callers import content
from tests.reports.test_runs import _media, start
from tests.world import NOW

__all__ = ["_media"]
LATER = datetime(2026, 11, 21, tzinfo=UTC)


def write(player) -> int:
    run = start(player, filters={"all": "true"}, columns=["holder", "subscription"])
    run_chunk(run.job, list(JobItem.objects.filter(job=run.job_id).values_list("pk", flat=True)))
    return run.pk


def status(player, run: int) -> int:
    answer = player.api().get(f"report-runs/{run}/file")
    content(answer)
    return answer.status_code


def test_a_file_goes_when_names_are_hidden_and_comes_back_with_them(oversold):
    world = oversold.market.world
    run, own = write(world.provider), write(world.north)
    assert status(world.provider, run) == 200
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=LATER)
    refused = world.provider.api().get(f"report-runs/{run}/file")
    assert (refused.status_code, refused.json()["code"]) == (409, "file-withdrawn")
    browser = world.provider.browser()
    assert "Withdrawn" in browser.get("/console/reports/runs/").content.decode()
    assert f"/runs/{run}/file/" not in browser.get(f"/console/reports/runs/{run}/").content.decode()
    assert browser.get(f"/console/reports/runs/{run}/file/").status_code == 409
    assert status(world.north, own) == 200
    later = start(world.provider, filters={"all": "true"})
    type(later).objects.filter(pk=later.pk).update(created_at=LATER.replace(hour=1))
    assert report_runs(world.provider.actor).get(pk=later.pk).reason == ""
    show_customers(actor=world.north.actor, now=LATER)
    assert status(world.provider, run) == 200


def test_a_file_goes_when_a_customer_moves_beneath_one_that_hides(oversold):
    world = oversold.market.world
    hide_customers(actor=world.north.actor, reseller_id=world.north_east.id, now=datetime(2026, 11, 1, tzinfo=UTC))
    run = write(world.provider)
    assert status(world.provider, run) == 200
    from subscriptions.models import Subscription

    Subscription.objects.filter(tenant=world.mill.id).update(state="closed", closed_on=NOW.date())
    move_tenant(actor=world.provider.actor, tenant_id=world.mill.id, seller_id=world.north_east.id, now=LATER)
    assert status(world.provider, run) == 409
