"""What browsers send when somebody charges by hand; the services decide."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invoicing.services.manual import LABEL_MAX, PLACES, QUANTITY_MAX, OneOff
from resellerhub.kernel.money import Money
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, MoneyInput, QuantityInput, SearchSelect
from tenants.choices import TenantSearch
from tenants.filters.choices import CalledField
from tenants.forms.choices import currencies
from tenants.models import Tenant


class ChargeForm(OperationForm):
    payer = CalledField(label=_("Payer"), queryset=Tenant.objects.none(), widget=TenantSearch)
    label = forms.CharField(
        label=_("Description"), max_length=LABEL_MAX, help_text=_("As it is to stand on the bill, in its language.")
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, initial=1, widget=QuantityInput
    )
    unit_price = forms.DecimalField(
        label=_("Unit price"), min_value=0, max_digits=18, decimal_places=PLACES, widget=MoneyInput
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)
    starts_on = forms.DateField(
        label=_("Service from"), required=False, widget=DateInput, help_text=_("Left empty, today.")
    )
    ends_on = forms.DateField(
        label=_("Service until"),
        required=False,
        widget=DateInput,
        help_text=_("The first day that does not count. Left empty, for one day."),
    )

    def __init__(self, payers: QuerySet[Tenant], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]

    @property
    def one_off(self) -> OneOff:
        said = self.cleaned_data
        price = Money(said["unit_price"], said["currency"])
        return OneOff(said["label"], said["quantity"], price, said["starts_on"], said["ends_on"])
