"""The end of a tenant, its other kind, its other seller: over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants import selectors
from tenants.models import Tenant
from tenants.serializers.lifecycle import CloseIn
from tenants.serializers.tenants import CustomerOut, ResellerOut
from tenants.services.closing import close_tenant


class ResellerLifecycleApi(ReadApi):
    """What becomes of a reseller."""

    singular, permission, out = "reseller", "reseller.view", ResellerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.resellers(actor)

    @operation_endpoint(input=CloseIn, output=ResellerOut, detail=True, path="close", permission="reseller.delete")
    def close(self, call: Call) -> Tenant:
        """Delete a reseller: it is closed for good, and its history stays.

        Refused: another confirmation than `Yes` (422); while tenants beneath it, subscriptions or add-ons are active,
        `still-active` (409) with `active`, the list of them; `already-closed` (409).
        """
        return _close(self, call)


class CustomerLifecycleApi(ReadApi):
    """What becomes of a customer."""

    singular, permission, out = "customer", "customer.view", CustomerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.customers(actor)

    @operation_endpoint(input=CloseIn, output=CustomerOut, detail=True, path="close", permission="customer.delete")
    def close(self, call: Call) -> Tenant:
        """Delete a customer: its subscriptions, add-ons and mailboxes end with it, all or nothing.

        Refused: another confirmation than `Yes` (422); `already-closed` (409).
        """
        return _close(self, call)


def _close(view: ReadApi, call: Call) -> Tenant:
    row = found(view.rows(call.actor), pk=call.pk)
    close_tenant(actor=call.actor, tenant_id=row.pk, confirmation=call.values["confirmation"], now=call.now)
    closed: Tenant = found(view.rows(call.actor), pk=row.pk)
    return closed


urls = [*api_paths("resellers", ResellerLifecycleApi), *api_paths("customers", CustomerLifecycleApi)]
