"""Raw SQL as the application's login: what the database itself holds."""

import pytest
from django.db import DatabaseError, transaction

from subscriptions.models import Grant, Holding, Subscription, UsageEvent
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from subscriptions.verify import holdings
from tests.attacks import run
from tests.world import NOW


@pytest.fixture
def held(market):
    world = market.world
    wholesale = market.subscribe(world.north)
    standard = market.sell(world.shop, by=world.north)
    event = Measure("e", standard.pk, "user_mailbox", 1, NOW)
    ingest_usage(actor=world.provider.actor, measures=[event], now=NOW)
    return {"wholesale": wholesale.pk, "standard": standard.pk}


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE subscriptions_subscription SET provider_id = %(stranger)s WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET tenant_id = %(mill)s WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET tenant_id = %(south)s WHERE id = %(wholesale)s",
        "UPDATE subscriptions_subscription SET seller_id = %(south)s WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET package_id = %(wholesale_package)s WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET source_id = id WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET source_id = %(standard)s WHERE id = %(wholesale)s",
        "UPDATE subscriptions_subscription SET state = 'closed', closed_on = now() WHERE id = %(wholesale)s",
        "UPDATE subscriptions_subscription SET state = 'closed' WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET quantity = 0 WHERE id = %(standard)s",
        "UPDATE subscriptions_subscription SET name = '' WHERE id = %(standard)s",
        "UPDATE subscriptions_holding SET tenant_id = %(mill)s WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_holding SET provider_id = %(stranger)s WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_holding SET seller_id = %(south)s WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_holding SET allocated = -1 WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_holding SET basis = 'felt' WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_holding SET remaining = 5 WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_grant SET amount = 1000 WHERE subscription_id = %(standard)s",
        "DELETE FROM subscriptions_grant WHERE subscription_id = %(standard)s",
        "UPDATE subscriptions_usageevent SET quantity = 0",
        "DELETE FROM subscriptions_usageevent",
        "TRUNCATE subscriptions_usageevent",
        "DELETE FROM subscriptions_subscription WHERE id = %(standard)s",
        "UPDATE catalog_package SET service_type_id = service_type_id + 1",
        "UPDATE catalog_resource SET service_type_id = service_type_id + 1",
        "UPDATE catalog_package SET tenant_id = %(mill)s",
        "UPDATE catalog_package SET tenant_id = %(stranger)s",
        "UPDATE catalog_serviceinstance SET provider_id = %(stranger)s",
        'UPDATE catalog_packageresource SET "limit" = -1',
        "ALTER TABLE subscriptions_grant DISABLE TRIGGER ALL",
    ],
)
def test_the_database_refuses(market, held, attack):
    world = market.world
    ids = {name: getattr(world, name).id for name in ("stranger", "mill", "south")}
    with pytest.raises(DatabaseError):
        run(attack, **held, **ids, wholesale_package=market.wholesale.pk)


def test_verify_finds_what_does_not_add_up(market, held):
    assert holdings() == []
    for change in ({"allocated": 11}, {"used": 7}):
        with transaction.atomic():
            Holding.objects.filter(subscription=held["standard"], resource=market.mailbox).update(**change)
            assert holdings() != []
            transaction.set_rollback(True)
    Holding.objects.filter(subscription=held["wholesale"], resource=market.mailbox).update(sold=0)
    assert len(holdings()) == 1
    Holding.objects.filter(subscription=held["wholesale"], resource=market.mailbox).delete()
    assert len(holdings()) == 3


def test_the_ledgers_stay(market, held):
    assert Grant.objects.filter(subscription=held["standard"]).count() == 2
    assert UsageEvent.objects.count() == 1
    assert Subscription.objects.get(pk=held["standard"]).source_id == held["wholesale"]
