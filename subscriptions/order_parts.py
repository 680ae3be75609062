"""What offerings and orders add to pages, navigation, dashboard, mails, log and the life of tenants."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Package
from subscriptions.models import Order
from subscriptions.services.ordering.orders import withdraw_orders
from tenants.actor import Actor
from tenants.event_values import visible
from tenants.hooks import LISTED, Part, Parts
from tenants.models import Tenant
from tenants.roles import Kind

WORDS = {
    "reseller.offerings_changed": gettext_lazy("Service offering changed"),
    "listing.created": gettext_lazy("Self-service entry created"),
    "listing.changed": gettext_lazy("Self-service entry changed"),
    "order.placed": gettext_lazy("Ordered"),
    "order.approved": gettext_lazy("Order approved"),
    "order.rejected": gettext_lazy("Order rejected"),
    "order.withdrawn": gettext_lazy("Order withdrawn"),
}
FACTS: dict[str, Any] = {
    "packages_added": gettext_lazy("Packages added"),
    "packages_removed": gettext_lazy("Packages removed"),
    "needs_approval": gettext_lazy("Needs approval"),
    "description": gettext_lazy("Description"),
    "comment": gettext_lazy("Comment"),
    "listing.unit_price": gettext_lazy("Price"),
    "listing.is_active": gettext_lazy("Can be ordered"),
}
THINGS = {"listing": gettext_lazy("Self-service entry"), "order": gettext_lazy("Order")}


def register() -> None:
    """Called when the app is ready."""
    from resellerhub.web import dashboard, navigation
    from resellerhub.web.navigation import NavItem
    from subscriptions.services.ordering.mails import KINDS
    from subscriptions.views import many_offerings, offerings, orders
    from tenants import detail_parts, directory_actions, event_values, event_words, hooks, mail_kinds

    packages = (visible(Package), gettext_lazy("Package %(id)s"))
    mail_kinds.register(*KINDS)
    event_words.register(WORDS, FACTS, THINGS)
    event_values.register(
        {"packages_added": packages, "packages_removed": packages}, {"order.state": dict(Order.State.choices)}
    )
    hooks.CLOSING_TENANT.append(withdraw_what_waits)
    hooks.CONVERTING.append(waiting_orders)
    hooks.MOVED.append(ask_elsewhere)
    detail_parts.register(tabs=offerings.tabs)
    directory_actions.register(Kind.RESELLER, many_offerings.bulk_actions)
    dashboard.register(counters=orders.counters, panels=offerings.panels)
    navigation.register(
        NavItem(gettext_lazy("Self-service"), "listings", "catalog.view", kinds=("provider", "reseller")),
        under="catalogue",
    )
    navigation.register(
        NavItem(gettext_lazy("Services"), "services", "subscription.order", "box", kinds=("reseller", "customer")),
        shells=("portal",),
    )
    navigation.register(NavItem(gettext_lazy("Orders"), "orders", "subscription.view", "cart"))


def withdraw_what_waits(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """Who ends orders nothing."""
    return _withdraw(actor, tenant, now)


def ask_elsewhere(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> dict[str, Any]:
    """What was ordered from the seller that it leaves is not decided by the new one."""
    return _withdraw(actor, tenant, now)


def _withdraw(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    count = withdraw_orders(actor, tenant, now)
    return {"orders": count} if count else {}


def waiting_orders(actor: Actor, tenant: Tenant, kind: str) -> Sequence[Parts]:
    """What a customer orders is for customers: it is decided before the kind changes."""
    rows = Order.objects.pending().filter(tenant=tenant).order_by("pk")
    first = [Part("order", row.pk, str(row)) for row in rows[:LISTED]]
    return [Parts(_("Orders"), rows.count(), first)]
