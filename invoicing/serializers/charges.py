"""Charges over REST."""

from typing import Any

from rest_framework import serializers

from invoicing.models import Charge
from invoicing.services.manual import LABEL_MAX, PLACES, QUANTITY_MAX, OneOff
from resellerhub.rest.serializers import Id, In, MoneyField, Out


class ChargeIn(In):
    payer = Id()
    label = serializers.CharField(max_length=LABEL_MAX, help_text="As it is to stand on the bill.")  # type: ignore[assignment]
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, default=1, required=False)
    unit_price = MoneyField(places=PLACES)
    starts_on = serializers.DateField(required=False, help_text="Of the service; left out, today.")
    ends_on = serializers.DateField(required=False, help_text="The first day that does not count.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"payer_id": attrs.pop("payer"), "one_off": OneOff(**attrs)}


class PostedChargeOut(Out):
    """`quantity` × `unit_price` × `part` / `whole`, rounded once, is `amount`; below zero it is given back."""

    id = Id()
    issuer = Id(source="issuer_id")
    payer = Id(source="payer_id")
    payer_name = serializers.CharField()
    holder = Id(source="holder_id", help_text="Whom it is about: whose subscription it is.")
    holder_name = serializers.CharField()
    subscription = Id(source="subscription_id", allow_null=True)
    stream = serializers.ChoiceField(choices=Charge.Stream.choices)
    kind = serializers.ChoiceField(choices=Charge.Kind.choices)
    source_kind = serializers.ChoiceField(choices=Charge.Source.choices, help_text="The fact that it is charged for.")
    source_id = serializers.IntegerField()
    description = serializers.CharField(source="label_shown")
    service_from = serializers.DateField(source="service_start")
    service_until = serializers.DateField(source="service_end", help_text="The first day that does not count.")
    period_from = serializers.DateField(source="billing_start", help_text="Of the cycle that the price is for.")
    period_until = serializers.DateField(source="billing_end")
    quantity = serializers.IntegerField()
    unit_price = MoneyField(amount="unit_price")
    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    amount = MoneyField(amount="amount")
    due_on = serializers.DateField()
    gives_back = Id(source="credits_id", allow_null=True, help_text="The charge that it gives back of.")
    made_at = serializers.DateTimeField()
