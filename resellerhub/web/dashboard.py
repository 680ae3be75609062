"""The first page of both shells: counters and panels that the apps register."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from resellerhub.web.details import Counter, Section, section_for
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest

Counters = Callable[[PageRequest], Sequence[Counter]]
Panels = Callable[[PageRequest], Sequence[Section]]

_counters: list[Counters] = []
_panels: list[Panels] = []


def register(*, counters: Counters | None = None, panels: Panels | None = None) -> None:
    """Add to the dashboard what the actor of a request may see; give nothing back where there is nothing to show."""
    if counters and counters not in _counters:
        _counters.append(counters)
    if panels and panels not in _panels:
        _panels.append(panels)


@page()
def dashboard(request: PageRequest) -> HttpResponse:
    def collect(makers: Sequence[Callable[[PageRequest], Sequence[Any]]]) -> list[Any]:
        return [made for make in makers for made in make(request)]

    return render_page(
        request,
        "dashboard.html",
        title=_("Dashboard"),
        parent="dashboard",
        counters=collect(_counters),
        panels=[section_for(request, panel) for panel in collect(_panels)],
    )
