"""Shapes of packages and their versions in the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.models import COUNT_MAX, Package, PackageResource
from resellerhub.rest.serializers import Id, In, Out


class LimitOut(Out):
    resource = Id(source="resource_id")
    code = serializers.CharField(source="resource.code")
    limit = serializers.IntegerField()
    quota = serializers.ChoiceField(
        choices=PackageResource.Quota.choices,
        help_text="`soft`: who uses more is told; `hard`: blocked once limit and overage are used up.",
    )
    overage = serializers.IntegerField(allow_null=True, help_text="Of a hard quota, for one unit.")


class LimitIn(In):
    resource = Id()
    limit = serializers.IntegerField(min_value=0, max_value=COUNT_MAX)
    quota = serializers.ChoiceField(choices=PackageResource.Quota.choices, default="soft")
    overage = serializers.IntegerField(
        min_value=0, max_value=COUNT_MAX, required=False, help_text="Only of a hard quota; 0 unless it is given."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["quota"] == PackageResource.Quota.SOFT and "overage" in attrs:
            raise serializers.ValidationError({"overage": _("Only a hard quota has an overage.")})
        return attrs


class VersionOut(Out):
    """Of a fee that is not for the reader to see, there is no id."""

    reseller_fee = Id(source="reseller_fee.pk", allow_null=True, default=None)
    account_fee = Id(source="account_fee.pk", allow_null=True, default=None)
    limits = LimitOut(many=True)


class PackageVersionOut(VersionOut):
    id = Id()
    effective_on = serializers.DateField()
    made_at = serializers.DateTimeField()


class PackageOut(Out):
    """Limits and fees are those of the version that is in force today; a fee that is not for the reader is null."""

    id = Id()
    name = serializers.CharField()
    service_type = Id(source="service_type_id")
    audience = serializers.ChoiceField(choices=Package.Audience.choices)
    owner = Id(source="tenant_id", help_text="The same as `managed_by`.")
    owner_name = serializers.CharField()
    managed_by = Id(source="tenant_id", help_text="Who edits it and its account fee, beside the provider.")
    is_shared = serializers.BooleanField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    version = Id(source="current.pk", allow_null=True, default=None)
    effective_on = serializers.DateField(source="current.effective_on", allow_null=True, default=None)
    reseller_fee = Id(source="current.reseller_fee.pk", allow_null=True, default=None)
    account_fee = Id(source="current.account_fee.pk", allow_null=True, default=None)
    limits = LimitOut(many=True, source="current.limits.all", default=())


class ContentIn(In):
    reseller_fee = Id(
        required=False, allow_null=True, help_text="What resellers owe for each customer subscription with it."
    )
    account_fee = Id(required=False, allow_null=True, help_text="What the holder pays; to resellers, recommended.")
    limits = LimitIn(many=True, allow_empty=False)


class PackageIn(ContentIn):
    service_type = Id()
    name = serializers.CharField(max_length=100)
    audience = serializers.ChoiceField(choices=Package.Audience.choices)
    managed_by = Id(required=False, help_text="A reseller, if it is not to be you; only for a provider.")
    is_shared = serializers.BooleanField(
        required=False, help_text="With resellers beneath. Left out, a provider's package is, a reseller's plan is not."
    )


class PackageChangeIn(ContentIn):
    """What is left out stays as it is; limits are given all together."""

    name = serializers.CharField(max_length=100, required=False)
    is_shared = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    limits = LimitIn(many=True, allow_empty=False, required=False)
    effective_on = serializers.DateField(
        required=False, help_text="From which day limits and fees count: today or later; left out, today."
    )
