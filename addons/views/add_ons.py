"""Pages of add-ons: what there is, making one, changing it, with which packages it is sold, and whether."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from addons.filters import AddOnFilter
from addons.forms.add_ons import AddOnForm, CopyForm
from addons.forms.packages import AssociateForm
from addons.selectors import add_ons as selectors
from addons.selectors.add_ons import own_add_on
from addons.services.add_ons import (
    activate_add_on,
    associate_add_on,
    change_add_on,
    create_add_on,
    deactivate_add_on,
)
from addons.tables.add_ons import AddOnTable, BoughtAddOnTable
from catalog.selectors.managers import managers
from catalog.views.switches import switches
from resellerhub.kernel.periods import day_of
from resellerhub.web.forms import FormPage, answer_click, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.houses import currency_of
from tenants.roles import Kind


@page("add_on.view")
def add_ons(request: PageRequest) -> HttpResponseBase:
    return render_list(request, add_ons_page(request))


def add_ons_page(request: PageRequest) -> ListPage:
    """What a bulk action takes its chosen rows from, too."""
    is_customer = request.actor.kind == Kind.CUSTOMER
    new = Action(_("New add-on"), shell_url(request, "add_on_create"), "plus", "add_on.edit")
    return ListPage(
        key="add_ons",
        title=_("Add-ons"),
        queryset=selectors.add_ons(request.actor, day_of(timezone.now())),
        table_class=BoughtAddOnTable if is_customer else AddOnTable,
        filterset_class=AddOnFilter,
        order=("name",),
        export_name="add-ons",
        actions=[
            Action(_("Sell to customers"), shell_url(request, "bulk_sale_to_customers"), "", "bulk_sale.run"),
            Action(_("Sell to resellers"), shell_url(request, "bulk_sale_to_resellers"), "", "bulk_sale.run"),
            new,
        ],
        bulk_actions=switches(request, "add_ons", "add_on.edit"),
        empty=Empty(_("No add-ons yet"), _("An add-on sells extra resources on top of a subscription."), new),
    )


@page("add_on.edit")
def add_on_create(request: PageRequest) -> HttpResponse:
    """One form; its resources and packages follow from the service type, which is asked for first."""
    initial = {"currency": currency_of(request.actor), "service_type": request.GET.get("service_type")}
    on = day_of(timezone.now())
    form = AddOnForm(request.actor, request.POST or None, on=on, managers=managers(request.actor), initial=initial)
    answer_buttons(request, form)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New add-on"),
            submit=_("Create add-on"),
            cancel_url=shell_url(request, "add_ons"),
            parent="add_ons",
            template="addons/add_on_form.html",
        ),
        lambda _values: create_add_on(
            actor=request.actor,
            service_type_id=form.cleaned_data["service_type"].pk,
            packages=form.chosen_packages,
            now=timezone.now(),
            **form.arguments,
        ),
        lambda made: _("%(add_on)s is made.") % {"add_on": made.name},
        lambda made: shell_url(request, "add_on", made.pk),
    )


@page("add_on.edit")
def add_on_edit(request: PageRequest, add_on_id: int) -> HttpResponse:
    """All of an add-on that one manages; of a copy what is its own, and not what it grants."""
    on = day_of(timezone.now())
    add_on = own_add_on(request.actor, add_on_id)
    form: AddOnForm | CopyForm
    if add_on.copied_from_id:
        form = CopyForm.of(request.actor, add_on, on, request.POST or None)
    else:
        form = AddOnForm.editing(request.actor, add_on, on, request.POST or None)
        answer_buttons(request, form)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Edit %(add_on)s") % {"add_on": add_on.name},
            submit=_("Save"),
            intro=_(
                "What is sold keeps what it grants. Another price reaches it when the next term of its subscription"
                " begins, unless its seller named the price."
            ),
            cancel_url=shell_url(request, "add_on", add_on.pk),
            parent="add_ons",
            template="addons/add_on_form.html",
        ),
        lambda _values: change_add_on(actor=request.actor, add_on_id=add_on.pk, now=timezone.now(), **form.arguments),
        lambda changed: _("%(add_on)s is changed.") % {"add_on": changed.name},
    )


def answer_buttons(request: PageRequest, form: AddOnForm) -> None:
    """The buttons that check nothing yet: go on with the service type that was chosen, or fill the rest."""
    if "fill" in request.POST:
        form.fill(form.value_names(request.POST.get("group", "")))
    elif "continue" in request.POST:
        form.fill([])


@page("add_on.edit")
def add_on_associate(request: PageRequest, add_on_id: int) -> HttpResponse:
    add_on = own_add_on(request.actor, add_on_id)
    form = AssociateForm(request.actor, add_on, request.POST or None)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Packages of %(add_on)s") % {"add_on": add_on.name},
            intro=_("It can be sold on subscriptions of the packages that you choose, and on no others."),
            submit=_("Save"),
            cancel_url=shell_url(request, "add_on", add_on.pk),
            parent="add_ons",
            template="addons/associate_form.html",
        ),
        lambda _values: associate_add_on(
            actor=request.actor, add_on_id=add_on.pk, packages=form.chosen_packages, now=timezone.now()
        ),
        _("The packages of %(add_on)s are changed.") % {"add_on": add_on.name},
        f"{shell_url(request, 'add_on', add_on.pk)}?tab=packages",
    )


@require_POST
@page("add_on.edit")
def add_on_activate(request: PageRequest, add_on_id: int) -> HttpResponse:
    return answer_click(
        request,
        lambda: activate_add_on(actor=request.actor, add_on_id=add_on_id, now=timezone.now()),
        lambda add_on: _("%(add_on)s can be sold.") % {"add_on": add_on.name},
        shell_url(request, "add_on", add_on_id),
    )


@require_POST
@page("add_on.edit")
def add_on_deactivate(request: PageRequest, add_on_id: int) -> HttpResponse:
    return answer_click(
        request,
        lambda: deactivate_add_on(actor=request.actor, add_on_id=add_on_id, now=timezone.now()),
        lambda add_on: _("%(add_on)s is not sold any more. What was sold stays.") % {"add_on": add_on.name},
        shell_url(request, "add_on", add_on_id),
    )
