"""Which columns a user wants in a list; kept by the app that `LIST_PREFERENCES` names."""

from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings


class Store(Protocol):
    """`load` gives an empty list where nothing was chosen; saving an empty list forgets the choice."""

    def load(self, user_id: int, list_key: str) -> list[str]: ...
    def save(self, user_id: int, list_key: str, columns: list[str]) -> None: ...


@cache
def _store() -> Store:
    return cast(Store, import_module(settings.LIST_PREFERENCES))


def load(actor: Any, list_key: str) -> list[str]:
    return _store().load(actor.user_id, list_key) if actor.user_id else []


def save(actor: Any, list_key: str, columns: list[str]) -> None:
    if actor.user_id:
        _store().save(actor.user_id, list_key, columns)
