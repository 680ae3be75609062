"""Payments and balances over REST."""

from typing import Any

from rest_framework import serializers

from invoicing.models import Payment
from invoicing.services.statements import How
from resellerhub.rest.serializers import FormIn, Id, In, MoneyField, Out, UploadField

KINDS = [pair for pair in Payment.Kind.choices if pair[0] != Payment.Kind.REVERSAL]


class PaymentIn(In):
    payer = Id()
    amount = MoneyField(places=3, help_text="Above zero, of a refund too.")
    received_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=KINDS, required=False, default="payment")
    method = serializers.ChoiceField(choices=Payment.Method.choices, required=False, default="transfer")
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    settles = serializers.BooleanField(
        required=False, default=True, help_text="Settle what is open, what was due first before the rest."
    )


class PaymentOut(Out):
    id = Id()
    issuer = Id(source="issuer_id", help_text="Who was paid.")
    payer = Id(source="payer_id")
    payer_name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Payment.Kind.choices)
    amount = MoneyField(amount="amount", help_text="Below zero where money went back.")
    not_allocated = MoneyField(amount="left")
    received_on = serializers.DateField()
    method = serializers.ChoiceField(choices=Payment.Method.choices)
    reference = serializers.CharField(source="reference_shown")
    reverses = Id(source="reverses_id", allow_null=True)
    reversed_by = Id(allow_null=True)
    made_at = serializers.DateTimeField()


class AllocationIn(In):
    document = Id()
    amount = serializers.DecimalField(
        max_digits=15, decimal_places=3, required=False, help_text="In the payment's currency; as much as can be."
    )


class DeallocationIn(In):
    document = Id()


class StatementIn(FormIn):
    file = UploadField(help_text="CAMT.053, or CSV or XLSX with the headings of the template, at most 10 MB.")
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Only look, and save nothing.")


class LineOut(Out):
    line = serializers.IntegerField(source="number")
    how = serializers.ChoiceField(choices=How.choices, help_text="By what the payer was found, or why there is none.")
    payer = serializers.SerializerMethodField()
    documents = serializers.ListField(child=Id(), help_text="Those that the line names.")
    amount = serializers.SerializerMethodField(help_text="Below zero where money went out.")

    def get_payer(self, line: Any) -> int | None:
        return line.payer_id or None

    def get_amount(self, line: Any) -> dict[str, str]:
        return {"amount": f"{line.values['amount']:f}", "currency": line.values["currency"].upper()}


class StatementOut(Out):
    saved = serializers.BooleanField()
    ids = serializers.ListField(child=Id(), help_text="The payments that were recorded.")
    lines = LineOut(many=True)


class BalanceOut(Out):
    id = Id()
    issuer = Id(source="issuer_id")
    payer = Id(source="payer_id")
    payer_name = serializers.CharField()
    owed = MoneyField(amount="owed", help_text="Billed less paid; below zero where the payer has paid more.")
    billed = MoneyField(amount="billed")
    paid = MoneyField(amount="paid")
    not_allocated = MoneyField(amount="unallocated")


class EntryOut(Out):
    day = serializers.DateField(source="on")
    kind = serializers.CharField(help_text="Of the document, or of the payment.")
    name = serializers.CharField(help_text="Number, or reference.")
    id = Id(source="pk", help_text="Of the document, or of the payment.")
    amount = MoneyField(amount="amount")
    owed = MoneyField(amount="owed", help_text="After it.")


class AccountOut(BalanceOut):
    entries = EntryOut(many=True)
