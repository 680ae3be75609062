"""Pools on the page of a reseller, and on the first page of who holds some."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.details import Counter, Section, Tab
from resellerhub.web.lists import Action, Empty
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import NumberColumn
from subscriptions.models import Pool
from subscriptions.selectors import pools as selectors
from subscriptions.tables.pools import AssignmentTable, PoolTable
from subscriptions.views.pools import LATEST, trend_section
from tenants.models import Mapping, Tenant
from tenants.roles import Kind

DRAWN = 8
"""So many lines a chart takes; the largest are drawn."""


def tabs(request: PageRequest, tenant: Tenant) -> Sequence[Tab]:
    """Of a reseller: what it holds, as far as the reader gave it. Of a customer: the seats it has."""
    if not request.actor.can("pool.view") and not request.actor.can("subscription.view"):
        return []
    if tenant.kind == Kind.CUSTOMER:
        handed = selectors.assignments(request.actor).filter(tenant=tenant.pk)
        return [
            Tab("pools", _("Pools"), lambda: [_customers(request, handed, {"customer": tenant.pk})], handed.count())
        ]
    if tenant.kind != Kind.RESELLER:
        return []
    held = selectors.pools(request.actor, timezone.now()).held_by(tenant.pk)
    return [Tab("pools", _("Pools"), lambda: reseller_sections(request, tenant, held), count=held.count())]


def reseller_sections(request: PageRequest, tenant: Tenant, held: Any) -> list[Section]:
    handed = selectors.assignments(request.actor).filter(
        pool__in=Pool.objects.held_by(tenant.pk).order_by().values("pk")
    )
    return [
        numbers_section(request, held, {"holder": tenant.pk}),
        *trends(held),
        _pools(request, tenant, held),
        _customers(request, handed, {}),
    ]


def numbers_section(request: PageRequest, held: Any, query: dict[str, Any]) -> Section:
    numbers = selectors.numbers(Pool.objects.filter(pk__in=held.order_by().values("pk")), timezone.now())
    url = shell_url(request, "pools")

    def listed(**more: Any) -> str:
        return f"{url}?{urlencode(query | more)}"

    counters = [
        Counter(_("Pools"), numbers.pools, listed(status="active")),
        Counter(_("Customers"), numbers.customers, shell_url(request, "assignments")),
        Counter(_("Total"), numbers.total, listed(status="active")),
        Counter(_("Allocated"), numbers.allocated, listed(status="active")),
        Counter(_("Pending acceptance"), numbers.pending, listed(status="pending")),
        Counter(_("Expiring in 30 days"), numbers.expiring, listed()),
    ]
    return Section(template="components/counters.html", context={"counters": counters})


def trends(held: Any) -> list[Section]:
    """The chart of the largest pools that are still held."""
    largest = list(held.filter(status=Pool.State.ACTIVE).order_by("-seats", "pk")[:DRAWN])
    return [trend_section(largest)] if largest else []


def _pools(request: PageRequest, tenant: Tenant, held: Any) -> Section:
    table = PoolTable(list(held.order_by("-pk")[:LATEST]))
    table.show_only(
        ["name", "id", "grantor", "source", "payment_type", "seats", "available", "assigned", "status", "ends"]
    )
    mapped = Mapping.objects.filter(pk=tenant.pk).exists()
    add = Action(_("Add pool"), shell_url(request, "reseller_pool_add", tenant.pk), "plus", "pool.edit")
    url = f"{shell_url(request, 'pools')}?{urlencode({'holder': tenant.pk})}"
    may = request.actor.can("pool.edit") and tenant.pk != request.actor.tenant_id
    return Section(
        title=_("Pools"),
        table=table,
        actions=[*([add] if may and mapped else []), Action(_("All of them"), url)],
        empty=Empty(_("No pools yet"), "" if mapped else _("Pools are given to mapped resellers alone.")),
    )


def _customers(request: PageRequest, handed: Any, query: dict[str, Any]) -> Section:
    url = f"{shell_url(request, 'assignments')}?{urlencode(query)}"
    return Section(
        title=_("Customers with pooled seats"),
        table=AssignmentTable(list(handed.order_by("-pk")[:LATEST])),
        action=Action(_("All of them"), url),
        empty=Empty(_("No customer has seats of a pool yet")),
    )


def panels(request: PageRequest) -> Sequence[Section]:
    """Of the dashboard: what the reader's own tenant holds."""
    actor = request.actor
    if not actor.can("pool.view") or not Pool.objects.held_by(actor.tenant_id).exists():
        return []
    held = selectors.pools(actor, timezone.now()).held_by(actor.tenant_id)
    return [numbers_section(request, held, {"holder": actor.tenant_id}), *_given(request), *trends(held)]


def _given(request: PageRequest) -> list[Section]:
    """Of a provider or a large account reseller: to how many resellers it gave, and what of that is used."""
    actor = request.actor
    told = selectors.given(actor, actor.tenant_id, timezone.now())
    if not told.resellers:
        return []
    url = f"{shell_url(request, 'pools')}?{urlencode({'grantor': actor.tenant_id, 'status': 'active'})}"
    counters = [
        Counter(_("Active resellers"), told.resellers, url),
        Counter(_("Available"), f"{told.available_percent or 0} %"),
        Counter(_("Unused by resellers"), f"{told.unused_percent or 0} %", url),
    ]
    return [
        Section(
            title=_("Pools given to resellers"), template="components/counters.html", context={"counters": counters}
        )
    ]


def pools_column() -> NumberColumn:
    return NumberColumn(verbose_name=gettext_lazy("Pools"))
