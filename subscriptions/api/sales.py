"""What a sale would come to, and what was held when at which price."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, ReadApi
from subscriptions.api.subscriptions import offer
from subscriptions.models import Phase, Subscription
from subscriptions.serializers.prices import PhaseOut, SalePreviewOut
from subscriptions.serializers.subscriptions import SubscriptionIn
from subscriptions.services.selling.opening import preview_subscription
from subscriptions.services.selling.previewing import SalePreview
from subscriptions.timeline import told


class SalePreviewApi(Api):
    """A sale before it is made."""

    singular = "subscription"

    @operation_endpoint(input=SubscriptionIn, output=SalePreviewOut, path="preview", permission="subscription.create")
    def preview_sale(self, call: Call) -> SalePreview:
        """Say what a sale would come to: price, cost and margin, what is granted and what of the source remains.

        The body is that of the sale, which yields the same numbers and refuses the same. Nothing is written.
        """
        tenant_id = call.values["tenant"]
        return preview_subscription(actor=call.actor, tenant_id=tenant_id, offer=offer(call.values), now=call.now)


class SubscriptionPhaseApi(ReadApi):
    """The timeline of a subscription: what was held when, at which price, the newest first.

    Each reader is told what the holder pays, and its own cost, income and margin; never what is paid above it.
    """

    singular, plural = "subscription_phase", "subscription_phases"
    permission, out = "subscription.view", PhaseOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[Phase]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return told(actor, subscription.pk)
