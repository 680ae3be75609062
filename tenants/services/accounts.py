"""A customer's account, made and changed in one step: its login, its company, who supports it, its limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, RequestReused, found
from tenants.actor import Actor
from tenants.models import CustomerAccount, SupportLevel, Tenant, User
from tenants.roles import Kind, Role
from tenants.services.company import change_company
from tenants.services.customers import create_customer
from tenants.services.details import Details, made_before
from tenants.services.limits import AccountNotActive, must_sell_to, write_limits
from tenants.services.mails import write_mail
from tenants.services.managers import assign_customers
from tenants.services.people import Person, admit
from tenants.services.support import told
from tenants.services.tree import seller_in_scope, tree_operation

ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


class AccountNameTaken(Refusal):
    """One sentence whoever has it, so that nobody learns who else is a customer."""

    code, message, status = "account-name-taken", gettext_lazy("This account name cannot be used."), 422


@dataclass(frozen=True)
class Login:
    """How the customer logs in: by its account name or its address. Without a password, a mail brings a link."""

    account_name: str
    email: str
    name: str = ""
    password: str | None = None


@dataclass(frozen=True)
class Service:
    """Who supports it, by the code of the level; how many of each tariff it may have, those that are named."""

    support_level: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)


@tree_operation
def create_account(
    *,
    actor: Actor,
    seller_id: int,
    details: Details,
    login: Login,
    service: Service = Service(),
    manager_id: int | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> Tenant:
    """A customer with its account, all or nothing. Repeating a request id repeats nothing.

    `manager_id` is the membership of an account manager who is to look after it.

    Refused beside the field: `AccountNameTaken`, `EmailUnavailable`, a level that cannot be chosen.
    """
    actor.require("customer.create")
    details.check()
    account_name = _account_name(login.account_name)
    seller = seller_in_scope(actor, seller_id)
    if earlier := made_before(seller, Kind.CUSTOMER, details, request_id):
        if not CustomerAccount.objects.filter(pk=earlier.pk, login__account_name=account_name).exists():
            raise RequestReused()
        return earlier
    level = _level(seller.house_id, service.support_level)
    customer = create_customer(actor=actor, seller_id=seller.pk, details=details, request_id=request_id, now=now)
    _open(customer, account_name, login, details.language, level, now)
    actor.record(
        "customer.account_opened",
        customer,
        at=now,
        account=account_name,
        **_fee(level),
    )
    write_limits(actor, customer, service.limits, now)
    if manager_id is not None:
        assign_customers(actor=actor, membership_id=manager_id, customer_ids=[customer.pk], now=now)
    if not login.password:
        write_mail(
            kind="account_created",
            to=login.email.strip().lower(),
            sender=seller,
            about=customer,
            language=details.language,
            facts={"organisation": details.name.strip(), "name": login.name, "account_name": account_name},
            now=now,
        )
    return customer


@operation
def change_account(
    *,
    actor: Actor,
    customer_id: int,
    details: Details | None = None,
    seen: str = "",
    service: Service = Service(),
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


def support_levels(provider_id: int, chosen: str = "") -> list[SupportLevel]:
    """Those that can be chosen, in their order, and the one that was."""
    rows = SupportLevel.objects.filter(provider_id=provider_id).order_by("position", "pk")
    return [row for row in rows if row.is_active or row.code == chosen]


def _open(customer: Tenant, account_name: str, login: Login, language: str, level: SupportLevel, now: datetime) -> None:
    person = Person(login.email, name=login.name, password=login.password, language=language)
    member = admit(tenant=customer, person=person, role=Role.ADMINISTRATOR, now=now, field="email")
    with refusing({"tenants_user_account_name_key": AccountNameTaken(field="account_name")}):
        User.objects.filter(pk=member.user_id).update(account_name=account_name)
    CustomerAccount.objects.create(
        tenant=customer, provider_id=customer.house_id, login_id=member.user_id, support_level=level
    )


def _account_name(given: str) -> str:
    name = given.strip().lower()
    if not ACCOUNT_NAME.fullmatch(name):
        sentence = _("3 to 64 small letters, digits, dots, dashes or underscores; it begins with a letter or digit.")
        raise Invalid({"account_name": [sentence]})
    return name


def _level(provider_id: int, code: str, chosen: str = "") -> SupportLevel:
    """Unsaid, it is the first: the seller's own support."""
    levels = support_levels(provider_id, chosen)
    level = next((row for row in levels if not code or row.code == code), None)
    if level is None:
        raise Invalid({"support_level": [_("This support level cannot be chosen.")]})
    return level


def _switch_level(actor: Actor, customer: Tenant, code: str, now: datetime) -> None:
    """With the fees of both: from now on the new one is charged."""
    account = CustomerAccount.objects.filter(pk=customer.pk).locked().first()
    if account is None or not code:
        return
    old = SupportLevel.objects.get(pk=account.support_level_id)
    if old.code == code:
        return
    must_sell_to(actor, customer)
    new = _level(customer.house_id, code)
    account.support_level = new
    account.save(update_fields=["support_level"])
    actor.record("customer.account_changed", customer, at=now, before=_fee(old), **_fee(new))


def _fee(level: SupportLevel) -> dict[str, Any]:
    return {"support_level": level.code, "monthly_fee": told(level.monthly_fee), "currency": level.currency}


def _write_limits(actor: Actor, customer: Tenant, limits: Mapping[str, int], now: datetime) -> None:
    """A form sends all of them: only a change needs whoever sells to the customer."""
    rows = dict(customer.tariff_limits.values_list("tariff", "maximum"))
    changed = {tariff: maximum for tariff, maximum in limits.items() if rows.get(tariff, 0) != maximum}
    if changed:
        must_sell_to(actor, customer)
        write_limits(actor, customer, changed, now)
