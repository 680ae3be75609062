"""What browsers send of API keys."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import LAST_DAY
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput
from tenants.roles import EVERYTHING, PERMISSIONS, READING


class ApiKeyForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("What uses it, so that it can be told apart."))
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The key may do what its scopes and your role both allow."),
    )
    allowed_networks = forms.CharField(
        label=_("Allowed addresses"),
        required=False,
        help_text=_("Addresses or networks such as 192.0.2.0/24, separated by commas. Left empty: from everywhere."),
    )
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=DateInput, validators=[MaxValueValidator(LAST_DAY)]
    )

    def __init__(self, *args: Any, permissions: frozenset[str], **options: Any) -> None:
        super().__init__(*args, **options)
        wide = [(READING, _("Everything that only looks")), (EVERYTHING, _("Everything"))]
        self.fields["scopes"].choices = [*wide, *((name, name) for name in sorted(permissions & PERMISSIONS))]  # type: ignore[attr-defined]

    def clean_allowed_networks(self) -> list[str]:
        return [part.strip() for part in self.cleaned_data["allowed_networks"].split(",") if part.strip()]
