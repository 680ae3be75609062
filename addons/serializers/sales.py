"""Shapes of sales of add-ons in the API."""

from typing import Any

from rest_framework import serializers

from addons.models import AddOnSale
from catalog.serializers.prices import COST_ONCE
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, In, MoneyField, Out
from subscriptions.models import QUANTITY_MAX
from subscriptions.services.selling.agreeing import Price


def quantity() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX)


class SellIn(In):
    subscription = Id()
    add_on = Id()
    quantity = quantity()
    unit_price = MoneyField(
        places=6, required=False, help_text="What the seller asks, above, at or below what it costs; else its list's."
    )

    cycle = serializers.ChoiceField(
        choices=Cycle.choices, required=False, help_text="By which it is paid, of those that the fee is offered by."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        money, cycle = attrs.pop("unit_price", None), attrs.pop("cycle", "")
        return attrs | {"price": Price(money.amount, money.currency, cycle) if money else Price(cycle=cycle)}


class AddOnQuoteOut(Out):
    """Of one unit and cycle. `below_cost` warns: the sale is made all the same."""

    unit_price = MoneyField(amount="unit_price")
    unit_cost = MoneyField(amount="unit_cost", allow_null=True)
    listed_price = MoneyField(amount="listed_price", allow_null=True, help_text="The price without one's own.")
    cost_once = serializers.BooleanField(source="account.cost_once", help_text=COST_ONCE)
    margin = MoneyField(amount="margin", allow_null=True, help_text="Null where `cost_once` is on.")
    below_cost = serializers.BooleanField(source="account.is_below_cost")
    cycle = serializers.ChoiceField(choices=Cycle.choices, source="price.cycle")
    total = MoneyField(amount="total", help_text="Of all units.")


class GrantedOut(Out):
    resource = Id()
    code = serializers.CharField()
    amount = serializers.IntegerField()


class AddOnSaleOut(Out):
    """`unit_cost` is what the seller pays for one unit: for it and those above it, null for everybody else.

    It is null, too, where the seller owes nothing: it made the add-on itself, or sells on commission.
    """

    id = Id()
    add_on = Id(source="add_on_id")
    add_on_name = serializers.CharField(source="add_on.name")
    subscription = Id(source="subscription_id")
    subscription_name = serializers.CharField(source="title")
    tenant = Id(source="tenant_id", help_text="Who holds it.")
    seller = Id(source="seller_id")
    quantity = serializers.IntegerField()
    unit_price = MoneyField(amount="unit_price")
    unit_cost = MoneyField(amount="unit_cost", allow_null=True)
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    state = serializers.ChoiceField(choices=AddOnSale.State.choices)
    sold_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    granted = GrantedOut(many=True)

    def to_representation(self, instance: AddOnSale) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["view"].actor.tenant_id not in instance.seller.ancestors:
            shown["unit_cost"] = None
        return shown
