"""What subscriptions show on pages of other apps: of a reseller, a customer, the dashboard, the search."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.details import Counter, Section, Tab
from resellerhub.web.lists import Action, Empty
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import NumberColumn
from subscriptions.filters.subscriptions import SubscriptionFilter
from subscriptions.models import Holding, Subscription
from subscriptions.selectors.offers import is_prepaid
from subscriptions.selectors.subscriptions import subscriptions
from subscriptions.tables.subscriptions import SubscriptionTable
from tenants.actor import Actor
from tenants.directory_columns import Extra
from tenants.models import Tenant
from tenants.roles import Kind

LATEST = 25


def tenant_tabs(request: PageRequest, tenant: Tenant) -> Sequence[Tab]:
    """What a reseller or customer holds, with the way to more: a commission reseller holds nothing."""
    actor: Actor = request.actor
    if not actor.can("subscription.view"):
        return []
    held = subscriptions(actor).filter(tenant=tenant.pk)
    query = urlencode({"tenant": tenant.pk})

    def sections() -> list[Section]:
        table = SubscriptionTable(list(held.order_by("-pk")[:LATEST]))
        table.show_only(["name", "id", "package", "quantity", "instance", "status", "started"])
        return [
            Section(
                title=_("Subscriptions"),
                table=table,
                action=_open(request, tenant, query),
                empty=Empty(_("No subscriptions yet")),
            )
        ]

    return [Tab("subscriptions", _("Subscriptions"), sections, count=held.count())]


def _open(request: PageRequest, tenant: Tenant, query: str) -> Action | None:
    if not request.actor.can("subscription.create") or tenant.status != Tenant.Status.ACTIVE:
        return None
    url = f"{shell_url(request, 'subscription_create')}?{query}"
    if tenant.kind == Kind.CUSTOMER:
        return Action(_("Sell subscription"), url, "plus")
    return Action(_("Subscribe as reseller"), url, "plus") if is_prepaid(tenant.pk) else None


def tenant_counters(request: PageRequest, tenant: Tenant) -> Sequence[Counter]:
    """How many active subscriptions it holds, with the list that shows them."""
    if not request.actor.can("subscription.view"):
        return []
    held = Subscription.objects.visible_to(request.actor).active().filter(tenant=tenant.pk)
    url = f"{shell_url(request, 'subscriptions')}?{urlencode({'tenant': tenant.pk, 'state': 'active'})}"
    return [Counter(_("Active subscriptions"), held.count(), url)]


def _over_quota(actor: Actor) -> Any:
    """How many rows of "Quota over usage" name this tenant: what it holds itself, and what it sold to customers."""
    over = Holding.objects.over_quota().order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    held = Subquery(over.filter(tenant=OuterRef("pk")))
    sold = Subquery(over.filter(seller=OuterRef("pk"), tenant__kind=Kind.CUSTOMER))
    return Coalesce(held, 0) + Coalesce(sold, 0)


over_quota_column = Extra(
    "over_quota",
    _over_quota,
    lambda: NumberColumn(verbose_name=gettext_lazy("Over quota")),
    permission="report.view",
    shown=True,
)


def counters(request: PageRequest) -> list[Counter]:
    """For the dashboard."""
    if not request.actor.can("subscription.view"):
        return []
    active = Subscription.objects.visible_to(request.actor).active().count()
    url = f"{shell_url(request, 'subscriptions')}?{urlencode({'state': 'active'})}"
    return [Counter(_("Active subscriptions"), active, url)]


def find_subscriptions(actor: Any, words: str, limit: int) -> list[Hit]:
    """For the search over everything."""
    rows: Any = SubscriptionFilter({"q": words}, subscriptions(actor)).qs.order_by("-pk")[:limit]
    return [Hit(row.title, row.tenant_name, row.pk, row.state, row.get_state_display()) for row in rows]
