"""Charges over REST."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from invoicing.filters.charges import ChargeFilter
from invoicing.models import Charge
from invoicing.selectors import charges as selectors
from invoicing.serializers.charges import ChargeIn, PostedChargeOut
from invoicing.services.manual import charge_by_hand
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from resellerhub.web.exports import csv_file


class ChargeApi(ReadApi):
    """What was charged and given back, line by line: what you pay, are paid, and is paid beneath you."""

    singular, permission, out = "charge", "invoice.view", PostedChargeOut
    filterset_class = ChargeFilter
    ordering_fields = {"due_on": "due_on", "amount": "amount"}

    def rows(self, actor: Any) -> QuerySet[Charge]:
        return selectors.charges(actor)

    @operation_endpoint(
        input=ChargeIn, output=PostedChargeOut, status=201, permission="invoice.edit", idempotency="required"
    )
    def create(self, call: Call) -> Charge:
        """Charge somebody whom you bill once, for something that was not sold here. It is on the next bill.

        Refused: `billed-by-another`, and `one-currency` where it is charged in another one.
        """
        row = charge_by_hand(actor=call.actor, request_id=call.request_id, now=call.now, **call.values)
        return found(self.rows(call.actor), pk=row.pk)

    @extend_schema(operation_id="charges_reconciliation", responses={(200, "text/csv"): OpenApiTypes.STR})
    def csv(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        """All charges, or those of the filter, as CSV: quantity × unit price (four places) × part / whole, rounded, is
        the amount of each line; what it does not come to is a line `rounding`."""
        rows = self.filter_queryset(self.get_queryset()).order_by("pk")
        return csv_file(selectors.reconciled(rows), "charges-reconciliation.csv")


urls = [
    *api_paths("charges", ChargeApi),
    path("charges/reconciliation.csv", ChargeApi.as_view({"get": "csv"}), name="charges_reconciliation"),
]
