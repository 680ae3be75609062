"""Shapes of fees and their versions in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.models import Fee, FeeVersion
from catalog.models.fees import TERM_MAX, WINDOW_MAX
from catalog.services.fees import Charging, further
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, In, MoneyField, Out

AMOUNTS = ("amount", "activation_amount", "cancellation_amount")


class AmountsOut(Out):
    """Of one unit, by cycles beside the fee's own; null: it is not offered by that."""

    month = MoneyField(amount="amount_month", currency="fee_currency", allow_null=True)
    quarter = MoneyField(amount="amount_quarter", currency="fee_currency", allow_null=True)
    half_year = MoneyField(amount="amount_half_year", currency="fee_currency", allow_null=True)
    year = MoneyField(amount="amount_year", currency="fee_currency", allow_null=True)


class AmountsIn(In):
    """Of one unit, by cycles beside the fee's own. What is left out is not offered by that."""

    month = MoneyField(required=False)
    quarter = MoneyField(required=False)
    half_year = MoneyField(required=False)
    year = MoneyField(required=False)


class FeeVersionOut(Out):
    id = Id()
    effective_on = serializers.DateField()
    public_name = serializers.CharField()
    amount = MoneyField(amount="amount", currency="fee_currency", help_text="Of one unit and one cycle.")
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    amounts = AmountsOut(source="*")
    billed = serializers.ChoiceField(choices=FeeVersion.Billed.choices)
    activation_amount = MoneyField(amount="activation_amount", currency="fee_currency")
    prorates_first = serializers.BooleanField()
    prorates_last = serializers.BooleanField()
    minimum_months = serializers.IntegerField()
    cancellation_amount = MoneyField(amount="cancellation_amount", currency="fee_currency")
    cancellation_hours = serializers.IntegerField(allow_null=True)
    credits_suspension = serializers.BooleanField()
    made_at = serializers.DateTimeField()


class FeeOut(Out):
    id = Id()
    kind = serializers.ChoiceField(choices=Fee.Kind.choices)
    name = serializers.CharField()
    managed_by = Id(source="tenant_id")
    managed_by_name = serializers.CharField(source="manager_name")
    currency = serializers.CharField()
    is_shared = serializers.BooleanField(help_text="Of an account fee: resellers see it as the recommended price.")
    applies_more_than_once = serializers.BooleanField(
        help_text="Of a reseller fee: for each customer subscription, else once per reseller."
    )
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    in_force = FeeVersionOut(source="current", allow_null=True, help_text="What it says today.")


class ChargingIn(In):
    """What a fee charges. All amounts are in its currency."""

    public_name = serializers.CharField(max_length=100, default="", allow_blank=True)
    amount = MoneyField(help_text="Of one unit and one cycle.")
    cycle = serializers.ChoiceField(choices=Cycle.choices, default=Cycle.MONTH)
    amounts = AmountsIn(required=False)
    billed = serializers.ChoiceField(choices=FeeVersion.Billed.choices, default=FeeVersion.Billed.ADVANCE)
    activation_amount = MoneyField(required=False)
    prorates_first = serializers.BooleanField(default=True)
    prorates_last = serializers.BooleanField(default=True)
    minimum_months = serializers.IntegerField(min_value=0, max_value=TERM_MAX, default=0)
    cancellation_amount = MoneyField(required=False)
    cancellation_hours = serializers.IntegerField(
        min_value=0,
        max_value=WINDOW_MAX,
        allow_null=True,
        default=None,
        help_text="After purchase, renewal or increase it may be cancelled or reduced for so long; null: at any time.",
    )
    credits_suspension = serializers.BooleanField(
        default=True, help_text="Of an account fee: suspended days are credited."
    )
    effective_on = serializers.DateField(required=False, help_text="Today or later; left out, today.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Amounts of one currency become a `charging` and a `currency`."""
        given = {name: attrs.pop(name) for name in AMOUNTS if name in attrs}
        others = attrs.pop("amounts", {})
        if (own := attrs["cycle"]) in others:
            words = _("This is the billing cycle of the fee: its price is the amount above.")
            raise serializers.ValidationError({"amounts": {own: [words]}})
        foreign = [_("All amounts of a fee are in one currency.")]
        _refuse({name: foreign for name, money in given.items() if money.currency != given["amount"].currency})
        wrong = {cycle: foreign for cycle, money in others.items() if money.currency != given["amount"].currency}
        _refuse({"amounts": wrong} if wrong else {})
        given |= {further(cycle): money for cycle, money in others.items()}
        said = {name: attrs.pop(name) for name in list(attrs) if name in Charging.__dataclass_fields__}
        charging = Charging(**said, **{name: money.amount for name, money in given.items()})
        return attrs | {"charging": charging, "currency": given["amount"].currency}


def _refuse(wrong: dict[str, Any]) -> None:
    if wrong:
        raise serializers.ValidationError(wrong)


class FeeIn(ChargingIn):
    kind = serializers.ChoiceField(choices=Fee.Kind.choices)
    name = serializers.CharField(max_length=100)
    managed_by = Id(required=False, help_text="A reseller, if it is not to be you; only for a provider.")
    is_shared = serializers.BooleanField(default=False)
    applies_more_than_once = serializers.BooleanField(default=True)


class FeeChangeIn(In):
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=100, required=False)
    is_shared = serializers.BooleanField(required=False)
    applies_more_than_once = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
