"""Raw SQL as the application's login: what was agreed stays."""

import pytest
from django.db import DatabaseError, transaction

from subscriptions.models import Phase, PhaseFee
from subscriptions.services.life.settling import settle_one
from tests.attacks import run
from tests.subscriptions.market import Market, change_quantity
from tests.subscriptions.prices import later, recording


@pytest.fixture
def held(market):
    """A subscription with a phase in the past and an open one."""
    world = market.world
    market.subscribe(world.north)
    sold = market.sell(world.shop, by=world.north, package=recording(market))
    change_quantity(actor=world.north.actor, subscription_id=sold.pk, quantity=2, now=later(5))
    past, present = Phase.objects.filter(subscription=sold).order_by("pk")
    return {
        "subscription": sold.pk,
        "past": past.pk,
        "present": present.pk,
        "fee": past.fees.get(stream="account").pk,
        "shop": world.shop.id,
        "mill": world.mill.id,
        "north": world.north.id,
        "provider": world.provider.id,
        "stranger": world.stranger.id,
        "wholesale": market.wholesale.versions.get().pk,
    }


COPY = """
INSERT INTO subscriptions_phase
       (provider_id, tenant_id, seller_id, subscription_id, version_id, reseller_fee_id, account_fee_id, quantity,
        state, starts_on, ends_on, made_at)
SELECT provider_id, {tenant}, seller_id, subscription_id, {version}, reseller_fee_id, {account_fee}, {quantity},
       'active', {starts}, {ends}, made_at
  FROM subscriptions_phase WHERE id = %(present)s
"""
COPY_FEE = """
INSERT INTO subscriptions_phasefee (provider_id, phase_id, stream, payer_id, issuer_id, public_name, currency,
       unit_price, cycle, billed, activation_amount, prorates_first, prorates_last, minimum_months, cancellation_amount,
       credits_suspension, applies_more_than_once)
VALUES (%(provider)s, {phase}, '{stream}', {payer}, {issuer}, 'x', 'EUR', {price}, 'month', 'advance', 0, true, true,
       0, 0, {credits}, true)
"""


def phase(**changed: str) -> str:
    usual = {"tenant": "tenant_id", "version": "version_id", "quantity": "quantity", "account_fee": "account_fee_id"}
    return COPY.format(**usual | {"starts": "'2027-01-01'", "ends": "NULL"} | changed)


def fee(**changed: str) -> str:
    usual = {"phase": "%(present)s", "stream": "reseller", "payer": "%(shop)s", "issuer": "%(provider)s"}
    return COPY_FEE.format(**usual | {"price": "1", "credits": "false"} | changed)


ATTACKS = {
    "the past gets another quantity": "UPDATE subscriptions_phase SET quantity = 9 WHERE id = %(past)s",
    "the present too": "UPDATE subscriptions_phase SET quantity = 9 WHERE id = %(present)s",
    "with its end": "UPDATE subscriptions_phase SET quantity = 9, ends_on = '2027-01-01' WHERE id = %(present)s",
    "the past ends later": "UPDATE subscriptions_phase SET ends_on = ends_on + 9 WHERE id = %(past)s",
    "the past is open again": "UPDATE subscriptions_phase SET ends_on = NULL WHERE id = %(past)s",
    "the past begins earlier": "UPDATE subscriptions_phase SET starts_on = starts_on - 9 WHERE id = %(past)s",
    "the past was suspended": "UPDATE subscriptions_phase SET state = 'suspended' WHERE id = %(past)s",
    "the past is of another version": "UPDATE subscriptions_phase SET version_id = %(wholesale)s WHERE id = %(past)s",
    "it ends before it began": "UPDATE subscriptions_phase SET ends_on = '2020-01-01' WHERE id = %(present)s",
    "the past is gone": "DELETE FROM subscriptions_phase WHERE id = %(past)s",
    "all is gone": "TRUNCATE subscriptions_phase CASCADE",
    "a price in the past": "UPDATE subscriptions_phasefee SET unit_price = 1 WHERE id = %(fee)s",
    "a price that is gone": "DELETE FROM subscriptions_phasefee WHERE id = %(fee)s",
    "another payer": "UPDATE subscriptions_phasefee SET payer_id = %(mill)s WHERE id = %(fee)s",
    "held without a package": "UPDATE subscriptions_subscription SET package_id = NULL",
    "a second open phase": phase(),
    "a phase beside another": phase(ends="'2027-02-01'"),
    "a phase in the past": phase(starts="'2026-11-21'", ends="'2026-11-22'"),
    "a phase before the start": phase(starts="'2020-01-01'", ends="'2020-02-01'"),
    "a price added to the past": fee(phase="%(past)s", payer="%(shop)s", issuer="%(north)s"),
    "a payer of another branch": fee(payer="%(mill)s"),
    "an issuer of another house": fee(payer="%(north)s", issuer="%(stranger)s"),
    "paid to oneself": fee(payer="%(provider)s", issuer="%(provider)s"),
    "the holder owes a reseller fee": fee(payer="%(shop)s", issuer="%(north)s"),
    "paid downwards": fee(payer="%(provider)s", issuer="%(north)s"),
    "less than nothing": fee(payer="%(north)s", issuer="%(provider)s", price="-1"),
    "triggers switched off": "ALTER TABLE subscriptions_phase DISABLE TRIGGER ALL",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses(held, attack):
    before = list(Phase.objects.order_by("pk").values()), list(PhaseFee.objects.order_by("pk").values())
    with pytest.raises(DatabaseError):
        run(attack, **held)
    assert before == (list(Phase.objects.order_by("pk").values()), list(PhaseFee.objects.order_by("pk").values()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"tenant": "%(mill)s"},
        {"version": "%(wholesale)s"},
        {"quantity": "9"},
        {"starts": "'2026-11-24'"},
        {"starts": "'2026-12-02'"},
        {"account_fee": "NULL"},
        {"account_fee": "reseller_fee_id"},
        {"ends": "now()"},
    ],
)
def test_a_phase_says_what_its_subscription_is(held, wrong):
    end = "UPDATE subscriptions_phase SET ends_on = '2026-12-01' WHERE id = %(present)s"
    run(end, **held)
    with pytest.raises(DatabaseError):
        run(phase(**wrong), **held)
    run(phase(starts="'2026-12-01'"), **held)


END = "UPDATE subscriptions_phase SET ends_on = {day} WHERE id = %(present)s"
ANOTHER = "UPDATE subscriptions_subscription SET quantity = 1 WHERE id = %(subscription)s"
PAST = {
    "it ended when it began": END.format(day="starts_on"),
    "it ended a month ago": END.format(day="'2027-02-28'"),
    "it ended on the eve of its term": END.format(day="'2027-03-19'"),
    "another was held": f"{END.format(day='starts_on')}; {ANOTHER}; {phase(starts='starts_on', quantity='1')}",
}


@pytest.mark.parametrize("attack", PAST.values(), ids=PAST.keys())
def test_terms_that_are_over_are_history(held, attack):
    """Two are held since November, and it has renewed four times: the fifth term runs since the 20th of March."""
    settle_one(subscription_id=held["subscription"], now=later(130))
    before = list(Phase.objects.order_by("pk").values())
    with pytest.raises(DatabaseError):
        run(attack, **held)
    assert before == list(Phase.objects.order_by("pk").values())
    run(END.format(day="'2027-03-20'"), **held)


@pytest.mark.django_db(transaction=True)
def test_who_owes_what_is_said_when_a_phase_begins(committed_market: Market):
    """A level that owes nothing, as packages without a fee cost nobody anything, owes nothing later."""
    world = committed_market.world
    committed_market.subscribe(world.north)
    sold = committed_market.sell(world.shop, by=world.north)
    owes = fee(stream="account", payer="%(shop)s", issuer="%(north)s")
    ids = {"present": sold.phases.get().pk, "provider": world.provider.id, "shop": world.shop.id}
    with pytest.raises(DatabaseError, match="cannot owe"):
        run(owes, **ids, north=world.north.id)
    with transaction.atomic():
        change_quantity(actor=world.north.actor, subscription_id=sold.pk, quantity=2, now=later(5))
        run(owes, **ids | {"present": sold.phases.latest("pk").pk}, north=world.north.id)
