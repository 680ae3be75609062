"""What browsers send about billing runs; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput


class BillingRunForm(OperationForm):
    until = forms.DateField(
        label=_("Bill what is due until"),
        widget=DateInput,
        help_text=_("It is the run of this day's month, of which there is one. Nothing is charged before it is approved."),
    )
