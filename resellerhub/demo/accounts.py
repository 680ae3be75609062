"""The demo's support levels with their fees, and the accounts of those customers who can log in."""

from datetime import datetime
from decimal import Decimal

from tenants.actor import Actor
from tenants.models import SupportLevel, Tenant
from tenants.services.accounts import Login, Service, create_account
from tenants.services.details import Details
from tenants.services.limits import create_mailbox
from tenants.services.people import Person
from tenants.services.support import change_support_level

FEES = {"silver": "9.90", "gold": "24.90", "platinum": "79.00"}
"""A month, in euros; the reseller's own support is free."""
LIMITS = {"light": 10, "standard": 5, "premium": 2, "mailing_list": 3}
MAILBOXES = (("light", "info"), ("light", "bestellung"), ("standard", "geschaeftsleitung"), ("mailing_list", "alle"))


def price_support(provider: Actor, now: datetime) -> None:
    for level in SupportLevel.objects.filter(provider_id=provider.tenant_id, code__in=FEES).order_by("position"):
        change_support_level(
            actor=provider,
            support_level_id=level.pk,
            name=level.name,
            monthly_fee=Decimal(FEES[level.code]),
            currency="EUR",
            is_active=True,
            now=now,
        )


def open_account(seller: Actor, details: Details, person: Person, number: int, now: datetime) -> Tenant:
    """A customer who logs in as `kunde-<number>`, too, with a level, limits and some mailboxes."""
    levels = ("reseller", *FEES)
    account = create_account(
        actor=seller,
        seller_id=seller.tenant_id,
        details=details,
        login=Login(f"kunde-{number}", person.email, person.name, person.password),
        service=Service(levels[number % len(levels)], LIMITS),
        now=now,
    )
    for tariff, name in MAILBOXES:
        create_mailbox(
            actor=seller, customer_id=account.pk, tariff=tariff, address=f"{name}@kunde-{number}.example", now=now
        )
    return account
