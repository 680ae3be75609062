"""What browsers send to delete, convert or move a tenant."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from tenants.choices import TenantSearch
from tenants.forms.tenants import TenantField
from tenants.models import Tenant
from tenants.services.closing import CONFIRMATION


class CloseForm(OperationForm):
    confirmation = forms.CharField(
        strip=False, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["confirmation"].label = _("Type %(word)s to confirm") % {"word": CONFIRMATION}


class ConvertToResellerForm(OperationForm):
    type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, types: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["type"].choices = types  # type: ignore[attr-defined]


class MoveForm(OperationForm):
    """Asked twice: to whom, and then, with the choice hidden, whether really."""

    seller = TenantField(label=_("New seller"), queryset=Tenant.objects.none(), widget=TenantSearch)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sellers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]

    def to_confirm(self) -> "MoveForm":
        """The second step, of what was chosen in the first."""
        field: Any = self.fields["seller"]
        step = MoveForm(
            sellers=field.queryset,
            initial={"seller": self.cleaned_data["seller"].pk, "confirmed": "on", "request_id": self.request_uuid},
        )
        step.fields["seller"].widget = forms.HiddenInput()
        return step

    def to_choose(self) -> "MoveForm":
        """The first step again, with its errors, whatever was confirmed."""
        if self.is_bound:
            data: Any = self.data
            self.data = {name: data[name] for name in data if name != "confirmed"}
        return self
