"""One sale on one subscription: making it, ending it, and the list on the subscription's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.forms.sales import SellForm
from addons.selectors.sales import sales
from addons.services.sales import cancel_add_on_sale, sell_add_on
from resellerhub.kernel.refusals import found
from resellerhub.web.forms import ConfirmForm, FormPage, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from subscriptions.models import Subscription
from subscriptions.naming import title_of
from tenants.naming import name_of


def subscription_url(request: PageRequest, subscription_id: int) -> str:
    return shell_link(request, "subscription", subscription_id) or shell_url(request, "add_ons")


@page("add_on.sell")
def subscription_sell_add_on(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Sell one of the actor's add-ons on a subscription beneath it."""
    rows = Subscription.objects.visible_to(request.actor).exclude(tenant_id=request.actor.tenant_id)
    subscription = found(rows.select_related("tenant__profile", "package"), pk=subscription_id)
    carried = {"add_on": request.GET.get("add_on")}
    form = SellForm(request.actor, subscription, request.POST or None, initial=carried)
    sale = operate(
        request,
        form,
        lambda values: sell_add_on(
            actor=request.actor,
            subscription_id=subscription.pk,
            add_on_id=values["add_on"].pk,
            quantity=values["quantity"],
            request_id=form.request_uuid,
            now=timezone.now(),
        ),
    )
    if sale is not None:
        messages.success(request, _("%(add_on)s is sold.") % {"add_on": form.cleaned_data["add_on"].name})
        return redirect(subscription_url(request, subscription.pk))
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Sell an add-on"),
            intro=_("On %(subscription)s of %(holder)s, package %(package)s.")
            % {
                "subscription": title_of(request.actor, subscription),
                "holder": name_of(request.actor, subscription.tenant),
                "package": subscription.package.name,
            },
            submit=_("Sell"),
            cancel_url=subscription_url(request, subscription.pk),
            parent="subscriptions",
        ),
    )


@page("add_on.sell")
def add_on_sale_cancel(request: PageRequest, sale_id: int) -> HttpResponse:
    """End a sale, after its name was typed: it takes back what was granted."""
    sale: Any = found(sales(request.actor), pk=sale_id)
    form = ConfirmForm(request.POST or None, word=_("Yes"))
    cancelled = operate(
        request, form, lambda _values: cancel_add_on_sale(actor=request.actor, sale_id=sale.pk, now=timezone.now())
    )
    if cancelled is not None:
        messages.success(request, _("The sale of %(add_on)s is cancelled.") % {"add_on": sale.add_on.name})
        return redirect(subscription_url(request, sale.subscription_id))
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Cancel the sale of %(add_on)s") % {"add_on": sale.add_on.name},
            intro=_("%(quantity)s × %(add_on)s on %(subscription)s end, and what they granted is taken back.")
            % {"quantity": sale.quantity, "add_on": sale.add_on.name, "subscription": sale.title},
            submit=_("Cancel the sale"),
            cancel_url=subscription_url(request, sale.subscription_id),
            parent="subscriptions",
            danger=True,
        ),
    )
