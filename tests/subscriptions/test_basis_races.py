"""The setting of over-usage against rows that are made at the same moment."""

import threading

import pytest
from django.db import connection, transaction

from subscriptions.models import Holding
from subscriptions.services.settings import set_over_quota_basis
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from subscriptions.verify import holdings
from tests.together import together
from tests.world import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_row_made_before_the_change_is_committed_is_counted_anew(committed_market):
    market = committed_market
    actor = market.world.provider.actor
    made, done = threading.Event(), threading.Event()

    def subscribe():
        with transaction.atomic():
            market.subscribe(market.world.north)
            made.set()
            assert not done.wait(1), "the setting changed beneath a row that is not committed"

    def change():
        made.wait(30)
        set_over_quota_basis(actor=actor, basis="used", now=NOW)
        done.set()

    assert together(subscribe, change) == [None, None]
    assert done.is_set()
    assert set(Holding.objects.values_list("basis", flat=True)) == {"used"}
    assert holdings() == []


def test_a_row_made_while_the_setting_changes_waits_for_it(committed_market):
    market = committed_market
    actor = market.world.provider.actor
    changed, done = threading.Event(), threading.Event()

    def change():
        with transaction.atomic():
            set_over_quota_basis(actor=actor, basis="used", now=NOW)
            changed.set()
            assert not done.wait(1), "a row was made by a setting that is being changed"

    def subscribe():
        changed.wait(30)
        market.subscribe(market.world.north)
        done.set()

    assert together(change, subscribe) == [None, None]
    assert done.is_set()
    assert set(Holding.objects.values_list("basis", flat=True)) == {"used"}


def test_however_it_turns_out_every_row_follows_the_setting(committed_market):
    market = committed_market
    actor = market.world.provider.actor
    wholesale = market.subscribe(market.world.north)

    def measure(n):
        code = ("mails", "storage_gb", "user_mailbox")[n % 3]
        ingest_usage(actor=actor, measures=[Measure(f"e{n}", wholesale.pk, code, 1, NOW)], now=NOW)

    for n in range(6):
        basis = ("used", "sold")[n % 2]
        outcomes = together(
            lambda basis=basis: set_over_quota_basis(actor=actor, basis=basis, now=NOW),
            lambda n=n: market.subscribe(market.world.north, name=str(n)),
            lambda n=n: measure(n),
        )
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert holdings() == []
    assert not connection.in_atomic_block
