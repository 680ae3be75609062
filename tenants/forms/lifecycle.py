"""What browsers send to delete, convert or move a tenant."""

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
    reseller_type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, types: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reseller_type"].choices = types  # type: ignore[attr-defined]


class MoveForm(OperationForm):
    seller = TenantField(label=_("New seller"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)

    def __init__(self, *args: Any, sellers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]
