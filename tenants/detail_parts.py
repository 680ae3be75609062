"""What is on the page of a reseller or customer beside its facts: actions, counters, sections of the overview and tabs,
made when the page is asked for. Each topic, here and in later apps, registers its own."""

from collections.abc import Callable, Sequence

from resellerhub.web.details import Counter, Section, Tab
from resellerhub.web.lists import Action
from resellerhub.web.request import PageRequest
from tenants.models import Tenant

Counters = Callable[[PageRequest, Tenant], Sequence[Counter]]
Tabs = Callable[[PageRequest, Tenant], Sequence[Tab]]
Actions = Callable[[PageRequest, Tenant], Sequence[Action]]
Sections = Callable[[PageRequest, Tenant], Sequence[Section]]

_actions: list[Actions] = []
_sections: list[Sections] = []
_counters: list[Counters] = []
_tabs: list[Tabs] = []


def register(
    *,
    actions: Actions | None = None,
    sections: Sections | None = None,
    counters: Counters | None = None,
    tabs: Tabs | None = None,
) -> None:
    """Call it in `AppConfig.ready`; give nothing back where there is nothing to show for that tenant or actor."""
    if actions and actions not in _actions:
        _actions.append(actions)
    if sections and sections not in _sections:
        _sections.append(sections)
    if counters and counters not in _counters:
        _counters.append(counters)
    if tabs and tabs not in _tabs:
        _tabs.append(tabs)


def actions_of(request: PageRequest, tenant: Tenant) -> list[Action]:
    """None for a tenant that is deleted: nothing changes about it any more."""
    return [] if tenant.is_closed else [action for make in _actions for action in make(request, tenant)]


def sections_of(request: PageRequest, tenant: Tenant) -> list[Section]:
    """Of the overview, after the facts of the company."""
    return [section for make in _sections for section in make(request, tenant)]


def counters_of(request: PageRequest, tenant: Tenant) -> list[Counter]:
    return [counter for make in _counters for counter in make(request, tenant)]


def tabs_of(request: PageRequest, tenant: Tenant) -> list[Tab]:
    return [tab for make in _tabs for tab in make(request, tenant)]
