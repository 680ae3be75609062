"""The side navigation is data: each app registers its entries when it is ready, this module knows their order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from resellerhub.web.request import Actor, actor_of
from resellerhub.web.shells import SHELLS, shell_link, shell_of


@dataclass(frozen=True)
class NavItem:
    """An entry: shown to actors who have the permission and whose tenant is of one of the kinds (none: of any)."""

    label: Any
    url_name: str = ""
    permission: str | None = None
    icon: str = ""
    children: "tuple[NavItem, ...]" = ()
    kinds: tuple[str, ...] = ()

    def is_for(self, actor: Actor) -> bool:
        return (not self.kinds or actor.kind in self.kinds) and (not self.permission or actor.sees(self.permission))


@dataclass(frozen=True)
class Entry:
    """An entry as one actor sees it on one page."""

    label: Any
    url: str | None
    icon: str
    is_current: bool
    children: "list[Entry]" = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.is_current or any(child.is_open for child in self.children)


GROUPS = {
    "catalogue": NavItem(_("Catalogue"), icon="box"),
    "add_ons": NavItem(_("Add-ons"), icon="puzzle"),
    "reports": NavItem(_("Reports"), icon="chart"),
    "reports/usage": NavItem(_("Usage report")),
    "invoicing": NavItem(_("Invoicing"), icon="receipt"),
    "developers": NavItem(_("Developers"), icon="code"),
    "settings": NavItem(_("Settings"), icon="settings"),
}
ORDER = (
    "dashboard",
    "resellers",
    "invitations",
    "registrations",
    "customers",
    "catalogue/",
    "packages",
    "services",
    "subscriptions",
    "orders",
    "pools",
    "add_ons/",
    "add_ons",
    "over_usage",
    "reports/",
    "invoicing/",
    "invoices",
    "jobs",
    "mails",
    "events",
    "team",
    "developers/",
    "settings/",
)
"""The top level of both shells, by url name; groups end in a slash. What is not named here comes last."""

_registered: dict[str, dict[str, list[NavItem]]] = {shell: {} for shell in SHELLS}


def register(*items: NavItem, shells: Sequence[str] = SHELLS, under: str = "") -> None:
    """Add entries to shells, at the top level or under a group, e.g. `reports/usage`. Call it in `AppConfig.ready`."""
    if under and under not in GROUPS:
        raise ValueError(f"There is no navigation group {under!r}.")
    for shell in shells:
        there = _registered[shell].setdefault(under, [])
        there += [item for item in items if item not in there]


def entries(request: HttpRequest, current: str) -> list[Entry]:
    """The navigation of this request's shell, with the entry whose url name is `current` marked."""
    actor = actor_of(request)
    if actor is None:
        return []
    return [entry for item in _tree(shell_of(request)) if (entry := _entry(request, actor, item, current))]


def trail(entries: list[Entry]) -> list[Entry]:
    """The path from the top level to the current entry; empty when it is not in the navigation."""

    def walk(level: list[Entry]) -> Iterator[Entry]:
        for entry in level:
            if entry.is_open:
                yield entry
                yield from walk(entry.children)
                return

    return list(walk(entries))


def _tree(shell: str) -> list[NavItem]:
    """All that is registered for a shell, groups filled with what belongs to them."""
    registered = _registered[shell]

    def group(path: str) -> NavItem:
        own = registered.get(path, [])
        below = [group(key) for key in GROUPS if key.rpartition("/")[0] == path]
        return replace(GROUPS[path], children=(*own, *below))

    top = {item.url_name: item for item in registered.get("", [])}
    top |= {f"{key}/": group(key) for key in GROUPS if "/" not in key}
    rank = {key: position for position, key in enumerate(ORDER)}
    return [top[key] for key in sorted(top, key=lambda key: rank.get(key, len(rank)))]


def _entry(request: HttpRequest, actor: Actor, item: NavItem, current: str) -> Entry | None:
    if not item.is_for(actor):
        return None
    children = [entry for child in item.children if (entry := _entry(request, actor, child, current))]
    url = shell_link(request, item.url_name) if item.url_name else None
    if not url and not children:
        return None
    return Entry(item.label, url, item.icon, bool(url) and item.url_name == current, children)
