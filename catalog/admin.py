"""The catalogue for operators: to look at. What changes it goes through the services, in console and API."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import Package, PackageResource, Resource, ServiceInstance, ServiceType


class ReadOnly:
    """Nothing is added, changed or deleted past the services."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LimitInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = PackageResource


class ResourceInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Resource


@admin.register(ServiceType)
class ServiceTypeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "code", "provider", "is_active")
    inlines = (ResourceInline,)


@admin.register(ServiceInstance)
class ServiceInstanceAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "service_type", "provider", "is_active")
    list_select_related = ("service_type", "provider")


@admin.register(Package)
class PackageAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "service_type", "audience", "provider", "is_active")
    list_select_related = ("service_type", "provider")
    search_fields = ("name",)
    inlines = (LimitInline,)
