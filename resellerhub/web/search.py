"""One search over everything: each app registers a source, the page asks those that the actor may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link

LIMIT = 8
LONGEST = 200


@dataclass(frozen=True)
class Hit:
    """What was found: a name, a line about it, and the id of its page."""

    title: Any
    subtitle: Any
    pk: int
    state: str = ""
    state_label: Any = ""


@dataclass(frozen=True)
class Source:
    """`find(actor, words, limit)` gives the best hits in scope; `list_name` and `detail_name` are url names."""

    label: Any
    permission: str
    list_name: str
    detail_name: str
    find: Callable[[Any, str, int], Sequence[Hit]]


_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


@page()
def search(request: PageRequest) -> HttpResponse:
    """Hits of every source, each with a link to its whole list."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    groups = []
    for source in _sources if words else ():
        list_url = shell_link(request, source.list_name)
        if list_url is None or not request.actor.can(source.permission):
            continue
        hits = [
            (hit, shell_link(request, source.detail_name, hit.pk)) for hit in source.find(request.actor, words, LIMIT)
        ]
        if hits:
            groups.append({"label": source.label, "hits": hits, "list_url": list_url, "has_more": len(hits) == LIMIT})
    return render_page(request, "search.html", title="", words=words, groups=groups)
