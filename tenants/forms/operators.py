"""What is said of a person in the admin; the service decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm


class OperatorForm(OperationForm):
    is_staff = forms.BooleanField(
        label=_("Operator"),
        required=False,
        help_text=_("May enter here. Who works for a provider sees its house, and does what its role may."),
    )
    is_superuser = forms.BooleanField(
        label=_("Appoints operators"), required=False, help_text=_("Says who else is an operator.")
    )

    @property
    def values(self) -> dict[str, bool]:
        names = {"is_operator": "is_staff", "appoints": "is_superuser"}
        return {name: self.cleaned_data[field] for name, field in names.items()}
