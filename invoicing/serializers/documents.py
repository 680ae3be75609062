"""Shapes of documents and number series in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from invoicing.models import Document, DocumentKind
from invoicing.models.lines import CATEGORIES
from invoicing.models.series import NUMBER_MAX
from invoicing.selectors.accounts import STANDINGS
from resellerhub.rest.serializers import Id, Ids, In, MoneyField, Out

BILLED = [DocumentKind.INVOICE.value, DocumentKind.PROFORMA.value]


class DocumentLineOut(Out):
    id = Id()
    position = serializers.IntegerField()
    charge = Id(source="charge_id", allow_null=True)
    corrects = Id(source="corrects_id", allow_null=True, help_text="Of a credit note: the line that it gives back of.")
    section = Id(source="section_id", allow_null=True, help_text="The customer whom it is about, in a roll-up.")
    section_name = serializers.CharField(allow_null=True)
    label = serializers.CharField(source="label_shown")  # type: ignore[assignment]
    service_start = serializers.DateField(allow_null=True)
    service_end = serializers.DateField(allow_null=True, help_text="The first day that does not count.")
    quantity = serializers.IntegerField(help_text="Below zero where it gives back.")
    unit_price = MoneyField(amount="unit_price", currency="currency")
    part = serializers.IntegerField(help_text="quantity × unit_price × part / whole, rounded once, is the amount.")
    whole = serializers.IntegerField()
    amount = MoneyField(amount="amount", currency="currency")
    category = serializers.ChoiceField(choices=CATEGORIES, help_text="Of UNTDID 5305.")
    rate = serializers.DecimalField(max_digits=6, decimal_places=3, help_text="In percent.")


class DocumentTaxOut(Out):
    category = serializers.ChoiceField(choices=CATEGORIES)
    rate = serializers.DecimalField(max_digits=6, decimal_places=3)
    net = MoneyField(amount="net", currency="currency")
    tax = MoneyField(amount="tax", currency="currency")


class DocumentOut(Out):
    id = Id()
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    state = serializers.ChoiceField(choices=Document.State.choices)
    number = serializers.CharField(source="full_number", help_text="Empty while it is a draft.")
    issuer = Id(source="issuer_id")
    issuer_name = serializers.CharField()
    payer = Id(source="payer_id")
    payer_name = serializers.CharField()
    language = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    net = MoneyField(amount="net")
    tax = MoneyField(amount="tax")
    total = MoneyField(amount="gross")
    prepaid = MoneyField(amount="prepaid")
    rounding = MoneyField(amount="rounding")
    payable = MoneyField(
        amount="payable", help_text="Of a credit note, what is given back; of an invoice, may be below 0."
    )
    open = MoneyField(amount="open", help_text="What is not settled; below 0 where the payer gets something back.")
    standing = serializers.ChoiceField(choices=list(STANDINGS.items()), help_text="Its state; or paid, or overdue.")
    note = serializers.CharField(source="note_shown")
    buyer_reference = serializers.CharField(source="buyer_reference_shown")
    order_number = serializers.CharField(source="order_number_shown")
    corrects = Id(source="corrects_id", allow_null=True)
    proforma = Id(source="proforma_id", allow_null=True)
    reason = serializers.CharField(source="reason_shown")
    void_reason = serializers.CharField(source="void_reason_shown")
    waits = serializers.CharField(help_text="What keeps a draft from being taxed; empty where nothing does.")
    made_at = serializers.DateTimeField()
    lines = DocumentLineOut(many=True, source="lines_shown")
    taxes = DocumentTaxOut(many=True, source="taxes_shown")

    expandable = ("lines", "taxes")


class BillIn(In):
    payer = Id(help_text="Whom the actor's organisation bills.")
    until = serializers.DateField(help_text="What is due until this day and stands on no document yet.")
    kind = serializers.ChoiceField(choices=BILLED, default=DocumentKind.INVOICE.value)


class DraftIn(In):
    """What is left out stays as it is."""

    note = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    buyer_reference = serializers.CharField(max_length=100, allow_blank=True, required=False)
    order_number = serializers.CharField(max_length=100, allow_blank=True, required=False)
    charges = Ids(required=False, help_text="All that stand on it from now on.")


class IssueIn(In):
    on = serializers.DateField(required=False, help_text="Left out, today.")


class VoidIn(In):
    reason = serializers.CharField(max_length=300)


class CreditLineIn(In):
    line = Id()
    amount = MoneyField(required=False, places=3, help_text="Left out, all that is left of it.")


class CreditIn(In):
    """An amount before tax, or lines; neither: all that is left."""

    amount = MoneyField(required=False, places=3)
    lines = CreditLineIn(many=True, required=False, allow_empty=False)
    reason = serializers.CharField(max_length=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lines = [row["line"] for row in attrs.get("lines", ())]
        if lines and "amount" in attrs:
            raise serializers.ValidationError({"amount": [_("Give an amount or lines, not both.")]})
        if len(set(lines)) < len(lines):
            raise serializers.ValidationError({"lines": [_("Name each line once.")]})
        return attrs


class NumberSeriesOut(Out):
    id = Id()
    issuer = Id(source="issuer_id")
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    pattern = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    digits = serializers.IntegerField()
    start = serializers.IntegerField()
    next_number = serializers.IntegerField()
    next = serializers.SerializerMethodField(help_text="As it will stand on paper.")
    last_issued_on = serializers.DateField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is in use.")

    def get_next(self, row: Any) -> str:
        return str(row)


class NumberSeriesIn(In):
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    pattern = serializers.CharField(max_length=25, allow_blank=True, help_text="With {year} it begins anew each year.")
    digits = serializers.IntegerField(min_value=1, max_value=9, default=4)
    start = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, default=1)
