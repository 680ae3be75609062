"""What browsers send about billing runs; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput


class BillingRunForm(OperationForm):
    until = forms.DateField(
        label=_("Bill what is due until"),
        widget=DateInput,
        help_text=_("There is one run for each month. Nothing is charged before it is approved."),
    )
