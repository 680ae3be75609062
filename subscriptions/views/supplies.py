"""Who gives pools to a reseller from elsewhere: its suppliers, said by the provider's staff."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import Action, Empty
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.pools import SupplierForm
from subscriptions.selectors import pools as selectors
from subscriptions.services.pools.supplying import add_supplier, end_supply
from subscriptions.tables.pools import SupplyTable
from tenants.models import Tenant
from tenants.naming import name_of, seller_name
from tenants.roles import Kind


def sections(request: PageRequest, holder: Any) -> Sequence[Section]:
    """On the page of a reseller: for its provider, and for itself."""
    actor = request.actor
    if holder.kind != Kind.RESELLER or not (actor.is_provider or holder.pk == actor.tenant_id):
        return []
    rows = list(selectors.supplies(actor).filter(tenant=holder.pk).order_by("-pk"))
    if not rows and not actor.is_provider:
        return []
    add = Action(_("Add supplier"), shell_url(request, "supplier_add", holder.pk), "plus", "reseller.map")
    return [
        Section(
            title=_("Suppliers"),
            table=SupplyTable(rows),
            actions=[add] if actor.is_provider and actor.can("reseller.map") else [],
            empty=Empty(
                _("No suppliers"), _("A supplier is a large account reseller from elsewhere that gives it pools.")
            ),
        )
    ]


@page("reseller.map")
def supplier_add(request: PageRequest, pk: int) -> HttpResponseBase:
    actor = request.actor
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers().select_related("profile"), pk=pk)
    large = Tenant.objects.visible_to(actor).resellers().filter(terms__is_large=True, status=Tenant.Status.ACTIVE)
    elsewhere = large.exclude(pk__in=reseller.ancestors).exclude(ancestors__contains=[reseller.pk])
    form = SupplierForm(
        request.POST or None, suppliers=elsewhere.annotate(called=seller_name("")).order_by("called", "pk")
    )
    made = operate(
        request,
        form,
        lambda values: add_supplier(
            actor=actor, reseller_id=reseller.pk, supplier_id=values["supplier"].pk, now=timezone.now()
        ),
    )
    back = f"{shell_url(request, 'reseller', reseller.pk)}?tab=pools"
    if made is not None:
        messages.success(request, _("It can give pools to this reseller now."))
        return redirect(back)
    title = _("Add supplier for %(name)s") % {"name": name_of(actor, reseller)}
    intro = _("A large account reseller that is neither above nor beneath it. It sees only what it gives.")
    return render_form(
        request,
        FormPage(form=form, title=title, intro=intro, submit=_("Add supplier"), cancel_url=back, parent="pools"),
    )


@page("reseller.map")
def supply_end(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(selectors.supplies(request.actor), pk=pk)
    form = OperationForm(request.POST or None)
    ended = operate(request, form, lambda values: end_supply(actor=request.actor, supply_id=row.pk, now=timezone.now()))
    back = f"{shell_url(request, 'reseller', row.tenant_id)}?tab=pools"
    if ended is not None:
        messages.success(request, _("It gives no more pools to this reseller."))
        return redirect(back)
    title = _("End the supply of %(reseller)s by %(supplier)s") % {
        "reseller": row.reseller_name,
        "supplier": row.supplier_name,
    }
    intro = _("What was given stays, with its seats and its end.")
    return render_form(
        request,
        FormPage(form=form, title=title, intro=intro, submit=_("End"), cancel_url=back, parent="pools", danger=True),
    )
