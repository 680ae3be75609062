"""Pools of one holder: on the page of a reseller, on a page of its own, and on its first page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.charts import Chart, Series
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.models import Pool
from subscriptions.selectors import pool_numbers
from subscriptions.selectors import pools as selectors
from subscriptions.tables.pools import AssignmentTable, OfCustomerTable, PoolCustomerTable, PoolTable
from subscriptions.views import supplies
from tenants.models import Mapping, Tenant
from tenants.roles import Kind

LATEST = 25
DRAWN = 8
"""So many lines a chart takes; the largest are drawn."""


def tabs(request: PageRequest, tenant: Tenant) -> Sequence[Tab]:
    """Of a reseller: what it holds, as far as the reader gave it. Of a customer: the seats it has."""
    actor = request.actor
    if not actor.can("pool.view"):
        return []
    if tenant.kind == Kind.CUSTOMER:
        handed = selectors.assignments(actor, timezone.now()).filter(tenant=tenant.pk)
        return [Tab("pools", _("Pools"), lambda: [_handed(request, tenant, handed)], handed.count())]
    if tenant.kind != Kind.RESELLER:
        return []
    held = selectors.pools(actor, timezone.now()).held_by(tenant.pk)
    return [Tab("pools", _("Pools"), lambda: holder_sections(request, tenant), count=held.count())]


@page("pool.view")
def pool_holder(request: PageRequest, pk: int) -> HttpResponseBase:
    """The pools of one holder in sight, who need not be beneath the reader."""
    holder = found(selectors.seen_holders(request.actor), pk=pk)
    tab = Tab("overview", _("Overview"), lambda: holder_sections(request, holder))
    title = _("Pools of %(name)s") % {"name": holder.called}
    return render_detail(request, DetailPage(title=title, reference=holder.pk, parent="pools", tabs=[tab]))


def holder_sections(request: PageRequest, holder: Any) -> list[Section]:
    now = timezone.now()
    held = selectors.pools(request.actor, now).held_by(holder.pk)
    return [
        *numbers_sections(request, holder.pk),
        *given_sections(request, holder.pk),
        *trends(held),
        _pools(request, holder, held),
        _customers(request, holder),
        *supplies.sections(request, holder),
    ]


def numbers_sections(request: PageRequest, holder_id: int) -> list[Section]:
    """What one holds: each number with the list that shows it, and each unit by itself."""
    numbers = pool_numbers.numbers(request.actor, holder_id, timezone.now())

    def listed(name: str = "pools", **query: Any) -> str:
        return f"{shell_url(request, name)}?{urlencode({'holder': holder_id, **query})}"

    first = [
        Counter(_("Pools"), numbers.pools, listed(status="active")),
        Counter(_("Customers"), numbers.customers, listed("pool_customers")),
    ]
    sections = [_counted(_("Pools"), first)]
    for each in numbers.units:
        counters = [
            Counter(_("Total"), each.total, listed(unit=each.unit, status="active")),
            Counter(
                _("Allocated to customers"), each.allocated, listed("assignments", unit=each.unit, status="active")
            ),
            Counter(_("Pending acceptance"), each.pending, listed(unit=each.unit, status="pending")),
            Counter(_("Expiring in 30 days"), each.expiring, listed(unit=each.unit, expiring="true")),
        ]
        sections.append(_counted(Pool.Unit(each.unit).label, counters))
    return sections


def given_sections(request: PageRequest, holder_id: int) -> list[Section]:
    """What one gave: to how many resellers, and what of that is used."""
    told = pool_numbers.given(request.actor, holder_id, timezone.now())
    if not told.resellers and not any(each.pending for each in told.units):
        return []

    def listed(**query: Any) -> str:
        return f"{shell_url(request, 'pools')}?{urlencode({'grantor': holder_id, **query})}"

    sections = [
        _counted(_("Given to resellers"), [Counter(_("Active resellers"), told.resellers, listed(status="active"))])
    ]
    for each in told.units:
        counters = [
            Counter(_("Allocated"), each.allocated, listed(unit=each.unit, status="active")),
            Counter(_("Pending acceptance"), each.pending, listed(unit=each.unit, status="pending")),
            Counter(_("Available"), _percent(each.available_percent)),
            Counter(_("Unused by resellers"), _percent(each.unused_percent), listed(unit=each.unit, status="active")),
        ]
        title = _("Given to resellers: %(unit)s") % {"unit": Pool.Unit(each.unit).label}
        sections.append(_counted(title, counters))
    return sections


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value} %"


def _counted(title: Any, counters: list[Counter]) -> Section:
    return Section(title=title, template="components/counters.html", context={"counters": counters})


def trends(held: Any) -> list[Section]:
    """The chart of the largest pools that are still held."""
    largest = list(held.filter(status=Pool.State.ACTIVE).order_by("-seats", "pk")[:DRAWN])
    return [trend_section(largest)] if largest else []


def trend_section(rows: list[Any]) -> Section:
    """Available licences on the first of each of six months; each pool can be shown or hidden."""
    points = pool_numbers.trend([row.pk for row in rows], timezone.now())
    months = [point.on for point in next(iter(points.values()), [])]
    words = _("%(percent)s %% available, %(purchased)s purchased, %(allocated)s allocated")

    def note(point: pool_numbers.Point) -> str:
        if point.available_percent is None:
            return "–"
        facts = {"percent": point.available_percent, "purchased": point.purchased, "allocated": point.allocated}
        return words % facts

    series = [
        Series(
            f"{row.name} · {row.pk}",
            [point.available_percent for point in points[row.pk]],
            [note(point) for point in points[row.pk]],
        )
        for row in rows
    ]
    chart = Chart("available", _("Available licences in %"), _("First of the month"), months, series, toggles=True)
    return Section(title=_("Available licences"), template="components/chart.html", context={"chart": chart})


def _pools(request: PageRequest, holder: Any, held: Any) -> Section:
    actor = request.actor
    table = PoolTable(list(held.order_by("-pk")[:LATEST]))
    table.show_only(
        [
            "name",
            "id",
            "grantor",
            "source",
            "payment_type",
            "unit",
            "seats",
            "available",
            "assigned",
            "status",
            "ends",
            "action",
        ]
    )
    mapped = Mapping.objects.filter(pk=holder.pk).exists()
    takes = holder.kind == Kind.RESELLER and selectors.takers(actor).filter(pk=holder.pk).exists()
    add = Action(_("Add pool"), shell_url(request, "reseller_pool_add", holder.pk), "plus", "pool.edit")
    url = f"{shell_url(request, 'pools')}?{urlencode({'holder': holder.pk})}"
    may = takes and mapped and actor.can("pool.edit")
    return Section(
        title=_("Pools"),
        table=table,
        actions=[*([add] if may else []), Action(_("All of them"), url)],
        empty=Empty(_("No pools yet"), _("Pools are given to mapped resellers alone.") if takes and not mapped else ""),
    )


def _customers(request: PageRequest, holder: Any) -> Section:
    rows = selectors.pool_customers(request.actor, timezone.now())
    of_holder = rows.filter(parent=holder.pk) | rows.filter(parent=None, provider=holder.pk)
    url = f"{shell_url(request, 'pool_customers')}?{urlencode({'holder': holder.pk})}"
    return Section(
        title=_("Customers with pooled seats"),
        table=PoolCustomerTable(list(of_holder.order_by("shown_name", "pk")[:LATEST])),
        action=Action(_("All of them"), url),
        empty=Empty(_("No customer has seats of a pool yet")),
    )


def _handed(request: PageRequest, customer: Tenant, handed: Any) -> Section:
    table = AssignmentTable(list(handed.order_by("-pk")[:LATEST]), exclude=("customer", "id"))
    url = f"{shell_url(request, 'assignments')}?{urlencode({'customer': customer.pk})}"
    empty = Empty(_("No seats yet"), _("Assign some on the page of a pool."))
    return Section(title=_("Pooled seats"), table=table, action=Action(_("All of them"), url), empty=empty)


def panels(request: PageRequest) -> Sequence[Section]:
    """Of the dashboard: what the reader's own tenant holds, or has of its seller's pools."""
    actor = request.actor
    if actor.kind == Kind.CUSTOMER:
        if not actor.can("subscription.view"):
            return []
        handed = list(selectors.assignments(actor, timezone.now()).order_by("-pk")[:LATEST])
        url = shell_url(request, "assignments")
        return (
            [Section(title=_("Pooled seats"), table=OfCustomerTable(handed), action=Action(_("All of them"), url))]
            if handed
            else []
        )
    if not actor.can("pool.view") or not Pool.objects.held_by(actor.tenant_id).exists():
        return []
    held = selectors.pools(actor, timezone.now()).held_by(actor.tenant_id)
    return [
        *numbers_sections(request, actor.tenant_id),
        *given_sections(request, actor.tenant_id),
        *trends(held),
    ]
