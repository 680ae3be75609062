"""Shapes of subscriptions, what they hold, and usage in the API."""

from django.conf import settings
from rest_framework import serializers

from resellerhub.rest.serializers import INT64_MAX, Id, In, Out
from subscriptions.models import QUANTITY_MAX, Holding, Subscription
from subscriptions.services.usage import BATCH_MAX, EVENT_ID_MAX, FAULTS
from tenants.models import ProviderSettings, ResellerType


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


class SubscriptionOut(Out):
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
    resources = HoldingOut(source="holdings", many=True)

    expandable = ("resources",)


class OfferIn(In):
    """What is sold. Without `source` a prepaid seller's oldest subscription on the instance is drawn on."""

    package = Id()
    service_instance = Id()
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, default=1)
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    source = Id(required=False)  # type: ignore[assignment]


class SubscriptionIn(OfferIn):
    tenant = Id(help_text="A customer, or a prepaid reseller.")


class ChangeIn(In):
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX)


class ReasonIn(In):
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class ResellerTypeIn(In):
    """What is left out stays."""

    type = serializers.ChoiceField(choices=ResellerType.choices)
    is_enabled = serializers.BooleanField(required=False)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, allow_blank=True, help_text="What it is called; empty: the usual word."
    )
    terms = serializers.CharField(
        max_length=20_000, required=False, allow_blank=True, help_text="Another text is another version."
    )


class ResellerTypeOut(Out):
    type = serializers.ChoiceField(choices=ResellerType.choices)
    is_enabled = serializers.BooleanField(help_text="Whether it can be chosen. Resellers of the type keep it.")
    label = serializers.CharField(help_text="Empty: the usual word.")  # type: ignore[assignment]
    terms = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the terms.")


class ResellerSettingsIn(In):
    over_quota_basis = serializers.ChoiceField(choices=ProviderSettings.Basis.choices, required=False)
    oversell_default = serializers.BooleanField(required=False)
    takes_registrations = serializers.BooleanField(required=False)
    slug = serializers.RegexField(
        r"^([a-z0-9][a-z0-9-]{1,39})?$", required=False, allow_blank=True, help_text="Empty gives it up."
    )
    currency = serializers.CharField(max_length=3, required=False, help_text="ISO 4217.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=50, required=False, help_text="Such as Europe/Berlin.")
    types = ResellerTypeIn(many=True, required=False)


class ResellerSettingsOut(Out):
    over_quota_basis = serializers.ChoiceField(
        choices=ProviderSettings.Basis.choices, help_text="What resellers utilise: what they sold, or what is used."
    )
    oversell_default = serializers.BooleanField(help_text="Whether new resellers may oversell, unless said otherwise.")
    takes_registrations = serializers.BooleanField(help_text="Whether resellers may register on the public page.")
    slug = serializers.CharField(allow_null=True, help_text="In the address of that page.")
    currency = serializers.CharField(help_text="What a new company begins with.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    time_zone = serializers.CharField(source="tenant.profile.time_zone")
    types = ResellerTypeOut(many=True, source="tenant.reseller_types.all")


class MeasureIn(In):
    """One thing measured. Values that are out of place are listed in the answer; they do not refuse the batch."""

    event_id = serializers.CharField(allow_blank=True, help_text=f"At most {EVENT_ID_MAX} characters, yours to choose.")
    subscription = serializers.IntegerField(min_value=-INT64_MAX, max_value=INT64_MAX)
    resource = serializers.CharField(help_text="The code of the resource.")
    quantity = serializers.IntegerField(min_value=-INT64_MAX, max_value=INT64_MAX)
    at = serializers.DateTimeField()


class UsageIn(In):
    events = MeasureIn(many=True, allow_empty=False, max_length=BATCH_MAX)  # type: ignore[call-arg]


class RejectedOut(Out):
    position = serializers.IntegerField(help_text="Of the event in the batch, from 0.")
    event_id = serializers.CharField()
    code = serializers.ChoiceField(choices=list(FAULTS))
    detail = serializers.CharField()


class UsageOut(Out):
    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField(
        help_text="Events that were counted before with the same values; they change nothing."
    )
    rejected = RejectedOut(many=True)
