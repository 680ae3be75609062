"""Packages: the list, one of them, and the provider's forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.filters import PackageFilter
from catalog.forms import PackageForm, ServiceTypeChoice
from catalog.models import Package, ServiceType
from catalog.services.packages import change_package, create_package
from catalog.tables import LimitTable, PackageTable
from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from tenants.views.events import activity_of


@page("catalog.view")
def packages(request: PageRequest) -> HttpResponseBase:
    new = Action(_("New package"), shell_url(request, "package_create"), "plus", "catalog.edit")
    return render_list(
        request,
        ListPage(
            key="packages",
            title=_("Packages") if request.actor.is_provider else _("Plans"),
            queryset=selectors.packages(request.actor),
            table_class=PackageTable,
            filterset_class=PackageFilter,
            order=("name",),
            actions=[new],
            empty=Empty(_("No packages yet"), _("A package says what one subscription grants."), new),
        ),
    )


def find_packages(actor: Any, words: str, limit: int) -> list[Hit]:
    """For the search over everything: by name, or by id."""
    rows: Any = PackageFilter({"q": words}, selectors.packages(actor)).qs.order_by("name", "pk")[:limit]
    return [
        Hit(
            title=row.name,
            subtitle=row.service_type.name,
            pk=row.pk,
            state="active" if row.is_active else "inactive",
            state_label=_("Active") if row.is_active else _("Inactive"),
        )
        for row in rows
    ]


@page("catalog.view")
def package(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(selectors.packages(request.actor), pk=pk)
    return render_detail(
        request,
        DetailPage(
            title=row.name,
            reference=row.pk,
            state="active" if row.is_active else "closed",
            state_label=_("Active") if row.is_active else _("Not active"),
            parent="packages",
            actions=_actions(request, row),
            tabs=[Tab("overview", _("Overview"), lambda: _sections(request, row))],
        ),
    )


def _actions(request: PageRequest, row: Package) -> list[Action]:
    if row.tenant_id != request.actor.tenant_id:
        return []
    return [Action(_("Edit"), shell_url(request, "package_edit", row.pk), "edit", "catalog.edit")]


def _sections(request: PageRequest, row: Any) -> list[Section]:
    limits = row.limits.select_related("resource").order_by("resource__position", "resource_id")
    return [
        Section(
            title=_("Package"),
            facts=[
                (_("Service type"), row.service_type.name),
                (_("For"), row.get_audience_display()),
                (_("Owner"), row.owner_name),
                (_("Shared with resellers"), yes_no(row.is_shared)),
                (_("Created"), row.created_at),
            ],
        ),
        Section(title=_("Limits"), table=LimitTable(limits)),
        Section(title=_("Activity"), activity=activity_of(request, row)),
    ]


def chosen_service_type(request: PageRequest) -> ServiceType | None:
    """The one in the address, or the only one there is."""
    choices = ServiceType.objects.visible_to(request.actor).active()
    if (asked := id_in(request.GET.get("service_type", ""))) is not None:
        return found(choices, pk=asked)
    only = list(choices[:2])
    return only[0] if len(only) == 1 else None


def choose_service_type(request: PageRequest, title: str) -> HttpResponse:
    """The page that asks for the service type, and comes back with it in the address."""
    choices = ServiceType.objects.visible_to(request.actor).active().order_by("name", "pk")
    form = ServiceTypeChoice(request.POST or None, choices=choices)
    chosen = operate(request, form, lambda values: values["service_type"])
    if chosen is not None:
        return redirect(f"{request.path}?service_type={chosen.pk}")
    cancel = shell_url(request, "packages")
    return render_form(
        request, FormPage(form=form, title=title, submit=_("Continue"), cancel_url=cancel, parent="packages")
    )


@page("catalog.edit")
def package_create(request: PageRequest) -> HttpResponse:
    service_type = chosen_service_type(request)
    if service_type is None:
        return choose_service_type(request, _("New package"))
    form = PackageForm(request.POST or None, resources=service_type.resources.in_order())
    made = operate(
        request,
        form,
        lambda values: create_package(
            actor=request.actor,
            service_type_id=service_type.pk,
            name=values["name"],
            audience=values["audience"],
            is_shared=values["is_shared"],
            limits=form.limits,
            now=timezone.now(),
        ),
    )
    if made is not None:
        messages.success(request, _("%(name)s was created.") % {"name": made.name})
        return redirect(shell_url(request, "package", made.pk))
    title = _("New package of %(service_type)s") % {"service_type": service_type.name}
    return package_form(request, form, title, _("Create package"), shell_url(request, "packages"))


@page("catalog.edit")
def package_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = found(Package.objects.visible_to(request.actor).filter(tenant=request.actor.tenant_id), pk=pk)
    form = PackageForm(request.POST or None, resources=row.service_type.resources.in_order(), package=row)
    changed = operate(
        request,
        form,
        lambda values: change_package(
            actor=request.actor,
            package_id=row.pk,
            name=values["name"],
            is_shared=values["is_shared"],
            is_active=values["is_active"],
            limits=form.limits,
            now=timezone.now(),
        ),
    )
    back = shell_url(request, "package", row.pk)
    if changed is not None:
        messages.success(request, _("%(name)s was changed.") % {"name": changed.name})
        return redirect(back)
    return package_form(request, form, _("Edit %(name)s") % {"name": row.name}, _("Save"), back)


def package_form(request: PageRequest, form: PackageForm, title: str, submit: str, cancel_url: str) -> HttpResponse:
    return render_form(
        request,
        FormPage(
            form=form,
            title=title,
            submit=submit,
            cancel_url=cancel_url,
            parent="packages",
            intro=_("Limits are what one unit grants. A change counts for what is sold from then on."),
            fieldsets=form.fieldsets,
        ),
    )
