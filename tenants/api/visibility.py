"""Who reads the names of customers, over REST."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from tenants import selectors
from tenants.models import Tenant
from tenants.serializers.tenants import ResellerOut
from tenants.serializers.visibility import VisibilityIn, VisibilityOut
from tenants.services.visibility import hide_customers, show_customers


class HideCustomersApi(ReadApi):
    """The curtain before a reseller's customers."""

    singular, permission, out = "reseller", "reseller.view", ResellerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.resellers(actor)

    @operation_endpoint(output=ResellerOut, detail=True, path="hide-customers", permission="reseller.edit")
    def hide_customers(self, call: Call) -> Tenant:
        """Hide the names of a reseller's customers from everybody above it, yourself included.

        You cannot undo it: only the reseller shows them again. Doing it again changes nothing.
        """
        row = found(self.rows(call.actor), pk=call.pk)
        hide_customers(actor=call.actor, reseller_id=row.pk, now=call.now)
        return found(self.rows(call.actor), pk=row.pk)


class CustomerVisibilityApi(Api):
    """Whether those above you read the names of your customers. For resellers."""

    singular, permission, out = "customer_visibility", "settings.edit", VisibilityOut

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        return Response(VisibilityOut(selectors.own_reseller(self.actor)).data)

    @operation_endpoint(input=VisibilityIn, output=VisibilityOut, method="patch", permission="settings.edit")
    def change(self, call: Call) -> Tenant:
        """Hide the names of your customers from everybody above you, or show them again.

        Hidden, they occur nowhere for those above: not in lists, searches, orders, reports, files or the event log.
        """
        mine = selectors.own_reseller(call.actor)
        if call.values["visible"]:
            return show_customers(actor=call.actor, now=call.now)
        return hide_customers(actor=call.actor, reseller_id=mine.pk, now=call.now)


urls = [
    *api_paths("resellers", HideCustomersApi),
    path(
        "me/customer-visibility",
        CustomerVisibilityApi.as_view({"get": "show", "patch": "change"}),
        name="customer_visibility",
    ),
]
