"""Service types with their resources and instances."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.filters import ServiceTypeFilter
from catalog.forms.types import ActiveNameForm, ResourceForm, ServiceInstanceForm, ServiceTypeForm
from catalog.models import Resource, ServiceInstance, ServiceType
from catalog.selectors import types as selectors
from catalog.services import types as services
from catalog.tables.types import ResourceTable, ServiceInstanceTable, ServiceTypeTable
from resellerhub.kernel.refusals import found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.views.events import activity_of


@page("catalog.view")
def service_types(request: PageRequest) -> HttpResponseBase:
    new = Action(_("New service type"), shell_url(request, "service_type_create"), "plus", "catalog.edit")
    return render_list(
        request,
        ListPage(
            key="service_types",
            title=_("Service types"),
            queryset=selectors.service_types(request.actor),
            table_class=ServiceTypeTable,
            filterset_class=ServiceTypeFilter,
            order=("name",),
            actions=[new],
            empty=Empty(_("No service types yet"), _("A service type says what is metered of a service."), new),
        ),
    )


@page("catalog.view")
def service_type(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(ServiceType.objects.visible_to(request.actor), pk=pk)
    edit = Action(_("Edit"), shell_url(request, "service_type_edit", row.pk), "edit", "catalog.edit")
    return render_detail(
        request,
        DetailPage(
            title=row.name,
            reference=row.code,
            state="active" if row.is_active else "closed",
            state_label=_("Active") if row.is_active else _("Not active"),
            parent="service_types",
            actions=[edit],
            tabs=[Tab("overview", _("Overview"), lambda: _sections(request, row))],
        ),
    )


def _sections(request: PageRequest, row: ServiceType) -> list[Section]:
    may_edit = request.actor.can("catalog.edit")
    resource = Action(_("New resource"), shell_url(request, "resource_create", row.pk), "plus")
    instance = Action(_("New instance"), shell_url(request, "service_instance_create", row.pk), "plus")
    return [
        Section(
            title=_("Resources"),
            table=ResourceTable(row.resources.in_order()),
            action=resource if may_edit else None,
            empty=Empty(_("No resources yet"), _("A resource is what packages limit and add-ons raise.")),
        ),
        Section(
            title=_("Instances"),
            table=ServiceInstanceTable(row.instances.order_by("name", "pk")),
            action=instance if may_edit else None,
            empty=Empty(_("No instances yet"), _("An instance is where the service runs.")),
        ),
        Section(title=_("Activity"), activity=activity_of(request, row)),
    ]


def _form(
    request: PageRequest, form: OperationForm, call: Callable[..., Any], title: str, owner: ServiceType | None
) -> HttpResponse:
    """One of the small forms: run its operation, go back to the service type."""
    cancel = shell_url(request, "service_type", owner.pk) if owner else shell_url(request, "service_types")
    return answer_form(
        request,
        FormPage(form=form, title=title, submit=_("Save"), cancel_url=cancel, parent="service_types"),
        lambda values: call(actor=request.actor, now=timezone.now(), **values),
        lambda done: _("%(name)s was saved.") % {"name": done.name},
        lambda done: shell_url(request, "service_type", owner.pk if owner else done.pk),
    )


@page("catalog.edit")
def service_type_create(request: PageRequest) -> HttpResponse:
    form = ServiceTypeForm(request.POST or None)
    return _form(request, form, services.create_service_type, _("New service type"), None)


@page("catalog.edit")
def service_type_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = found(ServiceType.objects.visible_to(request.actor), pk=pk)
    form = ActiveNameForm(request.POST or None, initial={"name": row.name, "is_active": row.is_active})

    def change(**values: Any) -> ServiceType:
        return services.change_service_type(service_type_id=row.pk, **values)

    return _form(request, form, change, _("Edit %(name)s") % {"name": row.name}, row)


@page("catalog.edit")
def resource_create(request: PageRequest, pk: int) -> HttpResponse:
    owner = found(ServiceType.objects.visible_to(request.actor), pk=pk)

    def create(**values: Any) -> Resource:
        return services.create_resource(service_type_id=owner.pk, **values)

    return _form(request, ResourceForm(request.POST or None), create, _("New resource"), owner)


@page("catalog.edit")
def resource_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = found(selectors.resources(request.actor), pk=pk)

    def change(**values: Any) -> Resource:
        return services.change_resource(resource_id=row.pk, **values)

    form = ResourceForm(request.POST or None, resource=row)
    return _form(request, form, change, _("Edit %(name)s") % {"name": row.name}, row.service_type)


@page("catalog.edit")
def service_instance_create(request: PageRequest, pk: int) -> HttpResponse:
    owner = found(ServiceType.objects.visible_to(request.actor), pk=pk)

    def create(**values: Any) -> ServiceInstance:
        return services.create_service_instance(service_type_id=owner.pk, **values)

    return _form(request, ServiceInstanceForm(request.POST or None), create, _("New instance"), owner)


@page("catalog.edit")
def service_instance_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = found(selectors.service_instances(request.actor), pk=pk)

    def change(**values: Any) -> ServiceInstance:
        return services.change_service_instance(service_instance_id=row.pk, **values)

    form = ActiveNameForm(request.POST or None, initial={"name": row.name, "is_active": row.is_active})
    return _form(request, form, change, _("Edit %(name)s") % {"name": row.name}, row.service_type)
