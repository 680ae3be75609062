"""One sale on one subscription: making it, ending it, and the list on the subscription's page."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.forms.sales import EndForm, SellForm
from addons.selectors.sales import sales
from addons.services.ending import EndAddOn
from addons.services.sales import Quote, preview_add_on_sale, sell_add_on
from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.forms import FormPage, answer_form, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from subscriptions.models import Subscription
from subscriptions.naming import title_of
from subscriptions.services.selling.agreeing import Price
from subscriptions.tables.quotes import lines_part
from subscriptions.views.life import StepPage, render_step
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
    if "preview" in request.POST:
        quote = operate(request, form, lambda _values: preview_add_on_sale(**_asked(request, form, subscription)))
        return render_form(request, _sell_page(request, form, subscription, _money(request, quote) if quote else {}))
    return answer_form(
        request,
        _sell_page(request, form, subscription, {}),
        lambda _values: sell_add_on(**_asked(request, form, subscription), request_id=form.request_uuid),
        lambda _sale: _("%(add_on)s is sold.") % {"add_on": form.cleaned_data["add_on"].name},
    )


def _asked(request: PageRequest, form: SellForm, subscription: Subscription) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "subscription_id": subscription.pk,
        "add_on_id": form.cleaned_data["add_on"].pk,
        "quantity": form.cleaned_data["quantity"],
        "price": Price(form.cleaned_data["unit_price"], cycle=form.cleaned_data["cycle"]),
        "now": timezone.now(),
    }


def _money(request: PageRequest, quote: Quote) -> dict[str, Any]:
    """What stands in the preview."""
    cycle = Cycle(quote.price.cycle).label
    rows = [
        (_("Price by the list"), quote.listed_price if quote.listed.priced.rule else None),
        (_("Price of one unit"), quote.unit_price),
        (_("Cost for the seller"), quote.unit_cost),
        (_("Margin of the seller"), quote.margin),
        (_("At least"), quote.floor),
        (_("At most"), quote.ceiling),
    ]
    said = [
        (label, f"{formats.money(amount, quote.currency)} {cycle}", amount < 0)
        for label, amount in rows
        if amount is not None
    ]
    loss = formats.money(-quote.margin, quote.currency) if quote.margin is not None and quote.margin < 0 else ""
    is_once = quote.account.cost_once
    total = f"{formats.money(quote.total, quote.currency)} {cycle}"
    first = lines_part(request, quote.lines, quote.first_total, quote.cost_lines, _("First invoice"))
    later = _("From %(day)s on: %(total)s.") % {"day": formats.day(quote.next_on), "total": total}
    return {
        "facts": said,
        "loss": loss,
        "is_once": is_once,
        "total": total,
        "first": first | {"note": later if quote.next_on else ""},
    }


def _sell_page(request: PageRequest, form: SellForm, subscription: Subscription, context: dict[str, Any]) -> FormPage:
    return FormPage(
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
        template="addons/sell.html",
        context=context,
    )


@page("add_on.sell")
def add_on_sale_cancel(request: PageRequest, sale_id: int) -> HttpResponse:
    """End a sale, after `Yes` was typed: with what that gives back and charges, and what it granted is taken back."""
    sale = found(sales(request.actor), pk=sale_id)
    words = {"quantity": formats.number(sale.quantity), "add_on": sale.add_on.name}
    ending = StepPage(
        form=lambda _request, _row, data: EndForm(sale.pk, data),
        title=gettext_lazy("Cancel an add-on of %(name)s"),
        submit=gettext_lazy("Cancel the sale"),
        done=gettext_lazy("The add-on of %(name)s is cancelled."),
        intro=_("%(quantity)s × %(add_on)s end, and what they granted is taken back.") % words,
        danger=True,
        at_once=EndAddOn(sale.pk),
        is_priced=True,
    )
    return render_step(request, sale.subscription_id, ending)
