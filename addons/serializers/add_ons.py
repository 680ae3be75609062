"""Shapes of add-ons and their sales in the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from addons.models import AddOn, AddOnSale
from addons.services.add_ons import ALL, Value
from catalog.models import COUNT_MAX
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import INT64_MAX, Id, Ids, In, MoneyField, Out
from subscriptions.models import QUANTITY_MAX
from tenants.roles import Kind

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


def quantity() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX)


class ValueIn(In):
    resource = Id()
    value = serializers.IntegerField(min_value=1, max_value=COUNT_MAX, help_text="What one unit grants.")
    minimum = serializers.IntegerField(
        min_value=0, max_value=COUNT_MAX, default=0, help_text="The least that one sale must grant."
    )

    def to_internal_value(self, data: Any) -> Value:
        given = super().to_internal_value(data)
        return Value(given["resource"], given["value"], given["minimum"])


class AddOnChangeIn(In):
    """What is left out stays as it is; `values` replaces all of them."""

    name = serializers.CharField(max_length=100, required=False)
    description = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    cycle = serializers.ChoiceField(choices=Cycle.choices, required=False)
    reseller_price = MoneyField(required=False)
    customer_price = MoneyField(required=False, help_text="In the same currency.")
    values = ValueIn(many=True, required=False)
    is_active = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Two amounts of one currency become two prices and a currency."""
        prices = {name: attrs.pop(name) for name in ("reseller_price", "customer_price") if name in attrs}
        currencies = {price.currency for price in prices.values()}
        if len(currencies) > 1:
            raise serializers.ValidationError({"customer_price": [_("Both prices are in one currency.")]})
        given = {name: price.amount for name, price in prices.items()}
        return attrs | given | ({"currency": currencies.pop()} if currencies else {})


class AddOnIn(AddOnChangeIn):
    service_type = Id()
    name = serializers.CharField(max_length=100)
    cycle = serializers.ChoiceField(choices=Cycle.choices, default=Cycle.MONTH)
    reseller_price = MoneyField()
    customer_price = MoneyField(help_text="In the same currency.")
    values = ValueIn(many=True, allow_empty=False)
    packages = IdsOrAll(default=(), help_text="With which packages it is sold, or `all` of the service type.")
    is_active = None  # type: ignore[assignment]


class AssociateIn(In):
    packages = IdsOrAll(help_text="Exactly these; `all` adds every active package of the service type.")


class AddOnResourceOut(Out):
    resource = Id(source="resource_id")
    code = serializers.CharField(source="resource.code")
    name = serializers.CharField(source="resource.name")
    value = serializers.IntegerField()
    minimum = serializers.IntegerField()


class AddOnOut(Out):
    """`reseller_price` is null for customers: they do not see what their seller pays."""

    id = Id()
    tenant = Id(source="tenant_id", help_text="Whose it is.")
    service_type = Id(source="service_type_id")
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    reseller_price = MoneyField(amount="reseller_price", allow_null=True)
    customer_price = MoneyField(amount="customer_price")
    is_active = serializers.BooleanField()
    copied_from = Id(source="copied_from_id", allow_null=True)
    created_at = serializers.DateTimeField()
    values = AddOnResourceOut(source="resources", many=True)
    packages = KeysOut()

    expandable = ("packages",)

    def to_representation(self, instance: AddOn) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["view"].actor.kind == Kind.CUSTOMER:
            shown["reseller_price"] = None
        return shown


class SellIn(In):
    subscription = Id()
    add_on = Id()
    quantity = quantity()


class GrantedOut(Out):
    resource = Id()
    code = serializers.CharField()
    amount = serializers.IntegerField()


class AddOnSaleOut(Out):
    """`unit_cost` is what the seller pays for one unit: for it and those above it, null for everybody else.

    It is null, too, where the seller made the add-on itself.
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
