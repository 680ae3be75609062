"""A hidden customer occurs in no byte of any answer to those above: the routes are read from the resolver."""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, include, path, resolve
from django.utils import timezone

import resellerhub.urls as root
from tenants import naming, preferences
from tenants.models import Profile
from tenants.services.visibility import hide_customers
from tests.isolation.bodies import body_of
from tests.isolation.canaries import FRAGMENT, WORD, Canary, build_canary
from tests.isolation.conftest import Asker, asker
from tests.isolation.routes import Route, routes
from tests.isolation.things import Things
from tests.subscriptions.market import Market
from tests.world import Player

CANARY = re.compile(WORD.encode(), re.IGNORECASE)
OPEN = {"openapi", "docs", "redoc"}
FILES = ("csv", "xlsx")
FORM = {"confirm": "Yes", "confirmation": "Yes", "reason": "because", "preview": "1"}
SHOWN_TO_ITS_SELLER = {
    *("console:customers", "portal:customers", "api:customers", "portal:customer", "api:customer"),
    *("portal:subscriptions", "api:subscriptions", "api:subscription", "portal:over_usage", "api:over_usage"),
    *("portal:events", "api:events", "api:event", "api:users", "portal:subscription"),
}
"""Where the reseller itself reads the word; the console is the provider's."""


@dataclass
class Reader:
    """Somebody who asks for everything, or for some routes alone, with every column of every list chosen."""

    player: Player
    asker: Asker
    shell: str
    only: tuple[str, ...] = ()

    def routes(self, ids: dict[str, int]) -> Iterator[Route]:
        """Which ids there are is held by the sweep over all routes."""
        for route in (each for each in routes() if not self.only or str(each) in self.only):
            if route.shell in (self.shell, "api") and route.name not in OPEN and set(route.subjects) <= set(ids):
                yield route

    def get(self, route: Route, ids: dict[str, int], query: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self.asker.key}"} if route.shell == "api" else {}
        return self.asker.browser.get(f"{route.address(ids)}{query}", headers=headers)


def reader(player: Player, *only: str) -> Reader:
    return Reader(player, asker(player), "console" if player.tenant.kind == "provider" else "portal", only)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def canary(market: Market, things: Things) -> Canary:
    return build_canary(market, things, timezone.now())


@pytest.fixture
def hidden(market: Market, canary: Canary) -> Canary:
    """The provider hides: North, between the two, reads no more either."""
    world = market.world
    hide_customers(actor=world.provider.actor, reseller_id=world.north_east.id, now=timezone.now())
    return canary


def body(response: Any) -> bytes:
    """All that goes over the wire; a spreadsheet unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content + str(response.headers).encode()


def context(response: Any, name: str) -> Any:
    return response.context.get(name) if getattr(response, "context", None) else None


def queries(response: Any) -> Iterator[str]:
    """What else the page can be asked for: its tabs, views, files, and the word in its search."""
    if page := context(response, "page"):
        yield from (f"?tab={tab.key}" for tab in getattr(page, "tabs", ()))
    if (listed := context(response, "list")) and hasattr(listed, "table_class"):
        if listed.switch:
            yield from (f"?{listed.switch.name}={value}" for value, _label in listed.switch.choices)
        yield from (f"?export={kind}&filename=x" for kind in FILES)
        yield f"?q={FRAGMENT}&export=csv&filename=x"


def choose_all_columns(reader: Reader, response: Any) -> bool:
    table, listed = context(response, "table"), context(response, "list")
    if table is None or not hasattr(listed, "key"):
        return False
    preferences.save(reader.player.user.pk, listed.key, [column.name for column in table.choosable()])
    return True


def answers(reader: Reader, canary: Canary, *, thorough: bool) -> Iterator[tuple[str, Any]]:
    """Every answer to a reader, with the address that gave it."""
    for route in reader.routes(canary.ids):
        if "get" in route.methods:
            yield from looks(reader, route, canary, thorough=thorough)
        if thorough:
            for method in set(route.methods) - {"get"}:
                with transaction.atomic():  # undone: what one route changes would hide what the next one shows
                    yield from ((f"{route} {method}", each) for each in acts(reader, route, method, canary))
                    transaction.set_rollback(True)


def looks(reader: Reader, route: Route, canary: Canary, *, thorough: bool) -> Iterator[tuple[str, Any]]:
    first = reader.get(route, canary.ids)
    yield str(route), first
    if route.shell == "api":
        if is_list(first):
            yield f"{route}?limit", reader.get(route, canary.ids, "?limit=200")
        yield from expanded(reader, route, canary)
        return
    if not thorough:
        return
    if choose_all_columns(reader, first):
        yield f"{route} (all columns)", reader.get(route, canary.ids)
    for query in queries(first):
        yield f"{route}{query}", reader.get(route, canary.ids, query)
    if route.name == "event":
        for pk in canary.events:
            yield f"{route} {pk}", reader.get(route, canary.ids | {"events": pk})
    if route.name == "search":
        yield f"{route}?q", reader.get(route, canary.ids, f"?q={FRAGMENT}")


def expanded(reader: Reader, route: Route, canary: Canary) -> Iterator[tuple[str, Any]]:
    for name in view_of(route).expandable if view_of(route) else ():
        yield f"{route}?expand={name}", reader.get(route, canary.ids, f"?expand={name}")


def view_of(route: Route) -> Any:
    match = resolve(route.address(dict.fromkeys(route.subjects, 1)))
    return getattr(match.func, "cls", None)


def acts(reader: Reader, route: Route, method: str, canary: Canary) -> Iterator[Any]:
    """The answer, what the next page says about it, and for a form also the refusal of an empty one. A move goes
    beneath the reader: there it tells what would come along."""
    to_the_reader = {"resellers": reader.player.id} if "move" in route.name and "reseller" not in route.name else {}
    if route.shell == "api":
        yield reader.asker.ask(route, method, canary.ids | to_the_reader)
        return
    browser, address = reader.asker.browser, route.address(canary.ids)
    yield browser.post(address, {"request_id": str(uuid4())})
    done = browser.post(address, FORM | {"request_id": str(uuid4()), **body_of(route, canary.ids | to_the_reader)})
    yield done
    if done.status_code == 302:
        yield browser.get(f"/{reader.shell}/profile/")
        browser.force_login(reader.player.user, backend="allauth.account.auth_backends.AuthenticationBackend")


def leaks(reader: Reader, canary: Canary, *, thorough: bool = True) -> set[str]:
    found = set()
    for address, response in answers(reader, canary, thorough=thorough):
        if place := CANARY.search(whole := body(response)):
            around = whole[max(0, place.start() - 60) : place.end() + 20]
            found.add(f"{address}: …{around.decode(errors='replace')}…")
        if response.status_code == 500:
            found.add(f"{address}: broke")
    return found


def test_no_byte_of_any_answer_to_the_provider_holds_a_hidden_name(market: Market, hidden: Canary):
    assert leaks(reader(market.world.provider), hidden) == set()


def test_no_byte_of_any_answer_to_the_reseller_above_holds_a_hidden_name(market: Market, hidden: Canary):
    assert leaks(reader(market.world.north), hidden) == set()


def test_the_reseller_itself_reads_it_everywhere(market: Market, hidden: Canary):
    wanted = {name for name in SHOWN_TO_ITS_SELLER if not name.startswith("console")}
    found = leaks(reader(market.world.north_east, *wanted), hidden, thorough=False)
    assert wanted - {each.partition(":…")[0].partition(": …")[0] for each in found} == set()


def order_of(response: Any, route: Route) -> list[int]:
    if route.shell == "api":
        return [row["id"] for row in response.json()["results"]]
    return [key_of(row.record) for row in response.context["table"].rows]


def key_of(record: Any) -> Any:
    if not isinstance(record, dict):
        return getattr(record, "pk", None) or str(record)
    return record["id"] if "id" in record else (record["branch_id"], record["resource_id"])


def questions(reader: Reader, canary: Canary) -> list[tuple[Route, str]]:
    """Every list by every column that it offers, and what it finds for the words."""
    asked = [(route, reader.get(route, canary.ids)) for route in reader.routes(canary.ids) if "get" in route.methods]
    return [(route, query) for route, first in asked for query in asked_of(route, first)]


def orders(reader: Reader, canary: Canary, asked: list[tuple[Route, str]]) -> dict[str, list[int]]:
    """The ids that each question is answered with."""
    answers = ((route, query, reader.get(route, canary.ids, query)) for route, query in asked)
    return {
        f"{route}{query}": order_of(answer, route)
        for route, query, answer in answers
        if answer.status_code == 200 and not answer.streaming
    }


def asked_of(route: Route, response: Any) -> Iterator[str]:
    if route.shell == "api":
        view = view_of(route)
        if view is not None and "list" in getattr(view, "reads", ()) and is_list(response):
            yield from (f"?limit=200&ordering={name}" for name in view.ordering_fields)
            if view.filterset_class and "q" in view.filterset_class.base_filters:
                yield f"?limit=200&search={FRAGMENT}"
        return
    table = context(response, "table")
    if table is None or not hasattr(table, "choosable") or not context(response, "list"):
        return
    for column in table.choosable():
        if column.orderable:
            yield f"?per_page=100&sort={column.name}"
    yield f"?q={FRAGMENT}"


def is_list(response: Any) -> bool:
    is_json = response.status_code == 200 and response["Content-Type"].startswith("application/json")
    return is_json and isinstance(response.json(), dict) and "results" in response.json()


def test_a_hidden_name_has_no_place_in_an_order_and_is_not_found(market: Market, hidden: Canary):
    asking = reader(market.world.provider)
    hidden.rename("Aaa")
    asked = questions(asking, hidden)
    first = orders(asking, hidden, asked)
    hidden.rename(f"Zz{FRAGMENT}")
    second = orders(asking, hidden, asked)
    assert len(first) > 80
    assert {where: (first[where], second[where]) for where in first if first[where] != second[where]} == {}


def leak(request: Any) -> HttpResponse:
    return HttpResponse(" ".join(Profile.objects.values_list("name", flat=True)))


def leaking_addresses() -> list[Any]:
    rest = [each for each in root.urlpatterns if str(each.pattern) != "console/"]
    console: Any = next(each for each in root.urlpatterns if str(each.pattern) == "console/")
    patterns = ([*console.url_patterns, path("leak/", leak, name="leak")], "console")
    return [path("console/", include(patterns, namespace="console")), *rest]


@pytest.fixture
def a_leak(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more page, that says every name."""
    module = ModuleType("tests.isolation.leaking_urls")
    vars(module).update({name: value for name, value in vars(root).items() if name.startswith("handler")})
    vars(module)["urlpatterns"] = leaking_addresses()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with override_settings(ROOT_URLCONF=module.__name__):
        clear_url_caches()
        yield
    clear_url_caches()


def test_a_page_that_leaks_is_noticed(market: Market, hidden: Canary, a_leak: None):
    found = leaks(reader(market.world.provider, "console:leak", "console:dashboard"), hidden, thorough=False)
    assert {each.partition(": …")[0] for each in found} == {"console:leak"}


def test_without_the_rule_every_list_is_noticed(market: Market, hidden: Canary, monkeypatch: pytest.MonkeyPatch):
    """The sweep would see names in all these places, if it were not for `naming.readable`."""
    monkeypatch.setattr(naming, "readable", lambda actor, tenant="tenant": ~Q(pk=None))
    monkeypatch.setattr(naming, "is_readable", lambda actor, tenant: True)
    wanted = {name.replace("portal:", "console:") for name in SHOWN_TO_ITS_SELLER} - {"console:events", "api:event"}
    found = leaks(reader(market.world.provider, *wanted), hidden, thorough=False)
    assert wanted - {each.partition(": …")[0] for each in found} == set()
