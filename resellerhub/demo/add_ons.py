"""The demo's add-ons, and some of them sold."""

from decimal import Decimal
from uuid import UUID, uuid5

from addons.services.add_ons import ALL, create_add_on
from addons.services.content import Value
from addons.services.sales import sell_add_on
from resellerhub.demo.sellers import Stage
from subscriptions.models import Subscription
from tenants.models import Tenant
from tenants.roles import Kind

SPACE = UUID("5c0f7a52-8a57-4b8e-9f0e-3f7d1f8e6a11")
ADD_ONS = (
    ("mail", "Mailing list pack 5", "12.00", "15.00", {"mailing_list": 5}),
    ("mail", "PREMIUM mailbox pack 10", "45.00", "60.00", {"premium_mailbox": 10, "mail_storage_gb": 100}),
    ("exchange", "Archive pack 100 GB", "18.00", "25.00", {"archive_gb": 100}),
    ("exchange", "Storage pack 50 GB", "9.50", "14.00", {"storage_gb": 50}),
    ("exchange", "User mailbox pack 10", "35.00", "49.00", {"user_mailbox": 10, "storage_gb": 100}),
)
"""Service, name, price for resellers and for customers per month, and what one of it grants."""

SOLD = 12


def make_add_ons(stage: Stage) -> int:
    """Associated with all packages of their service; the first four are sold here and there. How many sales."""
    count = 0
    for position, (service, name, reseller_price, customer_price, values) in enumerate(ADD_ONS):
        add_on = create_add_on(
            actor=stage.provider,
            service_type_id=stage.catalogue.types[service].pk,
            name=name,
            currency="EUR",
            cycle="month",
            reseller_price=Decimal(reseller_price),
            customer_price=Decimal(customer_price),
            values=[Value(stage.catalogue.resources[code], value) for code, value in values.items()],
            packages=ALL,
            now=stage.now,
        )
        if position < len(ADD_ONS) - 1:
            count += sell(stage, service, add_on.pk)
    return count


def sell(stage: Stage, service: str, add_on_id: int) -> int:
    """To some resellers, and to customers who draw on nothing: there it always fits."""
    active = (
        Subscription.objects.visible_to(stage.provider)
        .active()
        .filter(service_type=stage.catalogue.types[service], tenant__status=Tenant.Status.ACTIVE, source=None)
    )
    count = 0
    for kind, most in ((Kind.RESELLER, 2), (Kind.CUSTOMER, SOLD)):
        for subscription_id in active.filter(tenant__kind=kind).order_by("pk").values_list("pk", flat=True)[:most]:
            if kind == Kind.CUSTOMER and stage.random.random() < 0.5:
                continue
            sell_add_on(
                actor=stage.provider,
                subscription_id=subscription_id,
                add_on_id=add_on_id,
                quantity=stage.random.choice((1, 1, 2)),
                request_id=uuid5(SPACE, f"{subscription_id} {add_on_id}"),
                now=stage.now,
            )
            count += 1
    return count
