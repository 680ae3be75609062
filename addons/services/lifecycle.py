"""What the end of a tenant, another kind or another seller means for the add-ons that it was sold or sells."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.models import AddOn, AddOnSale
from tenants.actor import Actor
from tenants.hooks import LISTED, Following, Part, Parts
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind


def active_sales(actor: Actor, tenant: Tenant) -> Sequence[Parts]:
    """What was sold to it and runs; it ends with its subscription."""
    return [_parts(AddOnSale.objects.active().filter(tenant=tenant))]


def keeps_its_kind(actor: Actor, tenant: Tenant, kind: str) -> Sequence[Parts]:
    """A customer sells no add-ons: those of a reseller, copies too, are deactivated first."""
    if kind != Kind.CUSTOMER:
        return []
    rows = AddOn.objects.owned_by(tenant.pk).active().order_by("pk")
    first = [Part("add_on", row.pk, row.name) for row in rows[:LISTED]]
    return [Parts(gettext_lazy("Own add-ons"), rows.count(), first)]


def following(actor: Actor, tenant: Tenant, seller: Tenant) -> Following:
    """What the old seller made itself is its own, and cannot be charged by the new one; the rest runs on."""
    running = AddOnSale.objects.active().within(tenant.pk)
    known = Q(add_on__tenant__in=seller.ancestors) | Q(below([tenant.pk], "add_on__tenant_id"))
    note = _("This add-on belongs to a seller that it leaves.")
    return Following(along=[_parts(running.filter(known))], blocked=[_parts(running.exclude(known), note)])


def _parts(sales: Any, note: str = "") -> Parts:
    rows = sales.select_related("add_on").order_by("pk")
    first = [
        Part("subscription", row.subscription_id, f"{row.add_on.name} × {row.quantity}", note) for row in rows[:LISTED]
    ]
    return Parts(gettext_lazy("Add-ons"), rows.count(), first)
