"""Pools: the list, and the page of one."""

from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.charts import Chart, Series
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.pools import AssignmentFilter, PoolFilter
from subscriptions.models import Pool
from subscriptions.selectors import pools as selectors
from subscriptions.tables.pools import STATUS_WORDS, AssignmentTable, MovementTable, OwnAssignmentTable, PoolTable
from tenants.models import ResellerTerms
from tenants.views.events import activity_of

LATEST = 50
OPEN = {"pending", "active"}


@page("pool.view")
def pools(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="pools",
            title=_("Pools"),
            queryset=selectors.pools(request.actor, timezone.now()),
            table_class=PoolTable,
            filterset_class=PoolFilter,
            order=("-id",),
            actions=purchases(request),
            empty=Empty(_("No pools yet"), _("A pool holds seats of a service, for resellers and customers.")),
        ),
    )


@page("pool.view")
def assignments(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="assignments",
            title=_("Customers with pooled seats"),
            queryset=selectors.assignments(request.actor),
            table_class=AssignmentTable,
            filterset_class=AssignmentFilter,
            order=("customer",),
            parent="pools",
            empty=Empty(_("No customer has seats of a pool yet")),
        ),
    )


def purchases(request: PageRequest) -> list[Action]:
    """Only who may hold purchased stock enters any."""
    actor = request.actor
    may = actor.is_provider or ResellerTerms.objects.filter(pk=actor.tenant_id, is_large=True).exists()
    return [Action(_("New purchase"), shell_url(request, "pool_create"), "plus", "pool.edit")] if may else []


@page("pool.view")
def pool(request: PageRequest, pk: int) -> HttpResponseBase:
    now = timezone.now()
    row: Any = found(selectors.pools(request.actor, now), pk=pk)
    given = selectors.pools(request.actor, now).filter(parent=row)
    handed = selectors.assignments(request.actor).filter(pool=row)
    tabs = [
        Tab("overview", _("Overview"), lambda: _overview(request, row)),
        Tab("given", _("Given to resellers"), lambda: [_given(request, given)], count=given.count()),
        Tab("customers", _("Customers"), lambda: [_customers(request, row, handed)], count=handed.count()),
        Tab("movements", _("Movements"), lambda: [_movements(row)]),
    ]
    return render_detail(
        request,
        DetailPage(
            title=row.name,
            subtitle=row.service_type.name,
            reference=row.pk,
            state=row.status,
            state_label=STATUS_WORDS[row.status],
            parent="pools",
            actions=_actions(request, row),
            counters=_counters(row),
            tabs=tabs,
        ),
    )


def _counters(row: Any) -> list[Counter]:
    return [
        Counter(_("Total"), row.seats, note=row.get_unit_display()),
        Counter(_("Available"), row.available),
        Counter(_("Pending acceptance"), row.pending),
        Counter(_("Allocated to resellers"), row.allocated),
        Counter(_("Assigned to customers"), row.assigned),
    ]


def _actions(request: PageRequest, row: Any) -> list[Action]:
    """Who gave it edits and takes it back, who was given accepts and assigns; a provider's staff do both."""
    actor = request.actor
    holds = actor.is_provider or row.tenant_id == actor.tenant_id
    gives = actor.is_provider or row.grantor_id == actor.tenant_id
    actions: list[Action] = []

    def act(label: str, name: str, permission: str = "pool.edit", **options: Any) -> None:
        actions.append(Action(label, shell_url(request, name, row.pk), permission=permission, **options))

    if row.status == Pool.State.PENDING and row.tenant_id == actor.tenant_id:
        act(_("Accept"), "pool_accept", "pool.assign", post=True, primary=True)
        act(_("Decline"), "pool_decline", "pool.assign", danger=True)
    if row.status == Pool.State.ACTIVE and holds and row.tenant_id != actor.provider_id:
        act(_("Assign to a customer"), "pool_assign", "pool.assign", primary=row.tenant_id == actor.tenant_id)
    elif row.status == Pool.State.ACTIVE and holds:
        act(_("Assign to a customer"), "pool_assign", "pool.assign")
    if row.parent_id is None and holds:
        act(_("Change or extend"), "pool_stock", icon="edit")
    if row.parent_id is not None and gives and row.state in OPEN and row.reclaimed_at is None:
        act(_("Edit"), "pool_edit", icon="edit")
    if row.status == Pool.State.PENDING and gives:
        act(_("Return to pool"), "pool_return", danger=True)
    return actions


def _overview(request: PageRequest, row: Any) -> list[Section]:
    facts = [
        (_("Service"), row.service_type.name),
        (_("Holder"), row.holder_name),
        (_("From"), row.grantor_name or _("Purchased")),
        (_("Source"), row.get_source_display()),
        (_("Payment type"), row.get_payment_type_display()),
        (_("Expires"), row.ends_at),
        (_("Expiry"), _("On its own date") if row.own_end else _("Same as the pool it is from")),
    ]
    if row.parent_id is None:
        facts.append((_("Renews automatically"), yes_no(row.renews)))
    return [
        Section(title=_("Pool"), facts=facts),
        trend_section([row]),
        Section(title=_("Activity"), activity=activity_of(request, row)),
    ]


def trend_section(rows: list[Any]) -> Section:
    """Available licences on the first of each of six months; each pool can be shown or hidden."""
    points = selectors.trend([row.pk for row in rows], timezone.now())
    months = [point.on for point in next(iter(points.values()), [])]
    series = [
        Series(
            f"{row.name} · {row.pk}",
            [point.available_percent or 0 for point in points[row.pk]],
            [
                _("%(percent)s %% available, %(purchased)s purchased, %(allocated)s allocated")
                % {"percent": point.available_percent or 0, "purchased": point.purchased, "allocated": point.allocated}
                for point in points[row.pk]
            ],
        )
        for row in rows
    ]
    chart = Chart("available", _("Available licences in %"), _("First of the month"), months, series, toggles=True)
    return Section(title=_("Available licences"), template="components/chart.html", context={"chart": chart})


def _given(request: PageRequest, given: Any) -> Section:
    table = PoolTable(list(given.order_by("-pk")[:LATEST]))
    table.show_only(["name", "id", "holder", "payment_type", "seats", "available", "assigned", "status", "ends"])
    return Section(title=_("Given to resellers"), table=table, empty=Empty(_("Nothing was given of it yet")))


def _customers(request: PageRequest, row: Any, handed: Any) -> Section:
    table = OwnAssignmentTable(list(handed.order_by("-pk")[:LATEST]))
    url = f"{shell_url(request, 'assignments')}?{urlencode({'pool': row.pk})}"
    return Section(
        title=_("Customers"),
        table=table,
        action=Action(_("All of them"), url),
        empty=Empty(_("No customer has seats of it yet")),
    )


def _movements(row: Any) -> Section:
    return Section(title=_("Movements of seats"), table=MovementTable(list(row.entries.order_by("-pk")[:LATEST])))
