"""What browsers send about the names of customers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm


class VisibilityForm(OperationForm):
    visible = forms.BooleanField(
        label=_("Those above may read the names of your customers"),
        required=False,
        help_text=_("Off: they see the customers' IDs only, in lists, searches, reports, files and the event log."),
    )
