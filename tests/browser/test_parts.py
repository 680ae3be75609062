"""The parts that pages are made of, in a browser: forms, two lists, filling, selecting rows, charts."""

import pytest
from playwright.sync_api import expect

from resellerhub.kernel.models import Job
from tests.world import NOW

pytestmark = pytest.mark.urls("tests.browser.sample")
FORM, LIST = "/console/sample/form/", "/console/sample/list/"


@pytest.fixture
def staff(window, committed_world):
    window.log_in(committed_world.provider)
    return window


@pytest.fixture
def unscripted_staff(without_script, committed_world):
    without_script.log_in(committed_world.provider)
    return without_script


@pytest.fixture
def jobs(committed_world):
    for number in range(60):
        Job.objects.create(kind="report", title=f"Job {number:02d}", provider_id=1, tenant_id=1, created_at=NOW)


@pytest.mark.parametrize("path", [FORM, LIST, "/console/sample/detail/", "/console/sample/confirm/"])
def test_the_parts_are_accessible_quiet_and_narrow(staff, jobs, path):
    staff.open(path)
    staff.page.wait_for_load_state("networkidle")
    for theme in ("light", "dark"):
        staff.set_theme(theme)
        assert staff.findings() == []
    assert staff.overflow() <= 0
    assert [each for each in staff.complaints if "style" not in each] == []


def test_a_refused_form_leads_to_its_fields(staff):
    staff.open(FORM)
    page = staff.page
    page.get_by_role("textbox", name="Name").fill("Kept")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Kept")
    summary.get_by_role("link", name="Price").click()
    expect(page.get_by_label("Price")).to_be_focused()
    expect(page.get_by_label("Price")).to_have_attribute("aria-invalid", "true")
    assert staff.findings() == []


def test_the_first_value_typed_fills_what_nobody_touched(staff):
    staff.open(FORM)
    page = staff.page
    page.get_by_label("Two").press_sequentially("5")
    expect(page.get_by_label("One")).to_have_value("5")
    page.get_by_label("One").fill("7")
    expect(page.get_by_label("Three")).to_have_value("5")
    page.get_by_label("Two").fill("")
    page.get_by_label("Two").press_sequentially("9999")
    expect(page.get_by_label("Three")).to_have_value("9999")
    expect(page.get_by_label("One")).to_have_value("7")


def test_filling_works_without_script(unscripted_staff):
    unscripted_staff.open(FORM)
    page = unscripted_staff.page
    page.get_by_label("Two").fill("9999")
    page.get_by_label("One").fill("7")
    page.get_by_label("Name").fill("Kept")
    page.get_by_role("button", name="Fill all with the first value").click()
    assert [page.get_by_label(name).input_value() for name in ("One", "Two", "Three", "Name")] == [
        "7",
        "9999",
        "7",
        "Kept",
    ]
    expect(page.get_by_role("alert")).to_have_count(0)


def test_two_lists_search_and_move_one_or_all(staff):
    staff.open(FORM)
    page = staff.page
    page.get_by_label("Search: Available").fill("reseller 1")
    page.get_by_role("button", name="Add all shown").click()
    page.get_by_label("Search: Available").fill("")
    page.locator("#id_resellers-free").select_option(label="Reseller 05")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#id_resellers-chosen").select_option(label="Reseller 11")
    page.get_by_role("button", name="Remove", exact=True).click()
    chosen = page.locator("#id_resellers").evaluate("select => [...select.selectedOptions].map(o => o.value)")
    assert chosen == ["5", "10", *(str(number) for number in range(12, 20))]
    expect(page.locator("#id_resellers-chosen option")).to_have_count(10)


def test_rows_are_chosen_one_by_one_or_all_of_the_filter(staff, jobs):
    page = staff.page
    staff.open(LIST)
    bar = page.get_by_role("form", name="Selected rows")
    expect(bar).to_be_hidden()
    page.get_by_role("row", name="Job 03").get_by_role("checkbox").check()
    expect(bar).to_be_visible()
    page.get_by_role("button", name="Name them").click()
    expect(page.locator("body")).to_have_text("Job 03")
    staff.open(f"{LIST}?q=Job%205")
    page.get_by_role("checkbox", name="Select every row of this page").check()
    page.get_by_role("checkbox", name="Select all 10").check()
    page.get_by_role("button", name="Name them").click()
    expect(page.locator("body")).to_have_text(",".join(f"Job {number}" for number in range(50, 60)))


def test_rows_are_chosen_without_script(unscripted_staff, jobs):
    page = unscripted_staff.page
    unscripted_staff.open(f"{LIST}?q=Job%205")
    page.get_by_role("row", name="Job 53").get_by_role("checkbox").check()
    page.get_by_role("button", name="Name them").click()
    expect(page.locator("body")).to_have_text("Job 53")


def test_a_chart_is_drawn_and_stands_as_a_table_too(staff):
    staff.open("/console/sample/detail/")
    page = staff.page
    page.wait_for_function("window.Chart && Chart.getChart(document.querySelector('canvas'))")
    page.get_by_text("As a table").click()
    expect(page.get_by_role("row", name="Feb 2 2")).to_be_visible()


def test_tabs_are_links(unscripted_staff):
    unscripted_staff.open("/console/sample/detail/")
    unscripted_staff.page.get_by_role("link", name="More").click()
    expect(unscripted_staff.page.get_by_text("Nothing happened yet.")).to_be_visible()


def test_destroying_is_typed(unscripted_staff):
    unscripted_staff.open("/console/sample/confirm/")
    page = unscripted_staff.page
    page.get_by_label("Type North to confirm").fill("north")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("exactly")
    page.get_by_label("Type North to confirm").fill("North")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
