"""Pools: the list, and the page of one."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.lists import Action, BulkAction, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.pools import AssignmentFilter, PoolCustomerFilter, PoolFilter
from subscriptions.models import Pool
from subscriptions.pool_words import changes_of, end_shown
from subscriptions.selectors import pools as selectors
from subscriptions.selectors.pool_window import page_by_available
from subscriptions.tables.pools import (
    STATUS_WORDS,
    AssignmentTable,
    MovementTable,
    OfCustomerTable,
    OwnAssignmentTable,
    PoolCustomerTable,
    PoolTable,
)
from subscriptions.views.pool_trend import trend_section
from tenants.mapped import RECEIVING
from tenants.roles import Kind
from tenants.views.events import activity_of

LATEST = 50


@page("pool.view")
def pools(request: PageRequest) -> HttpResponseBase:
    return render_list(request, pools_page(request))


def pools_page(request: PageRequest) -> ListPage:
    now, actor = timezone.now(), request.actor
    gave = actor.is_provider or Pool.objects.filter(grantor=actor.tenant_id).exists()
    back = BulkAction(_("Return to pool"), shell_url(request, "pools_return"), "x", "pool.edit", danger=True)
    return ListPage(
        key="pools",
        title=_("Pools"),
        queryset=selectors.pools(actor, now),
        table_class=PoolTable,
        filterset_class=PoolFilter,
        order=("-id",),
        window=partial(page_by_available, at=now),
        actions=[*giving(request), *purchases(request)],
        bulk_actions=[back] if gave else [],
        empty=Empty(_("No pools yet"), _("A pool holds seats of a service, for resellers and customers.")),
    )


@page("subscription.view")
def assignments(request: PageRequest) -> HttpResponseBase:
    """For a customer its own, by service."""
    own = request.actor.kind == Kind.CUSTOMER
    return render_list(
        request,
        ListPage(
            key="own_assignments" if own else "assignments",
            title=_("Pooled seats") if own else _("Assigned seats"),
            queryset=selectors.assignments(request.actor, timezone.now()),
            table_class=OfCustomerTable if own else AssignmentTable,
            filterset_class=None if own else AssignmentFilter,
            order=("service",) if own else ("customer",),
            parent="assignments" if own else "pools",
            empty=Empty(_("No seats yet"), _("What your seller assigns to you of its pools stands here."))
            if own
            else Empty(_("No customer has seats of a pool yet")),
        ),
    )


@page("pool.view")
def pool_customers(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="pool_customers",
            title=_("Customers with pooled seats"),
            queryset=selectors.pool_customers(request.actor, timezone.now()),
            table_class=PoolCustomerTable,
            filterset_class=PoolCustomerFilter,
            order=("customer",),
            parent="pools",
            empty=Empty(_("No customer has seats of a pool yet")),
        ),
    )


def purchases(request: PageRequest) -> list[Action]:
    """Only who may hold purchased stock enters any."""
    actor = request.actor
    may = actor.is_provider or selectors.is_large(actor.tenant_id)
    return [Action(_("New purchase"), shell_url(request, "pool_create"), "plus", "pool.edit")] if may else []


def giving(request: PageRequest) -> list[Action]:
    """To the reseller whose pools are listed, or to several."""
    takers = selectors.takers(request.actor)
    holder = id_in(request.GET.get("holder", ""))
    if holder is not None and takers.filter(RECEIVING, pk=holder).exists():
        url = shell_url(request, "reseller_pool_add", holder)
    elif takers.exists():
        url = shell_url(request, "pools_give")
    else:
        return []
    return [Action(_("Add pool"), url, permission="pool.edit")]


@page("pool.view")
def pool(request: PageRequest, pk: int) -> HttpResponseBase:
    now = timezone.now()
    row: Any = found(selectors.pools(request.actor, now), pk=pk)
    given = selectors.pools(request.actor, now).filter(parent=row)
    handed = selectors.assignments(request.actor, now).filter(pool=row)
    tabs = [
        Tab("overview", _("Overview"), lambda: _overview(request, row)),
        Tab("given", _("Given to resellers"), lambda: [_given(request, row, given)], count=given.count()),
        Tab("customers", _("Customers"), lambda: [_customers(request, row, handed)], count=handed.count()),
        Tab("movements", _("Movements"), lambda: [_movements(request, row)]),
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
        Counter(_("Pending acceptance"), row.waiting),
        Counter(_("Allocated to resellers"), row.given_on),
        Counter(_("Assigned to customers"), row.assigned),
    ]


def _actions(request: PageRequest, row: Any) -> list[Action]:
    """Who gave it edits and takes it back, who was given accepts and assigns; a provider's staff do both."""
    actor = request.actor
    holds = actor.is_provider or row.tenant_id == actor.tenant_id
    changes = changes_of(row, actor)
    actions: list[Action] = []

    def act(label: str, name: str, permission: str = "pool.edit", **options: Any) -> None:
        actions.append(Action(label, shell_url(request, name, row.pk), permission=permission, **options))

    if row.status == Pool.State.PENDING and row.tenant_id == actor.tenant_id:
        act(_("Accept"), "pool_accept", post=True, primary=True)
        act(_("Decline"), "pool_decline", danger=True)
    if row.status == Pool.State.ACTIVE and holds and row.tenant_id != actor.provider_id:
        act(_("Assign to a customer"), "pool_assign", "pool.assign", primary=row.tenant_id == actor.tenant_id)
    elif row.status == Pool.State.ACTIVE and holds:
        act(_("Assign to a customer"), "pool_assign", "pool.assign")
    if "pool_stock" in changes:
        act(_("Change or extend"), "pool_stock", icon="edit")
    if "pool_edit" in changes:
        act(_("Edit"), "pool_edit", icon="edit")
    if "pool_return" in changes:
        act(_("Return to pool"), "pool_return", danger=True)
    return actions


def _overview(request: PageRequest, row: Any) -> list[Section]:
    facts = [
        (_("Service"), row.service_type.name),
        (_("Holder"), row.holder_name),
        (_("From"), row.grantor_name or _("Purchased")),
        (_("Source"), row.get_source_display()),
        (_("Payment type"), row.get_payment_type_display()),
        (_("Expires"), end_shown(row.ends_at)),
    ]
    if row.parent_id is None:
        renews = _("Every %(months)s months") % {"months": row.term_months} if row.renews else yes_no(False)
        facts.append((_("Renews automatically"), renews))
    else:
        facts.append((_("Expiry"), _("On its own date") if row.own_end else _("Same as the pool it is from")))
    return [
        Section(title=_("Pool"), facts=facts),
        trend_section([row]),
        Section(title=_("Activity"), activity=activity_of(request, row)),
    ]


def _given(request: PageRequest, row: Any, given: Any) -> Section:
    table = PoolTable(list(given.order_by("-pk")[:LATEST]))
    table.show_only(
        ["name", "id", "holder", "payment_type", "seats", "available", "assigned", "status", "ends", "action"]
    )
    url = f"{shell_url(request, 'pools')}?{urlencode({'parent': row.pk})}"
    return Section(
        title=_("Given to resellers"),
        table=table,
        action=Action(_("All of them"), url),
        empty=Empty(_("Nothing was given of it yet")),
    )


def _customers(request: PageRequest, row: Any, handed: Any) -> Section:
    table = OwnAssignmentTable(list(handed.order_by("-pk")[:LATEST]))
    url = f"{shell_url(request, 'assignments')}?{urlencode({'pool': row.pk})}"
    return Section(
        title=_("Customers"),
        table=table,
        action=Action(_("All of them"), url),
        empty=Empty(_("No customer has seats of it yet")),
    )


def _movements(request: PageRequest, row: Any) -> Section:
    rows = selectors.movements(request.actor, row).order_by("-pk")
    return Section(title=_("By how much each movement changed it"), table=MovementTable(list(rows[:LATEST])))
