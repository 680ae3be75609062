"""Who may do what: permissions are "noun.verb", a role is a set of them, each kind of tenant has its own roles."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    PROVIDER = "provider", _("Provider")
    RESELLER = "reseller", _("Reseller")
    CUSTOMER = "customer", _("Customer")


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    SALES = "sales", pgettext_lazy("role", "Sales")
    BILLING = "billing", _("Billing")
    SUPPORT = "support", _("Support")
    READ_ONLY = "read_only", _("Read only")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")


LOOKING = frozenset(
    {
        "reseller.view",
        "customer.view",
        "catalog.view",
        "subscription.view",
        "pool.view",
        "add_on.view",
        "report.view",
        "report.run",
        "event.view",
        "job.view",
        "mail.view",
        "invoice.view",
    }
)
"""What changes nothing; a report run is an export. All that is left to a suspended tenant."""

CHANGING = frozenset(
    {
        "reseller.create",
        "reseller.edit",
        "reseller.invite",
        "reseller.map",
        "reseller.move",
        "reseller.delete",
        "customer.create",
        "customer.edit",
        "customer.move",
        "customer.delete",
        "mailbox.manage",
        "catalog.edit",
        "subscription.create",
        "subscription.edit",
        "pool.edit",
        "pool.assign",
        "subscription.order",
        "usage.report",
        "add_on.edit",
        "add_on.sell",
        "bulk_sale.run",
        "billing.run",
        "api_key.manage",
        "user.manage",
        "user.visit",
        "settings.edit",
        "company.edit",
        "invoice.edit",
        "payment.edit",
    }
)
PERMISSIONS = LOOKING | CHANGING

_SELLING = {
    "customer.create",
    "customer.edit",
    "mailbox.manage",
    "subscription.create",
    "subscription.edit",
    "pool.assign",
    "add_on.sell",
}
_CUSTOMER_LOOKING = frozenset({"subscription.view", "add_on.view", "report.view", "event.view", "invoice.view"})

ROLES: dict[str, dict[str, frozenset[str]]] = {
    Kind.PROVIDER: {
        Role.ADMINISTRATOR: PERMISSIONS,
        Role.BILLING: LOOKING
        | {
            "add_on.edit",
            "add_on.sell",
            "bulk_sale.run",
            "usage.report",
            "invoice.edit",
            "payment.edit",
            "billing.run",
        },
        Role.SUPPORT: LOOKING
        | {"customer.edit", "reseller.edit", "mailbox.manage", "subscription.edit", "usage.report", "user.visit"},
        Role.READ_ONLY: LOOKING,
    },
    Kind.RESELLER: {
        Role.ADMINISTRATOR: PERMISSIONS,
        Role.SALES: LOOKING
        | _SELLING
        | {"reseller.create", "reseller.invite", "bulk_sale.run", "pool.edit", "subscription.order"},
        Role.BILLING: LOOKING
        | {"add_on.edit", "add_on.sell", "bulk_sale.run", "invoice.edit", "payment.edit", "billing.run"},
        Role.SUPPORT: LOOKING | {"customer.edit", "mailbox.manage", "subscription.edit", "user.visit"},
        Role.READ_ONLY: LOOKING,
        Role.ACCOUNT_MANAGER: (LOOKING - {"reseller.view", "mail.view"}) | _SELLING,
    },
    Kind.CUSTOMER: {
        Role.ADMINISTRATOR: _CUSTOMER_LOOKING
        | {"api_key.manage", "user.manage", "mailbox.manage", "company.edit", "subscription.order"},
        Role.READ_ONLY: _CUSTOMER_LOOKING,
    },
}

NOT_WHILE_VISITING = frozenset(
    {
        *("subscription.create", "subscription.edit", "subscription.order", "add_on.sell", "bulk_sale.run"),
        *("pool.edit", "pool.assign"),
        *("reseller.create", "reseller.invite", "reseller.move", "reseller.delete"),
        *("customer.create", "customer.move", "customer.delete", "company.edit"),
        *("catalog.edit", "add_on.edit", "usage.report", "report.run"),
        *(
            "user.manage",
            "user.visit",
            "api_key.manage",
            "settings.edit",
            "invoice.edit",
            "payment.edit",
            "billing.run",
        ),
    }
)
"""What nobody does in another's name: what costs money, what decides over access, what goes on when they are gone."""

EVERYTHING, READING = "*", "read"
"""Scopes of an API key that stand for many permissions."""


def role_choices(kind: str) -> list[tuple[str, str]]:
    return [(role, str(Role(role).label)) for role in ROLES[kind]]


def permissions(kind: str, role: str) -> frozenset[str]:
    """An unknown role may nothing."""
    return ROLES[kind].get(role, frozenset())


def scope_permissions(scopes: Iterable[str]) -> frozenset[str]:
    """What the scopes of an API key allow at most; its owner's role decides the rest."""
    allowed: set[str] = set()
    for scope in scopes:
        allowed |= {EVERYTHING: PERMISSIONS, READING: LOOKING}.get(scope, PERMISSIONS & {scope})
    return frozenset(allowed)
