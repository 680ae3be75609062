"""Tenants over REST."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from tenants import selectors
from tenants.filters import CustomerFilter, EventFilter, ResellerFilter, UserFilter
from tenants.models import ApiKey, Membership, Tenant
from tenants.serializers import (
    ApiKeyIn,
    ApiKeyOut,
    CustomerIn,
    CustomerOut,
    EventOut,
    MeOut,
    NewApiKeyOut,
    ResellerIn,
    ResellerOut,
    SuspendIn,
    TermsIn,
    UserIn,
    UserOut,
    administrator_of,
    details_of,
)
from tenants.services.api_keys import create_api_key, revoke_api_key
from tenants.services.customers import create_customer
from tenants.services.people import Person, add_user
from tenants.services.resellers import change_terms, create_reseller
from tenants.services.status import resume_tenant, suspend_tenant

ORDER = {"name": "profile__name", "created_at": "created_at"}


class ResellerApi(ReadApi):
    """Resellers in your branch, at every depth."""

    singular, permission, out = "reseller", "reseller.view", ResellerOut
    filterset_class, ordering_fields = ResellerFilter, ORDER

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.resellers(actor)

    @operation_endpoint(input=ResellerIn, output=ResellerOut, status=201, permission="reseller.create")
    def create(self, call: Call) -> Tenant:
        """Create a reseller, with its first administrator where one is given.

        Refused: a seller out of sight (404), a customer as seller, a suspended seller (409).
        """
        made = create_reseller(
            actor=call.actor,
            seller_id=call.values.get("seller", call.actor.tenant_id),
            details=details_of(call.values),
            reseller_type=call.values["type"],
            may_oversell=call.values["may_oversell"],
            administrator=administrator_of(call.values),
            request_id=call.request_id,
            now=call.now,
        )
        return found(self.rows(call.actor), pk=made.pk)

    @operation_endpoint(input=TermsIn, output=ResellerOut, detail=True, method="patch", permission="reseller.edit")
    def change(self, call: Call) -> Tenant:
        """Change the terms of a reseller that you sell to; what was sold already stays sold.

        Refused: `not-its-seller` (403) to those who only stand above its seller.
        """
        row = found(self.rows(call.actor), pk=call.pk)
        wanted = {"may_oversell": row.terms.may_oversell} | call.values
        change_terms(actor=call.actor, reseller_id=row.pk, now=call.now, **wanted)
        return found(self.rows(call.actor), pk=row.pk)

    @operation_endpoint(input=SuspendIn, output=ResellerOut, detail=True, path="suspend", permission="reseller.edit")
    def suspend(self, call: Call) -> Tenant:
        """Suspend a reseller: its users can look and export but change nothing, and nothing new is sold to it."""
        return _suspend(self, call)

    @operation_endpoint(output=ResellerOut, detail=True, path="resume", permission="reseller.edit")
    def resume(self, call: Call) -> Tenant:
        """Resume a suspended reseller."""
        return _resume(self, call)


class CustomerApi(ReadApi):
    """Customers in your branch, whoever sells to them."""

    singular, permission, out = "customer", "customer.view", CustomerOut
    filterset_class, ordering_fields = CustomerFilter, ORDER

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.customers(actor)

    @operation_endpoint(input=CustomerIn, output=CustomerOut, status=201, permission="customer.create")
    def create(self, call: Call) -> Tenant:
        """Create a customer, with its first administrator where one is given.

        Refused: a seller out of sight (404), a customer as seller, a suspended seller (409).
        """
        made = create_customer(
            actor=call.actor,
            seller_id=call.values.get("seller", call.actor.tenant_id),
            details=details_of(call.values),
            administrator=administrator_of(call.values),
            request_id=call.request_id,
            now=call.now,
        )
        return found(selectors.customers(call.actor), pk=made.pk)

    @operation_endpoint(input=SuspendIn, output=CustomerOut, detail=True, path="suspend", permission="customer.edit")
    def suspend(self, call: Call) -> Tenant:
        """Suspend a customer: its users can look and export but change nothing, and nothing new is sold to it."""
        return _suspend(self, call)

    @operation_endpoint(output=CustomerOut, detail=True, path="resume", permission="customer.edit")
    def resume(self, call: Call) -> Tenant:
        """Resume a suspended customer."""
        return _resume(self, call)


def _suspend(view: ReadApi, call: Call) -> Tenant:
    tenant = found(view.rows(call.actor), pk=call.pk)
    suspend_tenant(actor=call.actor, tenant_id=tenant.pk, reason=call.values["reason"], now=call.now)
    fresh: Tenant = found(view.rows(call.actor), pk=tenant.pk)
    return fresh


def _resume(view: ReadApi, call: Call) -> Tenant:
    tenant = found(view.rows(call.actor), pk=call.pk)
    resume_tenant(actor=call.actor, tenant_id=tenant.pk, now=call.now)
    fresh: Tenant = found(view.rows(call.actor), pk=tenant.pk)
    return fresh


class EventApi(ReadApi):
    """The event log: every change, the newest first."""

    singular, permission, out = "event", "event.view", EventOut
    filterset_class = EventFilter

    def rows(self, actor: Any) -> QuerySet[Any]:
        return selectors.events(actor)


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


class ApiKeyApi(ReadApi):
    """The API keys of your own tenant."""

    singular, permission, out = "api_key", "api_key.manage", ApiKeyOut

    def rows(self, actor: Any) -> QuerySet[ApiKey]:
        return selectors.api_keys(actor)

    @operation_endpoint(input=ApiKeyIn, output=NewApiKeyOut, status=201, permission="api_key.manage", idempotency="own")
    def create(self, call: Call) -> ApiKey:
        """Make a key of your own. Its text is in this answer and is not kept anywhere.

        Asked again with the same Idempotency-Key it is refused (409), because it cannot be shown again.
        """
        row, text = create_api_key(actor=call.actor, request_id=call.request_id, now=call.now, **call.values)
        row.key = text  # type: ignore[attr-defined]
        return row

    @operation_endpoint(output=ApiKeyOut, detail=True, path="revoke", permission="api_key.manage")
    def revoke(self, call: Call) -> ApiKey:
        """Revoke a key: it is dead at once. Doing it again changes nothing."""
        return revoke_api_key(actor=call.actor, api_key_id=call.pk, now=call.now)


class MeApi(Api):
    """Who you are, for whom you act, and what you may do."""

    singular, out = "me", MeOut

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        return Response(MeOut(self.actor).data)


urls = [
    path("me", MeApi.as_view({"get": "show"}), name="me"),
    *api_paths("resellers", ResellerApi),
    *api_paths("customers", CustomerApi),
    *api_paths("events", EventApi),
    *api_paths("users", UserApi),
    *api_paths("api-keys", ApiKeyApi),
]
