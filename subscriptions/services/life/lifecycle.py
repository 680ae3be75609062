"""What the end of a tenant, or another kind, means for what it holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Package
from subscriptions.models import Subscription
from subscriptions.naming import called
from subscriptions.services.life.standing import close_subscription
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
