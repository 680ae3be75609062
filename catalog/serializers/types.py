"""Shapes of service types, resources and instances in the API."""

from rest_framework import serializers

from catalog.models import CODE, Resource
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
    aggregation = serializers.ChoiceField(
        choices=Resource.Aggregation.choices,
        help_text="Of what was measured `last` (a gauge) counts, or the `sum` of a calendar month in UTC (a counter).",
    )
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
