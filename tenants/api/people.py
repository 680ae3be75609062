"""Who works where, and who is asking."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from tenants import selectors
from tenants.filters.people import UserFilter
from tenants.models import Membership
from tenants.serializers.people import MeOut, UserIn, UserOut
from tenants.services.people import Person, add_user


class UserApi(ReadApi):
    """Who works in the tenants of your branch."""

    singular, permission, out = "user", "user.manage", UserOut
    reads = ("list",)
    filterset_class = UserFilter

    def rows(self, actor: Any) -> QuerySet[Membership]:
        return selectors.users(actor)

    @operation_endpoint(input=UserIn, output=UserOut, permission="user.manage")
    def create(self, call: Call) -> Membership:
        """Give somebody a login in a tenant of your branch."""
        values = call.values
        return add_user(
            actor=call.actor,
            tenant_id=values.get("tenant", call.actor.tenant_id),
            person=Person(values["email"], values["name"], values["password"]),
            role=values["role"],
            now=call.now,
        )


class MeApi(Api):
    """Who you are, for whom you act, and what you may do."""

    singular, out = "me", MeOut

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        return Response(MeOut(self.actor).data)


urls = [
    path("me", MeApi.as_view({"get": "show"}), name="me"),
    *api_paths("users", UserApi),
]
