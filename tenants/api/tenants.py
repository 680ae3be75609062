"""Resellers and customers over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants import selectors
from tenants.filters.tenants import CustomerFilter, ResellerFilter
from tenants.models import Tenant
from tenants.serializers.accounts import login_of, service_of
from tenants.serializers.tenants import (
    CustomerIn,
    CustomerOut,
    MapIn,
    ResellerChangeIn,
    ResellerIn,
    ResellerOut,
    SuspendIn,
    administrator_of,
    details_of,
    first_user,
)
from tenants.services.accounts import create_account
from tenants.services.customers import create_customer
from tenants.services.mapping import map_reseller
from tenants.services.resellers import change_reseller, create_reseller
from tenants.services.status import resume_tenant, suspend_tenant

ORDER = {"name": "by_name", "created_at": "created_at"}


class ResellerApi(ReadApi):
    """Resellers in your branch, at every depth."""

    singular, permission, out = "reseller", "reseller.view", ResellerOut
    filterset_class, ordering_fields = ResellerFilter, ORDER

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.resellers(actor).select_related("profile", "mapping")

    @operation_endpoint(input=ResellerIn, output=ResellerOut, status=201, permission="reseller.create")
    def create(self, call: Call) -> Tenant:
        """Create a reseller with its company, its signatures and, where one is given, its first administrator.

        Refused: a seller out of sight (404), a customer as seller, a suspended seller (409), a type that the provider
        switched off (`type-unavailable`).
        """
        made = create_reseller(
            actor=call.actor,
            seller_id=call.values.get("seller", call.actor.tenant_id),
            details=details_of(call.values, call.actor),
            reseller_type=call.values["type"],
            may_oversell=call.values["may_oversell"],
            is_large=call.values["is_large"],
            signatures=call.values["signatures"],
            request_id=call.request_id,
            now=call.now,
            **first_user(call.values, call.actor),
        )
        return found(self.rows(call.actor), pk=made.pk)

    @operation_endpoint(
        input=ResellerChangeIn, output=ResellerOut, detail=True, method="patch", permission="reseller.edit"
    )
    def change(self, call: Call) -> Tenant:
        """Change terms, company and signatures of a reseller that you sell to; what was sold already stays sold.

        Refused: `not-its-seller` (403) to those who only stand above its seller.
        """
        values = call.values
        change_reseller(
            actor=call.actor,
            reseller_id=call.pk,
            signatures=values.pop("signatures", None),
            terms={name: values.pop(name) for name in ("may_oversell", "is_large") if name in values},
            company=values,
            now=call.now,
        )
        return found(self.rows(call.actor), pk=call.pk)

    @operation_endpoint(input=MapIn, output=ResellerOut, detail=True, path="map", permission="reseller.map")
    def map(self, call: Call) -> Tenant:
        """Map a reseller to its tenant owner, one of the addresses that are known of it, and its organisation.

        Only a mapped reseller can be given pools. Refused: `already-mapped`, `unknown-owner`.
        """
        map_reseller(actor=call.actor, reseller_id=call.pk, now=call.now, **call.values)
        return found(self.rows(call.actor), pk=call.pk)

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
        return selectors.in_order(actor, selectors.customers(actor))

    @operation_endpoint(input=CustomerIn, output=CustomerOut, status=201, permission="customer.create")
    def create(self, call: Call) -> Tenant:
        """Create a customer: with an account, its support level and limits, or with a first administrator, or neither.

        Refused: a seller out of sight (404), a customer as seller, a suspended seller (409); an account name or an
        address that cannot be used (422), without telling why.
        """
        if account := call.values["account"]:
            made = create_account(
                actor=call.actor,
                seller_id=call.values.get("seller", call.actor.tenant_id),
                details=details_of(call.values, call.actor),
                login=login_of(account),
                service=service_of(account),
                manager_id=account["account_manager"],
                request_id=call.request_id,
                now=call.now,
            )
            return found(selectors.customers(call.actor), pk=made.pk)
        made = create_customer(
            actor=call.actor,
            seller_id=call.values.get("seller", call.actor.tenant_id),
            details=details_of(call.values, call.actor),
            administrator=administrator_of(call.values, call.actor),
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


urls = [
    *api_paths("resellers", ResellerApi),
    *api_paths("customers", CustomerApi),
]
