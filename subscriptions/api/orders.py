"""Orders over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from subscriptions.filters.ordering import OrderFilter
from subscriptions.models import Order
from subscriptions.selectors.orders import orders
from subscriptions.serializers.orders import ApprovalIn, OrderIn, OrderOut, RejectionIn
from subscriptions.services.ordering.orders import approve_order, place_order, reject_order, withdraw_order


class OrderApi(ReadApi):
    """What was ordered: yours, and of those you sell to."""

    singular, permission, out = "order", "subscription.view", OrderOut
    filterset_class = OrderFilter
    ordering_fields = {"ordered_at": "made_at", "decided_at": "decided_at", "quantity": "quantity"}

    def rows(self, actor: Any) -> QuerySet[Order]:
        return orders(actor)

    def shown(self, call: Call, order: Order) -> Order:
        return self.rows(call.actor).get(pk=order.pk)

    @operation_endpoint(
        input=OrderIn, output=OrderOut, status=201, permission="subscription.order", idempotency="required"
    )
    def create(self, call: Call) -> Order:
        """Order for your own organisation what your seller lists.

        Without approval it is a subscription at once, in `subscription`; else, and where your seller has to see to it
        first, it is `pending`. Refused: `not-orderable`, and `already-ordered` while one of the same waits (409).
        """
        values = call.values
        order = place_order(
            actor=call.actor,
            listing_id=values["listing"],
            quantity=values["quantity"],
            note=values["note"],
            cycle=values.get("cycle", ""),
            request_id=call.request_id,
            now=call.now,
        )
        return self.shown(call, order)

    @operation_endpoint(
        input=ApprovalIn, output=OrderOut, detail=True, path="approve", permission="subscription.create"
    )
    def approve(self, call: Call) -> Order:
        """Sell what was ordered, at the price of the order.

        Refused as a sale is (`oversell-refused` says what remains, `no-source` that `source` is none of the seller's
        on this instance), and `order-decided`, `terms-changed` (409), `own-order` (403).
        """
        comment, source_id = call.values["comment"], call.values.get("source")
        order = approve_order(actor=call.actor, order_id=call.pk, comment=comment, source_id=source_id, now=call.now)
        return self.shown(call, order)

    @operation_endpoint(
        input=RejectionIn, output=OrderOut, detail=True, path="reject", permission="subscription.create"
    )
    def reject(self, call: Call) -> Order:
        """Say no; the comment goes to who ordered. Refused: `order-decided` (409)."""
        comment = call.values["comment"]
        return self.shown(call, reject_order(actor=call.actor, order_id=call.pk, comment=comment, now=call.now))

    @operation_endpoint(output=OrderOut, detail=True, path="withdraw", permission="subscription.order")
    def withdraw(self, call: Call) -> Order:
        """Take back your own order before it is decided. Refused: `order-decided` (409)."""
        return self.shown(call, withdraw_order(actor=call.actor, order_id=call.pk, now=call.now))


urls = api_paths("orders", OrderApi)
