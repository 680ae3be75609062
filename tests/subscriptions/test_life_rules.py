"""Raw SQL as the application's login: terms and plans keep to their rules."""

from django.db import DatabaseError, connection, transaction

from subscriptions.models import PlannedChange, Subscription
from subscriptions.services.life.steps.ending import Cancel, Keep
from subscriptions.services.life.steps.taking import take_step
from subscriptions.verify import terms
from tests.subscriptions.prices import recording
from tests.world import NOW

PLAN = """
INSERT INTO subscriptions_plannedchange
       (provider_id, tenant_id, subscription_id, kind, "on", version_id, quantity, unit_price, state, settled_at,
        reason, made_at)
VALUES ({provider}, {tenant}, {subscription}, '{kind}', '2026-12-20', {version}, {quantity}, {price}, {state}, '',
        now())
"""


def plan(**changed: str) -> str:
    usual = {"provider": "%(provider)s", "tenant": "%(shop)s", "subscription": "%(free)s", "kind": "change"}
    usual |= {"state": "'planned', NULL", "version": "%(version)s", "quantity": "1", "price": "NULL"}
    return PLAN.format(**usual | changed)


SET = "UPDATE subscriptions_subscription SET {} WHERE id = %(free)s"
OPEN = "UPDATE subscriptions_plannedchange SET {} WHERE id = %(open)s"
ATTACKS = {
    "a term backwards": SET.format("renews_on = term_starts_on"),
    "a term before the start": SET.format("term_starts_on = started_on - 1"),
    "no such day": SET.format("anchor_day = 32"),
    "no term": SET.format("renews_on = NULL"),
    "a second plan": plan(subscription="%(planned)s"),
    "of another house": plan(provider="%(stranger)s"),
    "of another holder": plan(tenant="%(mill)s"),
    "a start of what has begun": plan(kind="start"),
    "an end with a version": plan(kind="end"),
    "none of it": plan(quantity="0"),
    "less than nothing": plan(price="-1"),
    "a plan without a version": plan(version="NULL"),
    "settled from the first": plan(state="'done', now()"),
    "withdrawn, of another house": plan(state="'withdrawn', now()", provider="%(stranger)s", tenant="%(mill)s"),
    "another day": OPEN.format("\"on\" = '2027-01-01'"),
    "another quantity": OPEN.format("quantity = 9"),
    "a price of its own": OPEN.format("unit_price = 1"),
    "another holder": OPEN.format("tenant_id = %(mill)s"),
    "settled without a moment": OPEN.format("state = 'done'"),
    "no such state": OPEN.format("state = 'lost', settled_at = now()"),
    "a plan that is gone": "DELETE FROM subscriptions_plannedchange WHERE id = %(open)s",
    "what was withdrawn is open again": "UPDATE subscriptions_plannedchange SET state = 'planned', settled_at = NULL"
    " WHERE id = %(withdrawn)s",
    "all is gone": "TRUNCATE subscriptions_plannedchange",
}


def run(statement, **values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def is_refused(attack, values) -> bool:
    try:
        run(attack, **values)
    except DatabaseError:
        return True
    return False


def test_the_database_refuses(market):
    world = market.world
    market.subscribe(world.north)
    package = recording(market)
    free, planned = (market.sell(world.shop, by=world.north, package=package) for _one in "ab")
    for step in (Cancel("period_end"), Keep(), Cancel("period_end")):
        take_step(actor=world.north.actor, subscription_id=planned.pk, step=step, now=NOW)
    values = {
        "provider": world.provider.id,
        "stranger": world.stranger.id,
        "shop": world.shop.id,
        "mill": world.mill.id,
        "free": free.pk,
        "planned": planned.pk,
        "version": package.versions.get().pk,
        "open": PlannedChange.objects.open().get().pk,
        "withdrawn": PlannedChange.objects.get(state="withdrawn").pk,
    }

    def stored():
        return list(PlannedChange.objects.order_by("pk").values()), list(Subscription.objects.order_by("pk").values())

    before = stored()
    for name, attack in ATTACKS.items():
        assert is_refused(attack, values), name
        assert stored() == before, name
    run(plan(), **values)


def test_verify_finds_terms_and_plans_that_are_not_what_they_say(market):
    world = market.world
    market.subscribe(world.north)
    row = market.sell(world.shop, by=world.north)
    take_step(actor=world.north.actor, subscription_id=row.pk, step=Cancel("period_end"), now=NOW)
    assert terms() == []
    Subscription.objects.filter(pk=row.pk).update(renews_on="2026-12-21")
    assert len(terms()) == 2
    Subscription.objects.filter(pk=row.pk).update(renews_on="2026-12-20", state="pending")
    assert len(terms()) == 2
