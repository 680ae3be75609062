"""A real Chromium against a live server on the real database."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as Late

from resellerhub.launch import chromium
from tests.pools.stage import Stage, build_stage
from tests.world import NOW, Player, World

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread; Django's guard means servers

QUICK = {"resultTypes": ["violations"], "preload": False}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], **QUICK}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **QUICK}
ALL_BUT_CONTRAST = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
RUN_AXE = """([where, options]) => axe.run(where, options).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`)))"""
SHELL = (".sidenav", ".topbar")
"""What every page has alike."""
COLOURS = (Path(__file__).parent / "colours.js").read_text()
"""How each text stands out: its colour and size before all that is painted beneath it."""

FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
PATIENCE = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium.find()
    if path:
        return path
    if os.environ.get("CI"):
        pytest.fail(chromium.HOW_TO_GET_IT)
    pytest.skip(chromium.HOW_TO_GET_IT)


@pytest.fixture(scope="session")
def playwright_(chromium_path: str) -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chrome(playwright_: Playwright, chromium_path: str) -> Iterator[Browser]:
    browser = playwright_.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
    yield browser
    browser.close()


NOT_FOR_LOOKING = 405
"""The status of an address that only takes what is sent to it."""


@dataclass
class Window:
    """A page of one visitor, with everything that the console complained about."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go there; the status of the answer, 405 where there is none to look at."""
        try:
            response = self.page.goto(self.base + path)
        except Error as error:
            if "ERR_HTTP_RESPONSE_CODE_FAILURE" not in error.message:
                raise
            return NOT_FOR_LOOKING
        assert response is not None
        return response.status

    def log_in(self, player: Player) -> None:
        """As somebody who has come in, on their first page. How one comes in is in test_login."""
        name = settings.SESSION_COOKIE_NAME
        session = player.browser().cookies[name].value
        self.page.context.add_cookies([{"name": name, "value": session, "url": self.base}])
        self.open("/")

    def set_theme(self, theme: str) -> None:
        self.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)

    def findings(self, options: Mapping[str, Any] = RULES, *, without: Sequence[str] = ()) -> list[str]:
        """What axe finds, as rule and element; not in those parts that it looked at on another page."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        where = {"exclude": [[selector] for selector in without]} if without else "html"
        found: list[str] = self.page.evaluate(RUN_AXE, [where, options])
        return found

    def shows_new_colours(self, theme: str, seen: set[tuple[str, str]]) -> bool:
        """Whether a text stands out otherwise than all that were seen; from now on it is one of them."""
        shown = {(theme, each) for each in self.page.evaluate(COLOURS)}
        new = shown - seen
        seen |= new
        return bool(new)

    def overflow(self, *, back: bool = True) -> int:
        """By how many pixels the page is wider than a phone; afterwards the window is wide again."""
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        with suppress(Late):  # a chart follows its container a few frames later
            self.page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth", timeout=3000)
        too_wide: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if back:
            self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        return too_wide


def watch(page: Page, complaints: list[str]) -> None:
    page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@pytest.fixture
def context(chrome: Browser) -> Iterator[BrowserContext]:
    context = chrome.new_context(viewport=WIDE, locale="en-GB", reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def window(context: BrowserContext, live_server: Any) -> Window:
    made = Window(context.new_page(), live_server.url)
    watch(made.page, made.complaints)
    return made


@pytest.fixture
def without_script(chrome: Browser, live_server: Any) -> Iterator[Window]:
    """The same with JavaScript switched off."""
    context = chrome.new_context(viewport=WIDE, locale="en-GB", java_script_enabled=False)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    yield Window(context.new_page(), live_server.url)
    context.close()


@pytest.fixture
def page(window: Window) -> Page:
    return window.page


@pytest.fixture
def pool_stage(committed_world: World) -> Iterator[Stage]:
    """On the day of the cast: what is in stock ends a year later."""
    with time_machine.travel(NOW):
        yield build_stage(committed_world)
