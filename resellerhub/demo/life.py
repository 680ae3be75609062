"""What is to become of some subscriptions: a change that waits for the end of the term, and one that does not renew."""

from typing import Any

from resellerhub.demo.sellers import Seller, Stage
from subscriptions.models import Subscription
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.life.steps.terms import SetRenewal

DEAR, CHEAP = ("Mail PREMIUM", "Mail STANDARD"), "Mail LIGHT"


def plan_ahead(stage: Stage, seller: Seller) -> None:
    """Of what customers of this seller hold."""
    held = Subscription.objects.active().filter(seller=seller.id, tenant__kind="customer").order_by("pk")
    packages = stage.catalogue.packages
    dear = held.filter(package__in=[packages[name].pk for name in DEAR]).first()
    parts: dict[str, Any] = {"actor": seller.actor, "now": stage.now}
    if dear is not None:
        take_step(subscription_id=dear.pk, step=ChangePackage(packages[CHEAP].pk), **parts)
    leaving = held.exclude(pk=dear.pk if dear else 0).first()
    if leaving is not None:
        take_step(subscription_id=leaving.pk, step=SetRenewal(False), **parts)
