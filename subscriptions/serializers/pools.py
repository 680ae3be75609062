"""Shapes of pools, their assignments and numbers in the API."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.models import COUNT_MAX
from resellerhub.kernel.periods import too_far
from resellerhub.rest.serializers import Id, In, Out
from subscriptions.models import Pool
from subscriptions.models.pools import STATUSES
from subscriptions.services.pools.expiry import Expiry, end_of, last_day
from subscriptions.services.pools.giving import MOST, Wanted
from subscriptions.services.pools.purchasing import Purchase, Renewal

MODES = ["same_as_pool", "now", "date"]
TERM_MAX = 120


class LastDay(serializers.DateField):
    """What is sent as the last day is read as the last day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"read_only": True, "help_text": "The last day, in UTC.", **options})

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(last_day(value))


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
    seats = serializers.IntegerField(help_text="All; until its end: available, pending, allocated and assigned.")
    pending = serializers.IntegerField(source="waiting", help_text="Offered to resellers, not accepted yet.")
    allocated = serializers.IntegerField(source="given_on", help_text="Accepted by resellers.")
    assigned = serializers.IntegerField(help_text="Of customers.")
    available = serializers.IntegerField(help_text="With what was given and has ended since; 0 when it is over.")
    expiry = serializers.SerializerMethodField(help_text="`same_as_pool`, or `date`.")
    ends_at = serializers.DateTimeField(help_text="The earliest end from the purchased pool down to this one.")
    ends_on = LastDay(source="ends_at")
    renews = serializers.BooleanField()
    term_months = serializers.IntegerField()

    def get_expiry(self, pool: Pool) -> str:
        return "date" if pool.own_end else "same_as_pool"


def near(day: date) -> None:
    """Not so far ahead that nothing could be counted from it."""
    if why := too_far(day):
        raise serializers.ValidationError(why)


class ExpiryIn(In):
    mode = serializers.ChoiceField(choices=MODES, default="same_as_pool")
    on = serializers.DateField(
        required=False, validators=[near], help_text="The last day, in UTC; with the mode `date`."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["mode"] == "date" and "on" not in attrs:
            raise serializers.ValidationError({"on": [_("Choose a date.")]})
        if attrs["mode"] != "date" and "on" in attrs:
            raise serializers.ValidationError({"on": [_("A date is for the mode “date”.")]})
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
    ends_on = serializers.DateField(validators=[near], help_text="The last day, in UTC.")
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


class PoolsForManyIn(PoolsIn):
    resellers = serializers.ListField(child=Id(), allow_empty=False, max_length=MOST, help_text="All of them, or none.")


class PoolRenewalIn(In):
    renews = serializers.BooleanField()
    term_months = serializers.IntegerField(min_value=0, max_value=TERM_MAX, default=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"renewal": Renewal(**attrs)}


class PoolChangeIn(In):
    """What is left out stays. Of a purchased pool: seats, the last day, the renewal; of a given one: seats, payment
    type, expiry."""

    seats = serializers.IntegerField(min_value=1, max_value=COUNT_MAX, required=False)
    payment_type = serializers.ChoiceField(choices=Pool.PaymentType.choices, required=False)
    expiry = ExpiryIn(required=False)
    renewal = PoolRenewalIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: value.get(name) if name in ("expiry", "renewal") else value for name, value in attrs.items()}


class AssignmentOut(Out):
    id = Id()
    pool = Id(source="pool_id")
    pool_name = serializers.CharField(source="title", help_text="For a customer that of the service.")
    service_type = Id(source="pool.service_type_id")
    unit = serializers.CharField(source="pool.unit")
    customer = Id(source="tenant_id")
    customer_name = serializers.CharField(source="tenant_name")
    seats = serializers.IntegerField()
    status = serializers.ChoiceField(choices=STATUSES, help_text="Of the pool, at this moment.")
    ends_at = serializers.DateTimeField(source="pool.ends_at")
    ends_on = LastDay(source="pool.ends_at")
    made_at = serializers.DateTimeField()


class AssignmentIn(SeatsIn):
    customer = Id()


class PointOut(Out):
    on = serializers.DateField(help_text="The first of a month.")
    purchased = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available_percent = serializers.IntegerField(allow_null=True)


class UnitNumbersOut(Out):
    unit = serializers.ChoiceField(choices=Pool.Unit.choices)
    total = serializers.IntegerField(help_text="Of active pools.")
    allocated = serializers.IntegerField(help_text="Of these: what customers have, of those that you see.")
    pending = serializers.IntegerField(help_text="Of pools that wait for acceptance.")
    expiring = serializers.IntegerField(help_text="Of pools that end within 30 days.")


class UnitGivenOut(Out):
    unit = serializers.ChoiceField(choices=Pool.Unit.choices)
    allocated = serializers.IntegerField(help_text="Accepted by resellers.")
    pending = serializers.IntegerField(help_text="Offered to resellers, not accepted yet.")
    available_percent = serializers.IntegerField(allow_null=True)
    unused_percent = serializers.IntegerField(
        allow_null=True, help_text="Of what resellers have accepted: neither assigned nor given on."
    )


class GivenOut(Out):
    resellers = serializers.IntegerField(help_text="With active pools from it.")
    units = UnitGivenOut(many=True)


class NumbersOut(Out):
    pools = serializers.IntegerField()
    customers = serializers.IntegerField(help_text="With seats of active pools.")
    units = UnitNumbersOut(many=True, help_text="Units are never summed.")
    given = GivenOut(help_text="What it gave to resellers of its own pools.")


class SupplyOut(Out):
    id = Id()
    supplier = Id(source="grantor_id")
    supplier_name = serializers.CharField()
    reseller = Id(source="tenant_id")
    reseller_name = serializers.CharField()
    made_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class SupplierIn(In):
    supplier = Id(help_text="A large account reseller, neither above nor beneath the reseller.")
