"""A push beside sales, changes of quantity and ends of the same subscriptions; and raw SQL against what it wrote."""

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Holding, Phase, Push, Subscription
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.pushes.starting import resume_push
from subscriptions.verify import holdings as wrong_holdings
from subscriptions.verify import phases as wrong_phases
from tests.subscriptions.market import change_quantity, held
from tests.subscriptions.prices import later
from tests.subscriptions.pushes import build_sold, outcomes, work
from tests.together import together
from tests.world import NOW, customer


def in_chunks(push, size: int) -> None:
    Job.objects.filter(pk=push.job_id).update(chunk=size, lanes=3)


def lane(push):
    return lambda: run(push.job_id, seconds=60)


@pytest.mark.django_db(transaction=True)
def test_a_push_beside_all_that_changes_the_same(committed_market):
    sold = build_sold(committed_market)
    north = sold.world.north
    rows = [sold.sell(customer(north, f"C{number}"), north, quantity=5) for number in range(8)]  # 40 of 100
    late = [customer(north, f"Late {number}") for number in range(4)]
    sold.grant(2)
    sold.charge("reseller", "12")
    pushes = [sold.start(sold.world.provider) for _time in range(2)]
    for push in pushes:
        in_chunks(push, 2)

    def more() -> None:
        for row in reversed(rows[:4]):
            change_quantity(actor=north.actor, subscription_id=row.pk, quantity=6, now=NOW)

    def close() -> None:
        for row in rows[6:]:
            close_subscription(actor=north.actor, subscription_id=row.pk, now=NOW)

    def sell() -> None:
        for one in late:
            sold.sell(one, north, quantity=3)

    ended = together(*(lane(push) for push in pushes for _time in range(2)), more, close, sell)
    assert not [one for one in ended if isinstance(one, Exception) and not isinstance(one, Refusal)], ended
    assert [*wrong_holdings(), *wrong_phases()] == []
    for push in pushes:
        assert set(outcomes(push)) == {row.pk for row in rows}
        assert set(outcomes(push).values()) <= {"changed", "unchanged", "closed", "oversell_refused"}
        assert not JobItem.objects.filter(job=push.job_id, state="pending").exists()
    wholesale = Subscription.objects.get(tenant=north.id)
    holding = Holding.objects.get(subscription=wholesale, resource=sold.market.mailbox)
    assert holding.sold <= holding.allocated
    changed = [pk for push in pushes for pk, outcome in outcomes(push).items() if outcome == "changed"]
    assert len(changed) == len(set(changed))  # what the first has changed is unchanged for the second


@pytest.mark.django_db(transaction=True)
def test_two_pushes_into_the_last_room_fill_exactly_it(committed_market):
    sold = build_sold(committed_market)
    north = sold.world.north
    rows = [sold.sell(customer(north, f"C{number}"), north, quantity=10) for number in range(6)]  # 40 are left
    sold.grant(2)
    push = sold.start(sold.world.provider, prices=False)
    in_chunks(push, 1)
    together(*(lane(push) for _time in range(3)))
    assert sorted(outcomes(push).values()) == ["changed"] * 4 + ["oversell_refused"] * 2
    assert held(rows[0].source, sold.market.mailbox) == (100, 100, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_clock_and_its_double_wake_each_target_once(committed_market):
    sold = build_sold(committed_market)
    rows = [sold.sell(customer(sold.world.north, f"C{number}"), sold.world.north) for number in range(4)]
    sold.charge("account", "22")
    push = sold.start(sold.world.north, limits=False, effective_on=later(3).date())
    work(push)
    in_chunks(push, 1)

    def wake() -> None:
        resume_push(push_id=push.pk, now=later(3))
        run(push.job_id, seconds=60)

    assert together(wake, wake, wake) == [None] * 3
    assert set(work(push).values()) == {"changed"}
    assert Phase.objects.filter(subscription__in=rows).count() == 8
    assert wrong_phases() == []


ATTACKS = {
    "it was of the new version": "UPDATE subscriptions_phase SET version_id = %(version)s WHERE id = %(old)s",
    "the phase before ends later": "UPDATE subscriptions_phase SET ends_on = ends_on + 1 WHERE id = %(old)s",
    "the phase before goes": "DELETE FROM subscriptions_phase WHERE id = %(old)s",
    "another price was owed": "UPDATE subscriptions_phasefee SET unit_price = 1 WHERE phase_id = %(old)s",
    "the push asked for something else": "UPDATE subscriptions_push SET limits = NOT limits WHERE id = %(push)s",
    "the push goes": "DELETE FROM subscriptions_push WHERE id = %(push)s",
    "a version of another package": """
        INSERT INTO subscriptions_push (job_id, provider_id, tenant_id, package_id, version_id, limits, prices, sellers,
               keeps_own_prices, request_id, created_at)
        SELECT %(job)s, provider_id, tenant_id, package_id, %(foreign)s, true, true, '{}', true, gen_random_uuid(),
               created_at FROM subscriptions_push WHERE id = %(push)s""",
    "a push of nothing": """
        INSERT INTO subscriptions_push (job_id, provider_id, tenant_id, package_id, version_id, limits, prices, sellers,
               keeps_own_prices, request_id, created_at)
        SELECT %(job)s, provider_id, tenant_id, package_id, version_id, false, false, '{}', true, gen_random_uuid(),
               created_at FROM subscriptions_push WHERE id = %(push)s""",
}


def test_raw_sql_cannot_rewrite_what_was(market):
    sold = build_sold(market)
    of_shop = sold.sell(sold.world.shop, sold.world.north)
    sold.charge("account", "22")
    push = sold.start(sold.world.north, limits=False)
    work(push)
    another = Job.objects.create(kind="push", title="x", provider_id=1, tenant_id=1, created_at=NOW)
    old, _new = Phase.objects.filter(subscription=of_shop).order_by("pk")
    values = {
        "old": old.pk,
        "push": push.pk,
        "version": sold.package.versions.latest("pk").pk,
        "foreign": market.wholesale.versions.get().pk,
        "job": another.pk,
    }
    for name, attack in ATTACKS.items():
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
            cursor.execute(attack, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            pytest.fail(name)
    assert Push.objects.count() == 1
