from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from resellerhub.rest.documents import document
from tenants.services.api_keys import create_api_key
from tests.world import NOW, Player, provider


@dataclass
class Caller:
    """A client with an API key."""

    client: Client
    key: str

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        given = {
            "Authorization": f"Bearer {self.key}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        content = {} if data is None else {"data": data, "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1/{path}", headers=given, **content)

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}", data if data is not None else {}, content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **{n.replace("_", "-"): t for n, t in headers.items()}},
        )  # fmt: skip


def caller_for(player: Player) -> Caller:
    _row, key = create_api_key(actor=player.actor, name="test", scopes=["*"], now=NOW)
    return Caller(Client(raise_request_exception=False), key)


@pytest.fixture(autouse=True)
def addresses_of_the_tests(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.rest.urls"
    cache.clear()
    document.cache_clear()
    yield
    document.cache_clear()


@pytest.fixture
def house(db: None) -> Player:
    """A provider: all that these tests need of the cast."""
    return provider("Groupware GmbH")


@pytest.fixture
def api(house: Player) -> Caller:
    return caller_for(house)
