"""Add-ons for operators, with what they grant and cost as long as none is sold. What is sold is to look at."""

from typing import Any

from django.contrib import admin
from django.forms import BooleanField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.forms.add_ons import AddOnForm, CopyForm
from addons.models import AddOn, AddOnPackage, AddOnSale, AddOnSaleCost, AddOnVersion
from addons.services.add_ons import change_add_on, create_add_on, deactivate_add_on
from catalog.admin.types import OF_TYPE, OfType
from catalog.selectors.managers import managers
from resellerhub.kernel.periods import day_of
from resellerhub.web.forms import OperationForm
from tenants.admin_services import ReadOnly, ReadOnlyInline


class VersionInline(ReadOnlyInline):
    model = AddOnVersion


class PackageInline(ReadOnlyInline):
    model = AddOnPackage


class CostInline(ReadOnlyInline):
    model = AddOnSaleCost
    exclude = ("provider",)


@admin.register(AddOn)
class AddOnAdmin(OfType):
    list_display = ("name", "service_type", "provider", "tenant", "is_shared", "is_active")
    list_select_related = ("service_type", "provider", "tenant")
    list_filter = ("is_shared", "is_active", OF_TYPE)
    search_fields = ("name", "service_type__name", "=tenant__id", "=provider__id")
    inlines = (VersionInline, PackageInline)
    actions = ("withdraw",)
    permission = "add_on.edit"

    def is_sold(self, row: AddOn) -> bool:
        return row.sales.exists()

    def form_for(self, request: Any, row: AddOn | None, data: Any) -> OperationForm:
        actor, on = request.actor, day_of(timezone.now())
        form: AddOnForm | CopyForm
        if row is None:
            asked = {"service_type": request.GET.get("service_type")}
            form = AddOnForm(actor, data, on=on, managers=managers(actor), initial=asked)
        else:
            form = (CopyForm.of if row.copied_from_id else AddOnForm.editing)(actor, row, on, data)
            form.fields["is_active"] = BooleanField(label=_("Active"), required=False, initial=row.is_active)
        form.fields.pop("group", None)  # which resources a page shows
        return form

    def operation(self, request: Any, row: AddOn | None, form: Any) -> AddOn:
        asked = {"actor": request.actor, "now": timezone.now(), **form.arguments}
        if row is not None:
            return change_add_on(add_on_id=row.pk, is_active=form.cleaned_data["is_active"], **asked)
        service_type = form.cleaned_data["service_type"]
        return create_add_on(service_type_id=service_type.pk, packages=form.chosen_packages, **asked)

    @admin.action(description=_("Sell them no more"), permissions=["edit"])
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        """Who holds them keeps them."""
        self.each(request, rows, lambda actor, row, now: deactivate_add_on(actor=actor, add_on_id=row.pk, now=now))


@admin.register(AddOnSale)
class AddOnSaleAdmin(ReadOnly):
    list_display = ("pk", "add_on", "tenant", "seller", "quantity", "unit_price", "currency", "state", "sold_at")
    list_select_related = ("add_on", "tenant", "seller")
    list_filter = ("state",)
    search_fields = ("=id", "=subscription__id", "=tenant__id", "=provider__id")
    inlines = (CostInline,)
    show_full_result_count = False
