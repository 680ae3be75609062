"""What came to a threshold stays with who held and sold it then; where the subscription goes, it begins anew."""

import pytest
from django.db import DatabaseError, connection, transaction

from subscriptions.models import UsageCrossing
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.taking import take_step
from tenants.models import Mail
from tenants.services.moves import move_tenant
from tests.subscriptions.prices import later
from tests.subscriptions.quotas import set_alerts, tell, use
from tests.world import NOW, Player, customer, reseller

ATTACKS = {
    "at another seller": "UPDATE subscriptions_usagecrossing SET seller_id = %(south)s",
    "of another holder": "UPDATE subscriptions_usagecrossing SET tenant_id = %(mill)s",
    "begun elsewhere": "INSERT INTO subscriptions_usagecrossing SELECT (jsonb_populate_record(c, jsonb_build_object("
    "'id', -1, 'percent', 1, 'seller_id', %(south)s))).* FROM subscriptions_usagecrossing c",
    "no threshold": "UPDATE subscriptions_usagealerts SET percents = ARRAY[80, NULL]::smallint[]",
    "none at all": "UPDATE subscriptions_usagealerts SET percents = NULL",
    "in rows": "UPDATE subscriptions_usagealerts SET percents = '{{80},{90}}'",
}


def seen(player: Player) -> list[tuple]:
    rows = UsageCrossing.objects.visible_to(player.actor).order_by("pk")
    return list(rows.values_list("seller_id", "tenant_id", "percent", "value", "cleared_at"))


def test_a_new_seller_sees_what_comes_to_a_threshold_there(market):
    world = market.world
    west = reseller(world.provider, "West")
    for seller in (world.north, west):
        market.subscribe(seller)
    held = market.sell(world.shop, by=world.north)
    use(market, held, 9)
    tell()
    moved = later(1)
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=west.id, now=moved)
    before = (world.north.id, world.shop.id, 80, 9, moved)
    after = (west.id, world.shop.id, 80, 9, None)
    assert (seen(world.north), seen(west), seen(world.shop)) == ([], [after], [before, after])
    assert seen(world.provider) == [before, after]
    kinds, mails = tell(moved)
    assert kinds == ["usage.crossed"]
    assert [mail[2] for mail in mails] == [west.id]


def test_a_new_holder_too_and_who_left_a_block_is_told_no_end_of_it(market):
    world = market.world
    market.subscribe(world.north)
    corner = customer(world.north, "Corner")
    held = market.sell(world.shop, by=world.north)
    use(market, held, 8)
    UsageCrossing.objects.filter(subscription=held).update(told_at=NOW)
    moved = later(1)
    take_step(actor=world.north.actor, subscription_id=held.pk, step=Move(corner.id), now=moved)
    before = (world.north.id, world.shop.id, 80, 8, moved)
    after = (world.north.id, corner.id, 80, 8, None)
    assert (seen(world.shop), seen(corner), seen(world.north)) == ([before], [after], [before, after])
    assert UsageCrossing.objects.get(tenant=world.shop.id).end_told_at == moved
    assert tell(moved)[1] == [("usage_crossed", "admin@corner.example", world.north.id)]
    assert not Mail.objects.filter(kind="usage_unblocked").exists()
    values = {"south": world.south.id, "mill": world.mill.id}
    set_alerts(world.north, 80)
    for attack in ATTACKS.values():
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack, values)
