"""Payments and balances over REST."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from invoicing.filters.payments import BalanceFilter, PaymentFilter
from invoicing.models import Balance, Payment
from invoicing.selectors import accounts as selectors
from invoicing.serializers.payments import (
    AccountOut,
    AllocationIn,
    BalanceOut,
    DeallocationIn,
    PaymentIn,
    PaymentOut,
    StatementIn,
    StatementOut,
)
from invoicing.services.allocating import allocate, deallocate
from invoicing.services.payments import Received, record_payment, reverse_payment
from invoicing.services.statements import import_statement, match_statement
from invoicing.statement_files import read_statement
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.parsers import FormParser
from resellerhub.rest.views import Api, ReadApi, api_paths


class PaymentApi(ReadApi):
    """What was paid and paid back. Payments never change: what was none is reversed by another one."""

    singular, permission, out = "payment", "invoice.view", PaymentOut
    filterset_class = PaymentFilter
    ordering_fields = {"received_on": "received_on"}

    def rows(self, actor: Any) -> QuerySet[Payment]:
        return selectors.payments(actor)

    def shown(self, call: Call, row: Payment) -> Payment:
        return found(self.rows(call.actor), pk=row.pk)

    @operation_endpoint(
        input=PaymentIn, output=PaymentOut, status=201, permission="payment.edit", idempotency="required"
    )
    def create(self, call: Call) -> Payment:
        """Record what your organisation was paid, or paid back; it settles what is open unless `settles` is off."""
        values = dict(call.values)
        settles, money, payer = values.pop("settles"), values.pop("amount"), values.pop("payer")
        received = Received(payer_id=payer, amount=money.amount, currency=money.currency, **values)
        row = record_payment(
            actor=call.actor, received=received, settles=settles, request_id=call.request_id, now=call.now
        )
        return self.shown(call, row)

    @operation_endpoint(input=AllocationIn, output=PaymentOut, detail=True, path="allocate", permission="payment.edit")
    def allocate(self, call: Call) -> Payment:
        """Let a payment settle a document. Refused: `too-much` with what can be, `not-settled-by` (409)."""
        row = found(self.rows(call.actor), pk=call.pk)
        allocate(
            actor=call.actor,
            payment_id=row.pk,
            document_id=call.values["document"],
            amount=call.values.get("amount"),
            now=call.now,
        )
        return self.shown(call, row)

    @operation_endpoint(
        input=DeallocationIn, output=PaymentOut, detail=True, path="deallocate", permission="payment.edit"
    )
    def deallocate(self, call: Call) -> Payment:
        """Take back what of a payment settles a document."""
        row = found(self.rows(call.actor), pk=call.pk)
        deallocate(actor=call.actor, payment_id=row.pk, document_id=call.values["document"], now=call.now)
        return self.shown(call, row)

    @operation_endpoint(output=PaymentOut, detail=True, path="reverse", permission="payment.edit")
    def reverse(self, call: Call) -> Payment:
        """Undo a payment by another one: what it settled is open again. Refused: `not-reversible` (409)."""
        row = found(self.rows(call.actor), pk=call.pk)
        return self.shown(call, reverse_payment(actor=call.actor, payment_id=row.pk, now=call.now))


class StatementApi(Api):
    """Payments out of the statement of a bank account."""

    singular, permission = "payments_import", "payment.edit"
    parser_classes = (FormParser,)

    @operation_endpoint(input=StatementIn, output=StatementOut, permission="payment.edit", idempotency="required")
    def create(self, call: Call) -> dict[str, Any]:
        """Record each incoming line whose payer is found; a line that was imported before is not repeated.

        Refused: `unreadable-file` (422) says why a file was not read; `faulty-rows` (422) names each line that is
        wrong, and nothing is saved.
        """
        table = read_statement(call.values["file"])
        if call.values["dry_run"]:
            lines = match_statement(actor=call.actor, table=table, now=call.now)
            return {"saved": False, "ids": [], "lines": lines}
        lines, rows = import_statement(actor=call.actor, table=table, now=call.now)
        return {"saved": True, "ids": [row.pk for row in rows], "lines": lines}


class BalanceApi(ReadApi):
    """What each payer owes in each currency, after all that was billed, given back and paid."""

    singular, permission, out = "balance", "invoice.view", BalanceOut
    filterset_class = BalanceFilter
    ordering_fields = {"owed": "owed"}

    def rows(self, actor: Any) -> QuerySet[Balance]:
        return selectors.balances(actor)


class StatementOfApi(Api):
    """A balance with all that moved it."""

    singular, permission, out = "balance_statement", "invoice.view", AccountOut

    def show(self, request: Any, balance: int) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        row: Any = found(selectors.balances(self.actor), pk=balance)
        row.entries = selectors.statement(row)
        return Response(AccountOut(row).data)


urls = [
    *api_paths("payments/import", StatementApi),
    *api_paths("payments", PaymentApi),
    *api_paths("balances", BalanceApi),
    path("balances/<int:balance>/statement", StatementOfApi.as_view({"get": "show"}), name="balance_statement"),
]
