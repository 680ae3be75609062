from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from tenants.services.api_keys import create_api_key
from tests.isolation.bodies import body_of
from tests.isolation.routes import Route
from tests.isolation.things import Things, build_things
from tests.subscriptions.market import Market, build_market
from tests.world import NOW, Player, World

ABSENT = 999_999_999


@dataclass
class Asker:
    """Somebody with a browser and a key who asks for what is not theirs."""

    browser: Client
    key: str

    def ask(self, route: Route, method: str, ids: dict[str, int]):
        address = route.address(ids)
        if route.shell != "api":
            return getattr(self.browser, method)(address)
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": str(uuid4())}
        options = {"data": body_of(route, ids), "content_type": "application/json"} if method != "get" else {}
        return getattr(Client(raise_request_exception=False), method)(address, headers=headers, **options)


def is_only_a_form(response) -> bool:
    """Whatever else it is asked for, it shows the same."""
    shown = getattr(response, "context", None) or {}
    return "form" in shown and not any(part in shown for part in ("list", "table", "page", "filter"))


def asker(player: Player) -> Asker:
    _row, key = create_api_key(actor=player.actor, name="key", scopes=["*"], now=NOW)
    browser = player.browser()
    browser.raise_request_exception = False
    return Asker(browser, key)


@pytest.fixture
def market(world: World) -> Market:
    cache.clear()
    return build_market(world)


@pytest.fixture
def things(market: Market) -> Things:
    return build_things(market)


@pytest.fixture
def rivals(world: World, things: Things) -> dict[str, Asker]:
    """Who asks for North's things: the rival reseller, and a provider from another house."""
    return {"South": asker(world.south), "Other Cloud": asker(world.stranger)}
