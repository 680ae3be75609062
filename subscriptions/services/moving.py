"""What a move of a tenant means for what it holds."""

from subscriptions.models import Subscription
from subscriptions.refusals import StillSubscribed
from tenants.actor import Actor
from tenants.models import Tenant


def refuse_to_leave_seller(actor: Actor, tenant: Tenant, seller: Tenant) -> None:
    """A subscription stays with who sold it: a tenant with open ones does not change its seller.

    Those beneath it move along with their own sellers. New ones wait for the branch that the move has locked.
    """
    held = Subscription.objects.open().filter(tenant=tenant).exclude(seller=seller)
    if count := held.count():
        raise StillSubscribed(count=count)
