"""Selling in bulk, step by step: choose, look at what would happen, sell. Earlier answers travel as hidden inputs."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.forms.sales import BulkSaleForm, CustomersSaleForm, ResellersSaleForm
from addons.models import BulkSale
from addons.services.bulk import start_bulk_sale
from addons.views.preview import PreviewPage, foreseen_file
from resellerhub.web.forms import operate
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url

CHOOSE, PREVIEW = 1, 2
SELL, EXPORT = "sell", "export"
UNCHECKED = ("continue", "back")
"""Buttons that check nothing yet: go on with the service type, and back from the preview."""
CARRIED = ("service_type", "service_instance", "add_on", "owner")
"""What a link may choose beforehand."""


def steps() -> list[str]:
    return [_("Choose"), _("Preview and confirm"), _("Sell")]


@page("bulk_sale.run")
def bulk_sale_to_resellers(request: PageRequest) -> HttpResponseBase:
    return wizard(request, ResellersSaleForm, _("Sell to resellers"))


@page("bulk_sale.run")
def bulk_sale_to_customers(request: PageRequest) -> HttpResponseBase:
    return wizard(request, CustomersSaleForm, _("Sell to customers"))


def wizard(request: PageRequest, form_class: type[BulkSaleForm], title: str) -> HttpResponseBase:
    """The step that was asked for. What was chosen is checked again when it is sold: hidden inputs can be edited."""
    carried = {name: request.GET[name] for name in CARRIED if name in request.GET}
    form = form_class(request.actor, request.POST or None, initial=carried)
    if any(button in request.POST for button in UNCHECKED):
        form.fill([])
    elif SELL in request.POST:
        if started := operate(request, form, lambda _values: start(request, form)):
            return redirect(shell_url(request, "bulk_sale", started.pk))
    elif EXPORT in request.POST:
        if file := operate(request, form, lambda _values: foreseen_file(request, form.order)):
            return file
    elif preview := operate(request, form, lambda _values: PreviewPage(request, form)):
        return preview.render(title=title, steps=steps(), step=PREVIEW, start=SELL)
    return render_page(
        request,
        "addons/bulk_sale_form.html",
        title=title,
        status=form.status,
        form=form,
        steps=steps(),
        step=CHOOSE,
        is_for_resellers=form.audience == BulkSale.Audience.RESELLERS,
        cancel_url=shell_url(request, "add_ons"),
    )


def start(request: PageRequest, form: BulkSaleForm) -> BulkSale:
    return start_bulk_sale(actor=request.actor, order=form.order, request_id=form.request_uuid, now=timezone.now())
