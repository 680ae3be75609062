"""New resellers."""

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
from tenants.forms.company import PROFILE, company_parts, signature_part
from tenants.forms.tenants import ResellerForm, TenantForm
from tenants.houses import oversell_default, reseller_types
from tenants.models import Tenant
from tenants.roles import Kind, Role, permissions
from tenants.services.resellers import create_reseller

PART_ONE = ("administrator_name", "administrator_email", "admission", "administrator_password")
PART_TWO = ("seller", *PROFILE)


@page("reseller.create")
def reseller_create(request: PageRequest) -> HttpResponseBase:
    """One form in two parts: who administers it, where the actor may let somebody in, and the company's profile."""
    actor, now = request.actor, timezone.now()
    admits = permissions(Kind.RESELLER, Role.ADMINISTRATOR) <= actor.permissions
    form = ResellerForm(
        request.POST or None,
        sellers=selectors.sellers(actor),
        types=list(reseller_types(actor.provider_id, enabled=True)),
        by_provider=actor.is_provider,
        admits=admits,
        initial=_initial(request) | {"may_oversell": oversell_default(actor)},
    )
    made = operate(
        request,
        form,
        lambda values: create_reseller(
            actor=actor,
            seller_id=values["seller"].pk,
            details=form.details,
            reseller_type=values["type"],
            may_oversell=values["may_oversell"],
            is_large=values.get("is_large", False),
            signatures=form.signatures,
            administrator=form.administrator,
            invited=form.invited,
            request_id=form.request_uuid,
            now=now,
        ),
    )
    if made is not None:
        return _made(request, form, made, "reseller", is_new=made.created_at == now)
    first = Fieldset(_("Part 2: Company profile"), PART_TWO, grid=True)
    who = Fieldset(
        _("Part 1: Personal details"),
        PART_ONE,
        text=_("Who administers the reseller. Without an administrator nobody can log in until you invite one."),
    )
    terms = tuple(name for name in ("type", "may_oversell", "is_large") if name in form.fields)
    page_ = FormPage(
        form=form,
        title=_("New reseller"),
        submit=_("Create reseller"),
        cancel_url=shell_url(request, "resellers"),
        parent="resellers",
        fieldsets=[
            *([who] if admits else []),
            *company_parts(form, first),
            signature_part(),
            Fieldset(_("Terms"), terms),
        ],
    )
    return private(render_form(request, page_))


def _initial(request: PageRequest) -> dict[str, Any]:
    """Beneath whom the address says, else beneath the actor itself; the rest as the provider's settings say."""
    asked = request.GET.get("seller", "")
    return {"seller": id_in(asked) or request.actor.tenant_id, **selectors.house(request.actor)}


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
    said = {"name": form.details.name, "email": form.cleaned_data.get("administrator_email", "")}
    if not said["email"]:
        alone = _("%(name)s was created without an administrator. Nobody can log in until you invite one.")
        messages.warning(request, alone % said)
    elif isinstance(form, ResellerForm) and form.invited:
        messages.success(request, _("%(name)s was created. An invitation goes to %(email)s.") % said)
    else:
        messages.success(request, _("%(name)s was created.") % said)
    return redirect(url)


def show_secret(
    request: PageRequest, *, title: str, intro: str, label: str, secret: str, url: str, parent: str
) -> HttpResponse:
    """A page with something that is shown once; it is kept nowhere, not even in the browser's cache."""
    response = render_page(
        request, "tenants/secret.html", title=title, parent=parent, intro=intro, label=label, secret=secret, url=url
    )
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """A page that may hold a password that was typed: no browser keeps it."""
    response["Cache-Control"] = "no-store"
    return response
