"""A detail page is data too: header, counters that equal the lists behind them, tabs of sections."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from resellerhub.web.lists import Action, Empty, permitted
from resellerhub.web.pages import render_page
from resellerhub.web.tables import Table

MENU = 2
"""From so many minor actions on they go into a menu."""


@dataclass(frozen=True)
class Counter:
    """A number and the list that it counts."""

    label: Any
    value: int | str
    url: str = ""
    note: Any = ""
    tone: str = ""


@dataclass(frozen=True)
class Activity:
    """One line of what happened: when, who, what."""

    at: datetime
    who: Any
    what: Any
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a tab: pairs of label and value, a short table, activity, or a template of one's own."""

    title: Any = ""
    facts: Sequence[tuple[Any, Any]] = ()
    table: Table | None = None
    activity: Sequence[Activity] | None = None
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    action: Action | None = None
    actions: Sequence[Action] = ()
    empty: Empty | None = None


@dataclass(frozen=True)
class Tab:
    """Its sections are made only when it is looked at; `?tab=key` is its address."""

    key: str
    label: Any
    sections: Callable[[], Sequence[Section]]
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class DetailPage:
    """`reference` is the id that people quote, shown with a copy button; `state` with `state_label` is the status."""

    title: Any
    tabs: Sequence[Tab]
    reference: Any = ""
    state: str = ""
    state_label: Any = ""
    subtitle: Any = ""
    parent: str = ""
    crumbs: Sequence[tuple[Any, str]] = ()
    actions: Sequence[Action] = ()
    counters: Sequence[Counter] = ()
    template: str = "detail.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def render_detail(request: HttpRequest, page: DetailPage) -> HttpResponse:
    """The page with the tab that the address names, else the first."""
    asked = request.GET.get("tab")
    current = next((tab for tab in page.tabs if tab.key == asked), page.tabs[0])
    sections = [section_for(request, section) for section in current.sections()]
    actions = permitted(request, page.actions)
    more = [action for action in actions if action.minor]
    if len(more) < MENU:
        more = []
    return render_page(
        request,
        page.template,
        title=page.title,
        parent=page.parent,
        crumbs=page.crumbs,
        page=page,
        tab=current,
        sections=sections,
        actions=[action for action in actions if action not in more],
        more=more,
        **page.context,
    )


def section_for(request: HttpRequest, section: Section) -> Section:
    """Bind a section's table to the request, so that its links lead into the right shell."""
    if section.table is not None:
        section.table.request = request
        section.table.orderable = False
    return section
