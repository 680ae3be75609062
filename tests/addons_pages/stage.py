"""What the pages of add-ons are tried on: Exchange with groups of resources, and subscriptions on every level."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from addons.models import AddOn, BulkSale
from addons.services.add_ons import Value, create_add_on
from catalog.models import Package, Resource, ServiceInstance, ServiceType
from catalog.services.packages import Content, create_package
from catalog.services.types import create_resource, create_service_instance, create_service_type
from resellerhub.kernel.jobs.run import run
from subscriptions.models import Subscription
from subscriptions.services.ordering.offerings import add_offerings
from subscriptions.services.selling.opening import Offer, sell_subscription, subscribe_reseller
from tests.world import NOW, Player, World

RESOURCES = (
    ("user_mailbox", "User mailboxes", "User mailboxes"),
    ("user_storage", "Storage of user mailboxes", "User mailboxes"),
    ("shared_mailbox", "Shared mailboxes", "Shared mailboxes"),
    ("shared_archive", "Archives of shared mailboxes", "Shared mailboxes"),
    ("room_mailbox", "Room mailboxes", "Resource mailboxes"),
    ("equipment_mailbox", "Equipment mailboxes", "Resource mailboxes"),
)


@dataclass(frozen=True)
class Stage:
    world: World
    exchange: ServiceType
    backup: ServiceType
    instance: ServiceInstance
    other_instance: ServiceInstance
    resources: dict[str, Resource]
    wholesale: Package
    standard: Package
    of_north: Subscription
    of_north_east: Subscription
    of_shop: Subscription
    of_kiosk: Subscription
    of_mill: Subscription
    of_direct: Subscription

    @property
    def values(self) -> dict[str, str]:
        """A form for an add-on, filled in well."""
        return {
            "request_id": str(uuid4()),
            "service_type": str(self.exchange.pk),
            "name": "Shared Mailbox",
            "currency": "EUR",
            "cycle": "month",
            "reseller_price": "2.50",
            "customer_price": "4",
            "every_package": "on",
            self.value("shared_mailbox"): "9999",
        }

    def value(self, code: str) -> str:
        """The name of a resource's input."""
        return f"value_{self.resources[code].pk}"


def build_stage(world: World) -> Stage:
    actor = world.provider.actor
    exchange = create_service_type(actor=actor, code="exchange", name="Microsoft Exchange", now=NOW)
    backup = create_service_type(actor=actor, code="backup", name="Backup for Microsoft 365", now=NOW)
    resources = {
        code: create_resource(
            actor=actor,
            service_type_id=exchange.pk,
            code=code,
            name=name,
            group=group,
            metering="gauge",
            position=position,
            now=NOW,
        )
        for position, (code, name, group) in enumerate(RESOURCES)
    }
    limits = {resources["user_mailbox"].pk: 100, resources["user_storage"].pk: 1000}
    parts = {"actor": actor, "service_type_id": exchange.pk, "now": NOW}
    wholesale = create_package(name="Wholesale", audience="reseller", content=Content(limits), **parts)
    standard = create_package(
        name="Standard", audience="customer", content=Content({resources["user_mailbox"].pk: 10}), **parts
    )
    instance = create_service_instance(name="Exchange 2019", **parts)
    other_instance = create_service_instance(name="Exchange 2016", **parts)

    add_offerings(actor=actor, reseller_ids=[world.south.id], package_ids=[standard.pk], now=NOW)

    def offer(package: Package, quantity: int = 1) -> Offer:
        return Offer(package_id=package.pk, service_instance_id=instance.pk, quantity=quantity)

    def subscribe(reseller: Player, seller: Player, quantity: int) -> Subscription:
        what = offer(wholesale, quantity)
        return subscribe_reseller(actor=seller.actor, reseller_id=reseller.id, offer=what, now=NOW)

    def sell(customer: Player) -> Subscription:
        return sell_subscription(actor=actor, customer_id=customer.id, offer=offer(standard), now=NOW)

    return Stage(
        world=world,
        exchange=exchange,
        backup=backup,
        instance=instance,
        other_instance=other_instance,
        resources=resources,
        wholesale=wholesale,
        standard=standard,
        of_north=subscribe(world.north, world.provider, 5),
        of_north_east=subscribe(world.north_east, world.north, 1),
        of_shop=sell(world.shop),
        of_kiosk=sell(world.kiosk),
        of_mill=sell(world.mill),
        of_direct=sell(world.direct),
    )


@dataclass(frozen=True)
class Window:
    """The stage with add-ons on sale."""

    stage: Stage
    shared: AddOn
    rooms: AddOn
    """9,999 rooms, sold on customers' packages alone."""

    def order(self, **changes: object) -> dict[str, object]:
        """The wizard's form for a sale of Shared Mailbox to North, as the recipe fills it in."""
        return {
            "request_id": str(uuid4()),
            "resellers": [self.stage.world.north.id],
            "service_type": self.stage.exchange.pk,
            "service_instance": self.stage.instance.pk,
            "add_on": self.shared.pk,
            "skip_already_sold": "on",
            "create_copy": "on",
            "quantity": "99999",
            **changes,
        }

    def customers_order(self, **changes: object) -> dict[str, object]:
        values = {**self.order(owner="all", quantity="1"), **changes}
        return {name: value for name, value in values.items() if name not in ("resellers", "create_copy")}


def open_window(stage: Stage) -> Window:
    parts = {
        "actor": stage.world.provider.actor,
        "service_type_id": stage.exchange.pk,
        "currency": "EUR",
        "cycle": "month",
        "reseller_price": Decimal("2.5"),
        "customer_price": Decimal(4),
        "now": NOW,
    }
    shared = [Value(stage.resources[code].pk, 9999) for code in ("shared_mailbox", "shared_archive")]
    rooms = [Value(stage.resources["room_mailbox"].pk, 9999)]
    return Window(
        stage=stage,
        shared=create_add_on(name="Shared Mailbox", values=shared, packages="all", **parts),
        rooms=create_add_on(name="Room Mailbox", values=rooms, packages=[stage.standard.pk], **parts),
    )


def work(bulk_sale: BulkSale) -> BulkSale:
    """What a worker does with it."""
    run(bulk_sale.job_id, seconds=60)
    return BulkSale.objects.select_related("job").get(pk=bulk_sale.pk)
