"""Allocations raised by hand."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.models import COUNT_MAX, Resource
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, RequestReused, found
from subscriptions.models import Grant
from subscriptions.services.allocation import Change, allocate, check_oversell
from subscriptions.services.life.effects import must_take_more
from subscriptions.services.life.settling import settled_for_change
from tenants.actor import Actor


@operation
def raise_allocation(
    *, actor: Actor, subscription_id: int, resource_id: int, amount: int, request_id: UUID, now: datetime
) -> Grant:
    """Allocate more of one resource, by hand and without a price; repeating the request id repeats nothing.

    Refused: `SubscriptionClosed`, also where its end has come; `NothingAdded` while it is suspended; `OversellRefused`
    where the subscription draws on one whose holder may not oversell.
    """
    actor.require("subscription.edit")
    if not 1 <= amount <= COUNT_MAX:
        raise Invalid({"amount": [_("The amount is a whole number from 1 to %(most)s.") % {"most": COUNT_MAX}]})
    subscription = settled_for_change(actor, subscription_id, now)
    resource = found(Resource.objects.filter(service_type=subscription.service_type_id), pk=resource_id)
    if earlier := subscription.grants.filter(request_id=request_id).first():
        if (earlier.resource_id, earlier.amount, earlier.kind) != (resource.pk, amount, Grant.Kind.ADJUSTMENT):
            raise RequestReused()
        return earlier
    must_take_more(subscription)
    check_oversell(subscription.source, {resource.pk: amount})
    change = Change(subscription.pk, resource.pk, amount, actor.user_id or 0)
    allocate([change], kind=Grant.Kind.ADJUSTMENT, now=now, request_id=request_id)
    actor.record("subscription.allocation_raised", subscription, at=now, resource=resource.pk, amount=amount)
    return subscription.grants.get(resource=resource, request_id=request_id)
