"""Shapes of offerings, listings and orders in the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from catalog.models import Package
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.rest.serializers import Id, Ids, In, MoneyField, Out, written
from subscriptions.models import QUANTITY_MAX, Order
from subscriptions.selectors.orders import public_name, tell_prices
from subscriptions.serializers.prices import QuoteLineOut

BY_WHICH = "By which it is paid, and that of the price. Empty: who orders chooses; a price is for the fee's own then."


def chosen_cycle(help_text: str, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Cycle.choices, required=False, help_text=help_text, **options)


class OfferingOut(Out):
    id = Id()
    reseller = Id(source="tenant_id")
    package = Id(source="package_id")
    package_name = serializers.CharField(source="package.name")
    audience = serializers.ChoiceField(choices=Package.Audience.choices, source="package.audience")
    service_type = Id(source="package.service_type_id")
    is_active = serializers.BooleanField(source="package.is_active", help_text="What is not active is not sold.")
    made_at = serializers.DateTimeField()


class OfferingsIn(In):
    packages = Ids(help_text="All that it may offer from now on; none for nothing.")


class OfferingsAddIn(In):
    resellers = Ids(min_length=1)
    packages = Ids(min_length=1)


class CyclePriceOut(Out):
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    price = MoneyField(amount="amount", allow_null=True, help_text="Of one unit; null where nothing is charged.")


class ListingOut(Out):
    id = Id()
    seller = Id(source="tenant_id")
    seller_name = serializers.CharField()
    package = Id(source="package_id")
    package_name = serializers.CharField(source="package.name")
    public_name = serializers.SerializerMethodField(help_text="The name for end users.")
    audience = serializers.ChoiceField(choices=Package.Audience.choices, source="package.audience")
    service_type = Id(source="service_type_id")
    service_instance = Id(source="service_instance_id")
    needs_approval = serializers.BooleanField()
    description = serializers.CharField(source="text")
    own_price = MoneyField(amount="unit_price", allow_null=True, help_text="Null: what price list or fee say.")
    price = serializers.SerializerMethodField(
        help_text="What you would pay for a unit and cycle today; of your own listings what a buyer would who has no"
        " price list. Null where nothing is charged, or it is not yours to know."
    )
    cycle = serializers.SerializerMethodField()
    prices = CyclePriceOut(
        many=True, source="asked_by", help_text="The same by each billing cycle among which who orders can choose."
    )
    own_cycle = serializers.CharField(source="cycle", help_text="By which it is paid; empty: who orders chooses.")
    is_active = serializers.BooleanField()

    def to_representation(self, instance: Any) -> Any:
        if not hasattr(instance, "asked"):  # a list has asked for all of its rows at once
            tell_prices(self.context["view"].actor, [instance], day_of(timezone.now()))
        return super().to_representation(instance)

    def get_public_name(self, row: Any) -> str:
        return public_name(row)

    def get_price(self, row: Any) -> dict[str, str] | None:
        return written(row.asked.amount, row.asked.currency) if row.asked and row.asked.amount is not None else None

    def get_cycle(self, row: Any) -> str:
        return str(row.asked.cycle) if row.asked else ""


class ListingChangeIn(In):
    """What is left out stays as it is."""

    service_instance = Id(required=False)
    needs_approval = serializers.BooleanField(required=False)
    description = serializers.CharField(max_length=500, allow_blank=True, required=False)
    price = MoneyField(required=False, allow_null=True, help_text="Null: what price list or fee say.")
    cycle = chosen_cycle(BY_WHICH, allow_blank=True)
    is_active = serializers.BooleanField(required=False)


class ListingIn(In):
    package = Id()
    service_instance = Id(help_text="Where it runs.")
    needs_approval = serializers.BooleanField(default=True)
    description = serializers.CharField(max_length=500, allow_blank=True, default="")
    price = MoneyField(required=False, allow_null=True, help_text="Left out, what price list or fee say.")
    cycle = chosen_cycle(BY_WHICH, allow_blank=True)


class OrderPreviewIn(In):
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, default=1)
    cycle = chosen_cycle("Of those in `prices`; left out, the first of them.")


class OrderedLimitOut(Out):
    resource = Id()
    limit = serializers.IntegerField(help_text="Of all units together.")


class OrderPreviewOut(Out):
    quantity = serializers.IntegerField()
    price = MoneyField(amount="amount", allow_null=True, help_text="Of one unit and one cycle.")
    total = MoneyField(amount="total", allow_null=True, help_text="Of all units, for one cycle.")
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    lines = QuoteLineOut(many=True, help_text="What is charged at first: a billing period, and what is due once.")
    first_total = MoneyField(amount="first_total", help_text="The sum of the lines.")
    resources = OrderedLimitOut(many=True)


class OrderIn(In):
    listing = Id()
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, default=1)
    cycle = chosen_cycle("Of those in `prices` of the listing; left out, the first of them.")
    note = serializers.CharField(max_length=500, allow_blank=True, default="", help_text="For the seller.")


class ApprovalIn(In):
    comment = serializers.CharField(max_length=500, allow_blank=True, default="", help_text="It goes to who ordered.")
    source = Id(required=False, help_text="The seller's own to draw on; else its oldest with room.")  # type: ignore[assignment]


class RejectionIn(In):
    comment = serializers.CharField(max_length=500, help_text="It goes to who ordered.")


class OrderOut(Out):
    id = Id()
    state = serializers.ChoiceField(choices=Order.State.choices)
    tenant = Id(source="tenant_id", help_text="Who ordered.")
    tenant_name = serializers.CharField()
    seller = Id(source="seller_id")
    listing = Id(source="listing_id")
    package = Id(source="package_id")
    public_name = serializers.CharField()
    service_instance = Id(source="service_instance_id")
    quantity = serializers.IntegerField()
    price = MoneyField(
        amount="unit_price", allow_null=True, help_text="Of one unit and one cycle, when it was ordered."
    )
    total = MoneyField(amount="total", allow_null=True, help_text="Of all units, for one cycle.")
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    note = serializers.CharField(source="note_shown")
    comment = serializers.CharField(source="comment_shown")
    held_by = serializers.SerializerMethodField(
        help_text="To the seller: the code of what kept it from being fulfilled at once."
    )
    subscription = Id(source="subscription_id", allow_null=True)
    ordered_at = serializers.DateTimeField(source="made_at")
    decided_at = serializers.DateTimeField(allow_null=True)

    def get_held_by(self, row: Any) -> str:
        mine = self.context["view"].actor.tenant_id == row.tenant_id
        return "" if mine else str(row.held_by)
