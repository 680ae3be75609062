"""What lists of taxes are filtered by."""

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, NumberFilter

from invoicing.models import TaxRate, VatCheck
from tenants.forms.choices import countries


class TaxRateFilter(FilterSet):
    country = ChoiceFilter(choices=lambda: countries()[1:], label=_("Country"))

    class Meta:
        model = TaxRate
        fields: list[str] = []


class VatCheckFilter(FilterSet):
    tenant = NumberFilter(field_name="tenant_id", label=_("Organisation"), max_value=2**63 - 1)
    state = ChoiceFilter(choices=VatCheck.State.choices, label=_("State"))

    class Meta:
        model = VatCheck
        fields: list[str] = []
