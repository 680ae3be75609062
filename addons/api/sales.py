"""Sales of add-ons over REST."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter

from addons.filters import AddOnSaleFilter
from addons.models import AddOnOneOff, AddOnSale
from addons.selectors import sales as selectors
from addons.serializers.sales import AddOnEndOut, AddOnQuoteOut, AddOnSaleOut, SellIn
from addons.services.ending import cancel_add_on_sale, preview_add_on_end
from addons.services.sales import Quote, preview_add_on_sale, sell_add_on
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi
from subscriptions.models import Subscription
from subscriptions.quoting import Quote as EndQuote
from subscriptions.serializers.facts import OneOffOut
from subscriptions.serializers.life import SealedIn


class SaleFilter(AddOnSaleFilter):
    """The API lists the sales on all subscriptions, a page those on one."""

    add_on = NumberFilter(label=_("Add-on"))
    subscription = NumberFilter(label=_("Subscription"))
    tenant = NumberFilter(label=_("Holder"))


class AddOnSaleApi(ReadApi):
    """Sales of add-ons on subscriptions, with the price as it was."""

    singular, permission, out = "add_on_sale", "add_on.view", AddOnSaleOut
    filterset_class = SaleFilter
    ordering_fields = {"sold_at": "sold_at"}

    def rows(self, actor: Any) -> QuerySet[AddOnSale]:
        return selectors.sales(actor)

    @operation_endpoint(input=SellIn, output=AddOnSaleOut, status=201, permission="add_on.sell", idempotency="required")
    def sell(self, call: Call) -> AddOnSale:
        """Sell an add-on of one's own, or one that is shared with the seller, on one subscription.

        With `unit_price` at the seller's own price, else at that of its price list or of the fee.
        Refused: `cycle-not-offered`, `price-out-of-bounds`, `not-associated`, `below-minimum`, `add-on-inactive`,
        `target-not-active`, and `oversell-refused` with what remains where the seller may not oversell.
        """
        sale = sell_add_on(
            actor=call.actor,
            subscription_id=call.values["subscription"],
            add_on_id=call.values["add_on"],
            quantity=call.values["quantity"],
            price=call.values["price"],
            request_id=call.request_id,
            now=call.now,
        )
        return found(self.rows(call.actor), pk=sale.pk)

    @operation_endpoint(input=SellIn, output=AddOnQuoteOut, path="preview", permission="add_on.sell")
    def preview(self, call: Call) -> Quote:
        """What this sale would come to: price, cost and margin of one unit, and the total. Nothing is written."""
        return preview_add_on_sale(
            actor=call.actor,
            subscription_id=call.values["subscription"],
            add_on_id=call.values["add_on"],
            quantity=call.values["quantity"],
            price=call.values["price"],
            now=call.now,
        )

    @operation_endpoint(output=AddOnEndOut, detail=True, path="cancel/preview", permission="add_on.sell")
    def preview_cancel(self, call: Call) -> EndQuote:
        """Say what ending a sale would give back and charge: lines and total, and what is due once at every level.

        Doing it right after yields the same numbers, and refuses the same. Nothing is written.
        """
        return preview_add_on_end(actor=call.actor, sale_id=call.pk, now=call.now)

    @operation_endpoint(input=SealedIn, output=AddOnSaleOut, detail=True, path="cancel", permission="add_on.sell")
    def cancel(self, call: Call) -> AddOnSale:
        """End a sale and take back what it granted; of one that went on as another that one ends.

        Refused: `below-utilised` when that is taken already; outside its window `cancellation-window-closed`, unless an
        early fee is agreed; with a `seal`, `quote-changed`.
        """
        sale = cancel_add_on_sale(actor=call.actor, sale_id=call.pk, seal=call.values.get("seal", ""), now=call.now)
        return found(self.rows(call.actor), pk=sale.pk)


class AddOnOneOffApi(ReadApi):
    """What is due once for a sale, and from which day it was given back; of one that went on as others, for all.

    Activation and early cancellation fees, of every level that you may see: what your organisation pays or is paid, and
    what is paid beneath it. A preview names them beforehand, as `one_offs`.
    """

    singular, plural = "add_on_sale_one_off", "add_on_sale_one_offs"
    permission, out = "add_on.view", OneOffOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[AddOnOneOff]:
        sale = found(AddOnSale.objects.visible_to(actor), pk=self.kwargs["add_on_sale"])
        return selectors.one_offs(actor).filter(Q(sale=sale.first_id) | Q(sale__origin=sale.first_id))


class SubscriptionAddOnApi(ReadApi):
    """The sales of add-ons on one subscription, the latest first."""

    singular, plural = "subscription_add_on", "subscription_add_ons"
    permission, out = "add_on.view", AddOnSaleOut
    reads = ("list",)
    filterset_class = AddOnSaleFilter
    ordering_fields = {"sold_at": "sold_at"}

    def rows(self, actor: Any) -> QuerySet[AddOnSale]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return selectors.sales(actor).filter(subscription=subscription)
