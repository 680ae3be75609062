"""Walks every page that somebody can reach: what has a link, and every address that needs no id."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.conftest import NOT_FOR_LOOKING, Window
from tests.isolation.routes import routes

PAGES = re.compile(r"^/(console|portal|accounts)/")
LEAVES = re.compile(
    r"/(logout|file|download|columns|template|reconciliation|pdf|hybrid|xml|csv|excel)/|export="
)  # nothing that a browser shows as a page


def kind_of(path: str) -> str:
    """Pages of one route and one tab are alike: one of them is looked at."""
    parts = urlsplit(path)
    match = resolve(parts.path)
    tab = re.search(r"tab=\w+", parts.query)
    return f"{match.view_name} {tab[0] if tab else ''}".strip()


def links(page: Page) -> list[str]:
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    here = urlsplit(page.url).path
    return [here + href if href.startswith("?") else href.split("#")[0] for href in hrefs]


def plain_routes(shell: str) -> list[str]:
    """Addresses of a shell that need no id."""
    return ["/" + route.path for route in routes() if route.shell == shell and not route.parameters]


def walk(window: Window, shell: str) -> Iterator[tuple[str, str, int]]:
    """(kind, path, status) of one page of each kind, while the window shows it."""
    waiting, seen = deque([f"/{shell}/", "/accounts/password/change/", "/accounts/2fa/", *plain_routes(shell)]), set()
    while waiting:
        path = waiting.popleft()
        if not PAGES.match(path) or LEAVES.search(path):
            continue
        try:
            kind = kind_of(path)
        except Resolver404:
            continue
        if kind in seen:
            continue
        seen.add(kind)
        window.complaints.clear()
        status = window.open(path)
        yield kind, path, status
        if status != NOT_FOR_LOOKING:
            waiting.extend(links(window.page))
