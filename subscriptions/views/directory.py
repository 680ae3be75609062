"""Subscriptions: the list, and the page of one."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from subscriptions import hooks
from subscriptions.filters.subscriptions import SubscriptionFilter
from subscriptions.models import Subscription
from subscriptions.selectors.subscriptions import events_about
from subscriptions.selectors.subscriptions import subscriptions as held
from subscriptions.tables.subscriptions import GrantTable, HoldingTable, SubscriptionTable
from subscriptions.timeline import with_figures
from subscriptions.views.alerts import alerts_section
from subscriptions.views.planned import plan_sections, step_actions, term_facts
from subscriptions.views.timeline import price_facts, timeline_sections
from tenants.roles import Kind
from tenants.views.events import activity_in

State = Subscription.State


@page("subscription.view")
def subscriptions(request: PageRequest) -> HttpResponseBase:
    new = Action(_("New subscription"), shell_url(request, "subscription_create"), "plus", "subscription.create")
    return render_list(
        request,
        ListPage(
            key="subscriptions",
            title=_("Subscriptions"),
            queryset=with_figures(held(request.actor), request.actor),
            table_class=SubscriptionTable,
            filterset_class=SubscriptionFilter,
            order=("-id",),
            actions=[new],
            empty=Empty(_("No subscriptions yet"), _("A subscription gives a tenant the right to a package."), new),
        ),
    )


@page("subscription.view")
def subscription(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(with_figures(held(request.actor), request.actor), pk=pk)
    tabs = [
        Tab("overview", _("Overview"), lambda: _overview(request, row)),
        Tab("timeline", _("Timeline"), lambda: timeline_sections(request, row.pk)),
        Tab("grants", _("Grants"), lambda: _grants(row), count=row.grants.count()),
    ]
    drawn = held(request.actor).filter(source=row.pk)
    if row.tenant.kind == Kind.RESELLER:
        tabs.insert(1, Tab("drawn", _("Drawn from it"), lambda: _drawn(request, row), count=drawn.count()))
    return render_detail(
        request,
        DetailPage(
            title=row.title,
            subtitle=row.tenant_name,
            reference=row.pk,
            state=row.state,
            state_label=row.get_state_display(),
            parent="subscriptions",
            actions=_actions(request, row),
            counters=_counters(request, row),
            tabs=tabs,
        ),
    )


def _actions(request: PageRequest, row: Subscription) -> list[Action]:
    """Nobody changes what they hold themselves, and nothing changes what is closed."""
    if row.tenant_id == request.actor.tenant_id or row.state == State.CLOSED:
        return []
    return step_actions(request, row)


def _counters(request: PageRequest, row: Subscription) -> list[Counter]:
    """How many resources are over, and how many subscriptions draw on it."""
    over = row.holdings.aggregate(over=Count("pk", filter=Q(remaining__lt=0)))["over"]
    counters = [Counter(_("Resources over quota"), over, tone="bad" if over else "")]
    if row.tenant.kind == Kind.RESELLER:
        url = f"{shell_url(request, 'subscriptions')}?{urlencode({'source': row.pk})}"
        drawn = held(request.actor).filter(source=row.pk)
        counters.append(Counter(_("Drawn from it"), drawn.count(), url))
    return counters


def _overview(request: PageRequest, row: Subscription) -> list[Section]:
    holdings = row.holdings.select_related("resource").order_by("resource__position", "resource_id")
    hooked = [section for make in hooks.SECTIONS if (section := make(request, row))]
    return [
        _facts(request, row),
        *plan_sections(request, row),
        Section(
            title=_("Resources"),
            table=HoldingTable(holdings),
            empty=Empty(_("Nothing is allocated"), _("A closed subscription holds nothing.")),
        ),
        alerts_section(request, row),
        *hooked,
        Section(title=_("Activity"), activity=activity_in(request, events_about(request.actor, row))),
    ]


def _facts(request: PageRequest, row: Any) -> Section:
    facts = [
        (_("Owner"), row.tenant_name),
        (_("Seller"), row.seller_name),
        (_("Package"), row.package.name),
        (_("Quantity"), row.quantity),
        *price_facts(row.figures),
        (_("Service type"), row.service_type.name),
        (_("Service instance"), row.service_instance.name),
        (_("Begins") if row.state == State.PENDING else _("Started"), row.started_on),
        *term_facts(row),
        (_("Closed"), row.closed_on),
    ]
    action = None
    if row.source_shown:
        url = shell_link(request, "subscription", row.source_shown)
        action = Action(_("Drawn from subscription %(id)s") % {"id": row.source_shown}, url) if url else None
    return Section(title=_("Subscription"), facts=facts, action=action)


def _grants(row: Subscription) -> list[Section]:
    ledger = row.grants.select_related("resource").order_by("-pk")
    return [Section(title=_("Why it is allocated what it is"), table=GrantTable(ledger))]


def _drawn(request: PageRequest, row: Subscription) -> list[Section]:
    drawn = held(request.actor).filter(source=row.pk).order_by("-pk")
    url = f"{shell_url(request, 'subscriptions')}?{urlencode({'source': row.pk})}"
    table = SubscriptionTable(list(drawn[:25]))
    table.show_only(["name", "id", "owner", "package", "quantity", "status"])
    return [
        Section(
            title=_("Subscriptions that draw on it"),
            table=table,
            action=Action(_("All of them"), url),
            empty=Empty(_("Nothing was sold from it yet")),
        )
    ]
