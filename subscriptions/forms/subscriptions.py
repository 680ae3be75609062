"""What browsers send about subscriptions; the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import QuantityInput
from subscriptions.models import QUANTITY_MAX


class OfType(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice whose options say of which service type they are."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.service_type.name})"


class QuantityForm(OperationForm):
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, widget=QuantityInput)


class ReasonForm(OperationForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
