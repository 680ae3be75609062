"""Add-ons for operators. What is changed here goes through the services; what is sold is to look at."""

from typing import Any

from django.contrib import admin
from django.utils import timezone

from addons.models import AddOn, AddOnPackage, AddOnSale, AddOnSaleCost, AddOnVersion
from addons.services.add_ons import change_add_on
from catalog.admin import ReadOnlyInline, ThroughServices
from tenants.admin import ReadOnly


class VersionInline(ReadOnlyInline):
    model = AddOnVersion


class PackageInline(ReadOnlyInline):
    model = AddOnPackage


class CostInline(ReadOnlyInline):
    model = AddOnSaleCost
    exclude = ("provider",)


@admin.register(AddOn)
class AddOnAdmin(ThroughServices):
    list_display = ("name", "service_type", "provider", "tenant", "is_shared", "is_active")
    list_select_related = ("service_type", "provider", "tenant")
    list_filter = ("is_shared", "is_active")
    search_fields = ("name", "service_type__name", "=tenant__id", "=provider__id")
    inlines = (VersionInline, PackageInline)
    switches = ("name", "description", "is_shared", "is_active")
    permission = "add_on.edit"

    def is_sold(self, row: AddOn) -> bool:
        return row.sales.exists()

    def operation(self, actor: Any, row: AddOn, values: dict[str, Any]) -> Any:
        return change_add_on(actor=actor, add_on_id=row.pk, now=timezone.now(), **values)


@admin.register(AddOnSale)
class AddOnSaleAdmin(ReadOnly):
    list_display = ("pk", "add_on", "tenant", "seller", "quantity", "unit_price", "currency", "state", "sold_at")
    list_select_related = ("add_on", "tenant", "seller")
    list_filter = ("state",)
    search_fields = ("=id", "=subscription__id", "=tenant__id", "=provider__id")
    inlines = (CostInline,)
    show_full_result_count = False
