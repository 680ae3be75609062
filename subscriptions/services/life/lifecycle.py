"""What the end of a tenant, another kind or another seller means for what it holds, and for what it has ordered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Package
from subscriptions.models import Order, Subscription
from subscriptions.naming import called
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.ordering.orders import withdraw_orders
from tenants.actor import Actor
from tenants.hooks import LISTED, Part, Parts
from tenants.models import Tenant
from tenants.roles import Kind


def open_subscriptions(actor: Actor, tenant: Tenant) -> Sequence[Parts]:
    """What it holds: a reseller ends it first, a customer's ends with it."""
    held = Subscription.objects.open().filter(tenant=tenant).order_by("pk")
    titles = held.annotate(title=called(actor)).values_list("pk", "title")
    first = [Part("subscription", pk, title) for pk, title in titles[:LISTED]]
    return [Parts(_("Subscriptions"), held.count(), first)]


def close_what_is_held(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """End every open subscription, with the add-ons on it."""
    held = Subscription.objects.open().filter(tenant=tenant).order_by("pk")
    ids = list(held.values_list("pk", flat=True))
    for pk in ids:
        close_subscription(actor=actor, subscription_id=pk, now=now)
    return {"subscriptions": len(ids)}


def keeps_its_kind(actor: Actor, tenant: Tenant, kind: str) -> Sequence[Parts]:
    """A subscription is of one kind: a reseller's is there to be sold from, a customer's to be used. And a customer has
    no plans; what was deactivated is history, and stays."""
    found = list(open_subscriptions(actor, tenant))
    if kind == Kind.CUSTOMER:
        plans = Package.objects.filter(tenant=tenant, is_active=True).order_by("pk")
        first = [Part("package", row.pk, row.name) for row in plans[:LISTED]]
        found.append(Parts(_("Plans"), plans.count(), first))
    return found


def waiting_orders(actor: Actor, tenant: Tenant, kind: str) -> Sequence[Parts]:
    """What a customer orders is for customers: it is decided before the kind changes."""
    rows = Order.objects.pending().filter(tenant=tenant).order_by("pk")
    first = [Part("order", row.pk, str(row)) for row in rows[:LISTED]]
    return [Parts(_("Orders"), rows.count(), first)]


def withdraw_what_waits(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """Who ends orders nothing."""
    count = withdraw_orders(actor, tenant, now)
    return {"orders": count} if count else {}


def ask_elsewhere(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> dict[str, Any]:
    """What was ordered from the seller that it leaves is not decided by the new one."""
    return withdraw_what_waits(actor, tenant, now)
