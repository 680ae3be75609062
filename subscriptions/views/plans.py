"""A reseller's forms for its own plans; the list and the page of one are the catalogue's."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.forms.packages import PackageForm
from catalog.models import Package
from catalog.selectors.managers import managed
from catalog.views.packages import choose_service_type, chosen_service_type, render_create, render_edit
from resellerhub.kernel.periods import day_of
from resellerhub.web import formats
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
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
    return render_create(
        request,
        form,
        service_type,
        lambda **asked: _warned(request, form, create_plan(**asked)),
        _("New plan of %(service_type)s") % {"service_type": service_type.name},
        _("Create plan"),
    )


@page("catalog.edit")
def plan_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = managed(request.actor, Package.objects.visible_to(request.actor), pk)
    form = PackageForm(
        request.POST or None,
        actor=request.actor,
        on=day_of(timezone.now()),
        resources=granted_resources(request.actor, row.service_type_id),
        package=row,
    )
    return render_edit(request, form, row, lambda **asked: _warned(request, form, change_plan(**asked)))


def _warned(request: PageRequest, form: PackageForm, plan: Package) -> Package:
    """Such a plan can be made; to sell it, the reseller needs more than it has."""
    words = _("One unit grants %(limit)s of %(resource)s, and all that you were allocated is %(allocated)s.")
    for resource, limit, allocated in beyond_allocation(request.actor, form.content.limits):
        numbers = {"limit": formats.number(limit), "allocated": formats.number(allocated)}
        messages.warning(request, words % {"resource": resource.name, **numbers})
    return plan
