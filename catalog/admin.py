"""The catalogue for operators: to look at. What changes it goes through the services, in console and API."""

from django.contrib import admin

from catalog.models import Package, PackageVersion, Resource, ServiceInstance, ServiceType
from tenants.admin import ReadOnly


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """To look at, as `ReadOnly` is."""

    has_add_permission = ReadOnly.has_add_permission
    has_change_permission = ReadOnly.has_change_permission
    has_delete_permission = ReadOnly.has_delete_permission


class VersionInline(ReadOnlyInline):
    model = PackageVersion


class ResourceInline(ReadOnlyInline):
    model = Resource


@admin.register(ServiceType)
class ServiceTypeAdmin(ReadOnly):
    list_display = ("name", "code", "provider", "is_active")
    inlines = (ResourceInline,)


@admin.register(ServiceInstance)
class ServiceInstanceAdmin(ReadOnly):
    list_display = ("name", "service_type", "provider", "is_active")
    list_select_related = ("service_type", "provider")


@admin.register(Package)
class PackageAdmin(ReadOnly):
    list_display = ("name", "service_type", "audience", "provider", "is_active")
    list_select_related = ("service_type", "provider")
    search_fields = ("name",)
    inlines = (VersionInline,)
