"""Raw SQL as the application's login: terms and plans keep to their rules."""

from datetime import UTC, date, datetime

from django.db import DatabaseError

from subscriptions.models import PlannedChange, Subscription, SubscriptionTerm
from subscriptions.services.life.settling import settle_one
from subscriptions.services.life.steps.ending import Cancel, Keep
from subscriptions.services.life.steps.taking import take_step
from subscriptions.verify import terms
from tests.attacks import run
from tests.subscriptions.prices import price_list, recording, rule
from tests.world import NOW

PLAN = """
INSERT INTO subscriptions_plannedchange
       (provider_id, tenant_id, subscription_id, kind, "on", version_id, quantity, unit_price, cycle, state,
        settled_at, reason, made_at, fee_version_id, price_rule_id)
VALUES ({provider}, {tenant}, {subscription}, '{kind}', '2026-12-20', {version}, {quantity}, {price}, '', {state}, '',
        now(), {by})
"""


def plan(**changed: str) -> str:
    usual = {"provider": "%(provider)s", "tenant": "%(shop)s", "subscription": "%(free)s", "kind": "change"}
    usual |= {"state": "'planned', NULL", "version": "%(version)s", "quantity": "1", "price": "NULL"}
    usual["by"] = "NULL, NULL"
    return PLAN.format(**usual | changed)


SET = "UPDATE subscriptions_subscription SET {} WHERE id = %(free)s"
OPEN = "UPDATE subscriptions_plannedchange SET {} WHERE id = %(open)s"
ATTACKS = {
    "a term backwards": SET.format("renews_on = term_starts_on"),
    "a term before the start": SET.format("term_starts_on = started_on - 1"),
    "no such day": SET.format("anchor_day = 32"),
    "no term": SET.format("renews_on = NULL"),
    "a term that ends on another day": SET.format("renews_on = renews_on + 1"),
    "a term that began earlier": SET.format("started_on = started_on - 9, term_starts_on = term_starts_on - 9"),
    "a term after a gap": SET.format("term_starts_on = renews_on + 1, renews_on = '2028-01-20'"),
    "a window that opened earlier": SET.format("committed_at = committed_at - interval '1 day'"),
    "another start": SET.format("started_on = started_on - 1"),
    "another term of what is closed": "UPDATE subscriptions_subscription SET renews_on = '2028-01-20'"
    " WHERE id = %(closed)s",
    "a term in the past": "INSERT INTO subscriptions_subscriptionterm (provider_id, tenant_id, seller_id,"
    " subscription_id, starts_on, ends_on, anchor_day, committed_at) SELECT provider_id, tenant_id, seller_id, id,"
    " started_on, '2030-01-20', 20, now() FROM subscriptions_subscription WHERE id = %(free)s",
    "a term that was another": "UPDATE subscriptions_subscriptionterm SET ends_on = ends_on + 9",
    "a term that is gone": "DELETE FROM subscriptions_subscriptionterm",
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
    "at whatever price there will be": "UPDATE subscriptions_plannedchange SET unit_price = NULL"
    " WHERE unit_price IS NOT NULL",
    "not a number": plan(price="'NaN'"),
    "a price of a rule and of a fee": plan(price="7", by="%(fee_version)s, %(rule)s"),
    "a fee without its price": plan(by="%(fee_version)s, NULL"),
    "another holder": OPEN.format("tenant_id = %(mill)s"),
    "settled without a moment": OPEN.format("state = 'done'"),
    "no such state": OPEN.format("state = 'lost', settled_at = now()"),
    "a plan that is gone": "DELETE FROM subscriptions_plannedchange WHERE id = %(open)s",
    "what was withdrawn is open again": "UPDATE subscriptions_plannedchange SET state = 'planned', settled_at = NULL"
    " WHERE id = %(withdrawn)s",
    "all is gone": "TRUNCATE subscriptions_plannedchange",
}


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
    free, planned, priced = (market.sell(world.shop, by=world.north, package=package) for _one in "abc")
    closed = market.sell(world.shop, by=world.north, package=package)
    for row, step in ((planned, Cancel("period_end")), (planned, Keep()), (planned, Cancel("period_end"))):
        take_step(actor=world.north.actor, subscription_id=row.pk, step=step, now=NOW)
    take_step(actor=world.north.actor, subscription_id=closed.pk, step=Cancel(), now=NOW)
    values = {
        "provider": world.provider.id,
        "stranger": world.stranger.id,
        "shop": world.shop.id,
        "mill": world.mill.id,
        "free": free.pk,
        "planned": planned.pk,
        "closed": closed.pk,
        "version": package.versions.get().pk,
        "fee_version": package.versions.get().account_fee.versions.get().pk,
        "rule": rule(price_list(world.north), "fixed", "7").pk,
        "open": PlannedChange.objects.open().get().pk,
        "withdrawn": PlannedChange.objects.get(state="withdrawn").pk,
    }
    run(plan(subscription="%(priced)s", price="7"), **values, priced=priced.pk)

    def stored():
        return [list(of.objects.order_by("pk").values()) for of in (PlannedChange, Subscription, SubscriptionTerm)]

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
    Subscription.objects.filter(pk=row.pk).update(renews_on="2027-01-20")
    assert len(terms()) == 1
    Subscription.objects.filter(pk=row.pk).update(renews_on="2026-12-20", state="pending")
    assert len(terms()) == 2


def test_whatever_changes_a_term_is_kept(market):
    world = market.world
    market.subscribe(world.north)
    row = market.sell(world.shop, by=world.north)
    run("UPDATE subscriptions_subscription SET renews_on = '2027-01-20' WHERE id = %(pk)s", pk=row.pk)
    run("UPDATE subscriptions_subscription SET name = 'Another' WHERE id = %(pk)s", pk=row.pk)
    settle_one(subscription_id=row.pk, now=datetime(2027, 1, 21, tzinfo=UTC))
    kept = SubscriptionTerm.objects.filter(subscription=row)
    assert [*kept.order_by("pk").values_list("starts_on", "ends_on", "anchor_day")] == [
        (NOW.date(), date(2026, 12, 20), 20),
        (NOW.date(), date(2027, 1, 20), 20),
        (date(2027, 1, 20), date(2027, 2, 20), 20),
    ]
    assert [kept.on(day).first().ends_on.month for day in (NOW.date(), date(2027, 1, 19), date(2027, 1, 20))] == [
        1,
        1,
        2,
    ]
    assert not SubscriptionTerm.objects.visible_to(world.south.actor).filter(subscription=row).exists()
