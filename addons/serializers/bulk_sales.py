"""Shapes of bulk sales, their previews and their targets in the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from addons.models import BulkSale
from addons.models.bulk import SOLD
from addons.serializers.add_ons import EVERYTHING, WHOLE
from addons.serializers.sales import quantity
from addons.services.add_ons import ALL
from addons.services.decision import REASONS
from addons.services.orders import Order
from addons.services.previews import NO_SUBSCRIPTION
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import INT64_MAX, Id, Ids, In, MoneyField, Out
from subscriptions.serializers.targets import Counted, NamedTargetOut

MOST_FORESEEN = 1_000


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
    activation = MoneyField(amount="activation", help_text="Owed beside the amount, once: what activates them.")


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


class BulkSaleOut(Out, Counted):
    done = SOLD

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
    unit_price = MoneyField(
        amount="unit_price", allow_null=True, help_text="Null where sellers or price lists charge different prices."
    )
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    state = serializers.CharField(source="job.state")
    percent = serializers.IntegerField(source="job.percent")
    counts = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(source="job.finished_at", allow_null=True)
    reasons = serializers.SerializerMethodField()

    expandable = ("reasons",)


class TargetOut(NamedTargetOut):
    """One target and what became of it."""

    state = serializers.ChoiceField(choices=["pending", SOLD, "skipped", "failed"], source="ended")
    reason = serializers.CharField(allow_blank=True, help_text="Empty, or why it was skipped or failed.")
    facts = serializers.JSONField(allow_null=True)
    sale = Id(source="result_id", allow_null=True)
