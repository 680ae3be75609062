"""What the database holds of offerings, listings and orders, whatever SQL the application's login writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from subscriptions.models import Subscription
from tests.subscriptions.prices import recording
from tests.subscriptions.test_orders import listed, order

ATTACKS = {
    "another of the same that waits": "INSERT INTO subscriptions_order"
    """ SELECT (jsonb_populate_record(o, '{"id": -1, "request_id": null}')).* FROM subscriptions_order o"""
    " WHERE id = %(waiting)s",
    "another price": "UPDATE subscriptions_order SET unit_price = 1 WHERE id = %(waiting)s",
    "decided anew": "UPDATE subscriptions_order SET state = 'rejected', subscription_id = NULL WHERE id = %(done)s",
    "approved without a subscription": "UPDATE subscriptions_order SET state = 'approved', decided_at = now()"
    " WHERE id = %(waiting)s",
    "approved with another's": "UPDATE subscriptions_order SET state = 'approved', decided_at = now(),"
    " subscription_id = %(source)s WHERE id = %(waiting)s",
    "with one that was ordered already": "UPDATE subscriptions_order SET state = 'approved', decided_at = now(),"
    " subscription_id = %(sold)s WHERE id = %(waiting)s",
    "decided at no time": "UPDATE subscriptions_order SET state = 'rejected' WHERE id = %(waiting)s",
    "gone": "DELETE FROM subscriptions_order WHERE id = %(waiting)s",
    "listed by another": "UPDATE subscriptions_listing SET tenant_id = %(south)s WHERE id = %(listing)s",
    "listed by a customer": "UPDATE subscriptions_listing SET tenant_id = %(shop)s WHERE id = %(listing)s",
    "a price without a currency": "UPDATE subscriptions_listing SET unit_price = 1 WHERE id = %(listing)s",
    "offered by a prepaid reseller": "UPDATE subscriptions_offering SET tenant_id = %(north)s",
    "of another house": "UPDATE subscriptions_offering SET provider_id = %(stranger)s",
}


@pytest.fixture
def ordered(market):
    world = market.world
    market.subscribe(world.north)
    entry = listed(market, recording(market))
    done, waiting = order(entry, world.shop), order(listed(market, market.standard, needs_approval=True), world.shop)
    return {
        "done": done.pk,
        "waiting": waiting.pk,
        "listing": entry.pk,
        "sold": done.subscription.pk,
        "source": Subscription.objects.get(tenant=world.north.id).pk,
        "north": world.north.id,
        "south": world.south.id,
        "shop": world.shop.id,
        "stranger": world.stranger.id,
    }


@transaction.atomic
def run(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        pytest.fail(statement)


def test_the_database_refuses(ordered):
    for attack in ATTACKS.values():
        with pytest.raises(DatabaseError):
            run(attack, ordered)
