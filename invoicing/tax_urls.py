"""Addresses of taxes."""

from django.urls import path
from django.urls.resolvers import URLPattern

from invoicing.api import taxes as api_of_taxes
from invoicing.views import taxes, vat_checks

_customer, _reseller = {"kind": "customer"}, {"kind": "reseller"}
shells: list[URLPattern] = [
    path("tax-rates/", taxes.tax_rates, name="tax_rates"),
    path("tax-rates/new/", taxes.tax_rate_create, name="tax_rate_create"),
    path("tax-rates/adopt/", taxes.tax_rates_adopt, name="tax_rates_adopt"),
    path("tax-rates/<int:pk>/withdraw/", taxes.tax_rate_withdraw, name="tax_rate_withdraw"),
    path("small-business/", taxes.small_business, name="small_business"),
    path("small-business/edit/", taxes.small_business_edit, name="small_business_edit"),
    path("customers/<int:pk>/check-vat-id/", vat_checks.vat_id_check, _customer, name="customer_check_vat_id"),
    path("resellers/<int:pk>/check-vat-id/", vat_checks.vat_id_check, _reseller, name="reseller_check_vat_id"),
]
api: list[URLPattern] = api_of_taxes.urls
