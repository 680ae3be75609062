"""What a provider decides about its resellers."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.services.settings import change_reseller_settings
from tenants import selectors
from tenants.forms.settings import ResellerSettingsForm
from tenants.houses import reseller_types
from tenants.models import ProviderSettings


@page("settings.edit")
def reseller_settings(request: PageRequest) -> HttpResponse:
    settings = found(ProviderSettings.objects.visible_to(request.actor), pk=request.actor.provider_id)
    shown = ("over_quota_basis", "oversell_default", "takes_registrations", "slug")
    initial = {name: getattr(settings, name) for name in shown} | selectors.house(request.actor)
    types = list(reseller_types(request.actor.provider_id))
    form = ResellerSettingsForm(request.POST or None, types=types, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Reseller settings"),
            submit=_("Save"),
            cancel_url=shell_url(request, "dashboard"),
            parent="reseller_settings",
            fieldsets=form.parts,
        ),
        lambda values: change_reseller_settings(
            actor=request.actor,
            over_quota_basis=values["over_quota_basis"],
            types=form.changes,
            now=timezone.now(),
            **form.house,
        ),
        _("The reseller settings were saved."),
        shell_url(request, "reseller_settings"),
    )
