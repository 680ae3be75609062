"""The login and the support level of a customer's account: what may be said of them, and how they are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Invalid, Refusal
from tenants.actor import Actor
from tenants.models import CustomerAccount, Mail, Membership, SupportLevel, Tenant, User
from tenants.roles import Role
from tenants.services.details import know_owner
from tenants.services.flood import refuse_flood
from tenants.services.mails import write_mail
from tenants.services.people import EmailUnavailable, Person, admit, is_taken
from tenants.services.support import told
from tenants.services.support_phases import begin_support
from tenants.support_prices import priced

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


def problems_of(login: Login, customer: Tenant | None = None) -> dict[str, list[str]]:
    """All that would be refused, beside its field. Who works for the customer already may keep their login."""
    errors: dict[str, list[str]] = {}
    try:
        if User.objects.filter(account_name=checked_name(login.account_name)).exists():
            errors["account_name"] = [AccountNameTaken().detail]
    except Invalid as invalid:
        errors |= invalid.errors
    if login.email and not (customer and login_of(customer, login.email)) and is_taken(login.email):
        errors["email"] = [EmailUnavailable().detail]
    return errors


def checked_name(given: str) -> str:
    """As it is stored."""
    name = given.strip().lower()
    if not ACCOUNT_NAME.fullmatch(name):
        sentence = _("3 to 64 small letters, digits, dots, dashes or underscores; it begins with a letter or digit.")
        raise Invalid({"account_name": [sentence]})
    return name


def login_of(customer: Tenant, email: str) -> User | None:
    """Of somebody who administers the customer already, and is no account's login yet."""
    member = _administrators(customer).filter(user__email=email.strip().lower()).select_related("user").first()
    return member.user if member else None


def administrator_of(customer: Tenant) -> str:
    """The address of its first administrator, whose login can become the account's."""
    members = _administrators(customer).order_by("created_at", "pk")
    return members.values_list("user__email", flat=True).first() or ""


def _administrators(customer: Tenant) -> QuerySet[Membership]:
    """Who may log in, and could do so by the account name as well."""
    return Membership.objects.filter(
        tenant=customer, role=Role.ADMINISTRATOR, user__account_name=None, user__is_active=True
    )


def support_levels(seller: Tenant, on: date, chosen: str = "") -> list[SupportLevel]:
    """Those that can be chosen, in their order, and the one that was; with what customers of the seller pay."""
    rows = priced(seller, on).order_by("position", "pk")
    return [row for row in rows if row.is_active or row.code == chosen]


def level_of(seller: Tenant, code: str, on: date) -> SupportLevel:
    """Unsaid, it is the first: the seller's own support."""
    level = next((row for row in support_levels(seller, on) if not code or row.code == code), None)
    if level is None:
        raise Invalid({"support_level": [_("This support level cannot be chosen.")]})
    return level


def fee_facts(level: Any) -> dict[str, Any]:
    """What the customer pays, of a level with its price."""
    return {"support_level": level.code, "monthly_fee": told(level.monthly_fee), "currency": level.currency}


def refuse_mail(customer: Tenant, seller: Tenant, login: Login, now: datetime) -> None:
    """Before one account is written that brings a mail; the rows of a file are judged together."""
    if not login.password and login_of(customer, login.email) is None:
        refuse_flood(seller, login.email.strip().lower(), now)


def write_account(
    actor: Actor,
    customer: Tenant,
    seller: Tenant,
    login: Login,
    level: SupportLevel,
    language: str,
    now: datetime,
    rank: Mail.Rank = Mail.Rank.SINGLE,
) -> None:
    """Part of an operation that has made or locked the customer. Whoever is to get a login, and was given no password,
    is written to, which was asked for before; a login that is there stays as it is."""
    if len(problems := problems_of(login, customer)) > 1:
        raise Invalid(problems)
    name = checked_name(login.account_name)
    user = login_of(customer, login.email)
    is_new = user is None
    if user is None:
        person = Person(login.email, name=login.name, password=login.password, language=language)
        user = admit(tenant=customer, person=person, role=Role.ADMINISTRATOR, now=now, field="email").user
    know_owner(customer, user.email)
    with refusing({"tenants_user_account_name_key": AccountNameTaken(field="account_name")}):
        User.objects.filter(pk=user.pk).update(account_name=name)
    CustomerAccount.objects.create(tenant=customer, provider_id=customer.house_id, login=user, support_level=level)
    begin_support(customer, level, now)
    actor.record("customer.account_opened", customer, at=now, account=name, email=user.email, **fee_facts(level))
    if is_new:
        actor.record("user.added", user, at=now, tenant_id=customer.pk, role=Role.ADMINISTRATOR, email=user.email)
    if is_new and not login.password:
        write_mail(
            kind="account_created",
            to=user.email,
            sender=seller,
            about=customer,
            language=language,
            facts={"organisation": customer.profile.name, "name": login.name, "account_name": name},
            rank=rank,
            now=now,
        )
