"""New resellers and customers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.text import id_in
from resellerhub.web.forms import Fieldset, FormPage, operate, render_form
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.tenants import ADMINISTRATOR, CustomerForm, ResellerForm, TenantForm
from tenants.models import ProviderSettings, Tenant
from tenants.services.customers import create_customer
from tenants.services.resellers import create_reseller

CONTACT = ("contact_name", "phone", "street", "postal_code", "city", "country", "language")


@page("reseller.create")
def reseller_create(request: PageRequest) -> HttpResponseBase:
    def create(form: TenantForm, **values: Any) -> Tenant:
        kind, oversell = form.cleaned_data["reseller_type"], form.cleaned_data["may_oversell"]
        return create_reseller(**values, reseller_type=kind, may_oversell=oversell)

    usual = ProviderSettings.objects.filter(tenant_id=request.actor.provider_id).first()
    form = ResellerForm(
        request.POST or None,
        sellers=selectors.sellers(request.actor),
        initial=_initial(request)
        | {"reseller_type": "prepaid", "may_oversell": bool(usual and usual.oversell_default)},
    )
    terms = Fieldset(_("Terms"), ("reseller_type", "may_oversell"))
    return _create(request, form, create, "reseller", _("New reseller"), _("Create reseller"), [terms])


@page("customer.create")
def customer_create(request: PageRequest) -> HttpResponseBase:
    def create(form: TenantForm, **values: Any) -> Tenant:
        return create_customer(**values)

    form = CustomerForm(request.POST or None, sellers=selectors.sellers(request.actor), initial=_initial(request))
    return _create(request, form, create, "customer", _("New customer"), _("Create customer"), [])


def _initial(request: PageRequest) -> dict[str, Any]:
    """Beneath whom the address says, else beneath the actor itself."""
    asked = request.GET.get("seller", "")
    language = getattr(request.user, "language", "en")
    return {"seller": id_in(asked) or request.actor.tenant_id, "language": language}


def _create(
    request: PageRequest,
    form: TenantForm,
    create: Callable[..., Tenant],
    kind: str,
    title: str,
    submit: str,
    more: list[Fieldset],
) -> HttpResponse:
    now = timezone.now()
    made = operate(
        request,
        form,
        lambda values: create(
            form,
            actor=request.actor,
            seller_id=values["seller"].pk,
            details=form.details,
            administrator=form.administrator,
            request_id=form.request_uuid,
            now=now,
        ),
    )
    if made is not None:
        return _made(request, form, made, kind, is_new=made.created_at == now)
    return render_form(
        request,
        FormPage(
            form=form,
            title=title,
            submit=submit,
            cancel_url=shell_url(request, f"{kind}s"),
            parent=f"{kind}s",
            fieldsets=[
                Fieldset(_("Company"), ("seller", "name", "owner_email")),
                *more,
                Fieldset(_("First administrator"), ADMINISTRATOR, grid=True),
                Fieldset(_("Contact"), CONTACT, grid=True),
            ],
        ),
    )


def _made(request: PageRequest, form: TenantForm, made: Tenant, kind: str, *, is_new: bool) -> HttpResponse:
    url = shell_url(request, kind, made.pk)
    if is_new and form.generated:
        return show_secret(
            request,
            title=_("%(name)s was created") % {"name": form.details.name},
            intro=_("Pass this password on to %(email)s. It is not shown again.")
            % {"email": form.cleaned_data["administrator_email"]},
            label=_("Password"),
            secret=form.generated,
            url=url,
            parent=f"{kind}s",
        )
    messages.success(request, _("%(name)s was created.") % {"name": form.details.name})
    return redirect(url)


def show_secret(
    request: PageRequest, *, title: str, intro: str, label: str, secret: str, url: str, parent: str
) -> HttpResponse:
    """A page with something that is shown once; it is kept nowhere, not even in the browser's cache."""
    response = render_page(
        request, "tenants/secret.html", title=title, parent=parent, intro=intro, label=label, secret=secret, url=url
    )
    response["Cache-Control"] = "no-store"
    return response
