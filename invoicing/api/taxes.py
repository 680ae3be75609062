"""Tax rates, small businesses and checks of VAT IDs over REST."""

from typing import Any

from django.db.models import QuerySet

from invoicing.filters.taxes import TaxRateFilter, VatCheckFilter
from invoicing.models import SmallBusiness, TaxRate, VatCheck
from invoicing.selectors import taxes as selectors
from invoicing.serializers.taxes import (
    AdoptedOut,
    SmallBusinessIn,
    SmallBusinessOut,
    TaxRateIn,
    TaxRateOut,
    VatCheckOut,
)
from invoicing.services.taxes import adopt_standard_rates, set_small_business, set_tax_rate, withdraw_tax_rate
from invoicing.services.vat_checks import check_vat_id
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants.models import Tenant
from tenants.selectors import customers, resellers
from tenants.serializers.tenants import CustomerOut, ResellerOut


class TaxRateApi(ReadApi):
    """What is charged on what is used in a country, from which day. Of a country the newest counts."""

    singular, permission, out = "tax_rate", "settings.edit", TaxRateOut
    filterset_class = TaxRateFilter
    ordering_fields = {"country": "country", "effective_on": "effective_on"}
    ordering = ("country", "-effective_on")

    def rows(self, actor: Any) -> QuerySet[TaxRate]:
        return selectors.tax_rates(actor)

    @operation_endpoint(input=TaxRateIn, output=TaxRateOut, status=201, permission="settings.edit")
    def create(self, call: Call) -> TaxRate:
        """Say the rate of a country from a day on, as the provider; said again for that day it is corrected."""
        return set_tax_rate(actor=call.actor, now=call.now, **call.values)

    @operation_endpoint(detail=True, path="withdraw", permission="settings.edit")
    def withdraw(self, call: Call) -> None:
        """Withdraw a rate that was said by mistake: what was in force before it goes on."""
        row = found(self.rows(call.actor), pk=call.pk)
        withdraw_tax_rate(actor=call.actor, tax_rate_id=row.pk, now=call.now)

    @operation_endpoint(output=AdoptedOut, path="adopt", permission="settings.edit")
    def adopt(self, call: Call) -> dict[str, int]:
        """Take over the standard rates of the European Union for every country of which no rate is known."""
        return {"countries": adopt_standard_rates(actor=call.actor, now=call.now)}


class SmallBusinessApi(ReadApi):
    """From which day on your organisation charges no VAT as a small business, or charges it again."""

    singular, plural, permission, out = "small_business", "small_businesses", "settings.edit", SmallBusinessOut
    reads = ("list",)
    ordering = ("-effective_on",)

    def rows(self, actor: Any) -> QuerySet[SmallBusiness]:
        return SmallBusiness.objects.visible_to(actor).filter(tenant=actor.tenant_id)

    @operation_endpoint(input=SmallBusinessIn, output=SmallBusinessOut, permission="settings.edit")
    def create(self, call: Call) -> SmallBusiness:
        """Say whether you charge VAT from a day on; said again for that day it is corrected."""
        return set_small_business(actor=call.actor, now=call.now, **call.values)


class VatCheckApi(ReadApi):
    """What was answered about VAT IDs of those you bill, and what is still being asked."""

    singular, permission, out = "vat_check", "customer.view", VatCheckOut
    filterset_class = VatCheckFilter

    def rows(self, actor: Any) -> QuerySet[VatCheck]:
        return selectors.vat_checks(actor)


class CustomerVatApi(ReadApi):
    """The VAT ID of a customer."""

    singular, permission, out = "customer", "customer.view", CustomerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return customers(actor)

    @operation_endpoint(output=VatCheckOut, detail=True, path="check-vat-id", permission="customer.edit")
    def check_vat_id(self, call: Call) -> VatCheck:
        """Ask whether the VAT ID is one; the answer comes into `/vat-checks`. Refused: `no-vat-id` (409)."""
        return _check(self, call)


class ResellerVatApi(ReadApi):
    """The VAT ID of a reseller."""

    singular, permission, out = "reseller", "reseller.view", ResellerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return resellers(actor)

    @operation_endpoint(output=VatCheckOut, detail=True, path="check-vat-id", permission="reseller.edit")
    def check_vat_id(self, call: Call) -> VatCheck:
        """Ask whether the VAT ID is one; the answer comes into `/vat-checks`. Refused: `no-vat-id` (409)."""
        return _check(self, call)


def _check(view: ReadApi, call: Call) -> VatCheck:
    row = found(view.rows(call.actor), pk=call.pk)
    return check_vat_id(actor=call.actor, tenant_id=row.pk, now=call.now)


urls = [
    *api_paths("tax-rates", TaxRateApi),
    *api_paths("small-business", SmallBusinessApi),
    *api_paths("vat-checks", VatCheckApi),
    *api_paths("customers", CustomerVatApi),
    *api_paths("resellers", ResellerVatApi),
]
