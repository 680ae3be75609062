"""Many resellers or customers at once, over REST."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from resellerhub.rest.serializers import Id, Ids, In
from tenants.models import ResellerType, Tenant


class CustomerChoiceIn(In):
    """The filters of the list."""

    search = serializers.CharField(max_length=200, required=False)
    status = serializers.ChoiceField(choices=Tenant.Status.choices, required=False)
    seller = Id(required=False)


class ResellerChoiceIn(CustomerChoiceIn):
    type = serializers.ChoiceField(choices=ResellerType.choices, required=False)


class SwitchIn(In):
    """Whom: `ids`, or all whom a filter finds when the request comes."""

    ids = Ids(required=False, allow_empty=False)
    filter = CustomerChoiceIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("ids" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"ids": [_("Give either ids or a filter.")]})
        return attrs


class CustomersSuspendIn(SwitchIn):
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ResellersResumeIn(SwitchIn):
    filter = ResellerChoiceIn(required=False)


class ResellersSuspendIn(CustomersSuspendIn):
    filter = ResellerChoiceIn(required=False)
