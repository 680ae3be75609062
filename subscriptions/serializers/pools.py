"""Shapes of pools, their assignments and numbers in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.models import COUNT_MAX
from resellerhub.rest.serializers import Id, In, Out
from subscriptions.models import Pool
from subscriptions.models.pools import EXPIRED
from subscriptions.services.pools.giving import Expiry, Wanted, end_of
from subscriptions.services.pools.purchasing import Purchase

STATUSES = [*Pool.State.choices, (EXPIRED, "Expired")]
MODES = ["same_as_pool", "now", "date"]
TERM_MAX = 120


class PoolOut(Out):
    id = Id()
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES, help_text="At this moment: what has ended is expired.")
    holder = Id(source="tenant_id")
    holder_name = serializers.CharField()
    grantor = Id(source="grantor_id", allow_null=True, help_text="Who gave it; none where it was purchased.")
    grantor_name = serializers.CharField(allow_null=True)
    parent = Id(source="parent_id", allow_null=True)  # type: ignore[assignment]
    service_type = Id(source="service_type_id")
    unit = serializers.ChoiceField(choices=Pool.Unit.choices)
    source = serializers.ChoiceField(choices=Pool.Source.choices)  # type: ignore[assignment]
    payment_type = serializers.ChoiceField(choices=Pool.PaymentType.choices)
    seats = serializers.IntegerField(help_text="All of them: free, pending, allocated and assigned.")
    pending = serializers.IntegerField(help_text="Offered to resellers, not accepted yet.")
    allocated = serializers.IntegerField(help_text="Accepted by resellers.")
    assigned = serializers.IntegerField(help_text="Of customers.")
    free = serializers.IntegerField()
    available = serializers.IntegerField(help_text="Free, with what was given and has ended since.")
    expiry = serializers.SerializerMethodField(help_text="`same_as_pool`, or `date`.")
    ends_at = serializers.DateTimeField(help_text="The earliest end from the purchased pool down to this one.")
    renews = serializers.BooleanField()
    term_months = serializers.IntegerField()

    def get_expiry(self, pool: Pool) -> str:
        return "date" if pool.own_end else "same_as_pool"


class ExpiryIn(In):
    mode = serializers.ChoiceField(choices=MODES, default="same_as_pool")
    on = serializers.DateField(required=False, help_text="The last day, in UTC; with the mode `date`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["mode"] == "date" and "on" not in attrs:
            raise serializers.ValidationError({"on": [_("Choose a date.")]})
        return {"expiry": Expiry(attrs["mode"], end_of(attrs["on"]) if "on" in attrs else None)}


class SeatsIn(In):
    seats = serializers.IntegerField(min_value=1, max_value=COUNT_MAX)


class PurchaseIn(SeatsIn):
    holder = Id(required=False, help_text="A large account reseller; left out, oneself.")
    service_type = Id()
    name = serializers.CharField(max_length=120)
    unit = serializers.ChoiceField(choices=Pool.Unit.choices, default=Pool.Unit.SEATS)
    source = serializers.ChoiceField(choices=Pool.Source.choices, default=Pool.Source.DIRECT)  # type: ignore[assignment]
    payment_type = serializers.ChoiceField(choices=Pool.PaymentType.choices)
    ends_on = serializers.DateField(help_text="The last day, in UTC.")
    term_months = serializers.IntegerField(min_value=0, max_value=TERM_MAX, default=0)
    renews = serializers.BooleanField(default=False, help_text="By its term, again and again.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        purchase = Purchase(
            service_type_id=attrs.pop("service_type"),
            ends_at=end_of(attrs.pop("ends_on")),
            **{name: attrs.pop(name) for name in list(attrs) if name in Purchase.__dataclass_fields__},
        )
        return {"purchase": purchase, "holder": attrs.get("holder")}


class WantedIn(SeatsIn):
    source_pool = Id(help_text="A pool that you hold.")
    source = serializers.ChoiceField(choices=Pool.Source.choices)  # type: ignore[assignment]
    payment_type = serializers.ChoiceField(choices=Pool.PaymentType.choices)
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    expiry = ExpiryIn(default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        expiry = attrs.pop("expiry", {}).get("expiry", Expiry())
        return {"wanted": Wanted(parent_id=attrs.pop("source_pool"), expiry=expiry, **attrs)}


class PoolsIn(In):
    pools = WantedIn(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]


class PoolChangeIn(In):
    """What is left out stays. Of a purchased pool: seats, the last day; of a given one: seats, payment type, expiry."""

    seats = serializers.IntegerField(min_value=1, max_value=COUNT_MAX, required=False)
    payment_type = serializers.ChoiceField(choices=Pool.PaymentType.choices, required=False)
    expiry = ExpiryIn(required=False)


class AssignmentOut(Out):
    id = Id()
    pool = Id(source="pool_id")
    pool_name = serializers.CharField(source="pool.name")
    service_type = Id(source="pool.service_type_id")
    unit = serializers.CharField(source="pool.unit")
    customer = Id(source="tenant_id")
    customer_name = serializers.CharField(source="tenant_name")
    seats = serializers.IntegerField()
    ends_at = serializers.DateTimeField(source="pool.ends_at")
    made_at = serializers.DateTimeField()


class AssignmentIn(SeatsIn):
    customer = Id()


class PointOut(Out):
    on = serializers.DateField(help_text="The first of a month.")
    purchased = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available_percent = serializers.IntegerField(allow_null=True)


class NumbersOut(Out):
    pools = serializers.IntegerField()
    customers = serializers.IntegerField()
    total = serializers.IntegerField()
    allocated = serializers.IntegerField()
    pending = serializers.IntegerField()
    expiring = serializers.IntegerField(help_text="Within 30 days.")
