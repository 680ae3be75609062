"""Addresses for the tests of the layer itself: a list and operations over idempotency keys and signs, which it owns."""

from typing import Any

import django_filters
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers

from resellerhub.kernel.models import Job, Sign
from resellerhub.kernel.refusals import Refusal, found
from resellerhub.rest import health
from resellerhub.rest import urls as rest
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.serializers import Id, Ids, In, MoneyField, Out, Quantity
from resellerhub.rest.views import Api, ReadApi, api_paths


class TooMany(Refusal):
    code, message = "too-many", "Only {free} are free; {asked} were asked for."


class HouseOut(Out):
    id = Id()
    title = serializers.CharField()
    total = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    owner = serializers.IntegerField(source="tenant_id")
    expandable = ("owner",)


class PartIn(In):
    name = serializers.CharField(max_length=20)


class HouseIn(In):
    title = serializers.CharField(max_length=40)
    total = Quantity(max_value=99_999, required=False)
    big = Id(required=False)
    flag = serializers.BooleanField(required=False)
    price = MoneyField(required=False)
    numbers = Ids(required=False)
    parts = PartIn(many=True, required=False)


class HouseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(choices=Job.State.choices)
    least = django_filters.NumberFilter(field_name="total", lookup_expr="gte")
    created = django_filters.DateFromToRangeFilter(field_name="created_at")

    class Meta:
        model = Job
        fields = ()


class HouseApi(ReadApi):
    """Houses, for the tests."""

    singular, permission, out = "house", "job.view", HouseOut
    filterset_class = HouseFilter
    ordering_fields = {"title": "title", "started_at": "started_at"}
    expandable = {"owner": ()}

    def rows(self, actor: Any) -> Any:
        return Job.objects.visible_to(actor)

    @operation_endpoint(input=HouseIn, output=HouseOut, status=201, permission="job.view", idempotency="required")
    def create(self, call: Call) -> Job:
        """Build a house."""
        if call.values.get("total") == 13:
            raise TooMany(field="total", free=12, asked=13)
        house = Job(kind="house", title=call.values["title"], total=call.values.get("total", 0))
        house.provider_id, house.tenant_id, house.created_at = call.actor.provider_id, call.actor.tenant_id, call.now
        house.request_id = str(call.request_id)
        house.save()
        return house

    @operation_endpoint(output=HouseOut, detail=True, path="paint", permission="job.view")
    def paint(self, call: Call) -> Job:
        """Give a house a number."""
        house = found(Job.objects.visible_to(call.actor), pk=call.pk)
        house.title = "painted"
        house.save(update_fields=["title"])
        return house

    @operation_endpoint(output=HouseOut, detail=True, path="demolish", status=202, permission="job.view")
    def demolish(self, call: Call) -> Job:
        """Begin something long."""
        return Job.objects.get(pk=call.pk)

    @operation_endpoint(detail=True, method="delete", permission="house.raze")
    def raze(self, call: Call) -> None:
        """Nobody may."""


class HotApi(HouseApi):
    singular, plural, plain, reads = "hot", "hots", True, ("list",)

    def rows(self, actor: Any) -> Any:
        return Job.objects.visible_to(actor).values("id", "title", "total", "started_at", "created_at")


class BrokenApi(Api):
    singular = "broken"

    @operation_endpoint(path="crash")
    def crash(self, call: Call) -> None:
        raise RuntimeError("a secret")

    @operation_endpoint(path="slow")
    @transaction.atomic
    def slow(self, call: Call) -> None:
        connection.cursor().execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(2)")

    @operation_endpoint(path="overflow")
    @transaction.atomic
    def overflow(self, call: Call) -> None:
        Sign.objects.extra(where=["1 = 99999999999999999999::text::int"]).first()


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


api = [
    *api_paths("houses", HouseApi),
    *api_paths("hot", HotApi),
    *api_paths("broken", BrokenApi),
    *rest.urlpatterns,
]
urlpatterns = [path("api/v1/", include((api, "api"), namespace="api")), path("page", page), *health.urlpatterns]
