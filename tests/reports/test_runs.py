"""Reports that a worker writes: the file is the page's export, only its makers see it, and twice does no harm."""

import csv
import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.storage import default_storage

from reports.models import ReportRun
from reports.selectors import report_runs
from reports.services.runs import start_report_run
from reports.tasks import run_chunk
from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Forbidden, RequestReused
from tenants.models import Membership
from tests.reports.callers import api, content, get, post, stored
from tests.world import NOW

PAGE = "/console/reports/runs/"
LIST = "/console/reports/usage/quota-over-usage/"
API = "/api/v1/report-runs"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def start(player, file_format="csv", filters=(), **options):
    return start_report_run(
        actor=player.actor,
        report="quota-over-usage",
        file_format=file_format,
        filters=dict(filters),
        language="en",
        now=NOW,
        **options,
    )


def work(run):
    """As the worker does, without its transactions: the test is one."""
    items = list(JobItem.objects.filter(job=run.job_id).values_list("pk", flat=True))
    run_chunk(run.job, items)
    run.refresh_from_db()
    return run


def test_the_file_is_the_export_of_the_page(oversold):
    world = oversold.market.world
    exported = content(get(world.provider.browser(), LIST, export="csv"))
    run = work(start(world.provider))
    assert stored(run) == exported
    assert run.rows == len(oversold.over)


def test_filters_columns_and_language_are_those_asked_for(oversold):
    run = start_report_run(
        actor=oversold.market.world.provider.actor,
        report="quota-over-usage",
        file_format="xlsx",
        filters={"kind": "customer", "all": "true"},
        columns=["holder", "kind"],
        language="en",
        now=NOW,
    )
    work(run)
    sheet = openpyxl.load_workbook(io.BytesIO(stored(run))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Holder", "Held by")
    assert set(rows[1:]) == {(name, "Customer") for name in ("Shop", "Kiosk", "Mill", "Direct")}
    assert run.rows == len(rows) - 1


def test_a_file_shows_what_its_maker_sees(oversold):
    run = work(start(oversold.market.world.south, filters={"all": "true"}))
    rows = list(csv.DictReader(io.StringIO(stored(run).decode("utf-8-sig"))))
    assert {row["Subscription ID"] for row in rows} == {str(oversold.mill.pk)}


def test_written_twice_it_is_one_file(oversold):
    run = start(oversold.market.world.provider)
    names = {work(run).file.name for _ in range(2)}
    assert len(names) == 1
    assert len(default_storage.listdir(f"reports/{run.provider_id}")[1]) == 1


def test_the_same_request_starts_one_run(oversold):
    player, asked = oversold.market.world.provider, uuid4()
    assert start(player, request_id=asked) == start(player, request_id=asked)
    with pytest.raises(RequestReused):
        start(player, "xlsx", request_id=asked)


def test_only_who_may_run_reports(oversold):
    with pytest.raises(Forbidden):
        start(oversold.market.world.shop)


def test_its_own_tenant_alone_sees_it(oversold):
    world = oversold.market.world
    run = work(start(world.north))
    for player in (world.south, world.provider, world.north_east, world.stranger):
        assert not ReportRun.objects.visible_to(player.actor).exists()
        assert api(player).get(f"{API}/{run.pk}/file").status_code == 404
    assert ReportRun.objects.visible_to(world.north.member("support")).get() == run
    assert not ReportRun.objects.visible_to(world.north.member("account_manager")).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_brings_it_to_its_end(committed_oversold):
    player = committed_oversold.market.world.provider
    run = start(player)
    run_job(run.job_id, seconds=60)
    run.refresh_from_db()
    assert (run.job.state, run.job.done, run.rows) == ("done", 1, 3)


def test_what_failed_says_so(oversold):
    player = oversold.market.world.provider
    run = start(player)
    JobItem.objects.filter(job=run.job_id).update(state="failed", reason="too_many_rows")
    Job.objects.filter(pk=run.job_id).update(state="done", failed=1, finished_at=NOW)
    page = get(player.browser(), f"{PAGE}{run.pk}/").content.decode()
    assert "A spreadsheet cannot hold so many rows" in page
    assert "Failed" in get(player.browser(), PAGE).content.decode()
    assert api(player).get(f"{API}/{run.pk}").json()["reason"] == "too_many_rows"


@pytest.mark.django_db(transaction=True)
def test_without_its_maker_it_fails_and_says_why(committed_oversold):
    player = committed_oversold.market.world.provider
    run = start(player)
    player.member("administrator", "second@groupware.example")
    Membership.objects.filter(user=player.user).delete()
    run_job(run.job_id, seconds=60)
    run.refresh_from_db()
    assert (run.job.state, run.job.failed, bool(run.file)) == ("done", 1, False)
    assert JobItem.objects.get(job=run.job_id).reason == "maker_gone"
    assert report_runs(player.actor).get().reason == "maker_gone"


def test_from_the_page_to_the_file(oversold):
    browser = oversold.market.world.provider.browser()
    form = get(browser, f"{PAGE}new/", kind="customer", q="shop").content.decode()
    assert "Held by: Customers" in form
    assert "Search: shop" in form
    values = {"request_id": str(uuid4()), "format": "csv", "query": "kind=customer&q=shop"}
    answers = [browser.post(f"{PAGE}new/", values) for _ in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    run = ReportRun.objects.get()
    assert run.filters == {"kind": "customer", "q": "shop"}
    assert "progress" in get(browser, answers[0]["Location"]).content.decode()
    assert get(browser, f"{PAGE}{run.pk}/file/").status_code == 409

    work(run)
    assert f"{PAGE}{run.pk}/file/" in get(browser, PAGE).content.decode()
    answer = get(browser, f"{PAGE}{run.pk}/file/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="quota-over-usage-')
    assert content(answer).decode("utf-8-sig").splitlines()[1].startswith("North,Large,")


def test_a_form_with_filters_of_nobody(oversold):
    browser = oversold.market.world.provider.browser()
    values = {"request_id": str(uuid4()), "format": "csv", "query": "kind=nobody"}
    assert browser.post(f"{PAGE}new/", values).status_code == 422
    assert not ReportRun.objects.exists()


def test_over_rest(oversold):
    client = api(oversold.market.world.provider)
    body = {"report": "quota-over-usage", "format": "xlsx", "filters": {"all": True, "search": "mill"}}
    first, again = (post(client, API, body) for _ in range(2))
    run = ReportRun.objects.get()
    assert first.status_code == again.status_code == 202
    assert first["Location"].endswith(f"/api/v1/jobs/{run.job_id}")
    assert client.get(first["Location"]).json()["kind"] == "report"
    assert client.get(f"{API}/{run.pk}/file").json()["code"] == "no-file-yet"
    work(run)
    shown = client.get(f"{API}/{run.pk}").json()
    assert (shown["has_file"], shown["rows"], shown["filters"]) == (True, 2, {"all": "true", "q": "mill"})
    assert [row["id"] for row in client.get(API).json()["results"]] == [run.pk]
    file = client.get(f"{API}/{run.pk}/file")
    assert file["Content-Type"].startswith("application/vnd.openxml")
    assert ".xlsx" in file["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(content(file))).active.max_row == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"format": "pdf"}, 422),
        ({"report": "other"}, 422),
        ({"filters": {"branch": 999_999_999}}, 422),
        ({"filters": {"branch": "1"}}, 422),
        ({"filters": {"nothing": 1}}, 400),
        ({"nothing": 1}, 400),
    ],
)
def test_what_cannot_be_run(oversold, change, status):
    body = {"report": "quota-over-usage", "format": "csv", **change}
    assert post(api(oversold.market.world.provider), API, body).status_code == status
    assert not Job.objects.exists()
