"""Service types, where they run, and what is metered of them, for operators."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.forms.types import ActiveNameForm, ResourceForm, ServiceInstanceForm, ServiceTypeForm
from catalog.models import Resource, ServiceInstance, ServiceType
from catalog.services import types as services
from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.forms import OperationForm
from tenants.admin_services import ReadOnlyInline, ThroughServices

OF_TYPE = ("service_type", admin.RelatedOnlyFieldListFilter)
"""Those of rows in sight: another house's types are no choices."""


class OfType(ThroughServices):
    """What is of a service type, which is asked for first."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        actor: Any = request.actor  # type: ignore[attr-defined]
        types = ServiceType.objects.visible_to(actor).active().order_by("name", "pk")
        asked = id_in(request.GET.get("service_type", ""))
        if asked is not None and types.filter(pk=asked).exists():
            return super().add_view(request, form_url, extra_context)
        context = {"title": _("Choose the service type"), "types": types, "opts": self.opts}
        return TemplateResponse(
            request, "admin/choose_service_type.html", self.admin_site.each_context(request) | context
        )


def type_asked_for(request: Any) -> ServiceType:
    types = ServiceType.objects.visible_to(request.actor).active()
    return found(types, pk=id_in(request.GET.get("service_type", "")))


class ResourceInline(ReadOnlyInline):
    model = Resource


class InstanceInline(ReadOnlyInline):
    model = ServiceInstance
    exclude = ("provider",)


def _active_name(row: Any, data: Any) -> OperationForm:
    return ActiveNameForm(data, initial={"name": row.name, "is_active": row.is_active})


@admin.register(ServiceType)
class ServiceTypeAdmin(ThroughServices):
    list_display = ("name", "code", "provider", "is_active")
    list_select_related = ("provider",)
    list_filter = ("is_active",)
    search_fields = ("name", "code", "=provider__id")
    inlines = (ResourceInline, InstanceInline)

    def form_for(self, request: Any, row: ServiceType | None, data: Any) -> OperationForm:
        return _active_name(row, data) if row else ServiceTypeForm(data)

    def operation(self, request: Any, row: ServiceType | None, form: Any) -> ServiceType:
        asked = {"actor": request.actor, "now": timezone.now(), **form.values}
        if row is None:
            return services.create_service_type(**asked)
        return services.change_service_type(service_type_id=row.pk, **asked)


@admin.register(ServiceInstance)
class ServiceInstanceAdmin(OfType):
    list_display = ("name", "service_type", "provider", "is_active")
    list_select_related = ("service_type", "provider")
    list_filter = ("is_active", OF_TYPE)
    search_fields = ("name", "service_type__name", "=provider__id")

    def form_for(self, request: Any, row: ServiceInstance | None, data: Any) -> OperationForm:
        return _active_name(row, data) if row else ServiceInstanceForm(data)

    def operation(self, request: Any, row: ServiceInstance | None, form: Any) -> ServiceInstance:
        asked = {"actor": request.actor, "now": timezone.now(), **form.values}
        if row is None:
            return services.create_service_instance(service_type_id=type_asked_for(request).pk, **asked)
        return services.change_service_instance(service_instance_id=row.pk, **asked)


@admin.register(Resource)
class ResourceAdmin(OfType):
    list_display = ("name", "code", "service_type", "unit", "group", "metering", "position")
    list_select_related = ("service_type",)
    list_filter = ("metering", OF_TYPE)
    search_fields = ("name", "code", "service_type__name")

    def house_of(self, row: Resource) -> int:
        return int(row.service_type.provider_id)

    def form_for(self, request: Any, row: Resource | None, data: Any) -> OperationForm:
        return ResourceForm(data, resource=row)

    def operation(self, request: Any, row: Resource | None, form: Any) -> Resource:
        asked = {"actor": request.actor, "now": timezone.now(), **form.values}
        if row is None:
            return services.create_resource(service_type_id=type_asked_for(request).pk, **asked)
        return services.change_resource(resource_id=row.pk, **asked)
