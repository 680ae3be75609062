"""Shapes of add-ons and their sales in the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from addons.services.add_ons import ALL
from addons.services.content import Value
from catalog.models import COUNT_MAX
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import INT64_MAX, Id, Ids, In, MoneyField, Out

WHOLE = {"type": "integer", "minimum": 1, "maximum": INT64_MAX}
EVERYTHING = {"type": "string", "enum": [ALL]}


@extend_schema_field({"oneOf": [{"type": "array", "items": WHOLE}, EVERYTHING]})
class IdsOrAll(Ids):
    """Keys of rows, or "all"."""

    def to_internal_value(self, data: Any) -> Any:
        return ALL if data == ALL else super().to_internal_value(data)


@extend_schema_field({"type": "array", "items": WHOLE})
class KeysOut(serializers.Field):  # type: ignore[type-arg]
    """The keys of the rows that a relation leads to."""

    def to_representation(self, rows: Any) -> list[int]:
        return [row.pk for row in rows.all()]


class ValueIn(In):
    resource = Id()
    value = serializers.IntegerField(min_value=1, max_value=COUNT_MAX, help_text="What one unit grants.")
    minimum = serializers.IntegerField(
        min_value=0, max_value=COUNT_MAX, default=0, help_text="The least that one sale must grant."
    )

    def to_internal_value(self, data: Any) -> Value:
        given = super().to_internal_value(data)
        return Value(given["resource"], given["value"], given["minimum"])


class PriceIn(In):
    """What it costs: fees, or in their place prices in one currency, for which fees are made or changed."""

    reseller_fee = Id(required=False, allow_null=True, help_text="What resellers owe for each sale.")
    account_fee = Id(required=False, allow_null=True, help_text="What customers pay; to resellers, recommended.")
    reseller_price = MoneyField(required=False, help_text="In place of `reseller_fee`.")
    customer_price = MoneyField(required=False, help_text="In place of `account_fee`; in the same currency.")
    cycle = serializers.ChoiceField(choices=Cycle.choices, required=False, help_text="Of the prices.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ids by the names of the services; two amounts of one currency become two prices and a currency."""
        errors = {
            price: [_("Give a fee or a price.")]
            for fee, price in (("reseller_fee", "reseller_price"), ("account_fee", "customer_price"))
            if attrs.get(fee) and price in attrs
        }
        prices = {name: attrs.pop(name) for name in ("reseller_price", "customer_price") if name in attrs}
        currencies = {price.currency for price in prices.values()}
        if len(currencies) > 1:
            errors["customer_price"] = [_("Both prices are in one currency.")]
        if errors:
            raise serializers.ValidationError(errors)
        ids = {f"{name}_id": attrs.pop(name) for name in ("reseller_fee", "account_fee") if name in attrs}
        given = {name: price.amount for name, price in prices.items()}
        return attrs | ids | given | ({"currency": currencies.pop()} if currencies else {})


class AddOnChangeIn(PriceIn):
    """What is left out stays as it is; `values` replaces all of them."""

    name = serializers.CharField(max_length=100, required=False)
    description = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    values = ValueIn(many=True, required=False)
    is_shared = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    effective_on = serializers.DateField(
        required=False, help_text="From which day values and fees count: today or later; left out, today."
    )


class AddOnIn(PriceIn):
    service_type = Id(source="service_type_id")
    managed_by = Id(
        source="managed_by_id", required=False, help_text="A reseller, if it is not to be you; only for a provider."
    )
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    values = ValueIn(many=True, allow_empty=False)
    packages = IdsOrAll(default=(), help_text="With which packages it is sold, or `all` of the service type.")
    is_shared = serializers.BooleanField(default=False)


class AssociateIn(In):
    packages = IdsOrAll(help_text="Exactly these; `all` adds every active package of the service type.")


class AddOnResourceOut(Out):
    resource = Id(source="resource_id")
    code = serializers.CharField(source="resource.code")
    name = serializers.CharField(source="resource.name")
    value = serializers.IntegerField()
    minimum = serializers.IntegerField()


class AddOnVersionOut(Out):
    """Of a fee that is not for the reader to see, there is no id."""

    id = Id()
    effective_on = serializers.DateField()
    reseller_fee = Id(source="reseller_fee.pk", allow_null=True, default=None)
    account_fee = Id(source="account_fee.pk", allow_null=True, default=None)
    values = AddOnResourceOut(source="resources", many=True)
    made_at = serializers.DateTimeField()


class AddOnOut(Out):
    """Values and fees are those of the version in force today; a fee or a price that is not for the reader is null.

    A customer reads as `customer_price` what it pays itself.
    """

    id = Id()
    tenant = Id(source="tenant_id", help_text="Whose it is: the same as `managed_by`.")
    managed_by = Id(source="tenant_id", help_text="Who edits it and its account fee, beside the provider.")
    service_type = Id(source="service_type_id")
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    version = Id(source="current.pk", allow_null=True, default=None)
    effective_on = serializers.DateField(source="current.effective_on", allow_null=True, default=None)
    reseller_fee = Id(source="current.reseller_fee.pk", allow_null=True, default=None)
    account_fee = Id(source="current.account_fee.pk", allow_null=True, default=None)
    cycle = serializers.ChoiceField(choices=Cycle.choices, allow_null=True)
    reseller_price = MoneyField(amount="reseller_price", allow_null=True, help_text="What the reseller fee charges.")
    customer_price = MoneyField(amount="customer_price", allow_null=True, help_text="What the account fee charges.")
    is_shared = serializers.BooleanField()
    is_active = serializers.BooleanField()
    copied_from = Id(source="copied_from_id", allow_null=True)
    created_at = serializers.DateTimeField()
    values = AddOnResourceOut(source="current.resources", many=True, default=())
    packages = KeysOut()

    expandable = ("packages",)
