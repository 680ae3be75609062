"""Shapes of the catalogue in the API."""

from rest_framework import serializers

from catalog.models import CODE, COUNT_MAX, Package, Resource
from resellerhub.rest.serializers import Id, In, Out


class ServiceTypeOut(Out):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()


class ServiceTypeIn(In):
    code = serializers.CharField(max_length=50, validators=[CODE])
    name = serializers.CharField(max_length=100)


class ActiveNameIn(In):
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=100, required=False)
    is_active = serializers.BooleanField(required=False)


class ResourceOut(Out):
    id = Id()
    service_type = Id(source="service_type_id")
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    group = serializers.CharField()
    metering = serializers.ChoiceField(choices=Resource.Metering.choices)
    position = serializers.IntegerField()


class ResourceIn(In):
    service_type = Id()
    code = serializers.CharField(max_length=50, validators=[CODE])
    name = serializers.CharField(max_length=100)
    unit = serializers.CharField(max_length=20, allow_blank=True, default="")
    group = serializers.CharField(max_length=100, allow_blank=True, default="")
    metering = serializers.ChoiceField(choices=Resource.Metering.choices, default=Resource.Metering.GAUGE)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)


class ResourceChangeIn(In):
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=100, required=False)
    unit = serializers.CharField(max_length=20, allow_blank=True, required=False)
    group = serializers.CharField(max_length=100, allow_blank=True, required=False)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)


class ServiceInstanceOut(Out):
    id = Id()
    service_type = Id(source="service_type_id")
    name = serializers.CharField()
    is_active = serializers.BooleanField()


class ServiceInstanceIn(In):
    service_type = Id()
    name = serializers.CharField(max_length=100)


class LimitOut(Out):
    resource = Id(source="resource_id")
    code = serializers.CharField(source="resource.code")
    limit = serializers.IntegerField()


class LimitIn(In):
    resource = Id()
    limit = serializers.IntegerField(min_value=0, max_value=COUNT_MAX)


class PackageOut(Out):
    id = Id()
    name = serializers.CharField()
    service_type = Id(source="service_type_id")
    audience = serializers.ChoiceField(choices=Package.Audience.choices)
    owner = Id(source="tenant_id")
    owner_name = serializers.CharField()
    is_shared = serializers.BooleanField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    limits = LimitOut(many=True, source="current.limits.all", default=())


class LimitsIn(In):
    limits = LimitIn(many=True, allow_empty=False)

    def validate_limits(self, limits: list[dict[str, int]]) -> dict[int, int]:
        return {limit["resource"]: limit["limit"] for limit in limits}


class PackageIn(LimitsIn):
    service_type = Id()
    name = serializers.CharField(max_length=100)
    audience = serializers.ChoiceField(choices=Package.Audience.choices)
    is_shared = serializers.BooleanField(default=True)


class PackageChangeIn(LimitsIn):
    """What is left out stays as it is; limits are given all together."""

    name = serializers.CharField(max_length=100, required=False)
    is_shared = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    limits = LimitIn(many=True, allow_empty=False, required=False)
