"""What a provider decides about over-usage."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms import BasisForm
from subscriptions.services.settings import set_over_quota_basis
from tenants.models import ProviderSettings


@page("settings.edit")
def over_quota_settings(request: PageRequest) -> HttpResponse:
    settings = found(ProviderSettings.objects.visible_to(request.actor), pk=request.actor.provider_id)
    form = BasisForm(request.POST or None, initial={"basis": settings.over_quota_basis})
    done = operate(
        request,
        form,
        lambda values: set_over_quota_basis(actor=request.actor, basis=values["basis"], now=timezone.now()),
    )
    if done is not None:
        messages.success(request, _("Saved. Every reseller's resources are counted this way now."))
        return redirect(shell_url(request, "over_quota_settings"))
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Over-usage settings"),
            intro=_(
                "What a reseller is measured by: what it sold to its customers, or what is used. "
                "Customers are always measured by what they use."
            ),
            submit=_("Save"),
            cancel_url=shell_url(request, "dashboard"),
            parent="over_quota_settings",
        ),
    )
