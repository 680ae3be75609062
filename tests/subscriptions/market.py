"""What the cast trades with: Exchange with its resources, an instance, and packages for resellers and customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Package, Resource, ServiceInstance, ServiceType
from catalog.services.packages import Content, create_package
from catalog.services.types import create_resource, create_service_instance, create_service_type
from subscriptions.models import Holding, Subscription
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.ordering.offerings import add_offerings
from subscriptions.services.selling.opening import Offer, sell_subscription, subscribe_reseller
from tenants.actor import Actor
from tests.world import NOW, Player, World


@dataclass(frozen=True)
class Market:
    world: World
    exchange: ServiceType
    instance: ServiceInstance
    mailbox: Resource
    storage: Resource
    traffic: Resource
    """A counter; the others are gauges."""
    wholesale: Package
    """For resellers: 100 mailboxes, 1,000 GB."""
    standard: Package
    """For customers: 10 mailboxes, 50 GB; shared."""

    def offer(self, package: Package, **options) -> Offer:
        return Offer(package_id=package.pk, service_instance_id=self.instance.pk, **options)

    def subscribe(self, reseller: Player, by: Player | None = None, package: Package | None = None, **options):
        return subscribe_reseller(
            actor=(by or self.world.provider).actor,
            reseller_id=reseller.id,
            offer=self.offer(package or self.wholesale, **options),
            now=NOW,
        )

    def sell(self, customer: Player, by: Player | None = None, package: Package | None = None, **options):
        return sell_subscription(
            actor=(by or self.world.provider).actor,
            customer_id=customer.id,
            offer=self.offer(package or self.standard, **options),
            now=NOW,
        )

    def offers(self, reseller: Player, *packages: Package) -> None:
        """What a commission reseller may offer besides."""
        ids = [package.pk for package in packages]
        add_offerings(actor=self.world.provider.actor, reseller_ids=[reseller.id], package_ids=ids, now=NOW)

    def package(
        self, name: str, audience: str, limits: Mapping[Resource, int], fees: Mapping[str, int] | None = None, **options
    ) -> Package:
        return create_package(
            actor=self.world.provider.actor,
            service_type_id=self.exchange.pk,
            name=name,
            audience=audience,
            content=Content({resource.pk: limit for resource, limit in limits.items()}, **(fees or {})),
            now=NOW,
            **options,
        )


def build_market(world: World) -> Market:
    actor = world.provider.actor
    exchange = create_service_type(actor=actor, code="exchange", name="Microsoft Exchange", now=NOW)
    mailbox, storage, traffic = (
        create_resource(actor=actor, service_type_id=exchange.pk, code=code, name=name, metering=metering, now=NOW)
        for code, name, metering in (
            ("user_mailbox", "User mailboxes", "gauge"),
            ("storage_gb", "Storage", "gauge"),
            ("mails", "Mails sent", "counter"),
        )
    )
    instance = create_service_instance(actor=actor, service_type_id=exchange.pk, name="Exchange 2019", now=NOW)
    parts = {"service_type_id": exchange.pk, "now": NOW, "actor": actor}
    market = Market(
        world=world,
        exchange=exchange,
        instance=instance,
        mailbox=mailbox,
        storage=storage,
        traffic=traffic,
        wholesale=create_package(
            name="Wholesale", audience="reseller", content=Content({mailbox.pk: 100, storage.pk: 1000}), **parts
        ),
        standard=create_package(
            name="Standard", audience="customer", content=Content({mailbox.pk: 10, storage.pk: 50}), **parts
        ),
    )
    market.offers(world.south, market.standard)
    return market


def held(subscription: Subscription, resource: Resource) -> tuple[int, int, int, int]:
    """Allocated, sold, used and remaining."""
    row = Holding.objects.filter(subscription=subscription, resource=resource).first()
    return (row.allocated, row.sold, row.used, row.remaining) if row else (0, 0, 0, 0)


def change_quantity(*, actor: Actor, subscription_id: int, quantity: int, now: datetime) -> Subscription:
    """At once, and whatever it costs."""
    return take_step(actor=actor, subscription_id=subscription_id, step=ChangeQuantity(quantity), now=now)
