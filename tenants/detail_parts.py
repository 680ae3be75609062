"""What later apps show on the page of a reseller or customer: counters and tabs, made when the page is asked for."""

from collections.abc import Callable, Sequence

from resellerhub.web.details import Counter, Tab
from resellerhub.web.request import PageRequest
from tenants.models import Tenant

Counters = Callable[[PageRequest, Tenant], Sequence[Counter]]
Tabs = Callable[[PageRequest, Tenant], Sequence[Tab]]

_counters: list[Counters] = []
_tabs: list[Tabs] = []


def register(*, counters: Counters | None = None, tabs: Tabs | None = None) -> None:
    """Call it in `AppConfig.ready`; give nothing back where there is nothing to show for that tenant or actor."""
    if counters and counters not in _counters:
        _counters.append(counters)
    if tabs and tabs not in _tabs:
        _tabs.append(tabs)


def counters_of(request: PageRequest, tenant: Tenant) -> list[Counter]:
    return [counter for make in _counters for counter in make(request, tenant)]


def tabs_of(request: PageRequest, tenant: Tenant) -> list[Tab]:
    return [tab for make in _tabs for tab in make(request, tenant)]
