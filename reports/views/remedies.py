"""What is done about a row: raise its allocation, or sell an add-on for it. Both show the effect first."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.services.sales import sell_add_on
from reports.forms import RaiseForm, SellForm
from reports.selectors import holding_behind, remedies
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.kernel.text import id_in
from resellerhub.web import formats
from resellerhub.web.forms import FormPage, OperationForm, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.models import Holding
from subscriptions.refusals import OwnSubscription
from subscriptions.services.life.changing import raise_allocation


@dataclass(frozen=True)
class Effect:
    """A row before and after, and what it costs for one billing cycle."""

    before: Holding
    granted: int
    price: str = ""
    cycle: str = ""

    @property
    def allocated(self) -> int:
        return self.before.allocated + self.granted

    @property
    def remaining(self) -> int:
        return int(self.before.remaining) + self.granted


def chosen(form: OperationForm) -> dict[str, Any]:
    """What the form says now: as posted where that can be read, else as it was filled in."""
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data
    return dict(form.initial)


def holding_to_help(request: PageRequest, subscription_id: int, resource_id: int) -> Holding:
    """The row, unless the actor's own tenant holds it: there, its seller helps."""
    holding = holding_behind(request.actor, subscription_id, resource_id)
    if holding.tenant_id == request.actor.tenant_id:
        raise OwnSubscription()
    return holding


@page("subscription.edit")
def over_usage_raise(request: PageRequest, subscription_id: int, resource_id: int) -> HttpResponse:
    holding = holding_to_help(request, subscription_id, resource_id)
    form = RaiseForm(holding, request.POST or None)
    if "preview" not in request.POST:
        made = operate(
            request,
            form,
            lambda values: raise_allocation(
                actor=request.actor,
                subscription_id=subscription_id,
                resource_id=resource_id,
                amount=values["amount"],
                request_id=form.request_uuid,
                now=timezone.now(),
            ),
        )
        if made is not None:
            messages.success(request, _("The allocation was raised by %(n)s.") % {"n": formats.number(made.amount)})
            return redirect(shell_url(request, "over_usage_behind", subscription_id, resource_id))
    effect = Effect(holding, chosen(form).get("amount") or 0)
    return _form(request, form, holding, effect, title=_("Raise the allocation"), submit=_("Raise the allocation"))


@page("add_on.sell")
def over_usage_sell(request: PageRequest, subscription_id: int, resource_id: int) -> HttpResponse:
    holding = holding_to_help(request, subscription_id, resource_id)
    offers = remedies(request.actor, holding, day_of(timezone.now()))
    asked = request.GET.get("add_on", "")
    form = SellForm(offers, request.POST or None, initial={"add_on": id_in(asked) or 0})
    if "preview" not in request.POST:
        sale = operate(
            request,
            form,
            lambda values: sell_add_on(
                actor=request.actor,
                subscription_id=subscription_id,
                add_on_id=values["add_on"],
                quantity=values["quantity"],
                request_id=form.request_uuid,
                now=timezone.now(),
            ),
        )
        if sale is not None:
            words = {"quantity": formats.number(sale.quantity), "add_on": sale.add_on.name}
            messages.success(request, _("Sold: %(quantity)s × %(add_on)s.") % words)
            return redirect(shell_url(request, "over_usage_behind", subscription_id, resource_id))
    values = chosen(form)
    remedy, quantity = form.remedies.get(values.get("add_on", 0)), values.get("quantity") or 0
    effect = Effect(holding, 0)
    if remedy:
        price = remedy.price(quantity)
        shown = formats.money(price.amount, price.currency)
        effect = Effect(holding, remedy.granted(quantity), shown, str(Cycle(remedy.cycle).label))
    return _form(request, form, holding, effect, title=_("Sell an add-on"), submit=_("Sell"), has_offers=bool(offers))


def _form(
    request: PageRequest, form: OperationForm, holding: Any, effect: Effect, *, title: str, submit: str, **more: Any
) -> HttpResponse:
    names = {"resource": holding.resource.name, "subscription": holding.title}
    behind = shell_url(request, "over_usage_behind", holding.subscription_id, holding.resource_id)
    return render_form(
        request,
        FormPage(
            form=form,
            title=title,
            submit=submit,
            cancel_url=behind,
            parent="over_usage",
            intro=_("%(resource)s of %(subscription)s") % names,
            template="reports/remedy.html",
            context={
                "effect": effect,
                "has_offers": True,
                "crumbs": [(_("%(resource)s of %(subscription)s") % names, behind)],
                **more,
            },
        ),
    )
