"""Customers and resellers out of a file, over REST."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.utils import extend_schema

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.parsers import FormParser
from resellerhub.rest.views import Api, api_paths
from tenants.api.batches import FILES, FORMAT, template_of
from tenants.roles import Kind
from tenants.serializers.imports import ImportIn, ImportOut
from tenants.services.imports import (
    COLUMNS,
    CUSTOMER_COLUMNS,
    RESELLER_COLUMNS,
    check_import,
    import_customers,
    import_resellers,
)
from tenants.services.reading import read_table
from tenants.uploading import own_headings


class CustomerImportApi(Api):
    """Customers out of a file."""

    singular, permission = "customer_import", "customer.create"
    parser_classes = (FormParser,)

    @operation_endpoint(input=ImportIn, output=ImportOut, permission="customer.create", idempotency="required")
    def create(self, call: Call) -> dict[str, Any]:
        """Make customers of one seller out of a CSV or XLSX file, all or none.

        Refused: `unreadable-file` (422) says why a file was not read; `faulty-rows` (422) names each line that is
        wrong, stands twice or is there already. An export of the list of customers can be imported. Optional columns
        open the account: account name, support level, limits; who gets one is sent a link to choose a password.
        """
        return outcome(call, Kind.CUSTOMER, import_customers)

    @extend_schema(summary="The headings of an import of customers.", parameters=[FORMAT], responses=FILES)
    def template(self, request: Any) -> HttpResponseBase:
        """The headings of an import of customers."""
        self.let_look()
        return template_of(request, CUSTOMER_COLUMNS, "customers")


class ResellerImportApi(Api):
    """Resellers out of a file."""

    singular, permission = "reseller_import", "reseller.create"
    parser_classes = (FormParser,)

    @operation_endpoint(input=ImportIn, output=ImportOut, permission="reseller.create", idempotency="required")
    def create(self, call: Call) -> dict[str, Any]:
        """Make resellers beneath one seller out of a CSV or XLSX file, all or none; nobody is invited by it.

        Refused: `unreadable-file` (422) says why a file was not read; `faulty-rows` (422) names each line that is
        wrong, stands twice, is there already, or is of a type that is not taken.
        """
        return outcome(call, Kind.RESELLER, import_resellers)

    @extend_schema(summary="The headings of an import of resellers.", parameters=[FORMAT], responses=FILES)
    def template(self, request: Any) -> HttpResponseBase:
        """The headings of an import of resellers."""
        self.let_look()
        return template_of(request, RESELLER_COLUMNS, "resellers")


def outcome(call: Call, kind: str, make: Any) -> dict[str, Any]:
    seller_id = call.values.get("seller", call.actor.tenant_id)
    table = read_table(call.values["file"], COLUMNS[kind], ignored=own_headings(kind))
    if call.values["dry_run"]:
        rows = check_import(actor=call.actor, kind=kind, seller_id=seller_id, table=table, now=call.now)
        return {"rows": rows, "saved": False, "ids": []}
    made = make(actor=call.actor, seller_id=seller_id, table=table, request_id=call.request_id, now=call.now)
    return {"rows": len(made), "saved": True, "ids": [tenant.pk for tenant in made]}


urls = [
    *api_paths("customers/import", CustomerImportApi),
    path("customers/import/template", CustomerImportApi.as_view({"get": "template"}), name="customer_import_template"),
    *api_paths("resellers/import", ResellerImportApi),
    path("resellers/import/template", ResellerImportApi.as_view({"get": "template"}), name="reseller_import_template"),
]
