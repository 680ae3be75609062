"""What browsers send about documents and number series; the services decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invoicing.models import Charge, Document, DocumentKind, DocumentLine
from invoicing.models.series import NUMBER_MAX, YEAR
from resellerhub.web import formats
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, DualList, MoneyInput, QuantityInput
from tenants.choices import TenantSearch
from tenants.filters.choices import CalledField
from tenants.models import Tenant

KINDS = [
    (DocumentKind.INVOICE.value, DocumentKind.INVOICE.label),
    (DocumentKind.PROFORMA.value, DocumentKind.PROFORMA.label),
]


class BillForm(OperationForm):
    """What one owes until a day, as a draft."""

    payer = CalledField(label=_("Payer"), queryset=Tenant.objects.none(), widget=TenantSearch)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    until = forms.DateField(
        label=_("Due until"), widget=DateInput, help_text=_("What is due until this day and was not billed.")
    )

    def __init__(self, payers: QuerySet[Tenant], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]


class ChargesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{formats.money(obj.amount, obj.currency)} · {obj.label} · {formats.day(obj.service_start)}"


class DraftForm(OperationForm):
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands beneath the totals."),
    )  # fmt: skip
    buyer_reference = forms.CharField(
        label=_("Reference of the payer"),
        max_length=100,
        required=False,
        help_text=_("What the payer knows it by, such as the Leitweg-ID of an authority."),
    )
    order_number = forms.CharField(label=_("Order number"), max_length=100, required=False)
    charges = ChargesField(
        label=_("Charges"),
        queryset=Charge.objects.none(),
        required=False,
        widget=DualList,
        help_text=_("What is taken off is due as before, and stands on the next invoice."),
    )

    def __init__(self, charges: QuerySet[Charge] | None, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if charges is None:
            del self.fields["charges"]
        else:
            self.fields["charges"].queryset = charges  # type: ignore[attr-defined]


class IssueForm(OperationForm):
    on = forms.DateField(
        label=_("Date of issue"),
        required=False,
        widget=DateInput,
        help_text=_("Left empty, today. No earlier than the last document of the series, and none to come."),
    )


class VoidForm(OperationForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It stands in the history."))


class CreditForm(OperationForm):
    """What is given back: an amount, else lines, else all that is left."""

    amount = forms.DecimalField(
        label=_("Amount before tax"), required=False, max_digits=18, decimal_places=3, widget=MoneyInput,
        help_text=_("Spread over the lines by what they come to. Left empty: the lines below, or all that is left."),
    )  # fmt: skip
    lines = forms.MultipleChoiceField(
        label=_("Lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With all that is left of them."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It stands on the credit note."))

    def __init__(self, invoice: Document, left: dict[DocumentLine, Decimal], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lines: Any = self.fields["lines"]
        lines.choices = [
            (str(row.pk), f"{row.label} · {formats.money(amount, invoice.currency)}")
            for row, amount in left.items()
            if amount
        ]
        widget: Any = self.fields["amount"].widget
        widget.suffix = invoice.currency

    @property
    def what(self) -> dict[str, Any]:
        """As the service takes it."""
        said = self.cleaned_data
        lines = {int(pk): None for pk in said["lines"]}
        return {"amount": said["amount"], "lines": lines or None, "reason": said["reason"]}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("amount") is not None and values.get("lines"):
            self.add_error("amount", _("Give an amount or choose lines, not both."))
        return values


class SeriesForm(OperationForm):
    pattern = forms.CharField(
        label=_("Beginning of the numbers"),
        max_length=25,
        required=False,
        help_text=_("With %(year)s, numbers begin anew each year; the last sign is a letter or one of / . _ -")
        % {"year": YEAR},
    )
    digits = forms.IntegerField(
        label=_("Digits"), min_value=1, max_value=9, initial=4, widget=QuantityInput, help_text=_("4 makes 1 a 0001.")
    )
    start = forms.IntegerField(
        label=_("First number"), min_value=1, max_value=NUMBER_MAX, initial=1, widget=QuantityInput,
        help_text=_("Of the new series; the one in use goes on as it is."),
    )  # fmt: skip
