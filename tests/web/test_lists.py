"""A list page: search, chips, sorting, sizes, columns, export; shown with the list of jobs."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellerhub.kernel.models import Job
from tests.world import NOW

URL = "/console/jobs/"


@pytest.fixture
def jobs(world):
    return [make_job(world.provider, position) for position in range(30)]


@pytest.fixture
def browser(world):
    return world.provider.browser()


def make_job(player, position, **values):
    state = values.pop("state", "done" if position % 2 else "queued")
    return Job.objects.create(
        kind="report",
        title=f"Job {position:02d}",
        state=state,
        provider_id=player.actor.provider_id,
        tenant_id=player.id,
        total=position,
        created_at=NOW + timedelta(minutes=position),
        finished_at=NOW if state == "done" else None,
        **values,
    )


def titles(response):
    return [record.title for record, cells in response.context["table"].body()]


def test_the_newest_come_first_25_at_a_time(browser, jobs):
    response = browser.get(URL)
    assert response.context["count"] == 30
    assert titles(response) == [job.title for job in reversed(jobs)][:25]
    assert titles(browser.get(URL, {"page": 2})) == [job.title for job in reversed(jobs)][25:]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_does_not_exist_is_the_nearest(browser, jobs, page):
    assert browser.get(URL, {"page": page}).status_code == 200


def test_sizes_are_three_and_nothing_else(browser, jobs):
    assert len(titles(browser.get(URL, {"per_page": 50}))) == 30
    assert len(titles(browser.get(URL, {"per_page": 10_000}))) == 25


def test_sorting_is_in_the_address_and_in_aria_sort(browser, jobs):
    response = browser.get(URL, {"sort": "title"})
    assert titles(response)[0] == "Job 00"
    assert 'aria-sort="ascending"' in response.text
    assert "?sort=-title" in response.text
    assert titles(browser.get(URL, {"sort": "-title"}))[0] == "Job 29"


@pytest.mark.parametrize("sort", ["provider_id", "secret", "--title", "title,,", "pk__isnull"])
def test_only_columns_can_be_sorted_by(browser, jobs, sort):
    assert browser.get(URL, {"sort": sort}).status_code == 200


def test_a_filter_is_a_chip_that_can_be_taken_away(browser, jobs):
    response = browser.get(URL, {"state": "done", "q": "Job", "sort": "title", "page": 3})
    filters = response.context["filters"]
    assert response.context["count"] == 15
    assert [(str(chip.label), chip.value) for chip in filters.chips] == [("Search", "Job"), ("Status", "Done")]
    assert filters.chips[1].remove_url == "?q=Job&sort=title"
    assert filters.clear_url == "?sort=title"


def test_a_filter_that_makes_no_sense_shows_no_rows_and_says_so(browser, jobs):
    response = browser.get(URL, {"state": "nonsense"})
    assert response.context["count"] == 0
    assert "cannot be understood" in response.text


def test_nothing_found_and_nothing_there_are_different_things(browser, jobs):
    assert "Nothing matches" in browser.get(URL, {"q": "no such job"}).text
    Job.objects.all().delete()
    assert "No jobs yet" in browser.get(URL).text


def test_chosen_columns_are_remembered_and_forgotten(browser, jobs):
    choice = {"list": "jobs", "columns": ["title", "failed", "no_such_column"], "next": f"{URL}?page=2"}
    response = browser.post("/console/columns/", choice)
    assert response.url == f"{URL}?page=2"
    shown = [heading["name"] for heading in browser.get(URL).context["table"].headings()]
    assert shown == ["title", "failed"]
    browser.post("/console/columns/", {"list": "jobs", "reset": "1"})
    assert len(list(browser.get(URL).context["table"].headings())) == 8


def test_columns_belong_to_one_user(browser, jobs, world):
    browser.post("/console/columns/", {"list": "jobs", "columns": ["title"]})
    other = list(world.north.browser().get("/portal/jobs/").context["table"].headings())
    assert len(other) == 8


def test_what_is_no_column_is_not_remembered(browser, jobs):
    browser.post("/console/columns/", {"list": "jobs", "columns": ["title", "a\x00b", "x" * 500]})
    assert browser.post("/console/columns/", {"list": "a\x00", "columns": ["title"]}).status_code == 302
    assert [heading["name"] for heading in browser.get(URL).context["table"].headings()] == ["title"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(browser, target):
    assert browser.post("/console/columns/", {"list": "jobs", "next": target}).url == "/console/"
    assert browser.post("/appearance/", {"theme": "dark", "next": target}).url == "/"


def test_the_export_is_this_filter_in_these_columns(browser, jobs):
    browser.post("/console/columns/", {"list": "jobs", "columns": ["title", "total"]})
    response = browser.get(URL, {"state": "done", "sort": "title", "export": "csv", "filename": "mine"})
    assert response["Content-Disposition"] == 'attachment; filename="mine.csv"'
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Job", "Targets"]
    assert rows[1:] == [[f"Job {n:02d}", str(n)] for n in range(1, 30, 2)]


def test_the_number_of_queries_does_not_grow(browser, world):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(URL, {"per_page": 100})
        return len(captured)

    make_job(world.provider, 1)
    queries()
    few = queries()
    for position in range(2, 80):
        make_job(world.provider, position)
    assert queries() == few


def test_the_other_shell_has_nothing_for_a_provider(browser, world):
    assert browser.get("/portal/jobs/").status_code == 404
    assert world.north.browser().get(URL).status_code == 404


def test_only_own_jobs_are_shown(world, jobs):
    make_job(world.north, 77)
    assert titles(world.north.browser().get("/portal/jobs/")) == ["Job 77"]
    assert titles(world.south.browser().get("/portal/jobs/")) == []
