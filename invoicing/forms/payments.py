"""What browsers send about payments; the services decide."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invoicing.models import Document, Payment
from resellerhub.web import formats
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, MoneyInput, SearchSelect
from tenants.choices import TenantSearch
from tenants.filters.choices import CalledField
from tenants.forms.choices import currencies
from tenants.models import Tenant

KINDS = [pair for pair in Payment.Kind.choices if pair[0] != Payment.Kind.REVERSAL]


class PaymentForm(OperationForm):
    payer = CalledField(label=_("Payer"), queryset=Tenant.objects.none(), widget=TenantSearch)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=15, decimal_places=3, widget=MoneyInput)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)
    received_on = forms.DateField(label=_("Received"), widget=DateInput)
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=200)
    settles = forms.BooleanField(
        label=_("Settle what is open"),
        required=False,
        initial=True,
        help_text=_("What was due first before the rest. Otherwise it waits to be allocated."),
    )

    def __init__(self, *args: Any, payers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]


class DocumentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A document, with what of it is open."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_number} · {formats.day(obj.due_on)} · {formats.money(obj.open, obj.currency)}"


class AllocationForm(OperationForm):
    document = DocumentField(
        label=_("Document"), queryset=Document.objects.none(), widget=SearchSelect, empty_label=None
    )
    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        min_value=0,
        max_digits=15,
        decimal_places=3,
        widget=MoneyInput,
        help_text=_("Left empty, as much as can be."),
    )

    def __init__(self, *args: Any, documents: QuerySet[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]


class StatementForm(OperationForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xml"}),
        help_text=_("CAMT.053 of the bank, or CSV or XLSX with the headings of the template; at most 10 MB."),
    )
    dry_run = forms.BooleanField(label=_("Only check the file, save nothing"), required=False, initial=True)
