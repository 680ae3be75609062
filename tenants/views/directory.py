"""Resellers and customers: the lists, and the page of one."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.lists import Action, BulkAction, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.by_name import page_by_name
from tenants.detail_parts import actions_of, counters_of, sections_of, tabs_of
from tenants.directory_actions import added
from tenants.directory_columns import with_extras
from tenants.filters.tenants import CustomerFilter, ResellerFilter
from tenants.houses import type_name
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.tables.tenants import CustomerTable, ResellerTable
from tenants.views.events import latest


@page("reseller.view")
def resellers(request: PageRequest) -> HttpResponseBase:
    return render_list(request, resellers_page(request))


def resellers_page(request: PageRequest) -> ListPage:
    """What a bulk action takes its chosen rows from, too."""
    create = Action(_("New reseller"), shell_url(request, "reseller_create"), "plus", "reseller.create")
    load = Action(_("Import"), shell_url(request, "reseller_import"), "upload", "reseller.create")
    rows, table_class = with_extras(request.actor, Kind.RESELLER, selectors.resellers(request.actor), ResellerTable)
    return ListPage(
        key="resellers",
        title=_("Resellers"),
        queryset=rows,
        table_class=table_class,
        filterset_class=ResellerFilter,
        order=("name",),
        actions=[load, create],
        bulk_actions=[*added(request, Kind.RESELLER), *_switches(request, Kind.RESELLER)],
        empty=Empty(_("No resellers yet"), _("Resellers sell your packages under their own name."), create),
    )


@page("customer.view")
def customers(request: PageRequest) -> HttpResponseBase:
    return render_list(request, customers_page(request))


def customers_page(request: PageRequest) -> ListPage:
    """What a bulk action takes its chosen rows from, too."""
    create = Action(_("New customer"), shell_url(request, "customer_create"), "plus", "customer.create")
    load = Action(_("Import"), shell_url(request, "customer_import"), "upload", "customer.create")
    assign = shell_url(request, "customers_assign")
    hidden = selectors.some_hidden(request.actor)
    in_order = selectors.in_order(request.actor, selectors.customers(request.actor), hidden=hidden)
    rows, table_class = with_extras(request.actor, Kind.CUSTOMER, in_order, CustomerTable)
    return ListPage(
        key="customers",
        title=_("Customers"),
        queryset=rows,
        table_class=table_class,
        filterset_class=CustomerFilter,
        order=("name",),
        window=partial(page_by_name, request.actor) if hidden else None,
        actions=[load, create],
        bulk_actions=[
            BulkAction(_("Assign to account manager"), assign, "user", "user.manage"),
            *added(request, Kind.CUSTOMER),
            *_switches(request, Kind.CUSTOMER),
        ],
        empty=Empty(_("No customers yet"), _("Customers use what you sell."), create),
    )


def _switches(request: PageRequest, kind: Kind) -> list[BulkAction]:
    permission = f"{kind.value}.edit"
    return [
        BulkAction(_("Suspend"), shell_url(request, f"{kind.value}s_suspend"), "pause", permission, danger=True),
        BulkAction(_("Resume"), shell_url(request, f"{kind.value}s_resume"), "play", permission),
    ]


@page("reseller.view")
def reseller(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(selectors.resellers(request.actor), pk=pk)
    terms = [
        (_("Type"), type_name(row.provider_id, row.terms.type)),
        (_("May oversell"), yes_no(row.terms.may_oversell)),
    ]
    return _detail(request, row, terms, _sold_to(request, row))


@page("customer.view")
def customer(request: PageRequest, pk: int) -> HttpResponseBase:
    return _detail(request, found(selectors.customers(request.actor), pk=pk), [], [])


def _detail(
    request: PageRequest, tenant: Any, terms: list[tuple[str, str]], counters: list[Counter]
) -> HttpResponseBase:
    own = [
        Tab(
            "overview",
            _("Overview"),
            lambda: [_facts(tenant, terms), *sections_of(request, tenant), _activity(request, tenant)],
        )
    ]
    return render_detail(
        request,
        DetailPage(
            title=tenant.name,
            reference=tenant.pk,
            state=tenant.status,
            state_label=tenant.get_status_display(),
            parent=f"{tenant.kind}s",
            actions=[*_actions(request, tenant), *actions_of(request, tenant)],
            counters=[*counters, *counters_of(request, tenant)],
            tabs=[*own, *tabs_of(request, tenant)],
        ),
    )


def _actions(request: PageRequest, tenant: Tenant) -> list[Action]:
    """Its terms for its seller alone; sell through it, suspend what is active, resume what is suspended."""
    permission = f"{tenant.kind}.edit"
    terms = []
    if tenant.kind == Kind.RESELLER and tenant.seller_id == request.actor.tenant_id:
        url = shell_url(request, "reseller_terms", tenant.pk)
        terms.append(Action(_("Change terms"), url, "edit", permission, minor=True))
    if tenant.status == Tenant.Status.ACTIVE:
        url = shell_url(request, f"{tenant.kind}_suspend", tenant.pk)
        suspend = Action(_("Suspend"), url, "pause", permission, danger=True, minor=True)
        create = f"{shell_url(request, 'customer_create')}?{urlencode({'seller': tenant.pk})}"
        new = [Action(_("New customer"), create, "plus", "customer.create")] if tenant.kind == Kind.RESELLER else []
        return [suspend, *terms, *new]
    if tenant.status == Tenant.Status.SUSPENDED:
        url = shell_url(request, f"{tenant.kind}_resume", tenant.pk)
        return [Action(_("Resume"), url, "play", permission, post=True), *terms]
    return []


def _sold_to(request: PageRequest, reseller: Tenant) -> list[Counter]:
    """How many customers and resellers it sells to, each with the list that shows them."""
    query = urlencode({"seller": reseller.pk})
    direct = selectors.directory(request.actor).filter(parent_id=reseller.pk).exclude(status=Tenant.Status.CLOSED)
    counters = []
    for kind, name, label in (
        (Kind.CUSTOMER, "customers", _("Customers")),
        (Kind.RESELLER, "resellers", _("Resellers")),
    ):
        url = f"{shell_url(request, name)}?{query}"
        counters.append(Counter(label, direct.filter(kind=kind).count(), url))
    return counters


def _facts(tenant: Any, terms: list[tuple[str, str]]) -> Section:
    place = " ".join(part for part in (tenant.postal_code, tenant.city, tenant.country) if part)
    return Section(
        title=_("Company"),
        facts=[
            *terms,
            (_("Seller"), tenant.seller_name),
            (_("Tenant owner"), tenant.owner_email),
            (_("Contact person"), tenant.contact_name),
            (_("Phone"), tenant.phone),
            (_("Street and number"), tenant.street),
            (_("City"), place),
            (_("Created"), tenant.created_at),
        ],
    )


def _activity(request: PageRequest, tenant: Tenant) -> Section:
    query = urlencode({"tenant": tenant.pk})
    more = Action(_("All events"), f"{shell_url(request, 'events')}?{query}", permission="event.view")
    return Section(title=_("Activity"), activity=latest(request, tenant.pk), action=more)
