"""A customer is suspended, and what it holds with it; resumed, that and nothing else."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.models import Job
from subscriptions.models import Phase, Subscription
from subscriptions.refusals import HolderSuspended
from subscriptions.services.life.standing import resume_subscription, suspend_subscription
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import take_step
from subscriptions.verify import holdings, phases
from tenants.models import Event, Tenant
from tenants.services.status import resume_tenant, suspend_tenant
from tenants.services.switching import start_switching
from tests.subscriptions.life import at
from tests.subscriptions.prices import later, recording
from tests.together import together
from tests.world import NOW, customer


def state(*rows: Subscription) -> list[tuple[str, bool]]:
    """Of each, what it is, and whether with its holder."""
    values = Subscription.objects.in_bulk([row.pk for row in rows])
    return [(values[row.pk].state, values[row.pk].suspended_with_holder) for row in rows]


ACTIVE, WITH_HOLDER, ALONE = ("active", False), ("suspended", True), ("suspended", False)


def test_what_was_active_is_suspended_and_resumed_with_it(market):
    world, north = market.world, market.world.north
    own = market.subscribe(north)
    package = recording(market)
    first, alone = (market.sell(world.shop, by=north, package=package) for _ in range(2))
    pending = market.sell(world.shop, by=north, package=package, starts_on=date(2026, 12, 24))
    others = market.sell(customer(north, "Other"), by=north, package=package)
    suspend_subscription(actor=north.actor, subscription_id=alone.pk, now=NOW)
    suspend_tenant(actor=north.actor, tenant_id=world.shop.id, reason="unpaid", now=later(3))
    assert state(first, alone, pending, others, own) == [WITH_HOLDER, ALONE, ("pending", False), ACTIVE, ACTIVE]
    past, present = Phase.objects.filter(subscription=first).order_by("pk")
    assert (past.state, past.ends_on) == ("active", later(3).date())
    assert (present.state, present.starts_on, present.ends_on) == ("suspended", later(3).date(), None)
    owed = [list(phase.fees.order_by("pk").values_list("payer", "unit_price")) for phase in (past, present)]
    assert owed[0] == owed[1]
    told = Event.objects.get(kind="subscription.suspended", subject_id=first.pk)
    assert (told.before, told.after["reason"], told.user_id) == ({"state": "active"}, "unpaid", north.user.pk)
    assert {line["code"] for line in told.after["lines"]} == {"suspension"}
    for row in (first, alone):
        with pytest.raises(HolderSuspended):
            resume_subscription(actor=north.actor, subscription_id=row.pk, now=later(4))
    resume_tenant(actor=north.actor, tenant_id=world.shop.id, now=later(5))
    assert state(first, alone, others) == [ACTIVE, ALONE, ACTIVE]
    assert Phase.objects.filter(subscription=first).count() == 3
    resume_subscription(actor=north.actor, subscription_id=alone.pk, now=later(5))
    assert phases() == holdings() == []


def test_many_in_a_job_and_no_resellers(market):
    world, provider = market.world, market.world.provider
    rows = [market.subscribe(world.north), *(market.sell(player) for player in (world.shop, world.shop, world.direct))]
    for status, expected in (("suspended", [ACTIVE, *[WITH_HOLDER] * 3]), ("active", [ACTIVE] * 4)):
        for kind in ("customer", "reseller"):
            chosen = Tenant.objects.filter(kind=kind)
            job = start_switching(actor=provider.actor, kind=kind, chosen=chosen, status=status, reason="", now=NOW)
            run_job(job.pk, seconds=60)
            assert Job.objects.get(pk=job.pk).failed == 0
        assert state(*rows) == expected
        assert phases() == []
    by = Event.objects.filter(kind="subscription.resumed").values_list("user_id", "user_tenant_id")
    assert list(by) == [(provider.user.pk, provider.id)] * 3


def test_what_is_due_comes_first_and_what_ends_or_goes_is_no_longer_marked(market):
    world, north = market.world, market.world.north
    market.subscribe(north)
    package = recording(market)
    ends, goes = (market.sell(world.shop, by=north, package=package) for _ in range(2))
    Subscription.objects.filter(pk=ends.pk).update(renews=False)
    suspend_tenant(actor=north.actor, tenant_id=world.shop.id, now=NOW)
    other = customer(north, "Other")
    take_step(actor=north.actor, subscription_id=goes.pk, step=Move(other.id), now=later(1))
    assert state(goes) == [ALONE]
    ends.refresh_from_db()
    resume_tenant(actor=north.actor, tenant_id=world.shop.id, now=at(ends.renews_on.isoformat()))
    assert state(ends, goes) == [("closed", False), ALONE]
    assert phases() == []


def test_the_database_refuses_a_mark_without_a_suspension(market):
    sold = market.sell(market.world.direct)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE subscriptions_subscription SET suspended_with_holder = true WHERE id = %s", [sold.pk])


@pytest.mark.django_db(transaction=True)
def test_while_something_else_happens_to_it(committed_market):
    """A change, a resumption and another sale: whoever is last finds what the first has written."""
    market = committed_market
    world, north = market.world, market.world.north
    market.subscribe(north)
    package = recording(market)
    changed, resumed = (market.sell(world.shop, by=north, package=package) for _ in range(2))
    suspend_subscription(actor=north.actor, subscription_id=resumed.pk, now=NOW)
    change = ChangeQuantity(2)
    outcomes = together(
        lambda: suspend_tenant(actor=north.actor, tenant_id=world.shop.id, now=NOW),
        lambda: take_step(actor=north.actor, subscription_id=changed.pk, step=change, now=NOW),
        lambda: resume_subscription(actor=north.actor, subscription_id=resumed.pk, now=NOW),
        lambda: market.sell(world.shop, by=north, package=package),
    )
    names = [type(outcome).__name__ for outcome in outcomes]
    assert names[0] == "Tenant"
    assert names[1] in {"Subscription", "NothingAdded"}
    assert names[2] in {"Subscription", "HolderSuspended"}
    assert names[3] in {"Subscription", "HolderNotActive"}
    assert not Subscription.objects.filter(tenant=world.shop.id).active().exists()
    assert phases() == holdings() == []
