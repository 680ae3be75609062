"""Roles and what they may do, read from the permissions, the pages and the endpoints themselves."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from tenants.permission_words import word
from tenants.roles import LOOKING, PERMISSIONS, ROLES, Kind, Role

SHELLS = {"console/": "console", "portal/": "portal", "api/v1/": "api"}
READS = {"list", "retrieve"}


@dataclass(frozen=True)
class Operation:
    """A page or an endpoint, and what it asks for: `a&b` is both, of `a|b` one will do, and nothing is nothing."""

    shell: str
    method: str
    path: str
    permission: str

    @property
    def permissions(self) -> list[str]:
        return [name for name in re.split("[&|]", self.permission) if name]

    def is_open_to(self, held: Collection[str]) -> bool:
        parts = [part.split("|") for part in self.permission.split("&") if part]
        return all(any(name in held for name in names) for names in parts)


@dataclass(frozen=True)
class Table:
    """Of one kind of tenant: its roles, and for each permission which of them have it."""

    kind: str
    label: str
    roles: list[str]
    rows: list[tuple[str, str, list[bool]]]


def table(kind: str) -> Table:
    roles = ROLES[kind]
    held = sorted(set().union(*roles.values()), key=lambda name: (name.partition(".")[0], name not in LOOKING, name))
    rows = [(name, word(name), [name in allowed for allowed in roles.values()]) for name in held]
    return Table(kind, str(Kind(kind).label), [str(Role(role).label) for role in roles], rows)


def operations() -> Iterator[Operation]:
    """Every page of both shells and every endpoint of the API."""
    for resolver in get_resolver().url_patterns:
        prefix = str(resolver.pattern)
        if isinstance(resolver, URLResolver) and prefix in SHELLS:
            for path, pattern in _flat(resolver):
                yield from _of(SHELLS[prefix], path, pattern)


def markdown() -> str:
    """The page of the documentation; a test compares it with the file."""
    with override("en"):
        return "\n".join([*_head(), *_tables(), *_uses()]) + "\n"


def _of(shell: str, path: str, pattern: URLPattern) -> Iterator[Operation]:
    view: Any = pattern.callback
    actions: dict[str, str] = getattr(view, "actions", {})
    if shell != "api":
        permission = getattr(view, "permission", None) or ""
        yield Operation(shell, "page", path, permission.format(**(pattern.default_args or {})))
    for method, action in list(actions.items()):
        if method != "head":
            endpoint = getattr(getattr(view.cls, action), "endpoint", None)
            permission = endpoint.permission if endpoint else view.cls.permission
            yield Operation(shell, method.upper(), path, permission)


def _flat(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _flat(entry, path)
        else:
            yield path, entry


def _head() -> Iterator[str]:
    yield "# Roles"
    yield ""
    yield "Made from the permissions of `tenants/roles.py` and from what pages and endpoints ask for, by"
    yield "`python manage.py role_table`; a test holds them together, and asks every page and endpoint in every role."
    yield "A role is given in one tenant; what it may do there, it may do to all beneath. Nobody gives or takes a role"
    yield "that may what they may not. An account manager sees the assigned customers alone."
    yield ""


def _tables() -> Iterator[str]:
    for kind in ROLES:
        shown = table(kind)
        yield f"## {shown.label}"
        yield ""
        yield f"| may | {' | '.join(shown.roles)} |"
        yield f"| --- | {' | '.join('---' for _role in shown.roles)} |"
        for name, words, held in shown.rows:
            yield f"| {words} (`{name}`) | {' | '.join('yes' if one else '–' for one in held)} |"
        yield ""


def _uses() -> Iterator[str]:
    every = sorted(set(operations()), key=lambda one: (one.shell == "api", one.path, one.method))
    yield "## What a permission opens"
    yield ""
    yield "| permission | pages | endpoints |"
    yield "| --- | --- | --- |"
    for name in [*sorted(PERMISSIONS), ""]:
        mine = [one for one in every if (name in one.permissions if name else not one.permission)]
        pages = dict.fromkeys(f"`{_plain(one.path)}`" for one in mine if one.shell != "api")
        endpoints = [f"`{one.method} /{_plain(one.path)}`" for one in mine if one.shell == "api"]
        heading = f"`{name}`" if name else "none: whoever is logged in"
        yield f"| {heading} | {', '.join(pages)} | {', '.join(endpoints)} |"


def _plain(path: str) -> str:
    """An address as people write it: `customers/{id}/`."""
    return path.replace("<int:pk>", "{id}").replace("<int:", "{").replace("<str:", "{").replace(">", "}")
