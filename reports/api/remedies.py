"""What is done about a row, over REST: GET shows the effect, POST does it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response

from addons.models import AddOnSale
from addons.selectors.sales import sales
from addons.serializers.sales import AddOnSaleOut
from addons.services.sales import sell_add_on
from catalog.models import COUNT_MAX
from reports.api.over_usage import shaped
from reports.selectors import Remedy, holding_behind, over_usage_rows, remedies
from reports.serializers import EffectOut, OffersOut, OverUsageOut, RaiseRowIn, SellOnRowIn
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.problems import QueryProblem
from resellerhub.rest.views import ReadApi
from subscriptions.models import QUANTITY_MAX, Holding
from subscriptions.services.life.changing import raise_allocation


def whole_number(view: Any, name: str, most: int) -> int | None:
    """A query parameter that is a whole number from 1; None when it is not there."""
    refuse_unknown(view.request.query_params, {name})
    text = view.request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16 and 1 <= int(text) <= most):
        sentence = _("This is a whole number from 1 to %(most)s.") % {"most": most}
        raise QueryProblem({name: [ErrorDetail(sentence, "out_of_range")]})
    return int(text)


class RaiseApi(ReadApi):
    """What a row looks like after its allocation is raised: by `amount`, or by what is missing."""

    singular, permission, out = "over_usage_raise", "subscription.edit", EffectOut
    reads = ()

    @extend_schema(parameters=[OpenApiParameter("amount", int, description="By how much; else the excess.")])
    def preview(self, request: Any, subscription: int, resource: int) -> Response:
        self.let_look()
        holding = holding_behind(self.actor, subscription, resource)
        amount = whole_number(self, "amount", COUNT_MAX)
        return Response(EffectOut(effect(holding, max(-holding.remaining, 0) if amount is None else amount)).data)

    @operation_endpoint(input=RaiseRowIn, output=OverUsageOut, permission="subscription.edit", idempotency="required")
    def perform(self, call: Call) -> Any:
        """Raise the allocation of a row, by hand and without a price.

        The answer is the row as it is then. Refused with `oversell-refused` where the subscription draws on one whose
        holder may not oversell, and with `subscription-not-active` while it is suspended.
        """
        holding = holding_behind(call.actor, call.kwargs["subscription"], call.kwargs["resource"])
        raise_allocation(
            actor=call.actor,
            subscription_id=holding.subscription_id,
            resource_id=holding.resource_id,
            amount=call.values["amount"],
            request_id=call.request_id,
            now=call.now,
        )
        return row_of(call)


class SellApi(ReadApi):
    """The add-ons that raise the resource of a row, each in the quantity that clears it, or in the `quantity` given."""

    singular, permission, out = "over_usage_sell", "add_on.sell", OffersOut
    reads = ()

    @extend_schema(parameters=[OpenApiParameter("quantity", int, description="How many; else what clears the row.")])
    def preview(self, request: Any, subscription: int, resource: int) -> Response:
        self.let_look()
        holding = holding_behind(self.actor, subscription, resource)
        quantity = whole_number(self, "quantity", QUANTITY_MAX)
        offers = [
            offer(remedy, quantity or remedy.needed) for remedy in remedies(self.actor, holding, day_of(timezone.now()))
        ]
        return Response(OffersOut({"remaining": holding.remaining, "add_ons": offers}).data)

    @operation_endpoint(
        input=SellOnRowIn,
        output=AddOnSaleOut,
        status=201,
        location="add_on_sale",
        permission="add_on.sell",
        idempotency="required",
    )
    def perform(self, call: Call) -> AddOnSale:
        """Sell an add-on on the subscription of a row.

        Refused as any sale: `not-associated`, `below-minimum`, `add-on-inactive`, `oversell-refused` …
        """
        holding = holding_behind(call.actor, call.kwargs["subscription"], call.kwargs["resource"])
        sale = sell_add_on(
            actor=call.actor,
            subscription_id=holding.subscription_id,
            add_on_id=call.values["add_on"],
            quantity=call.values["quantity"],
            request_id=call.request_id,
            now=call.now,
        )
        return found(sales(call.actor), pk=sale.pk)


def row_of(call: Call) -> dict[str, Any]:
    key = {"subscription": call.kwargs["subscription"], "resource": call.kwargs["resource"]}
    rows: QuerySet[Holding, Any] = shaped(over_usage_rows(call.actor, everything=True, **key))
    row: dict[str, Any] = rows.get()
    return row


def effect(holding: Holding, amount: int) -> dict[str, int]:
    return {
        "amount": amount,
        "allocated": holding.allocated,
        "utilised": holding.utilised,
        "remaining": holding.remaining,
        "allocated_after": holding.allocated + amount,
        "remaining_after": holding.remaining + amount,
    }


def offer(remedy: Remedy, quantity: int) -> dict[str, Any]:
    return {
        "add_on": remedy.add_on.pk,
        "name": remedy.add_on.name,
        "value": remedy.value,
        "quantity": quantity,
        "granted": remedy.granted(quantity),
        "remaining_after": remedy.remaining(quantity),
        "unit_price": remedy.unit_price,
        "amount": remedy.price(quantity).amount,
        "currency": remedy.currency,
        "cycle": remedy.cycle,
    }
