"""The public page on which somebody asks to become a reseller. It answers everybody alike."""

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from resellerhub.kernel.refusals import NotFound
from resellerhub.web.forms import Fieldset, FormPage, operate, render_form
from resellerhub.web.pages import render_page
from tenants.brands import brand_for
from tenants.forms.acceptance import type_label
from tenants.forms.registrations import COMPANY, PERSON, WISH, RegistrationForm
from tenants.houses import registering, reseller_types
from tenants.models import ProviderSettings
from tenants.services.registrations import request_registration


@never_cache
def register(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Who asks too often, and programs, are thanked too."""
    house = _house(request, slug)
    types = list(reseller_types(house.pk, enabled=True))
    form = RegistrationForm(request.POST or None, types=types)
    language = get_language() or house.language
    usual = {"currency": house.currency, "time_zone": house.tenant.profile.time_zone}

    def ask(values: dict[str, Any]) -> bool:
        if not form.is_program and consume(request, app="allauth.account", action="registration"):
            request_registration(
                provider_id=house.pk,
                applicant=form.applicant(values, usual, language),
                request_id=form.request_uuid,
                request=getattr(request, "request_id", ""),
                now=timezone.now(),
            )
        return True

    if operate(request, form, ask):
        return redirect("register_thanks", slug=slug)
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Become a reseller"),
            intro=_("Ask %(name)s to become a reseller. You get an answer by e-mail.")
            % {"name": house.tenant.profile.name},
            submit=_("Send the request"),
            cancel_url="",
            template="tenants/register.html",
            fieldsets=[
                Fieldset(_("You"), PERSON),
                Fieldset(_("Your company"), COMPANY),
                Fieldset(_("Your request"), [name for name in WISH if name in form.fields]),
            ],
            context={"terms": [(type_label(row), row.terms, row.version) for row in types if row.terms]},
        ),
    )


@never_cache
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """The same words for everybody."""
    _house(request, slug)
    return render_page(request, "tenants/register_thanks.html", title=_("Thank you"))


def _house(request: HttpRequest, slug: str) -> ProviderSettings:
    """At another's own domain there is no such page."""
    house, at = registering(slug), getattr(request, "host_brand", None)
    if house is None or (at and at.owner_id != house.pk):
        raise NotFound()
    request.brand = brand_for(house.pk)  # type: ignore[attr-defined]
    return house
