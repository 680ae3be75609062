"""Shapes of thresholds and of what was crossed in the API."""

from typing import Any

from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from subscriptions.models import PERCENT_MAX, THRESHOLDS_MAX

KINDS = ("threshold", "ceiling")


class UsageAlertSettingsIn(In):
    """What is left out stays."""

    percents = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=PERCENT_MAX),
        max_length=THRESHOLDS_MAX,
        required=False,
        help_text="Of what is allocated; an empty list switches thresholds off.",
    )
    tells_holder = serializers.BooleanField(required=False)
    tells_seller = serializers.BooleanField(required=False)
    inherit = serializers.BooleanField(
        required=False, help_text="Give up what is your own: whoever is above says it again."
    )


class UsageAlertSettingsOut(Out):
    percents = serializers.ListField(child=serializers.IntegerField(), help_text="Of what is allocated.")
    tells_holder = serializers.BooleanField(help_text="Mails go to the administrators of who holds the subscription.")
    tells_seller = serializers.BooleanField(help_text="And to those of who sells it.")
    is_own = serializers.BooleanField(help_text="False: said by whoever is above, or by nobody: 80 and 100.")


class UsageAlertOut(Out):
    """Open until `cleared_at`. A `threshold` looks at what is utilised, a `ceiling` at what is used."""

    id = Id()
    subscription = Id(source="subscription_id")
    subscription_name = serializers.CharField(source="title")
    tenant = Id(source="tenant_id", help_text="Who holds it.")
    tenant_name = serializers.CharField(source="holder_name")
    resource = Id(source="resource_id")
    code = serializers.CharField(source="resource.code")
    kind = serializers.SerializerMethodField()
    percent = serializers.SerializerMethodField()
    value = serializers.IntegerField(help_text="When it was crossed.")
    allocated = serializers.IntegerField()
    ceiling = serializers.IntegerField(allow_null=True, help_text="Of a hard quota.")
    crossed_at = serializers.DateTimeField()
    cleared_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is below again, or that threshold counts no more."
    )

    def get_kind(self, row: Any) -> str:
        return KINDS[row.is_block]

    def get_percent(self, row: Any) -> int | None:
        """Null for a ceiling."""
        return None if row.is_block else int(row.percent)
