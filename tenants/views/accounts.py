"""A customer's account: made and changed on one page, and what its own page says of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import NotFound, found
from resellerhub.kernel.text import id_in
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, answer_form, operate, render_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.accounts import AccountForm, ChangeAccountForm, fieldsets
from tenants.forms.company import DETAILS
from tenants.models import CustomerAccount, Tariff, Tenant
from tenants.naming import is_readable, name_of
from tenants.roles import Kind
from tenants.services.accounts import change_account, create_account, support_levels
from tenants.services.company import ChangedMeanwhile, NotItsSeller, details_of, is_seller, seen_by, version_of
from tenants.services.limits import AccountNotActive, standing
from tenants.views.company import company_section
from tenants.views.creation import private, show_secret
from tenants.views.opening import hint
from tenants.views.support import support_fee

TEMPLATE = "tenants/account_form.html"


@page("customer.create")
def customer_create(request: PageRequest) -> HttpResponseBase:
    levels = support_levels(Tenant.objects.get(pk=request.actor.tenant_id), day_of(timezone.now()))
    form = AccountForm(
        request.POST or None,
        sellers=selectors.sellers(request.actor),
        managers=selectors.managers(request.actor) if request.actor.can("user.manage") else None,
        levels=levels,
        initial=_initial(request),
    )
    now = timezone.now()
    made = operate(
        request,
        form,
        lambda values: create_account(
            actor=request.actor,
            seller_id=values["seller"].pk,
            details=form.details,
            login=form.login,
            service=form.service,
            manager_id=getattr(values.get("account_manager"), "pk", None),
            request_id=form.request_uuid,
            now=now,
        ),
    )
    if made is not None:
        return _made(request, form, made, is_new=made.created_at == now)
    page_ = FormPage(
        form=form,
        title=_("New customer"),
        submit=_("Create customer"),
        cancel_url=shell_url(request, "customers"),
        parent="customers",
        fieldsets=fieldsets(form),
        template=TEMPLATE,
    )
    return private(render_form(request, page_))


@page("customer.edit")
def customer_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Everything but the account name. Who may not read its names has nothing to change here."""
    customer = found(selectors.customers(request.actor), pk=pk)
    if not is_readable(request.actor, customer):
        raise NotFound()
    if customer.status == Tenant.Status.CLOSED:
        raise AccountNotActive()
    if not is_seller(request.actor, customer) and not request.actor.is_provider:
        raise NotItsSeller()
    form, account = _edit_form(request, customer)

    def save(values: dict[str, Any]) -> Tenant:
        details = form.details if "name" in form.fields else None
        said = {"details": details, "seen": values.get("seen", ""), "service": form.service}
        try:
            return change_account(actor=request.actor, customer_id=pk, now=timezone.now(), **said)
        except ChangedMeanwhile:
            form.saw(form.initial["seen"])
            raise

    url = shell_url(request, "customer", pk)
    intro = _("Account name: %(name)s. It stays as it is.") % {"name": account.login.account_name} if account else ""
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Edit %(name)s") % {"name": name_of(request.actor, customer)},
            intro=intro,
            submit=_("Save changes"),
            cancel_url=url,
            parent="customers",
            fieldsets=fieldsets(form),
            template=TEMPLATE,
        ),
        save,
        _("%(name)s was saved.") % {"name": name_of(request.actor, customer)},
    )


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """Account name, who supports it, and how many it may have, on the page of a customer."""
    if tenant.kind != Kind.CUSTOMER:
        return []
    account = _account(tenant)
    facts = _facts(request, tenant, account)
    if account:
        facts.insert(-len(Tariff.values), (_("Monthly fee"), support_fee(tenant, account)))
    shown = [] if account or tenant.is_closed else [hint(request, tenant)]
    if facts:
        shown.append(Section(title=_("Account") if account else _("Tariff limits"), facts=facts))
    company = [company_section(request, tenant)] if is_readable(request.actor, tenant) else []
    return [*shown, *company]


def own_account(request: PageRequest) -> Sequence[Section]:
    """A customer's own, on its first page: who supports it, and what of its limits is in use."""
    if request.actor.kind != Kind.CUSTOMER:
        return []
    mine = Tenant.objects.get(pk=request.actor.tenant_id)
    facts = _facts(request, mine, _account(mine))
    url = shell_url(request, "mailboxes")
    return [Section(title=_("Your account"), facts=facts, action=Action(_("Mailboxes"), url))] if facts else []


def _facts(request: PageRequest, tenant: Tenant, account: CustomerAccount | None) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = []
    if account and is_readable(request.actor, tenant):
        facts.append((_("Account name"), account.login.account_name))
    if account:
        facts.append((_("Support level"), account.support_level.name))
    used = _("%(used)s of %(maximum)s")
    return facts + [
        (Tariff(tariff).label, used % {"used": limit.used, "maximum": limit.maximum})
        for tariff, limit in standing(tenant).items()
        if account or limit.maximum
    ]


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    if tenant.kind != Kind.CUSTOMER or not is_readable(request.actor, tenant):
        return []
    if not is_seller(request.actor, tenant) and not request.actor.is_provider:
        return []
    return [Action(_("Edit"), shell_url(request, "customer_edit", tenant.pk), "edit", "customer.edit")]


def _initial(request: PageRequest) -> dict[str, Any]:
    """Beneath whom the address says, else beneath the actor itself; supported by the seller."""
    levels = support_levels(Tenant.objects.get(pk=request.actor.tenant_id), day_of(timezone.now()))
    return {
        "seller": id_in(request.GET.get("seller", "")) or request.actor.tenant_id,
        **selectors.house(request.actor),
        "support_level": levels[0].code if levels else "",
    }


def _made(request: PageRequest, form: AccountForm, made: Tenant, *, is_new: bool) -> HttpResponse:
    name, url = form.cleaned_data["name"], shell_url(request, "customer", made.pk)
    if is_new and form.generated:
        return show_secret(
            request,
            title=_("%(name)s was created") % {"name": name},
            intro=_("Pass this password on to %(email)s. It is not shown again.")
            % {"email": form.cleaned_data["email"]},
            label=_("Password"),
            secret=form.generated,
            url=url,
            parent="customers",
        )
    messages.success(request, _("%(name)s was created.") % {"name": name})
    return redirect(url)


def _edit_form(request: PageRequest, customer: Tenant) -> tuple[ChangeAccountForm, CustomerAccount | None]:
    """The company for its seller alone; without an account there is no support level."""
    account = _account(customer)
    code = account.support_level.code if account else ""
    details = details_of(customer.profile)
    seen = version_of(seen_by(request.actor, customer, details), {})
    initial = {**details.values(), "seen": seen, "support_level": code}
    initial |= {tariff: limit.maximum for tariff, limit in standing(customer).items()}
    levels = support_levels(Tenant.objects.get(pk=customer.seller_id), day_of(timezone.now()), code)
    used = {tariff: limit.used for tariff, limit in standing(customer).items()}
    form = ChangeAccountForm(request.POST or None, levels=levels, stored=details, used=used, initial=initial)
    if not is_seller(request.actor, customer):
        form.leave_out((*DETAILS, "seen"))
    if account is None:
        form.leave_out(("support_level",))
    return form, account


def _account(tenant: Tenant) -> CustomerAccount | None:
    return CustomerAccount.objects.filter(pk=tenant.pk).select_related("login", "support_level").first()
