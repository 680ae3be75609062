"""Quota over usage: the list, what stands behind one row of it, and the roll-up per branch."""

from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.filters import OverUsageFilter, RollUpFilter
from reports.selectors import (
    holding_behind,
    over_usage_rows,
    parts_allocated,
    parts_sold,
    parts_used,
    total,
)
from reports.tables import GrantTable, OverUsageTable, RollUpTable, SoldPartTable, UsedPartTable
from reports.views.places import home
from resellerhub.web import formats
from resellerhub.web.details import Counter
from resellerhub.web.filters import Switch
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from subscriptions.models import Holding
from tenants.actor import Actor

EVERYTHING = Switch("all", (("", gettext_lazy("Over quota")), ("true", gettext_lazy("All"))))


@page("report.view")
def over_usage(request: PageRequest) -> HttpResponseBase:
    background = f"{shell_url(request, 'report_run_create')}?{request.GET.urlencode()}"
    return render_list(
        request,
        ListPage(
            key="over_usage",
            title=_("Quota over usage"),
            queryset=over_usage_rows(request.actor),
            table_class=OverUsageTable,
            filterset_class=OverUsageFilter,
            order=("remaining",),
            switch=EVERYTHING,
            parent="over_usage",
            export_name="quota-over-usage",
            actions=[
                Action(_("Write in the background"), background, "send", "report.run"),
                Action(_("Report runs"), shell_url(request, "report_runs"), "jobs", "report.run"),
                Action(_("Roll-up by branch"), shell_url(request, "over_usage_roll_up"), "list"),
            ],
            empty=Empty(
                _("Nothing is over its quota"),
                _("What sells or uses more than it is allocated stands here, the worst first."),
                Action(_("Show all"), "?all=true"),
            ),
        ),
    )


@page("report.view")
def over_usage_roll_up(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="over_usage_roll_up",
            title=_("Roll-up by branch"),
            queryset=Holding.objects.none(),  # its rows are computed: the filter set brings them
            table_class=RollUpTable,
            filterset_class=RollUpFilter,
            switch=EVERYTHING,
            parent=home(request, "over_usage_roll_up"),
            export_name="quota-over-usage-by-branch",
            intro=_(
                "Each line sums a reseller and everybody beneath it. What a reseller is allocated and what it handed "
                "on from that are rows of their own, so the sums count each level. The totals count every row once."
            ),
            empty=Empty(_("No branch is over its quota"), "", Action(_("Show all"), "?all=true")),
        ),
    )


@dataclass(frozen=True)
class Part:
    """One of the three sums that make a row, and the list that adds up to it."""

    key: str
    label: Any
    table_class: Any
    rows: Any
    column: str
    empty: Any


def parts_of(actor: Actor, holding: Holding) -> list[Part]:
    """The part that counts as utilised comes first."""
    sold = Part(
        "sold",
        _("Sold on"),
        SoldPartTable,
        parts_sold(actor, holding),
        "allocated",
        _("No subscription draws on this one."),
    )
    measured = parts_used(actor, holding)
    used = Part("used", _("Used"), UsedPartTable, measured, "quantity", _("Nothing was measured yet."))
    granted = Part(
        "allocated", _("Allocated"), GrantTable, parts_allocated(holding), "amount", _("Nothing was granted yet.")
    )
    return [sold, used, granted] if holding.basis == Holding.Basis.SOLD else [used, sold, granted]


@page("report.view")
def over_usage_behind(request: PageRequest, subscription_id: int, resource_id: int) -> HttpResponseBase:
    """What a row is made of: the subscriptions sold from it, the use that was measured, the grants. Each list adds up
    to the number that the row shows."""
    holding: Any = holding_behind(request.actor, subscription_id, resource_id)
    parts = parts_of(request.actor, holding)
    part = next((one for one in parts if one.key == request.GET.get("part")), parts[0])
    names = {"resource": holding.resource.name, "subscription": holding.title}
    return render_list(
        request,
        ListPage(
            key=f"over_usage_{part.key}",
            title=_("%(resource)s of %(subscription)s") % names,
            queryset=part.rows,
            table_class=part.table_class,
            switch=Switch("part", tuple((one.key, one.label) for one in parts)),
            parent="over_usage",
            export_name=f"quota-over-usage-{subscription_id}-{resource_id}-{part.key}",
            actions=_remedies(request, holding),
            empty=Empty(part.empty),
            template="reports/behind.html",
            context={
                "counters": _counters(request, holding),
                "holding": holding,
                "reseller": holding.reseller_name,
                "subscription_url": shell_link(request, "subscription", holding.subscription_id),
                "sum_words": _sum_words(part),
            },
        ),
    )


def _sum_words(part: Part) -> str:
    count, added = part.rows.count(), total(part.rows, part.column)
    return ngettext("%(count)s row, together %(sum)s.", "%(count)s rows, together %(sum)s.", count) % {
        "count": formats.number(count),
        "sum": formats.number(added),
    }


def _counters(request: PageRequest, holding: Holding) -> list[Counter]:
    over = holding.remaining < 0
    return [
        Counter(_("Allocated"), holding.allocated, "?part=allocated", holding.resource.unit),
        Counter(_("Sold"), holding.sold, "?part=sold"),
        Counter(_("Used"), holding.used, "?part=used"),
        Counter(_("Utilised"), holding.utilised, "", holding.get_basis_display()),
        Counter(_("Remaining"), holding.remaining, "", _("Over quota") if over else "", "bad" if over else ""),
    ]


def _remedies(request: PageRequest, holding: Holding) -> list[Action]:
    """What the reader can do about it: nothing about what its own tenant holds, for that its seller does."""
    if holding.tenant_id == request.actor.tenant_id or holding.remaining >= 0:
        return []
    key = (holding.subscription_id, holding.resource_id)
    return [
        Action(_("Raise the allocation"), shell_url(request, "over_usage_raise", *key), "plus", "subscription.edit"),
        Action(_("Sell an add-on"), shell_url(request, "over_usage_sell", *key), "cart", "add_on.sell"),
    ]
