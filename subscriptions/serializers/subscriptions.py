"""Shapes of subscriptions and what they hold in the API."""

from rest_framework import serializers

from catalog.models import PackageResource, Resource
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, In, MoneyField, Out
from subscriptions.models import QUANTITY_MAX, Holding, PlannedChange, Subscription
from subscriptions.serializers.prices import PricedOut


class HoldingOut(Out):
    """One resource. `utilised` is `sold` or `used`, as `basis` says; `remaining` is negative when over."""

    resource = Id(source="resource_id")
    code = serializers.CharField(source="resource.code")
    name = serializers.CharField(source="resource.name")
    unit = serializers.CharField(source="resource.unit")
    basis = serializers.ChoiceField(choices=Holding.Basis.choices)
    allocated = serializers.IntegerField()
    sold = serializers.IntegerField()
    used = serializers.IntegerField()
    utilised = serializers.IntegerField()
    remaining = serializers.IntegerField()
    used_at = serializers.DateTimeField(allow_null=True)
    aggregation = serializers.ChoiceField(
        source="resource.aggregation",
        choices=Resource.Aggregation.choices,
        help_text="Of what was measured `last` (a gauge) counts, or the `sum` of a calendar month in UTC (a counter).",
    )
    quota = serializers.ChoiceField(
        choices=PackageResource.Quota.choices,
        help_text="`soft`: over it is told; `hard`: blocked at the ceiling.",
    )
    ceiling = serializers.IntegerField(allow_null=True, help_text="Of a hard quota: allocated and its overage.")
    is_blocked = serializers.BooleanField(help_text="What is used has come to the ceiling.")


class PlannedOut(Out):
    """What is to become of it; `price` is what was agreed for one unit and cycle, null where it stays."""

    id = Id()
    kind = serializers.ChoiceField(choices=PlannedChange.Kind.choices)
    on = serializers.DateField()
    package = Id(source="version.package_id", allow_null=True, default=None)
    package_name = serializers.CharField(source="version.package.name", allow_null=True, default=None)
    quantity = serializers.IntegerField(allow_null=True)
    price = MoneyField(amount="unit_price", allow_null=True)
    cycle = serializers.ChoiceField(choices=Cycle.choices, allow_blank=True, help_text="Empty where the price stays.")


class SubscriptionOut(PricedOut):
    id = Id()
    name = serializers.CharField(source="title")
    state = serializers.ChoiceField(choices=Subscription.State.choices)
    tenant = Id(source="tenant_id", help_text="Who holds it.")
    tenant_name = serializers.CharField()
    seller = Id(source="seller_id")
    package = Id(source="package_id")
    package_name = serializers.CharField(source="package.name")
    service_type = Id(source="service_type_id")
    service_instance = Id(source="service_instance_id")
    source = Id(source="source_shown", allow_null=True, help_text="What it draws on, if you see it.")  # type: ignore[assignment]
    quantity = serializers.IntegerField()
    started_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    term_starts_on = serializers.DateField()
    renews_on = serializers.DateField(
        source="due_on",
        allow_null=True,
        help_text="The end of the term: the day on which it renews, or ends. Null: closed.",
    )
    renews = serializers.BooleanField(source="goes_on", help_text="By itself, for another term.")
    planned = PlannedOut(source="planned_change", allow_null=True, help_text="What is to become of it.")
    resources = HoldingOut(source="holdings", many=True)

    expandable = ("resources",)


class OfferIn(In):
    """What is sold. Without `source` a prepaid seller's oldest subscription on the instance is drawn on."""

    package = Id()
    service_instance = Id()
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, default=1)
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    source = Id(required=False)  # type: ignore[assignment]
    unit_price = MoneyField(
        required=False,
        help_text="What you ask for one unit and cycle, whatever it costs you. Left out, the list price.",
    )
    cycle = serializers.ChoiceField(
        choices=Cycle.choices, required=False, help_text="By which it is paid, of those that the fee is offered by."
    )
    starts_on = serializers.DateField(
        required=False, help_text="A day to come: it is pending and holds nothing until then. Left out, today."
    )


class SubscriptionIn(OfferIn):
    tenant = Id(help_text="A customer, or a prepaid reseller.")
