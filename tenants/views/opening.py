"""The account of a customer that came without one: opened on a page of its own, offered on the customer's."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import NotFound, found
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.actor import Actor
from tenants.forms.accounts import OpenAccountForm, fieldsets
from tenants.models import CustomerAccount, SupportLevel, Tenant
from tenants.naming import is_readable, name_of
from tenants.roles import Role, permissions
from tenants.services.account_logins import administrator_of, support_levels
from tenants.services.accounts import AccountThere, open_account
from tenants.services.company import is_seller
from tenants.services.limits import AccountNotActive, must_sell_to, standing
from tenants.services.members import must_hold
from tenants.views.creation import private, show_secret


@page("customer.edit")
def account_open(request: PageRequest, pk: int) -> HttpResponseBase:
    customer = found(selectors.customers(request.actor), pk=pk)
    _check(request, customer)
    levels = support_levels(Tenant.objects.get(pk=customer.seller_id), day_of(timezone.now()))
    form = OpenAccountForm(request.POST or None, customer=customer, levels=levels, initial=_initial(customer, levels))
    form.fields["email"].disabled = not _may_let_in(request.actor, customer)
    done = operate(
        request,
        form,
        lambda values: open_account(
            actor=request.actor, customer_id=pk, login=form.login, service=form.service, now=timezone.now()
        ),
    )
    name, url = name_of(request.actor, customer), shell_url(request, "customer", pk)
    if done is not None and form.generated:
        return show_secret(
            request,
            title=_("The account of %(name)s is open") % {"name": name},
            intro=_("Pass this password on to %(email)s. It is not shown again.") % {"email": form.values["email"]},
            label=_("Password"),
            secret=form.generated,
            url=url,
            parent="customers",
        )
    if done is not None:
        messages.success(request, _("The account of %(name)s is open.") % {"name": name})
        return redirect(url)
    page_ = FormPage(
        form=form,
        title=_("Open an account for %(name)s") % {"name": name},
        intro=_("With the address of one of its administrators, that login gets the account name besides and keeps its "
                "password. Any other address gets a login of its own."),
        submit=_("Open account"),
        cancel_url=url,
        parent="customers",
        fieldsets=fieldsets(form),
        template="tenants/account_form.html",
    )  # fmt: skip
    return private(render_form(request, page_))


def hint(request: PageRequest, tenant: Tenant) -> Section:
    """In place of the account: that there is none, and the way to it for whoever sells to the customer."""
    actor = request.actor
    may = actor.can("customer.edit") and tenant.status == Tenant.Status.ACTIVE and is_readable(actor, tenant)
    may = may and (actor.is_provider or is_seller(actor, tenant)) and actor.visitor is None
    may = may and (_may_let_in(actor, tenant) or bool(administrator_of(tenant)))
    url = shell_url(request, "account_open", tenant.pk)
    return Section(
        title=_("Account"),
        template="tenants/hint.html",
        context={"text": _("It has no account yet: no account name, no support level, no limits.")},
        action=Action(_("Open account"), url, "key") if may else None,
    )


def _check(request: PageRequest, customer: Tenant) -> None:
    if not is_readable(request.actor, customer):
        raise NotFound()
    must_sell_to(request.actor, customer)
    if customer.status != Tenant.Status.ACTIVE:
        raise AccountNotActive()
    if CustomerAccount.objects.filter(pk=customer.pk).exists():
        raise AccountThere()
    if not administrator_of(customer):
        must_hold(request.actor, customer.kind, Role.ADMINISTRATOR)


def _may_let_in(actor: Actor, customer: Tenant) -> bool:
    """Whether a new login may be made; else the account is its first administrator's."""
    return permissions(customer.kind, Role.ADMINISTRATOR) <= actor.permissions


def _initial(customer: Tenant, levels: list[SupportLevel]) -> dict[str, Any]:
    limits = {tariff: limit.maximum for tariff, limit in standing(customer).items()}
    return {"email": administrator_of(customer), "support_level": levels[0].code if levels else "", **limits}
