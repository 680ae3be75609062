"""What browsers send of an import."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from tenants.choices import TenantSearch
from tenants.forms.tenants import TenantField
from tenants.models import Tenant


class ImportForm(OperationForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or XLSX with the headings of the template, at most 10,000 rows and 10 MB."),
    )
    seller = TenantField(label=_("Seller"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)
    dry_run = forms.BooleanField(label=_("Only check the file, save nothing"), required=False)

    def __init__(self, *args: Any, sellers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]
