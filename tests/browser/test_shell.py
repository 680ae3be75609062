"""Every page, in both themes and on a phone; and what the shell's scripts make quicker."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ALL_BUT_CONTRAST, CONTRAST, SHELL
from tests.browser.crawl import walk
from tests.isolation.routes import routes
from tests.reports.oversold import build_oversold
from tests.subscriptions.market import build_market

REFUSED = {403, 404, 405}
"""Not for this actor (a wizard without permission), or not to be looked at (POST only)."""


@pytest.fixture
def stage(committed_world):
    return build_oversold(build_market(committed_world))


@pytest.mark.parametrize(
    ("who", "shell", "language"),
    [("provider", "console", "en"), ("north", "portal", "de"), ("shop", "portal", "de")],
)
def test_every_page_is_accessible_quiet_and_narrow(window, stage, committed_world, who, shell, language):
    """German words are the longer ones, so it is they that have to fit on a phone.

    What is the same page in the console was looked at there; in the portal it has to be quiet and fit. Colours are
    measured where they are new, and what all pages have around them is looked at on the first.
    """
    alike = {route.name for route in routes() if route.shell == "console" and who != "provider"}
    window.log_in(getattr(committed_world, who))
    window.page.context.add_cookies([{"name": "language", "value": language, "url": window.base}])
    wrong, looked_at, colours, known = [], [], set(), ()
    for kind, path, status in walk(window, shell):
        if status in REFUSED:
            continue
        looked_at.append(kind)
        complaints = list(window.complaints)
        is_alike = kind.split()[0].partition(":")[2] in alike
        wrong += [f"{path} answers {status}"] if status != 200 else []
        wrong += [f"{path} console: {complaint}" for complaint in complaints]
        wrong += [f"{path} is {wide} px too wide at 320"] if (wide := window.overflow(back=not is_alike)) > 0 else []
        if is_alike:
            continue
        new = window.shows_new_colours("light", colours)
        found = window.findings() if new else window.findings(ALL_BUT_CONTRAST, without=known)
        wrong += [f"{path} light: {finding}" for finding in found]
        window.set_theme("dark")
        found = window.findings(CONTRAST) if window.shows_new_colours("dark", colours) else []
        wrong += [f"{path} dark: {finding}" for finding in found]
        known = SHELL
    assert not wrong, "\n".join(wrong)
    assert len(looked_at) > 8


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nowhere/"])
def test_the_entrance_is_accessible_in_both_themes(window, db, path):
    window.open(path)
    for theme in ("light", "dark"):
        window.set_theme(theme)
        assert window.findings() == []
    assert window.overflow() <= 0


def test_slash_goes_to_the_search(window, page, committed_world):
    window.log_in(committed_world.provider)
    page.keyboard.press("/")
    expect(page.get_by_label("Search everything")).to_be_focused()
    page.keyboard.type("north")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="North-East").first).to_be_visible()


def test_the_theme_changes_at_once_and_stays(window, page, committed_world):
    window.log_in(committed_world.provider)
    page.get_by_label("Theme").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert window.complaints == []


def test_menus_close_on_escape_and_give_the_focus_back(window, page, committed_world):
    window.log_in(committed_world.provider)
    page.get_by_label("Language").click()
    expect(page.get_by_role("button", name="Deutsch")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Deutsch")).to_be_hidden()
    expect(page.get_by_label("Language")).to_be_focused()


def test_sorting_swaps_the_list_and_keeps_the_focus(window, page, committed_world):
    window.log_in(committed_world.provider)
    window.open("/console/customers/")
    page.evaluate("window.untouched = true")
    page.get_by_role("link", name="Status").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?sort=status*")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Status")
    assert page.evaluate("window.untouched") is True
    expect(page.get_by_role("link", name="Status")).to_be_focused()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_list_is_searched_filtered_and_cleared(request, committed_world, scripted):
    window = request.getfixturevalue("window" if scripted else "without_script")
    page = window.page
    window.log_in(committed_world.provider)
    window.open("/console/customers/")
    page.get_by_label("Search this list").fill("Mill")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Mill*")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(4)


@pytest.mark.parametrize("scripted", [True, False])
def test_columns_are_chosen_and_remembered(request, committed_world, scripted):
    window = request.getfixturevalue("window" if scripted else "without_script")
    page = window.page
    window.log_in(committed_world.provider)
    window.open("/console/customers/")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Status").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("columnheader", name="Status")).to_have_count(0)
    window.open("/console/customers/")
    expect(page.get_by_role("columnheader", name="Status")).to_have_count(0)


def test_the_language_and_the_theme_work_without_script(without_script, committed_world):
    page = without_script.page
    without_script.log_in(committed_world.provider)
    page.get_by_label("Theme").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Language").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_on_a_phone_the_navigation_opens_by_a_link(without_script, committed_world):
    page = without_script.page
    without_script.log_in(committed_world.provider)
    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.locator("#navigation")).to_be_hidden()
    page.get_by_label("Open the navigation").click()
    expect(page.locator("#navigation")).to_be_visible()
    page.get_by_label("Close the navigation").click()
    expect(page.locator("#navigation")).to_be_hidden()
