"""Price lists for operators. What a list says is only ever added to; who holds it is the seller's to say."""

from typing import Any

from django.contrib import admin
from django.utils import timezone

from catalog.forms.operators import PriceListOperatorForm
from catalog.forms.prices import PriceListForm
from catalog.models import PriceList, PriceListHolder, PriceRule
from catalog.price_grid import grid_rows
from catalog.services.price_lines import set_prices
from catalog.services.prices import assign_price_list, change_price_list, create_price_list, unassign_price_list
from resellerhub.kernel.periods import day_of
from resellerhub.web.forms import OperationForm
from tenants.admin_services import ReadOnlyInline, ThroughServices
from tenants.houses import currency_of


class RuleInline(ReadOnlyInline):
    model = PriceRule


class HolderInline(ReadOnlyInline):
    model = PriceListHolder
    fk_name = "price_list"


@admin.register(PriceList)
class PriceListAdmin(ThroughServices):
    list_display = ("name", "audience", "provider", "tenant", "currency", "is_default", "is_active")
    list_select_related = ("provider", "tenant")
    list_filter = ("audience", "is_default", "is_active", "currency")
    search_fields = ("name", "=tenant__id", "=provider__id", "=holders__tenant__id")
    inlines = (RuleInline, HolderInline)

    def form_for(self, request: Any, row: PriceList | None, data: Any) -> OperationForm:
        if row is None:
            return PriceListForm(data, initial={"currency": currency_of(request.actor)})
        on = day_of(timezone.now())
        rows = grid_rows(request.actor, row, cycle="", words="", on=on)
        return PriceListOperatorForm(data, price_list=row, rows=rows, on=on)

    def operation(self, request: Any, row: PriceList | None, form: Any) -> PriceList:
        """Buyers are locked before the list, as everywhere."""
        asked = {"actor": request.actor, "now": timezone.now()}
        if row is None:
            return create_price_list(**asked, **form.values)
        for name, change in (("assign", assign_price_list), ("release", unassign_price_list)):
            if form.buyers[name]:
                change(price_list_id=row.pk, tenant_ids=form.buyers[name], **asked)
        if form.lines:
            set_prices(price_list_id=row.pk, lines=form.lines, **asked)
        return change_price_list(price_list_id=row.pk, **asked, **form.switches)
