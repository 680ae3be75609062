"""Packages for operators: with their pair of fees and their limits, as long as none is sold."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.admin.types import OF_TYPE, OfType, type_asked_for
from catalog.forms.packages import PackageForm
from catalog.models import Package, PackageVersion
from catalog.selectors.managers import managers
from catalog.services.packages import change_package, create_package, deactivate_package
from resellerhub.kernel.periods import day_of
from resellerhub.web.forms import OperationForm
from resellerhub.web.tables import lines
from tenants.admin_services import ReadOnlyInline


class PackageVersionInline(ReadOnlyInline):
    """With its limits, a line each."""

    model = PackageVersion
    fields = readonly_fields = ("effective_on", "reseller_fee", "account_fee", "grants", "made_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("limits__resource").order_by("-effective_on", "-pk")

    @admin.display(description=_("limits"))
    def grants(self, version: PackageVersion) -> str:
        return lines("{}: {}", ((limit.resource.name, limit.limit) for limit in version.limits.all()))


@admin.register(Package)
class PackageAdmin(OfType):
    list_display = ("name", "service_type", "audience", "provider", "tenant", "is_shared", "is_active")
    list_select_related = ("service_type", "provider", "tenant")
    list_filter = ("audience", "is_shared", "is_active", OF_TYPE)
    search_fields = ("name", "service_type__name", "=tenant__id", "=provider__id")
    inlines = (PackageVersionInline,)
    actions = ("withdraw",)

    def is_sold(self, row: Package) -> bool:
        return Package.objects.filter(pk=row.pk, subscriptions__isnull=False).exists()

    def form_for(self, request: Any, row: Package | None, data: Any) -> OperationForm:
        service_type = row.service_type if row else type_asked_for(request)
        return PackageForm(
            data,
            actor=request.actor,
            on=day_of(timezone.now()),
            resources=service_type.resources.in_order(),
            package=row,
            managers=managers(request.actor),
        )

    def operation(self, request: Any, row: Package | None, form: Any) -> Package:
        names = ("name", "is_shared", *(("is_active", "effective_on") if row else ("audience",)))
        asked = {name: form.cleaned_data[name] for name in names}
        asked |= {"actor": request.actor, "content": form.content_after if row else form.content, "now": timezone.now()}
        if row is None:
            return create_package(service_type_id=type_asked_for(request).pk, managed_by_id=form.managed_by_id, **asked)
        return change_package(package_id=row.pk, **asked)

    @admin.action(description=_("Sell them no more"), permissions=["edit"])
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        """Who holds them keeps them."""
        self.each(request, rows, lambda actor, row, now: deactivate_package(actor=actor, package_id=row.pk, now=now))
