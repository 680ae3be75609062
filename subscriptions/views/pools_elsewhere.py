"""What pools show on pages of other apps: of a reseller, a customer, the directory, the first page, the search."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.details import Section, Tab
from resellerhub.web.lists import Action, BulkAction, Empty
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import NumberColumn
from subscriptions.filters.pools import PoolFilter
from subscriptions.models import Pool
from subscriptions.selectors import pools as selectors
from subscriptions.tables.pools import STATUS_WORDS, AssignmentTable, OfCustomerTable
from subscriptions.views.pool_dashboard import (
    LATEST,
    given_sections,
    holder_sections,
    numbers_sections,
)
from subscriptions.views.pool_trend import trends
from tenants.actor import Actor
from tenants.directory_columns import Extra
from tenants.hooks import LISTED, Part, Parts
from tenants.models import Tenant
from tenants.roles import Kind


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
    active = Pool.objects.visible_to(actor).held_by(tenant.pk).active(timezone.now())
    return [Tab("pools", _("Pools"), lambda: holder_sections(request, tenant), count=active.count())]


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
        *trends(request, held),
    ]


def _held(actor: Actor) -> Any:
    """How many active pools a reseller holds, of those in sight."""
    active = Pool.objects.visible_to(actor).active(timezone.now()).filter(tenant=OuterRef("pk"))
    return Coalesce(Subquery(active.order_by().values("tenant").annotate(count=Count("pk")).values("count")), 0)


pools_column = Extra(
    "pool_count",
    _held,
    lambda: NumberColumn(verbose_name=gettext_lazy("Pools")),
    kinds=(Kind.RESELLER.value,),
    permission="pool.view",
    shown=True,
)


def give_to_chosen(request: PageRequest) -> list[BulkAction]:
    return [BulkAction(_("Add pool"), shell_url(request, "pools_give"), "plus", "pool.edit")]


def active_pools(actor: Actor, tenant: Tenant, kind: str = "") -> Sequence[Parts]:
    """What a reseller holds of pools, and has not been taken back: while there is any, it is neither deleted nor made
    a customer. What others gave it is there, and is not named."""
    rows = Pool.objects.held_by(tenant.pk).live(timezone.now()).order_by("pk")
    seen = Pool.objects.visible_to(actor).filter(pk__in=rows.order_by().values("pk")).order_by("name", "pk")
    label = _("Pools")
    first = [
        Part("pool", row.pk, f"{row.name} · {row.pk}", f"{label} · {row.get_state_display()}") for row in seen[:LISTED]
    ]
    mine, others = Parts(label, seen.count(), first), rows.count() - seen.count()
    return [mine, Parts(_("Pools from other suppliers"), others)] if others else [mine]


def find_pools(actor: Any, words: str, limit: int) -> list[Hit]:
    """For the search over everything."""
    rows: Any = PoolFilter({"q": words}, selectors.pools(actor, timezone.now())).qs.order_by("-pk")[:limit]
    return [Hit(row.name, row.holder_name, row.pk, row.status, STATUS_WORDS[row.status]) for row in rows]
