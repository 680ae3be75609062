"""What add-ons are tried on: the market of the subscriptions, with mailboxes that packages do not grant."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import uuid4

from addons.models import AddOn, AddOnSale, BulkSale
from addons.services.add_ons import Value, create_add_on
from addons.services.bulk import start_bulk_sale
from addons.services.orders import Order
from addons.services.previews import preview_bulk_sale
from addons.services.sales import sell_add_on
from catalog.models import PriceList, PriceListHolder, PriceRule, Resource
from catalog.services.types import create_resource
from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.models import JobItem
from subscriptions.models import Holding, Subscription
from subscriptions.services.selling.agreeing import Price
from tenants.models import ResellerTerms
from tests.subscriptions.market import Market, build_market
from tests.world import NOW, Player, World


@dataclass(frozen=True)
class Shop:
    market: Market
    shared: Resource
    rooms: Resource
    add_on: AddOn
    """9,999 shared mailboxes; 2.50 to resellers, 4 to customers; with all packages."""

    @property
    def world(self) -> World:
        return self.market.world

    def make(self, name: str, values: dict[Resource, int], by: Player | None = None, **options) -> AddOn:
        defaults = {"currency": "EUR", "cycle": "month", "packages": "all"}
        prices = {"reseller_price": Decimal("2.5"), "customer_price": Decimal(4)}
        return create_add_on(
            actor=(by or self.world.provider).actor,
            service_type_id=self.market.exchange.pk,
            name=name,
            values=[Value(resource.pk, value) for resource, value in values.items()],
            now=NOW,
            **(defaults | prices | options),
        )

    def sell(self, subscription: Subscription, add_on: AddOn | None = None, quantity: int = 1, **options) -> AddOnSale:
        by, now = options.pop("by", self.world.provider), options.pop("now", NOW)
        return sell_add_on(
            actor=by.actor,
            subscription_id=subscription.pk,
            add_on_id=(add_on or self.add_on).pk,
            quantity=quantity,
            price=options.pop("price", Price()),
            request_id=options.pop("request_id", uuid4()),
            now=now,
        )

    def to_resellers(self, *resellers: Player, **options) -> Order:
        order = Order("resellers", self.market.exchange.pk, self.add_on.pk, 1, only_over_quota=False)
        return replace(order, resellers=tuple(player.id for player in resellers), **options)

    def to_customers(self, **options) -> Order:
        return replace(Order("customers", self.market.exchange.pk, self.add_on.pk, 1, only_over_quota=False), **options)

    def start(self, order: Order, by: Player | None = None, request_id=None) -> BulkSale:
        return start_bulk_sale(
            actor=(by or self.world.provider).actor, order=order, request_id=request_id or uuid4(), now=NOW
        )

    def preview(self, order: Order, by: Player | None = None):
        return preview_bulk_sale(actor=(by or self.world.provider).actor, order=order, now=NOW)

    def run(self, order: Order, by: Player | None = None) -> dict[int, str]:
        """Start it and do the workers' part; the outcome of each subscription."""
        foreseen = self.preview(order, by)
        sale = self.start(order, by)
        ended = work(sale)
        counts = dict.fromkeys(foreseen.counts, 0)
        for outcome in ended.values():
            counts[outcome] = counts.get(outcome, 0) + 1
        assert counts == foreseen.counts, "the preview said something else"
        return ended


def work(sale: BulkSale) -> dict[int, str]:
    run(sale.job_id, seconds=60)
    return outcomes(sale)


def outcomes(sale: BulkSale) -> dict[int, str]:
    rows = JobItem.objects.filter(job=sale.job_id).order_by("position").values_list("subject_id", "state", "reason")
    return {subject: "sold" if state == "done" else reason or state for subject, state, reason in rows}


def allocated(subscription: Subscription, resource: Resource) -> int:
    rows = Holding.objects.filter(subscription=subscription, resource=resource).values_list("allocated", flat=True)
    return rows.first() or 0


def sold_on(subscription: Subscription, resource: Resource) -> int:
    rows = Holding.objects.filter(subscription=subscription, resource=resource).values_list("sold", flat=True)
    return rows.first() or 0


def let_oversell(player: Player, may: bool = True) -> None:
    ResellerTerms.objects.filter(pk=player.id).update(may_oversell=may)


def build_shop(world: World) -> Shop:
    market = build_market(world)
    codes = {
        code: create_resource(
            actor=world.provider.actor,
            service_type_id=market.exchange.pk,
            code=code,
            name=code.replace("_", " ").capitalize(),
            metering="gauge",
            now=NOW,
        )
        for code in ("shared_mailbox", "room_mailbox")
    }
    shop = Shop(market, codes["shared_mailbox"], codes["room_mailbox"], None)  # type: ignore[arg-type]
    return replace(shop, add_on=shop.make("Shared Mailbox", {shop.shared: 9999}))


def price_list(seller, buyer, add_on, value, **options):
    audience = buyer.tenant.kind
    house = {"provider_id": seller.tenant.house_id, "tenant_id": seller.id}
    made = PriceList.objects.create(name=f"For {buyer.id}", currency="EUR", audience=audience, created_at=NOW, **house)
    rule = {"effective_on": NOW.date(), "add_on_id": add_on.pk, "method": "fixed", "value": value, "made_at": NOW}
    PriceRule.objects.create(price_list=made, **rule | options)
    PriceListHolder.objects.create(
        provider_id=seller.tenant.house_id, price_list=made, tenant_id=buyer.id, seller_id=seller.id
    )
    return made


def copy_of(add_on: AddOn, owner: Player | None = None) -> AddOn:
    rows = AddOn.objects.filter(copied_from=add_on)
    return rows.get(tenant=owner.id) if owner else rows.get()


def charges(add_on: AddOn) -> tuple[Decimal | None, Decimal | None]:
    """What the fees of the newest version charge: resellers, customers."""
    version = add_on.versions.latest("pk")
    pair = (version.reseller_fee, version.account_fee)
    return tuple(fee and fee.versions.latest("pk").amount for fee in pair)


def resources_of(add_on: AddOn) -> list[tuple[Resource, int, int]]:
    rows = add_on.versions.latest("pk").resources.select_related("resource").order_by("resource_id")
    return [(row.resource, row.value, row.minimum) for row in rows]
