"""Who sees which entry, which one is marked, and what the breadcrumb says."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.urls import resolve

from resellerhub.web import navigation
from resellerhub.web.navigation import NavItem

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Somebody:
    kind: str = "provider"
    permissions: set[str] = field(default_factory=set)
    user_id: int | None = 1
    name: str = "Somebody"
    on_behalf_of: int | None = None

    def sees(self, permission):
        return permission in self.permissions


def request_of(rf, actor, path="/console/"):
    request = rf.get(path)
    request.actor = actor
    request.resolver_match = resolve(path)
    return request


def labels(entries):
    return [str(entry.label) for entry in entries]


def test_an_entry_needs_its_permission(rf):
    without = navigation.entries(request_of(rf, Somebody()), "dashboard")
    with_it = navigation.entries(request_of(rf, Somebody(permissions={"job.view"})), "dashboard")
    assert "Jobs" not in labels(without)
    assert "Jobs" in labels(with_it)


def test_groups_without_a_visible_entry_are_not_shown(rf):
    assert labels(navigation.entries(request_of(rf, Somebody()), "")) == ["Dashboard"]


def test_nobody_sees_nothing(rf):
    assert navigation.entries(request_of(rf, None), "dashboard") == []


def test_the_order_is_the_design(rf):
    everything = Somebody(permissions={item.permission for item in registered() if item.permission})
    shown = labels(navigation.entries(request_of(rf, everything), "dashboard"))
    designed = ["Dashboard", "Resellers", "Customers", "Catalogue", "Add-ons", "Reports", "Jobs", "Event log"]
    assert [label for label in shown if label in designed] == designed


def test_the_current_entry_is_marked_and_leads_the_breadcrumb(rf):
    somebody = Somebody(permissions={"report.view"})
    request = request_of(rf, somebody, "/console/reports/usage/quota-over-usage/")
    shown = navigation.entries(request, "over_usage")
    assert labels(navigation.trail(shown)) == ["Reports", "Usage report", "Quota over usage"]


def test_kinds_hide_entries_from_others():
    item = NavItem("Plans", "plans", kinds=("reseller",))
    assert item.is_for(Somebody(kind="reseller"))
    assert not item.is_for(Somebody(kind="customer"))


def test_unknown_groups_are_refused():
    with pytest.raises(ValueError, match="nowhere"):
        navigation.register(NavItem("X", "x"), under="nowhere")


def registered() -> list[NavItem]:
    return [item for groups in navigation._registered.values() for items in groups.values() for item in items]


def test_every_icon_that_is_named_is_drawn():
    sprite = (ROOT / "resellerhub/static/resellerhub/icons.svg").read_text()
    drawn = set(re.findall(r'symbol id="([\w-]+)"', sprite))
    named = {item.icon for item in [*registered(), *navigation.GROUPS.values()] if item.icon}
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"', template.read_text()))
    assert named - drawn == set()
