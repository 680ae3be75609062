"""A reseller's forms for its own plans; the list and the page of one are the catalogue's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.forms.packages import PackageForm
from catalog.views.packages import choose_service_type, chosen_service_type, own_package, package_form
from resellerhub.kernel.periods import day_of
from resellerhub.web import formats
from resellerhub.web.forms import operate
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.selectors.offers import beyond_allocation, granted_resources, granted_service_types
from subscriptions.services.selling.plans import change_plan, create_plan, without_plans


@page("catalog.edit")
def plan_create(request: PageRequest) -> HttpResponse:
    if (refusal := without_plans(request.actor)) is not None:
        raise refusal
    choices = granted_service_types(request.actor)
    service_type = chosen_service_type(request, choices)
    if service_type is None:
        return choose_service_type(request, choices, _("New plan"))
    form = PackageForm(
        request.POST or None,
        actor=request.actor,
        on=day_of(timezone.now()),
        resources=granted_resources(request.actor, service_type.pk),
    )
    made = operate(
        request,
        form,
        lambda values: create_plan(
            actor=request.actor,
            service_type_id=service_type.pk,
            name=values["name"],
            audience=values["audience"],
            is_shared=values["is_shared"],
            content=form.content,
            now=timezone.now(),
        ),
    )
    if made is not None:
        messages.success(request, _("%(name)s was created.") % {"name": made.name})
        _warn(request, form)
        return redirect(shell_url(request, "package", made.pk))
    title = _("New plan of %(service_type)s") % {"service_type": service_type.name}
    return package_form(request, form, title, _("Create plan"), shell_url(request, "packages"))


@page("catalog.edit")
def plan_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = own_package(request, pk)
    form = PackageForm(
        request.POST or None,
        actor=request.actor,
        on=day_of(timezone.now()),
        resources=granted_resources(request.actor, row.service_type_id),
        package=row,
    )
    changed = operate(
        request,
        form,
        lambda values: change_plan(
            actor=request.actor,
            package_id=row.pk,
            name=values["name"],
            is_shared=values["is_shared"],
            is_active=values["is_active"],
            content=form.content_after,
            effective_on=values["effective_on"],
            now=timezone.now(),
        ),
    )
    back = shell_url(request, "package", row.pk)
    if changed is not None:
        messages.success(request, _("%(name)s was changed.") % {"name": changed.name})
        _warn(request, form)
        return redirect(back)
    return package_form(request, form, _("Edit %(name)s") % {"name": row.name}, _("Save"), back)


def _warn(request: PageRequest, form: PackageForm) -> None:
    """Such a plan can be made; to sell it, the reseller needs more than it has."""
    words = _("One unit grants %(limit)s of %(resource)s, and all that you were allocated is %(allocated)s.")
    for resource, limit, allocated in beyond_allocation(request.actor, form.content.limits):
        numbers = {"limit": formats.number(limit), "allocated": formats.number(allocated)}
        messages.warning(request, words % {"resource": resource.name, **numbers})
