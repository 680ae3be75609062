"""The catalogue for operators. What is changed here goes through the services, with the permission and the event of the
operator as a member of the provider; who is none, and everybody where something is sold already, looks.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from catalog.services.packages import change_package, content_on, deactivate_package
from catalog.services.prices import change_price_list
from catalog.services.types import change_resource, change_service_instance, change_service_type
from resellerhub.kernel.refusals import Refusal
from tenants.admin import ReadOnly, in_scope

OF_TYPE = ("service_type", admin.RelatedOnlyFieldListFilter)
"""Those of rows in sight: another house's types are no choices."""


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """To look at, as `ReadOnly` is."""

    has_add_permission = ReadOnly.has_add_permission
    has_change_permission = ReadOnly.has_change_permission
    has_delete_permission = ReadOnly.has_delete_permission

    def get_queryset(self, request: HttpRequest) -> Any:
        return in_scope(request, super().get_queryset(request))


class ThroughServices(ReadOnly):
    """`switches` can be changed, by `operation`; the rest is to look at."""

    switches: ClassVar[tuple[str, ...]] = ()
    permission = "catalog.edit"

    def operation(self, actor: Any, row: Any, values: dict[str, Any]) -> Any:
        raise TypeError(f"{type(self).__name__} does not say what changes a row")

    def is_sold(self, row: Any) -> bool:
        return False

    def house_of(self, row: Any) -> int:
        return int(row.provider_id)

    def has_edit_permission(self, request: HttpRequest) -> bool:
        """For actions: those who may edit the catalogue of their own house."""
        actor: Any = getattr(request, "actor", None)
        return bool(actor and actor.is_provider and actor.can(self.permission))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or not self.has_edit_permission(request):
            return False
        actor: Any = request.actor  # type: ignore[attr-defined]
        return bool(actor.provider_id == self.house_of(obj) and not self.is_sold(obj))

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


def through(page: Any, request: HttpRequest, rows: Any, operation: Any) -> None:
    """An action: the operation on each of these rows, one after the other; what is refused is said."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    done = 0
    for row in rows.order_by("pk"):
        try:
            operation(actor, row, timezone.now())
            done += 1
        except Refusal as refusal:
            page.message_user(request, f"{row._meta.verbose_name} {row.pk}: {refusal.detail}", messages.ERROR)
    if done:
        page.message_user(request, _("Done: %(number)s") % {"number": done}, messages.SUCCESS)


class ResourceInline(ReadOnlyInline):
    model = Resource


class InstanceInline(ReadOnlyInline):
    model = ServiceInstance
    exclude = ("provider",)


class PackageVersionInline(ReadOnlyInline):
    """With its limits, a line each."""

    model = PackageVersion
    fields = readonly_fields = ("effective_on", "reseller_fee", "account_fee", "grants", "made_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("limits__resource").order_by("-effective_on", "-pk")

    @admin.display(description=gettext_lazy("limits"))
    def grants(self, version: PackageVersion) -> str:
        lines = ((limit.resource.name, limit.limit) for limit in version.limits.all())
        return format_html_join(mark_safe("<br>"), "{}: {}", lines)


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
    list_filter = ("is_active", OF_TYPE)
    search_fields = ("name", "service_type__name", "=provider__id")
    switches = ("name", "is_active")

    def operation(self, actor: Any, row: ServiceInstance, values: dict[str, Any]) -> Any:
        return change_service_instance(actor=actor, service_instance_id=row.pk, now=timezone.now(), **values)


@admin.register(Resource)
class ResourceAdmin(ThroughServices):
    list_display = ("name", "code", "service_type", "unit", "group", "metering", "position")
    list_select_related = ("service_type",)
    list_filter = ("metering", OF_TYPE)
    search_fields = ("name", "code", "service_type__name")
    switches = ("name", "unit", "group", "position")

    def house_of(self, row: Resource) -> int:
        return int(row.service_type.provider_id)

    def operation(self, actor: Any, row: Resource, values: dict[str, Any]) -> Any:
        return change_resource(actor=actor, resource_id=row.pk, now=timezone.now(), **values)


@admin.register(Package)
class PackageAdmin(ThroughServices):
    list_display = ("name", "service_type", "audience", "provider", "tenant", "is_shared", "is_active")
    list_select_related = ("service_type", "provider", "tenant")
    list_filter = ("audience", "is_shared", "is_active", OF_TYPE)
    search_fields = ("name", "service_type__name", "=tenant__id", "=provider__id")
    inlines = (PackageVersionInline,)
    actions = ("withdraw",)
    switches = ("name", "is_shared", "is_active")

    def is_sold(self, row: Package) -> bool:
        return Package.objects.filter(pk=row.pk, subscriptions__isnull=False).exists()

    def operation(self, actor: Any, row: Package, values: dict[str, Any]) -> Any:
        now = timezone.now()
        content = content_on(row, today(now))
        return change_package(actor=actor, package_id=row.pk, content=content, now=now, **values)

    @admin.action(description=gettext_lazy("Sell them no more"), permissions=["edit"])
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        """Who holds them keeps them."""
        through(
            self, request, rows, lambda actor, row, now: deactivate_package(actor=actor, package_id=row.pk, now=now)
        )


@admin.register(Fee)
class FeeAdmin(ThroughServices):
    list_display = ("name", "kind", "provider", "tenant", "currency", "is_shared", "is_active")
    list_select_related = ("provider", "tenant")
    list_filter = ("kind", "is_shared", "is_active", "currency")
    search_fields = ("name", "=tenant__id", "=provider__id")
    inlines = (FeeVersionInline,)
    switches = ("name", "is_shared", "applies_more_than_once", "is_active")

    def is_sold(self, row: Fee) -> bool:
        packages = packages_of_fee(row, today(timezone.now())).filter(subscriptions__isnull=False)
        return packages.exists() or any(is_sold(row) for is_sold in hooks.SOLD_AT)

    def operation(self, actor: Any, row: Fee, values: dict[str, Any]) -> Any:
        return change_fee(actor=actor, fee_id=row.pk, now=timezone.now(), **values)


@admin.register(PriceList)
class PriceListAdmin(ThroughServices):
    """Its rules are only ever added to, and who holds it is the seller's: both are to look at."""

    list_display = ("name", "audience", "provider", "tenant", "currency", "is_default", "is_active")
    list_select_related = ("provider", "tenant")
    list_filter = ("audience", "is_default", "is_active", "currency")
    search_fields = ("name", "=tenant__id", "=provider__id", "=holders__tenant__id")
    inlines = (RuleInline, HolderInline)
    switches = ("name", "is_default", "is_active")

    def operation(self, actor: Any, row: PriceList, values: dict[str, Any]) -> Any:
        return change_price_list(actor=actor, price_list_id=row.pk, now=timezone.now(), **values)
