"""Shapes of add-ons, their sales and bulk sales in the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from addons.models import AddOn, AddOnSale, BulkSale
from addons.services.add_ons import ALL, Value
from addons.services.decision import REASONS, SOLD
from addons.services.orders import Order
from addons.services.previews import NO_SUBSCRIPTION
from catalog.models import COUNT_MAX
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import INT64_MAX, Id, Ids, In, MoneyField, Out
from subscriptions.models import QUANTITY_MAX
from tenants.roles import Kind

WHOLE = {"type": "integer", "minimum": 1, "maximum": INT64_MAX}
MOST_FORESEEN = 1_000
EVERYTHING = {"type": "string", "enum": [ALL]}


@extend_schema_field({"oneOf": [{"type": "array", "items": WHOLE}, EVERYTHING]})
class IdsOrAll(Ids):
    """Keys of rows, or "all"."""

    def to_internal_value(self, data: Any) -> Any:
        return ALL if data == ALL else super().to_internal_value(data)


@extend_schema_field({"oneOf": [WHOLE, EVERYTHING]})
class IdOrAll(Id):
    """The key of a row, or "all"; None inside."""

    words = (ALL,)

    def to_internal_value(self, data: Any) -> Any:
        if data == ALL:
            return None
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)

    def run_validators(self, value: Any) -> None:
        if value is not None:
            super().run_validators(value)


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


class BulkSaleIn(In):
    audience = serializers.ChoiceField(choices=BulkSale.Audience.choices)
    resellers = Ids(required=False, allow_empty=False, help_text="For the audience `resellers`.")
    owner = IdOrAll(required=False, help_text="For the audience `customers`: whose, or `all`.")
    service_type = Id()
    service_instance = Id(required=False, allow_null=True)
    add_on = Id()
    only_over_quota = serializers.BooleanField(default=True)
    skip_already_sold = serializers.BooleanField(default=False)
    create_copy = serializers.BooleanField(default=False)
    quantity = quantity()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        to_resellers = attrs["audience"] == BulkSale.Audience.RESELLERS
        needed, other = ("resellers", "owner") if to_resellers else ("owner", "resellers")
        if needed not in attrs:
            raise serializers.ValidationError({needed: [_("This is needed for this audience.")]})
        if other in attrs:
            raise serializers.ValidationError({other: [_("This is not for this audience.")]})
        order = Order(
            audience=attrs["audience"],
            service_type_id=attrs["service_type"],
            add_on_id=attrs["add_on"],
            quantity=attrs["quantity"],
            resellers=tuple(attrs.get("resellers", ())),
            owner_id=attrs.get("owner"),
            service_instance_id=attrs.get("service_instance"),
            only_over_quota=attrs["only_over_quota"],
            skip_already_sold=attrs["skip_already_sold"],
            create_copy=attrs["create_copy"],
        )
        return {"order": order}


class ChargeOut(Out):
    """For one cycle: what one seller is owed by those to whom it would sell, and what these sales cost that seller."""

    seller = Id(source="seller_id", help_text="Who is owed the amount, and owes the cost.")
    seller_name = serializers.CharField()
    sales = serializers.IntegerField()
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    amount = MoneyField(amount="amount")
    cost = MoneyField(amount="cost")


class UnreachedOut(Out):
    """A reseller that was chosen and is no target."""

    tenant = Id(source="pk")
    tenant_name = serializers.CharField(source="name")
    reason = serializers.SerializerMethodField(help_text=f"Always `{NO_SUBSCRIPTION}`.")

    def get_reason(self, reseller: Any) -> str:
        return NO_SUBSCRIPTION


class PreviewOut(Out):
    total = serializers.IntegerField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text=f"Targets per outcome: {', '.join((SOLD, *REASONS))}."
    )
    charges = ChargeOut(many=True, help_text="One for each seller, most sales first.")
    granted = serializers.DictField(
        child=serializers.IntegerField(), help_text="Resource → what all sales together would grant of it."
    )
    unreached = UnreachedOut(many=True, help_text="Chosen resellers without a subscription that fits: no targets.")


class PreviewTargetsIn(BulkSaleIn):
    after = serializers.IntegerField(min_value=0, max_value=INT64_MAX, default=0, help_text="The last position so far.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST_FORESEEN, default=50)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        page = {name: attrs.pop(name) for name in ("after", "limit")}
        return super().validate(attrs) | page


class ForeseenOut(Out):
    position = serializers.IntegerField()
    subscription = Id(source="subscription_id")
    subscription_name = serializers.CharField(source="named.title")
    tenant = Id(source="named.tenant_id")
    tenant_name = serializers.CharField(source="named.tenant_name")
    outcome = serializers.ChoiceField(choices=[SOLD, *REASONS])
    facts = serializers.JSONField()


class PreviewTargetsOut(Out):
    results = ForeseenOut(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="`after` for the next page; null at the end.")


class BulkSaleOut(Out):
    id = Id()
    job = Id(source="job_id")
    tenant = Id(source="tenant_id", help_text="Who sells.")
    audience = serializers.ChoiceField(choices=BulkSale.Audience.choices)
    resellers = serializers.ListField(child=Id())
    owner = Id(source="owner_id", allow_null=True, help_text="Null means all.")
    service_type = Id(source="add_on.service_type_id")
    service_instance = Id(source="service_instance_id", allow_null=True)
    add_on = Id(source="add_on_id")
    add_on_name = serializers.CharField(source="add_on.name")
    only_over_quota = serializers.BooleanField()
    skip_already_sold = serializers.BooleanField()
    create_copy = serializers.BooleanField()
    quantity = serializers.IntegerField()
    unit_price = MoneyField(amount="unit_price")
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    state = serializers.CharField(source="job.state")
    percent = serializers.IntegerField(source="job.percent")
    counts = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(source="job.finished_at", allow_null=True)
    reasons = serializers.SerializerMethodField()

    expandable = ("reasons",)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_counts(self, sale: BulkSale) -> dict[str, int]:
        """Of its targets: `sold`, `skipped`, `failed`, `pending`; they add up to `total`."""
        job = sale.job
        ended = {"sold": job.done, "skipped": job.skipped, "failed": job.failed}
        return {"total": job.total, **ended, "pending": job.total - job.processed}

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_reasons(self, sale: Any) -> dict[str, int]:
        """How many were skipped or failed for which reason."""
        return {each["reason"]: each["number"] for each in sale.reasons}


class TargetOut(Out):
    """One target and what became of it."""

    id = Id()
    position = serializers.IntegerField()
    subscription = Id(source="subject_id")
    subscription_name = serializers.CharField()
    tenant = Id(source="holder")
    tenant_name = serializers.CharField(source="holder_name")
    state = serializers.ChoiceField(choices=["pending", SOLD, "skipped", "failed"], source="ended")
    reason = serializers.CharField(allow_blank=True, help_text="Empty, or why it was skipped or failed.")
    facts = serializers.JSONField(allow_null=True)
    sale = Id(source="result_id", allow_null=True)
