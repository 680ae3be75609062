import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from resellerhub.kernel.refusals import Forbidden, Invalid
from subscriptions.models import Holding, UsageEvent
from subscriptions.selectors.behind import behind, counted_events
from subscriptions.serializers.usage import MeasureIn
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.usage import ingesting
from subscriptions.services.usage.ingesting import BATCH_MAX, QUANTITY_MAX, Measure, ingest_usage, start_usage_month
from subscriptions.verify import holdings
from tests.subscriptions.market import held
from tests.world import NOW, customer


@pytest.fixture
def standard(market):
    return market.sell(market.world.direct)


def report(market, *measures, by=None, now=NOW):
    return ingest_usage(actor=(by or market.world.provider).actor, measures=measures, now=now)


def measure(subscription, quantity, event_id, resource="user_mailbox", at=NOW):
    return Measure(event_id, subscription.pk, resource, quantity, at)


def used(subscription, resource):
    return held(subscription, resource)[2]


def test_of_a_gauge_the_latest_counts(market, standard):
    report(market, measure(standard, 7, "a"), measure(standard, 9, "b", at=NOW - timedelta(hours=1)))
    assert held(standard, market.mailbox) == (10, 0, 7, 3)
    report(market, measure(standard, 99, "late", at=NOW - timedelta(days=1)))
    assert used(standard, market.mailbox) == 7
    report(market, measure(standard, 12, "c", at=NOW + timedelta(hours=1)))
    assert held(standard, market.mailbox) == (10, 0, 12, -2)
    assert [event.quantity for event in behind(Holding.objects.get(remaining=-2)).events] == [12]
    assert holdings() == []


def test_of_a_counter_the_month_in_utc_adds_up(market, standard):
    december = datetime(2026, 12, 1, tzinfo=UTC)
    berlin_midnight = december - timedelta(hours=1)  # still November in UTC
    report(
        market, measure(standard, 5, "a", "mails"), measure(standard, 6, "b", "mails", at=berlin_midnight), now=december
    )
    assert used(standard, market.traffic) == 11
    report(market, measure(standard, 3, "c", "mails", at=december), now=december)
    assert used(standard, market.traffic) == 3
    report(market, measure(standard, 100, "d", "mails"), now=december)
    assert used(standard, market.traffic) == 3
    holding = Holding.objects.get(subscription=standard, resource=market.traffic)
    assert sum(event.quantity for event in counted_events(holding)) == 3
    assert holdings() == []


def test_what_no_number_has_room_for_is_listed_and_keeps_nothing_out(market, standard, monkeypatch):
    """In one batch, with what was counted before, and where only a seller's sum has no room. With a thousandth of the
    events that it takes."""
    other, much = market.sell(market.world.direct), QUANTITY_MAX * 1_000
    monkeypatch.setattr(ingesting, "QUANTITY_MAX", much)

    def batch(name, of, count=9):
        return [measure(of, much, f"{name}{number}", "mails") for number in range(count)]

    done = report(market, *batch("a", standard, 10), measure(standard, 7, "b"), measure(other, 3, "c", "mails"))
    assert (done.accepted, {one.code for one in done.rejected}) == (2, {"too-much"})
    assert [one.position for one in done.rejected] == list(range(10))
    assert report(market, *batch("d", standard)).accepted == 9
    again = report(market, *batch("d", standard, 2), *batch("e", standard, 3), measure(other, 4, "f", "mails"))
    assert (again.accepted, again.duplicates, len(again.rejected)) == (1, 0, 5)
    assert (used(standard, market.traffic), used(other, market.traffic)) == (9 * much, 7)
    world = market.world
    wholesale = market.subscribe(world.north)
    first, second = (market.sell(world.shop, by=world.north) for _twice in "ab")
    assert report(market, *batch("g", first, 5), *batch("h", second, 5)).accepted == 5
    assert used(wholesale, market.traffic) == 5 * much
    event = {"subscription": standard.pk, "resource": "mails", "quantity": much, "at": NOW.isoformat()}
    told = world.provider.api().post("usage", {"events": [event | {"event_id": f"i{n}"} for n in range(3)]})
    assert (told.status_code, {one["code"] for one in told.json()["rejected"]}) == (200, {"too-much"})
    assert holdings() == []


def test_counters_begin_again_in_a_new_month(market, standard):
    report(market, measure(standard, 5, "a", "mails"), measure(standard, 5, "b"))
    december = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    assert start_usage_month(now=december) == 1
    assert start_usage_month(now=december) == 0
    assert (used(standard, market.traffic), used(standard, market.mailbox)) == (0, 5)
    report(market, measure(standard, 4, "late", "mails"), measure(standard, 2, "c", "mails", at=december), now=december)
    assert used(standard, market.traffic) == 2
    assert holdings() == []


def test_an_event_counts_once_however_often_it_is_sent(market, standard):
    batch = [measure(standard, 5, "a", "mails"), measure(standard, 5, "a", "mails"), measure(standard, 6, "b", "mails")]
    first = report(market, *batch)
    assert (first.accepted, first.duplicates, first.rejected) == (2, 1, [])
    again = report(market, *batch)
    assert (again.accepted, again.duplicates) == (0, 3)
    assert used(standard, market.traffic) == 11
    assert holdings() == []


def test_an_id_that_says_something_else_now_is_told(market, standard):
    """What was counted first stands; nothing is called a duplicate that is none."""
    first = report(market, measure(standard, 5, "a"), measure(standard, 7, "a"))
    assert (first.accepted, first.duplicates) == (1, 0)
    assert [(reject.position, reject.code) for reject in first.rejected] == [(1, "conflict")]
    later = NOW + timedelta(hours=1)
    again = report(
        market,
        measure(standard, 5, "a"),
        measure(standard, 6, "a"),
        measure(standard, 5, "a", "mails"),
        measure(standard, 5, "a", at=later),
        measure(standard, 8, "b", at=later),
    )
    assert (again.accepted, again.duplicates) == (1, 1)
    assert [(reject.position, reject.event_id, reject.code) for reject in again.rejected] == [
        (1, "a", "conflict"),
        (2, "a", "conflict"),
        (3, "a", "conflict"),
    ]
    assert "stand" in again.rejected[0].detail
    assert (used(standard, market.mailbox), used(standard, market.traffic)) == (8, 0)
    assert holdings() == []


def test_the_order_of_events_makes_no_difference(market, standard):
    shuffled = random.Random(7)  # noqa: S311
    events = [
        measure(standard, shuffled.randrange(50), f"{code}{n}", code, NOW - timedelta(days=shuffled.randrange(40)))
        for code in ("mails", "user_mailbox")
        for n in range(30)
    ]
    report(market, *events)
    expected = (used(standard, market.traffic), used(standard, market.mailbox))
    other = market.sell(market.world.mill)
    moved = [measure(other, m.quantity, f"x{m.event_id}", m.resource, m.at) for m in events]
    shuffled.shuffle(moved)
    for start in range(0, len(moved), 7):
        report(market, *moved[start : start + 7])
    assert (used(other, market.traffic), used(other, market.mailbox)) == expected
    assert holdings() == []


def test_bad_events_are_listed_and_keep_no_good_one_out(market, standard):
    stranger = measure(standard, 1, "z")
    outcome = report(
        market,
        measure(standard, 4, "good"),
        measure(standard, -1, "negative"),
        measure(standard, 1, "future", at=NOW + timedelta(days=1, seconds=1)),
        measure(standard, 1, "resource", "no_such_thing"),
        Measure("subscription", 10**15, "user_mailbox", 1, NOW),
        measure(standard, 1, " "),
        measure(standard, 10**16, "large"),
    )
    assert outcome.accepted == 1
    assert [(reject.position, reject.code) for reject in outcome.rejected] == [
        (1, "quantity"),
        (2, "future"),
        (3, "unknown-resource"),
        (4, "unknown-subscription"),
        (5, "no-event-id"),
        (6, "quantity"),
    ]
    assert used(standard, market.mailbox) == 4
    elsewhere = report(market, stranger, by=market.world.stranger)
    assert [reject.code for reject in elsewhere.rejected] == ["unknown-subscription"]


def test_only_the_provider_measures(market, standard):
    with pytest.raises(Forbidden):
        report(market, measure(standard, 1, "a"), by=market.world.north)
    with pytest.raises(Forbidden):
        report(market, measure(standard, 1, "a"), by=market.world.shop)


def test_a_batch_has_an_end(market, standard):
    with pytest.raises(Invalid):
        report(market, *[measure(standard, 1, str(n)) for n in range(BATCH_MAX + 1)])


def test_what_was_measured_before_the_closing_is_kept(market, standard):
    close_subscription(actor=market.world.provider.actor, subscription_id=standard.pk, now=NOW)
    after = NOW + timedelta(days=2)
    outcome = report(market, measure(standard, 3, "a"), measure(standard, 3, "b", at=after), now=after)
    assert (outcome.accepted, [reject.code for reject in outcome.rejected]) == (1, ["subscription-closed"])
    assert UsageEvent.objects.count() == 1
    assert holdings() == []


def test_it_is_of_whoever_held_it_on_its_day(market, standard):
    """Measured on the 1st, handed over on the 2nd, received on the 3rd."""
    world = market.world
    corner = customer(world.provider, "Corner")
    before, first, second, third = (NOW + timedelta(days=days) for days in (-1, 11, 12, 13))
    take_step(actor=world.provider.actor, subscription_id=standard.pk, step=Move(corner.id), now=second)
    batch = [measure(standard, 1, str(at), at=at) for at in (before, first, second, third)]
    assert report(market, *batch, now=third).accepted == 4
    assert report(market, *batch, now=third).duplicates == 4
    holders = dict(UsageEvent.objects.values_list("at", "tenant"))
    assert holders == {before: world.direct.id, first: world.direct.id, second: corner.id, third: corner.id}


def test_a_full_batch_takes_few_statements(market, standard, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        report(market, *[measure(standard, 1, str(n), "mails") for n in range(2_000)])
    assert used(standard, market.traffic) == 2_000


@pytest.mark.django_db(transaction=True)
def test_rival_batches_count_each_event_once(committed_market):
    market = committed_market
    standard = market.sell(market.world.direct)
    other = market.sell(market.world.mill)
    batch = [measure((standard, other)[n % 2], 1, f"e{n}", "mails") for n in range(200)]
    barrier, accepted = threading.Barrier(6), []

    def send(seed):
        mine = batch[:]
        random.Random(seed).shuffle(mine)  # noqa: S311
        try:
            barrier.wait()
            accepted.append(report(market, *mine).accepted)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(accepted) == 200
    assert (used(standard, market.traffic), used(other, market.traffic)) == (100, 100)
    assert holdings() == []


PLAIN = {"event_id": "m-1", "subscription": 7, "resource": "mail", "quantity": 3, "at": "2026-11-20T12:00:00+01:00"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        *({"event_id": odd} for odd in ("", " m-1 ", "m\0", 5, None, True)),
        *({"subscription": odd} for odd in ("7", 7.0, True, 2**63, -(2**63), None)),
        *({"resource": odd} for odd in ("", " mail", 1)),
        *({"quantity": odd} for odd in (-1, "3", 3.5, 2**70)),
        *(
            {"at": odd}
            for odd in ("2026-11-20", "2026-11-20T12:00:00", "2026-11-20T12:00Z", "2026-13-20T12:00Z", "", 5)
        ),
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_plainly_right_is_what_the_fields_make_of_it(monkeypatch, change):
    def said() -> tuple:
        shape = MeasureIn(data=PLAIN | change)
        return (True, dict(shape.validated_data)) if shape.is_valid() else (False, shape.errors)

    quick = said()
    monkeypatch.setattr(MeasureIn, "_plain", lambda *_: None)
    assert quick == said()
