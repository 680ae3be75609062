"""What add-ons show on pages of other apps: of a subscription, a reseller, a customer."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnSale
from addons.selectors import sales as selectors
from addons.selectors.add_ons import add_ons
from addons.tables.add_ons import AddOnTable
from addons.tables.sales import HeldSaleTable, OwnSaleTable, TenantSaleTable
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.text import id_in
from resellerhub.web.details import Section, Tab
from resellerhub.web.lists import Action, Empty
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from subscriptions.models import Subscription
from subscriptions.views.timeline import one_off_table
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind

LATEST = 100


def subscription_section(request: Any, subscription: Subscription) -> Section | None:
    """The add-ons sold on a subscription, with what each granted."""
    actor: Actor = request.actor
    if not actor.can("add_on.view"):
        return None
    sales = selectors.sales(actor).filter(subscription=subscription)
    is_seller = subscription.tenant_id != actor.tenant_id and actor.can("add_on.sell")
    sell = Action(_("Sell an add-on"), shell_url(request, "subscription_sell_add_on", subscription.pk), "plus")
    table_class = HeldSaleTable if is_seller else OwnSaleTable
    return Section(
        title=_("Add-ons"),
        table=table_class(sales.order_by("-pk")),
        action=sell if is_seller and subscription.state == Subscription.State.ACTIVE else None,
        empty=Empty(_("No add-ons"), _("An add-on grants resources on top of the package.")),
    )


def one_off_section(request: Any, subscription: Subscription) -> Section | None:
    """What is due once for the add-ons of a subscription, where anything is."""
    if not request.actor.can("add_on.view"):
        return None
    rows = selectors.one_offs(request.actor).filter(sale__subscription=subscription).order_by("-pk")[:LATEST]
    table = one_off_table(request, rows)
    return Section(title=_("Due once for add-ons, and given back"), table=table) if table else None


def tenant_tabs(request: PageRequest, tenant: Tenant) -> Sequence[Tab]:
    """The add-ons that a reseller or customer was sold, and those that a reseller sells."""
    actor: Actor = request.actor
    if not actor.can("add_on.view"):
        return []
    sales = selectors.sales(actor).filter(tenant=tenant)

    def sections() -> list[Section]:
        bought = sales.order_by("-pk")[:LATEST]
        sold_here = [Section(title=_("Sold to it"), table=TenantSaleTable(bought), empty=Empty(_("No add-ons yet")))]
        if tenant.kind != Kind.RESELLER:
            return sold_here
        rows = add_ons(actor, day_of(timezone.now())).filter(tenant=tenant.pk).order_by("name", "pk")[:LATEST]
        table = AddOnTable(rows, exclude=("owner", "pk", "created_at"))
        return [*sold_here, Section(title=_("Its own, to sell on"), table=table, empty=Empty(_("None yet")))]

    return [Tab("add_ons", _("Add-ons"), sections, count=sales.filter(state=AddOnSale.State.ACTIVE).count())]


def find_add_ons(actor: Any, words: str, limit: int) -> list[Hit]:
    """For the search over everything: by name, or by id."""
    rows = AddOn.objects.visible_to(actor).select_related("service_type")
    pk = id_in(words)
    rows = rows.filter(name__resembles=words) if pk is None else rows.filter(pk=pk)
    return [
        Hit(
            title=row.name,
            subtitle=row.service_type.name,
            pk=row.pk,
            state="active" if row.is_active else "inactive",
            state_label=_("Active") if row.is_active else _("Inactive"),
        )
        for row in rows.order_by("name", "pk")[:limit]
    ]
