"""The catalogue for operators. What is changed here goes through the services, with the permission and the event of the
operator as a member of the provider; who is none, and everybody where something is sold already, looks.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from catalog import hooks
from catalog.models import (
    Fee,
    FeeVersion,
    Package,
    PackageVersion,
    PriceList,
    PriceListHolder,
    PriceRule,
    Resource,
    ServiceInstance,
    ServiceType,
)
from catalog.selectors.packages import packages_of_fee
from catalog.services.fees import change_fee, today
from catalog.services.packages import change_package, content_on
from catalog.services.types import change_service_instance, change_service_type
from resellerhub.kernel.refusals import Refusal
from tenants.admin import ReadOnly


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """To look at, as `ReadOnly` is."""

    has_add_permission = ReadOnly.has_add_permission
    has_change_permission = ReadOnly.has_change_permission
    has_delete_permission = ReadOnly.has_delete_permission


class ThroughServices(ReadOnly):
    """`switches` can be changed, by `operation`; the rest is to look at."""

    switches: ClassVar[tuple[str, ...]] = ()

    def operation(self, actor: Any, row: Any, values: dict[str, Any]) -> Any:
        raise TypeError(f"{type(self).__name__} does not say what changes a row")

    def is_sold(self, row: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor: Any = getattr(request, "actor", None)
        if obj is None or actor is None:
            return False
        house = actor.is_provider and actor.provider_id == obj.provider_id
        return house and actor.can("catalog.edit") and not self.is_sold(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.opts.concrete_fields if field.name not in self.switches]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        actor: Any = request.actor  # type: ignore[attr-defined]
        self.operation(actor, obj, {name: form.cleaned_data[name] for name in self.switches})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        """What is refused is said above the form, in the refusal's own sentence."""
        try:
            return super().change_view(request, object_id, *args, **options)
        except Refusal as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return redirect(request.path)


class ResourceInline(ReadOnlyInline):
    model = Resource


class InstanceInline(ReadOnlyInline):
    model = ServiceInstance
    exclude = ("provider",)


class PackageVersionInline(ReadOnlyInline):
    model = PackageVersion


class FeeVersionInline(ReadOnlyInline):
    model = FeeVersion


class RuleInline(ReadOnlyInline):
    model = PriceRule


class HolderInline(ReadOnlyInline):
    model = PriceListHolder
    fk_name = "price_list"


@admin.register(ServiceType)
class ServiceTypeAdmin(ThroughServices):
    list_display = ("name", "code", "provider", "is_active")
    list_select_related = ("provider",)
    list_filter = ("is_active",)
    search_fields = ("name", "code", "=provider__id")
    inlines = (ResourceInline, InstanceInline)
    switches = ("name", "is_active")

    def operation(self, actor: Any, row: ServiceType, values: dict[str, Any]) -> Any:
        return change_service_type(actor=actor, service_type_id=row.pk, now=timezone.now(), **values)


@admin.register(ServiceInstance)
class ServiceInstanceAdmin(ThroughServices):
    list_display = ("name", "service_type", "provider", "is_active")
    list_select_related = ("service_type", "provider")
    list_filter = ("is_active",)
    search_fields = ("name", "service_type__name", "=provider__id")
    switches = ("name", "is_active")

    def operation(self, actor: Any, row: ServiceInstance, values: dict[str, Any]) -> Any:
        return change_service_instance(actor=actor, service_instance_id=row.pk, now=timezone.now(), **values)


@admin.register(Package)
class PackageAdmin(ThroughServices):
    list_display = ("name", "service_type", "audience", "provider", "tenant", "is_shared", "is_active")
    list_select_related = ("service_type", "provider", "tenant")
    list_filter = ("audience", "is_shared", "is_active")
    search_fields = ("name", "service_type__name", "=tenant__id", "=provider__id")
    inlines = (PackageVersionInline,)
    switches = ("name", "is_shared", "is_active")

    def is_sold(self, row: Package) -> bool:
        return Package.objects.filter(pk=row.pk, subscriptions__isnull=False).exists()

    def operation(self, actor: Any, row: Package, values: dict[str, Any]) -> Any:
        now = timezone.now()
        content = content_on(row, today(now))
        return change_package(actor=actor, package_id=row.pk, content=content, now=now, **values)


@admin.register(Fee)
class FeeAdmin(ThroughServices):
    list_display = ("name", "kind", "provider", "tenant", "currency", "is_shared", "is_active")
    list_select_related = ("provider", "tenant")
    list_filter = ("kind", "is_shared", "is_active")
    search_fields = ("name", "=tenant__id", "=provider__id")
    inlines = (FeeVersionInline,)
    switches = ("name", "is_shared", "applies_more_than_once", "is_active")

    def is_sold(self, row: Fee) -> bool:
        packages = packages_of_fee(row, today(timezone.now())).filter(subscriptions__isnull=False)
        return packages.exists() or any(is_sold(row) for is_sold in hooks.SOLD_AT)

    def operation(self, actor: Any, row: Fee, values: dict[str, Any]) -> Any:
        return change_fee(actor=actor, fee_id=row.pk, now=timezone.now(), **values)


@admin.register(PriceList)
class PriceListAdmin(ReadOnly):
    list_display = ("name", "tenant", "audience", "currency", "is_default", "is_active")
    list_select_related = ("tenant",)
    list_filter = ("audience", "is_default", "is_active")
    search_fields = ("name", "=tenant__id", "=provider__id")
    inlines = (RuleInline, HolderInline)
