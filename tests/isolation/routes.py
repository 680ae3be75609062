"""Every address of console, portal and API, as the resolver knows it, with the ids it asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

SHELLS = {"console/": "console", "portal/": "portal", "api/v1/": "api"}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    shell: str
    path: str
    """With <parameters>, below the root."""
    name: str
    methods: tuple[str, ...]

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.path)

    @property
    def subjects(self) -> list[str]:
        """What each parameter is an id of: the part of the path before it, or, for a second in a row, its name."""
        parts = self.path.rstrip("/").split("/")
        return [
            (PARAMETER.findall(part)[0].removesuffix("_id") if parts[i - 1].startswith("<") else parts[i - 1])
            for i, part in enumerate(parts)
            if part.startswith("<")
        ]

    def address(self, ids: dict[str, int | str]) -> str:
        """The path with these ids: subject → id."""
        values = iter([str(ids[subject]) for subject in self.subjects])
        return "/" + PARAMETER.sub(lambda _: next(values), self.path)

    def __str__(self) -> str:
        return f"{self.shell}:{self.name}"


def routes() -> list[Route]:
    found = []
    for resolver in get_resolver().url_patterns:
        prefix = str(resolver.pattern)
        if isinstance(resolver, URLResolver) and prefix in SHELLS:
            found += [
                Route(SHELLS[prefix], prefix + path, pattern.name or path, methods_of(pattern))
                for path, pattern in flat(resolver)
            ]
    return found


def flat(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from flat(entry, path)
        else:
            yield path, entry


def methods_of(pattern: URLPattern) -> tuple[str, ...]:
    """What a view set answers; for a page both, since a method that is not allowed is not a leak."""
    actions = getattr(pattern.callback, "actions", None)
    return (
        tuple(method for method in actions if method in {"get", "post", "patch", "delete"})
        if actions
        else ("get", "post")
    )
