"""Who reads the names of customers: a reseller's own setting, and the way for those above to give them up."""

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.visibility import VisibilityForm
from tenants.models import Tenant
from tenants.naming import name_of_seller
from tenants.roles import Kind
from tenants.services.tree import must_be_open
from tenants.services.visibility import hide_customers, show_customers


@page("reseller.edit")
def reseller_hide_customers(request: PageRequest, pk: int) -> HttpResponseBase:
    """Says first that there is no way back from here."""
    reseller = found(selectors.resellers(request.actor), pk=pk)
    must_be_open(reseller)
    form = OperationForm(request.POST or None)
    names = {"name": name_of_seller(reseller)}
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Hide the customers of %(name)s") % names,
            intro=_(
                "You will no longer read their names, addresses and users, and neither will anybody above this "
                "reseller. This cannot be undone from here: only %(name)s can show them again."
            )
            % names,
            submit=_("Hide"),
            cancel_url=shell_url(request, "reseller", pk),
            parent="resellers",
            danger=True,
        ),
        lambda values: hide_customers(actor=request.actor, reseller_id=reseller.pk, now=timezone.now()),
        _("The names of the customers of %(name)s are hidden.") % names,
    )


@page("settings.edit")
def customer_visibility(request: PageRequest) -> HttpResponseBase:
    """For a reseller: both ways."""
    mine = selectors.own_reseller(request.actor)
    form = VisibilityForm(request.POST or None, initial={"visible": mine.hides_customers_at is None})

    def change(values: dict[str, bool]) -> Tenant:
        if values["visible"]:
            return show_customers(actor=request.actor, now=timezone.now())
        return hide_customers(actor=request.actor, reseller_id=mine.pk, now=timezone.now())

    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Customer visibility"),
            intro=_(
                "Whoever sells to you sees how many customers you have and what they hold. Here you decide whether "
                "they also read who your customers are. Those above you can hide the names, too; only you show them."
            ),
            submit=_("Save"),
            cancel_url=shell_url(request, "dashboard"),
            parent="customer_visibility",
        ),
        change,
        lambda changed: _("The names are hidden.") if changed.hides_customers_at else _("The names are shown."),
        shell_url(request, "customer_visibility"),
    )


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    """On the page of a reseller whose customers can be read."""
    if tenant.kind != Kind.RESELLER or not getattr(tenant, "customers_visible", False):
        return []
    url = shell_url(request, "reseller_hide_customers", tenant.pk)
    return [Action(_("Hide customers"), url, "mask", "reseller.edit", danger=True, minor=True)]
