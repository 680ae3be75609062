"""What browsers send about taxes; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from invoicing.models.taxes import AT_HOME
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, QuantityInput, SearchSelect
from tenants.forms.choices import countries


class TaxRateForm(OperationForm):
    country = forms.ChoiceField(label=_("Country"), choices=countries, widget=SearchSelect)
    category = forms.ChoiceField(label=_("Kind"), choices=AT_HOME)
    percent = forms.DecimalField(
        label=_("Percent"),
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        widget=QuantityInput(unit="%", attrs={"step": "any"}),
        help_text=_("0 for everything that is not taxed."),
    )
    effective_on = forms.DateField(
        label=_("Effective from"),
        widget=DateInput,
        help_text=_("The day for which something is charged decides. What is issued keeps its rate."),
    )


class SmallBusinessForm(OperationForm):
    is_small = forms.BooleanField(
        label=_("We charge no VAT, as a small business"),
        required=False,
        help_text=_("In Germany § 19 UStG. Bills then say so instead of a tax."),
    )
    effective_on = forms.DateField(label=_("Effective from"), widget=DateInput)
