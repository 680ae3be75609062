"""A customer's account, made and changed in one step: its login, its company, who supports it, its limits."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, RequestReused, found
from tenants.actor import Actor
from tenants.models import CustomerAccount, Tenant
from tenants.naming import is_readable
from tenants.roles import Kind, Role
from tenants.services.account_logins import AccountNameTaken as AccountNameTaken
from tenants.services.account_logins import Login as Login
from tenants.services.account_logins import Service as Service
from tenants.services.account_logins import checked_name, fee_facts, level_of, login_of, refuse_mail, write_account
from tenants.services.account_logins import support_levels as support_levels
from tenants.services.company import change_company
from tenants.services.customers import create_customer
from tenants.services.details import Details, made_before
from tenants.services.limits import AccountNotActive, must_sell_to, write_limits
from tenants.services.managers import assign_customers
from tenants.services.members import must_hold
from tenants.services.support_phases import begin_support
from tenants.services.tree import seller_in_scope, tree_operation
from tenants.support_prices import priced

UNSAID = Service()
"""The first level, and no limits; of an account that is there, what it has."""


class AccountThere(Refusal):
    code, message = "account-there", _("This customer has an account already.")


@tree_operation
def create_account(
    *,
    actor: Actor,
    seller_id: int,
    details: Details,
    login: Login,
    service: Service = UNSAID,
    manager_id: int | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> Tenant:
    """A customer with its account, all or nothing. Repeating a request id repeats nothing.

    `manager_id` is the membership of an account manager who is to look after it.

    Refused beside the field: `AccountNameTaken`, `EmailUnavailable`, a level that cannot be chosen.
    """
    actor.require("customer.create")
    errors = details.errors()
    try:
        account_name = checked_name(login.account_name)
    except Invalid as invalid:
        errors |= invalid.errors
    if errors:
        raise Invalid(errors)
    seller = seller_in_scope(actor, seller_id)
    if earlier := made_before(seller, Kind.CUSTOMER, details, request_id):
        if not CustomerAccount.objects.filter(pk=earlier.pk, login__account_name=account_name).exists():
            raise RequestReused()
        return earlier
    level = level_of(seller, service.support_level, day_of(now))
    customer = create_customer(actor=actor, seller_id=seller.pk, details=details, request_id=request_id, now=now)
    refuse_mail(customer, seller, login, now)
    write_account(actor, customer, seller, login, level, details.language, now)
    write_limits(actor, customer, service.limits, now)
    if manager_id is not None:
        assign_customers(actor=actor, membership_id=manager_id, customer_ids=[customer.pk], now=now)
    return customer


@operation
def open_account(*, actor: Actor, customer_id: int, login: Login, service: Service = UNSAID, now: datetime) -> Tenant:
    """Give a customer the account that it came without: one that was imported, made by hand, or a reseller before.

    An administrator that it has, named by the address, keeps login and password and gets the account name besides;
    any other address gets a new login, made only by who may all that an administrator may. Refused as in
    `create_account`, and `AccountThere`, `NotYourCustomer`, `AccountNotActive`.
    """
    actor.require("customer.edit")
    customer: Tenant = found(Tenant.objects.visible_to(actor).customers().locked(), pk=customer_id)
    if customer.pk == actor.tenant_id or not is_readable(actor, customer):
        raise NotFound()
    must_sell_to(actor, customer)
    if customer.status != Tenant.Status.ACTIVE:
        raise AccountNotActive()
    if CustomerAccount.objects.filter(pk=customer.pk).exists():
        raise AccountThere()
    if login_of(customer, login.email) is None:
        must_hold(actor, customer.kind, Role.ADMINISTRATOR)
    seller = Tenant.objects.get(pk=customer.seller_id)
    level = level_of(seller, service.support_level, day_of(now))
    refuse_mail(customer, seller, login, now)
    write_account(actor, customer, seller, login, level, customer.profile.language, now)
    write_limits(actor, customer, service.limits, now)
    return customer


@operation
def change_account(
    *,
    actor: Actor,
    customer_id: int,
    details: Details | None = None,
    seen: str = "",
    service: Service = UNSAID,
    now: datetime,
) -> Tenant:
    """All of a customer but its account name, at once; what is left out stays, and what stays the same is not noted.

    Refused: `NotItsSeller` and `ChangedMeanwhile` as for the company, `NotYourCustomer` where support level or limits
    change and another sells to it, `LimitBelowUse`.
    """
    actor.require("customer.edit")
    customer: Tenant = found(Tenant.objects.visible_to(actor).customers().locked(), pk=customer_id)
    if customer.pk == actor.tenant_id:
        raise NotFound()
    if customer.status == Tenant.Status.CLOSED:
        raise AccountNotActive()
    if details is not None:
        change_company(actor=actor, tenant_id=customer.pk, details=details, seen=seen, now=now)
    _switch_level(actor, customer, service.support_level, now)
    _write_limits(actor, customer, service.limits, now)
    return customer


def _switch_level(actor: Actor, customer: Tenant, code: str, now: datetime) -> None:
    """With the fees of both: from now on the new one is charged."""
    account = CustomerAccount.objects.filter(pk=customer.pk).locked().first()
    if account is None or not code:
        return
    seller, today = Tenant.objects.get(pk=customer.seller_id), day_of(now)
    old = priced(seller, today).get(pk=account.support_level_id)
    if old.code == code:
        return
    must_sell_to(actor, customer)
    new = level_of(seller, code, today)
    account.support_level = new
    account.save(update_fields=["support_level"])
    begin_support(customer, new, now)
    actor.record("customer.account_changed", customer, at=now, before=fee_facts(old), **fee_facts(new))


def _write_limits(actor: Actor, customer: Tenant, limits: Mapping[str, int], now: datetime) -> None:
    """A form sends all of them: only a change needs whoever sells to the customer."""
    rows = dict(customer.tariff_limits.values_list("tariff", "maximum"))
    changed = {tariff: maximum for tariff, maximum in limits.items() if rows.get(tariff, 0) != maximum}
    if changed:
        must_sell_to(actor, customer)
        write_limits(actor, customer, changed, now)
