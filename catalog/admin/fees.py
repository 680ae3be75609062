"""Fees for operators: with what they charge from a day on, as long as nothing is sold at them."""

from typing import Any

from django.contrib import admin
from django.utils import timezone

from catalog import hooks
from catalog.forms.fees import FeeForm
from catalog.forms.operators import FeeOperatorForm
from catalog.models import Fee, FeeVersion
from catalog.selectors.managers import managers
from catalog.selectors.packages import packages_of_fee
from catalog.services.fees import change_fee, create_fee, revise_fee
from resellerhub.kernel.periods import day_of
from resellerhub.web.forms import OperationForm
from tenants.admin_services import ReadOnlyInline, ThroughServices
from tenants.houses import currency_of


class FeeVersionInline(ReadOnlyInline):
    model = FeeVersion


@admin.register(Fee)
class FeeAdmin(ThroughServices):
    list_display = ("name", "kind", "provider", "tenant", "currency", "is_shared", "is_active")
    list_select_related = ("provider", "tenant")
    list_filter = ("kind", "is_shared", "is_active", "currency")
    search_fields = ("name", "=tenant__id", "=provider__id")
    inlines = (FeeVersionInline,)

    def is_sold(self, row: Fee) -> bool:
        packages = packages_of_fee(row, day_of(timezone.now())).filter(subscriptions__isnull=False)
        return packages.exists() or any(is_sold(row) for is_sold in hooks.SOLD_AT)

    def form_for(self, request: Any, row: Fee | None, data: Any) -> OperationForm:
        if row is None:
            return FeeForm(data, managers=managers(request.actor), initial={"currency": currency_of(request.actor)})
        on = day_of(timezone.now())
        return FeeOperatorForm(data, fee=row, standing=row.versions.in_force(on).first(), on=on)

    def operation(self, request: Any, row: Fee | None, form: Any) -> Fee:
        asked = {"actor": request.actor, "now": timezone.now()}
        if row is None:
            return create_fee(**asked, **form.arguments)
        changed = change_fee(fee_id=row.pk, **asked, **form.switches)
        revise_fee(fee_id=row.pk, charging=form.charging, effective_on=form.cleaned_data["effective_on"], **asked)
        return changed
