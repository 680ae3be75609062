"""Add-ons follow a subscription to its new holder: what the old one was sold ends, and runs on for the new one."""

from datetime import datetime
from typing import Any

from addons.models import AddOnSale, AddOnSaleCost
from addons.services.sales import granted_by
from subscriptions.models import Grant, Subscription
from subscriptions.services.allocation import Change, allocate
from tenants.actor import Actor


def hand_over(actor: Actor, subscription: Subscription, now: datetime) -> None:
    """A sale names its holder and stays as it is: it ends, and another with its price and what it grants begins."""
    for sale in AddOnSale.objects.filter(subscription=subscription).active().locked():
        granted = granted_by(sale)
        AddOnSale.objects.filter(pk=sale.pk).update(state=AddOnSale.State.CANCELLED, ended_at=now)
        old = sale.pk
        sale.pk, sale.tenant_id, sale.sold_at = None, subscription.tenant_id, now
        sale.job_item_id, sale.request_id = None, None
        costs = list(AddOnSaleCost.objects.filter(sale=old).order_by("pk"))
        sale.save(force_insert=True)
        for cost in costs:
            cost.pk, cost.sale_id = None, sale.pk
        AddOnSaleCost.objects.bulk_create(costs)
        for source, sign in ((old, -1), (sale.pk, 1)):
            changes = [Change(subscription.pk, resource, sign * amount, source) for resource, amount in granted.items()]
            allocate(changes, kind=Grant.Kind.ADD_ON, now=now)
        facts: dict[str, Any] = {"add_on": sale.add_on_id, "subscription": subscription.pk, "quantity": sale.quantity}
        actor.record("add_on.handed_over", sale, at=now, **facts)
