"""Who works where, and who is asking."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from tenants import selectors
from tenants.filters.people import UserFilter, VisitFilter
from tenants.models import Membership
from tenants.serializers.people import (
    CountOut,
    CustomersIn,
    HandOnIn,
    ManagedOut,
    MeOut,
    RoleIn,
    UserIn,
    UserOut,
    VisitOut,
)
from tenants.services.managers import assign_customers, hand_on_customers, release_customers
from tenants.services.members import change_role, deactivate_user, reactivate_user, remove_member
from tenants.services.people import Person, add_user


class UserApi(ReadApi):
    """Who works in the tenants of your branch."""

    singular, permission, out = "user", "user.manage", UserOut
    filterset_class = UserFilter

    def rows(self, actor: Any) -> QuerySet[Membership]:
        return selectors.users(actor)

    @operation_endpoint(input=UserIn, output=UserOut, status=201, permission="user.manage")
    def create(self, call: Call) -> Membership:
        """Give somebody a login in a tenant of your branch."""
        values = call.values
        return add_user(
            actor=call.actor,
            tenant_id=values.get("tenant", call.actor.tenant_id),
            person=Person(values["email"], values["name"], values["password"]),
            role=values["role"],
            customer_ids=values["customers"],
            now=call.now,
        )

    @operation_endpoint(input=RoleIn, output=UserOut, detail=True, method="patch", permission="user.manage")
    def change(self, call: Call) -> Membership:
        """Give somebody another role in the same organisation.

        Refused: a role that may what you may not (403), a role that its kind of organisation does not have (422), the
        last active administrator (409).
        """
        return change_role(actor=call.actor, membership_id=call.pk, role=call.values["role"], now=call.now)

    @operation_endpoint(detail=True, method="delete", permission="user.manage")
    def remove(self, call: Call) -> None:
        """Take somebody out of an organisation.

        Refused: yourself, and the last active administrator (409).
        """
        remove_member(actor=call.actor, membership_id=call.pk, now=call.now)

    @operation_endpoint(output=UserOut, detail=True, path="deactivate", permission="user.manage")
    def deactivate(self, call: Call) -> Membership:
        """End a login everywhere, at once: pages, keys, open sessions.

        Refused: yourself, the last active administrator, and a login that is also used outside your branch (409).
        """
        return deactivate_user(actor=call.actor, membership_id=call.pk, now=call.now)

    @operation_endpoint(output=UserOut, detail=True, path="reactivate", permission="user.manage")
    def reactivate(self, call: Call) -> Membership:
        """Let a deactivated login in again."""
        return reactivate_user(actor=call.actor, membership_id=call.pk, now=call.now)

    @operation_endpoint(
        input=CustomersIn, output=CountOut, detail=True, path="customers/assign", permission="user.manage"
    )
    def assign(self, call: Call) -> dict[str, int]:
        """Let an account manager look after customers, too.

        Refused: a customer out of sight (404) or of another organisation than the manager's (422): then none is.
        """
        ids = call.values["customers"]
        return {"count": assign_customers(actor=call.actor, membership_id=call.pk, customer_ids=ids, now=call.now)}

    @operation_endpoint(
        input=CustomersIn, output=CountOut, detail=True, path="customers/release", permission="user.manage"
    )
    def release(self, call: Call) -> dict[str, int]:
        """Take customers away from an account manager; those it does not look after are passed over."""
        ids = call.values["customers"]
        return {"count": release_customers(actor=call.actor, membership_id=call.pk, customer_ids=ids, now=call.now)}

    @operation_endpoint(
        input=HandOnIn, output=CountOut, detail=True, path="customers/hand-on", permission="user.manage"
    )
    def hand_on(self, call: Call) -> dict[str, int]:
        """Give all customers of one account manager to another."""
        return {
            "count": hand_on_customers(actor=call.actor, membership_id=call.pk, to_id=call.values["to"], now=call.now)
        }


class ManagedApi(ReadApi):
    """The customers that an account manager looks after."""

    singular, plural, permission, out = "user_customer", "user_customers", "user.manage", ManagedOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        member = found(selectors.managers(actor), pk=self.kwargs["user"])
        return selectors.managed_customers(actor, member.pk)


class VisitApi(ReadApi):
    """Who of the staff above acted as whom, the newest first."""

    singular, permission, out = "visit", "event.view", VisitOut
    filterset_class = VisitFilter

    def rows(self, actor: Any) -> QuerySet[Any]:
        return selectors.visits(actor)


class MeApi(Api):
    """Who you are, for whom you act, and what you may do."""

    singular, out = "me", MeOut

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        return Response(MeOut(self.actor).data)


urls = [
    path("me", MeApi.as_view({"get": "show"}), name="me"),
    *api_paths("users", UserApi),
    *api_paths("users/<int:user>/customers", ManagedApi),
    *api_paths("visits", VisitApi),
]
