"""What the demo's provider sells: hosted Exchange and a mail service, with packages for resellers and customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import Fee, Package, Resource, ServiceInstance, ServiceType
from catalog.services.fees import Charging, create_fee
from catalog.services.packages import Content, create_package
from catalog.services.types import create_resource, create_service_instance, create_service_type
from tenants.actor import Actor

GAUGE, COUNTER = Resource.Metering.GAUGE, Resource.Metering.COUNTER
EXCHANGE = (
    ("user_mailbox", "User mailboxes", "", "Mailboxes", GAUGE),
    ("shared_mailbox", "Shared mailboxes", "", "Mailboxes", GAUGE),
    ("resource_mailbox", "Resource mailboxes", "", "Mailboxes", GAUGE),
    ("storage_gb", "Mailbox storage", "GB", "Storage", GAUGE),
    ("archive_gb", "Archive storage", "GB", "Storage", GAUGE),
    ("distribution_list", "Distribution lists", "", "Recipients", GAUGE),
    ("contact", "Contacts", "", "Recipients", GAUGE),
)
MAIL = (
    ("light_mailbox", "LIGHT mailboxes", "", "Mailboxes", GAUGE),
    ("standard_mailbox", "STANDARD mailboxes", "", "Mailboxes", GAUGE),
    ("premium_mailbox", "PREMIUM mailboxes", "", "Mailboxes", GAUGE),
    ("mailing_list", "Mailing lists", "", "Lists", GAUGE),
    ("mail_storage_gb", "Mail storage", "GB", "Storage", GAUGE),
    ("sent_mail", "Mails sent", "", "Traffic", COUNTER),
)


@dataclass(frozen=True, eq=False)
class Recipe:
    """A package to be: of which service, and what one unit grants, by the code of the resource."""

    service: str
    name: str
    limits: Mapping[str, int]


WHOLESALE = (
    Recipe(
        "exchange",
        "Exchange Reseller 10",
        {
            "user_mailbox": 10,
            "shared_mailbox": 4,
            "resource_mailbox": 2,
            "storage_gb": 200,
            "archive_gb": 100,
            "distribution_list": 10,
            "contact": 100,
        },
    ),
    Recipe(
        "mail",
        "Mail Reseller 10",
        {
            "light_mailbox": 10,
            "standard_mailbox": 10,
            "premium_mailbox": 10,
            "mailing_list": 5,
            "mail_storage_gb": 200,
            "sent_mail": 50_000,
        },
    ),
)
RETAIL = (
    Recipe(
        "exchange",
        "Exchange Start",
        {"user_mailbox": 5, "shared_mailbox": 1, "storage_gb": 50, "distribution_list": 5, "contact": 50},
    ),
    Recipe(
        "exchange",
        "Exchange Business",
        {
            "user_mailbox": 20,
            "shared_mailbox": 8,
            "resource_mailbox": 4,
            "storage_gb": 400,
            "archive_gb": 200,
            "distribution_list": 20,
            "contact": 200,
        },
    ),
    Recipe("mail", "Mail LIGHT", {"light_mailbox": 10, "mailing_list": 1, "mail_storage_gb": 20, "sent_mail": 5_000}),
    Recipe(
        "mail",
        "Mail STANDARD",
        {"standard_mailbox": 10, "mailing_list": 3, "mail_storage_gb": 100, "sent_mail": 20_000},
    ),
    Recipe(
        "mail", "Mail PREMIUM", {"premium_mailbox": 10, "mailing_list": 10, "mail_storage_gb": 250, "sent_mail": 50_000}
    ),
)


PRICES = {
    "Exchange Start": (18, 29),
    "Exchange Business": (64, 99),
    "Mail LIGHT": (8, 14),
    "Mail STANDARD": (20, 34),
    "Mail PREMIUM": (42, 69),
}
"""Euro per month: what resellers owe for each customer subscription, and what customers are recommended to pay."""


@dataclass(frozen=True)
class Catalogue:
    types: dict[str, ServiceType]
    instances: dict[str, ServiceInstance]
    resources: dict[str, int]
    """Resource id by code; no code occurs in both services."""
    packages: dict[str, Package]

    def limits(self, recipe: Recipe) -> dict[int, int]:
        return {self.resources[code]: limit for code, limit in recipe.limits.items()}


def make_catalogue(actor: Actor, now: datetime) -> Catalogue:
    made = Catalogue({}, {}, {}, {})
    for code, name, resources, instance in (
        ("exchange", "Microsoft Exchange", EXCHANGE, "Exchange 2019"),
        ("mail", "Mail", MAIL, "Mail Cluster Berlin"),
    ):
        service_type = create_service_type(actor=actor, code=code, name=name, now=now)
        made.types[code] = service_type
        made.instances[code] = create_service_instance(
            actor=actor, service_type_id=service_type.pk, name=instance, now=now
        )
        for resource_code, resource_name, unit, group, metering in resources:
            resource = create_resource(
                actor=actor,
                service_type_id=service_type.pk,
                code=resource_code,
                name=resource_name,
                unit=unit,
                group=group,
                metering=metering,
                now=now,
            )
            made.resources[resource_code] = resource.pk
    for audience, recipes in ((Package.Audience.RESELLER, WHOLESALE), (Package.Audience.CUSTOMER, RETAIL)):
        for recipe in recipes:
            made.packages[recipe.name] = create_package(
                actor=actor,
                service_type_id=made.types[recipe.service].pk,
                name=recipe.name,
                audience=audience,
                content=Content(made.limits(recipe), **make_pair(actor, recipe.name, now)),
                is_shared=audience == Package.Audience.CUSTOMER,
                now=now,
            )
    return made


def make_pair(actor: Actor, name: str, now: datetime) -> dict[str, Any]:
    """The fees of a package, by the names that its content gives them; none for what has no prices."""
    pair = {}
    kinds = (Fee.Kind.RESELLER, Fee.Kind.ACCOUNT)
    for kind, amount in zip(kinds, PRICES.get(name, ()), strict=False):
        fee = create_fee(
            actor=actor,
            kind=kind,
            name=name,
            currency="EUR",
            charging=Charging(name, Decimal(amount), amount_year=Decimal(amount) * 10),
            is_shared=kind == Fee.Kind.ACCOUNT,
            now=now,
        )
        pair[f"{kind.value}_fee_id"] = fee.pk
    return pair
