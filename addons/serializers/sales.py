"""Shapes of sales of add-ons in the API."""

from typing import Any

from rest_framework import serializers

from addons.models import AddOnSale
from catalog.serializers.prices import COST_ONCE
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, In, MoneyField, Out
from subscriptions.models import QUANTITY_MAX
from subscriptions.serializers.facts import OneOffTold
from subscriptions.serializers.life import QuoteLimitOut
from subscriptions.serializers.prices import QuoteLineOut
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
    """Of one unit and cycle. `is_below_cost` warns: the sale is made all the same."""

    unit_price = MoneyField(amount="unit_price")
    unit_cost = MoneyField(amount="unit_cost", allow_null=True)
    listed_price = MoneyField(amount="listed_price", allow_null=True, help_text="The price without one's own.")
    cost_once = serializers.BooleanField(source="account.cost_once", help_text=COST_ONCE)
    margin = MoneyField(amount="margin", allow_null=True, help_text="Null where `cost_once` is on.")
    is_below_cost = serializers.BooleanField(source="account.is_below_cost")
    floor = MoneyField(amount="floor", allow_null=True, help_text="The least that the seller may ask.")
    ceiling = MoneyField(amount="ceiling", allow_null=True, help_text="The most that the seller may ask.")
    cycle = serializers.ChoiceField(choices=Cycle.choices, source="price.cycle")
    total = MoneyField(amount="total", help_text="Of all units, for a whole cycle.")
    lines = QuoteLineOut(
        many=True,
        help_text="What the holder is charged at first: the rest of the billing period of its subscription, and what "
        "is due once.",
    )
    first_total = MoneyField(amount="first_total", help_text="The sum of the lines.")
    next_on = serializers.DateField(allow_null=True, help_text="From when on it is `total` for each further cycle.")
    seller_cost_lines = QuoteLineOut(
        many=True, source="cost_lines", help_text="What the seller is charged at first. Nothing where it owes once."
    )
    seller_cost_total = MoneyField(amount="cost_total")
    one_offs = OneOffTold(many=True, help_text="What is due once, at every level that you may see.")


class AddOnEndOut(Out):
    """What ending a sale would do. Sent back as `seal`, the doing is held to it: `quote-changed` where it would be
    another."""

    seal = serializers.CharField()
    on = serializers.DateField(help_text="The day on which it ends.")
    lines = QuoteLineOut(many=True)
    total = MoneyField(amount="total", help_text="The sum of the lines; negative where it is given back.")
    seller_cost_lines = QuoteLineOut(
        many=True,
        source="cost_lines",
        help_text="What the seller itself is charged or given back; not where it owes once.",
    )
    one_offs = OneOffTold(many=True, help_text="Of every level that you may see; the holder's amounts are lines, too.")
    resources = QuoteLimitOut(source="limits", many=True)


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
    state = serializers.ChoiceField(
        choices=AddOnSale.State.choices,
        help_text="`continued`: it went on as another sale, at another price, or of another holder or seller; its id "
        "still names it.",
    )
    first_sale = Id(
        source="first_id", help_text="With which it began: its own id, or that of the sale it goes on from."
    )
    sold_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    granted = GrantedOut(many=True)

    def to_representation(self, instance: AddOnSale) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["view"].actor.tenant_id not in instance.seller.ancestors:
            shown["unit_cost"] = None
        return shown
