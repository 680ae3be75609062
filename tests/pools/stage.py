"""A stock of pools and a line of resellers, each mapped, who hand seats down."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from catalog.models import ServiceType
from catalog.services.types import create_service_type
from subscriptions.models import Pool, PoolAssignment
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.giving import Wanted, give_pools
from subscriptions.services.pools.purchasing import Purchase, purchase_pool
from subscriptions.services.pools.resolving import accept_pool
from tenants.models import Mapping
from tests.world import NOW, Player, World, customer, reseller

END = NOW + timedelta(days=365)


@dataclass
class Stage:
    world: World
    service: ServiceType

    def stock(self, seats: int = 100, holder: Player | None = None, **changed) -> Pool:
        values = {"name": "Backup", "unit": "seats", "source": "direct", "payment_type": "yearly", "ends_at": END}
        purchase = Purchase(service_type_id=self.service.pk, seats=seats, **values | changed)
        player = holder or self.world.provider
        return purchase_pool(actor=self.world.provider.actor, tenant_id=player.id, purchase=purchase, now=NOW)

    def offer(self, parent: Pool, taker: Player, seats: int, by: Player | None = None, now=NOW, **expiry) -> Pool:
        giver = by or self.world.provider
        wanted = Wanted(parent.pk, "distributor", "monthly", seats, Expiry(**expiry))
        return give_pools(actor=giver.actor, reseller_ids=[taker.id], wanted=[wanted], request_id=uuid4(), now=now)[0]

    def give(self, parent: Pool, taker: Player, seats: int, by: Player | None = None, now=NOW, **expiry) -> Pool:
        pool = self.offer(parent, taker, seats, by, now, **expiry)
        return accept_pool(actor=taker.actor, pool_id=pool.pk, now=now)

    def assign(self, pool: Pool, customer: Player, seats: int, by: Player | None = None) -> PoolAssignment:
        """Of a pool of North's, unless another holds it."""
        asked = {"pool_id": pool.pk, "customer_id": customer.id, "seats": seats, "request_id": uuid4()}
        return assign_seats(actor=(by or self.world.north).actor, **asked, now=NOW)


def mapped(player: Player) -> Player:
    Mapping.objects.create(
        tenant=player.tenant, provider_id=player.tenant.provider_id, owner_email="a@b.example", organisation="x",
        mapped_at=NOW,
    )  # fmt: skip
    return player


def build_stage(world: World) -> Stage:
    for player in (world.north, world.south, world.north_east):
        mapped(player)
    service = create_service_type(actor=world.provider.actor, code="backup", name="Cloud backup", now=NOW)
    return Stage(world, service)


def line(stage: Stage, depth: int) -> list[Player]:
    """Resellers one beneath the other, and a customer of the last."""
    players = [stage.world.north]
    while len(players) < depth:
        players.append(mapped(reseller(players[-1], f"Level {len(players)}")))
    return [*players, customer(players[-1], "At the bottom")]
