"""A tenant gets another seller: choose, see what follows, confirm."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Refusal, found
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.lifecycle import MoveForm
from tenants.models import Tenant
from tenants.naming import name_of, name_of_seller
from tenants.services.moves import move_tenant, preview_move
from tenants.services.tree import must_be_open
from tenants.views.obstacles import Group, Line, group


@page("{kind}.move")
def move(request: PageRequest, pk: int, kind: str) -> HttpResponseBase:
    """Two steps on one address: the second has `confirmed` in it."""
    tenant: Tenant = found(selectors.directory(request.actor).filter(kind=kind), pk=pk)
    must_be_open(tenant)
    form = MoveForm(request.POST or None, sellers=_sellers(request, tenant))
    if form.is_bound and form.is_valid() and not form.cleaned_data["confirmed"]:
        return _preview(request, tenant, form)
    done = operate(
        request,
        form,
        lambda values: move_tenant(
            actor=request.actor, tenant_id=pk, seller_id=values["seller"].pk, now=timezone.now()
        ),
    )
    if done is not None:
        names = {"name": name_of(request.actor, tenant), "seller": name_of_seller(form.cleaned_data["seller"])}
        messages.success(request, _("%(name)s is now sold to by %(seller)s.") % names)
        return redirect(shell_url(request, kind, pk))
    return _choose(request, tenant, form)


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    """To move it, on its page."""
    return [
        Action(
            _("Move"), shell_url(request, f"{tenant.kind}_move", tenant.pk), "send", f"{tenant.kind}.move", minor=True
        )
    ]


def _sellers(request: PageRequest, tenant: Tenant) -> QuerySet[Tenant]:
    """Anybody in sight but those beneath it, and whoever has it already."""
    rows = selectors.sellers(request.actor).exclude(ancestors__contains=[tenant.pk])
    return rows.exclude(pk=tenant.seller_id)


def _preview(request: PageRequest, tenant: Tenant, form: MoveForm) -> HttpResponse:
    """What would come along, and the button; where something could not, the choice again."""
    seller = form.cleaned_data["seller"]
    try:
        following = preview_move(request.actor, tenant, seller)
    except Refusal as refusal:
        form.refuse(refusal)
        return _choose(request, tenant, form)
    if following.blocked:
        form.status = 422
        form.add_error("seller", _("Not everything could follow to this seller."))
        return _choose(request, tenant, form, group(request, _("This could not follow"), following.blocked))
    confirm = form.to_confirm()
    stays = [
        Line(_("Closed subscriptions, past events and documents stay with the old seller.")),
        Line(_("Account managers of the old seller no longer look after it.")),
    ]
    groups = [*group(request, _("This comes along"), following.along), Group(_("This stays"), stays)]
    names = {"name": name_of(request.actor, tenant), "seller": name_of_seller(seller)}
    return _render(request, tenant, confirm, _("Move %(name)s to %(seller)s") % names, _("Move"), groups)


def _choose(request: PageRequest, tenant: Tenant, form: MoveForm, groups: Sequence[Group] = ()) -> HttpResponse:
    title = _("Move %(name)s") % {"name": name_of(request.actor, tenant)}
    return _render(request, tenant, form.to_choose(), title, _("Preview"), groups)


def _render(
    request: PageRequest, tenant: Tenant, form: MoveForm, title: Any, submit: Any, groups: Sequence[Group]
) -> HttpResponse:
    return render_form(
        request,
        FormPage(
            form=form,
            title=title,
            intro=_("With all beneath it. From then on its new seller sells to it and is charged for it."),
            submit=submit,
            cancel_url=shell_url(request, tenant.kind, tenant.pk),
            parent=f"{tenant.kind}s",
            template="tenants/lifecycle.html",
            context={"groups": groups},
        ),
    )
