"""New terms whose day has not come yet: what waits, what happens meanwhile, and when its day is there."""

from dataclasses import replace

import pytest
from django.db.models import F

from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Forbidden, NotFound
from subscriptions.models import Push
from subscriptions.refusals import NothingWaits
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.pushes.starting import cancel_push, due_pushes, resume_push
from tenants.models import Tenant
from tests.subscriptions.market import change_quantity
from tests.subscriptions.prices import later, owed, phases, price_list, rule
from tests.subscriptions.pushes import days, outcomes, work
from tests.world import NOW, customer


def test_what_waits_for_its_billing_period(sold):
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    sold.charge("account", "22")
    started = sold.start(world.north, limits=False, effective_on=None)
    assert work(started) == {of_shop.pk: "waiting"}
    assert phases(of_shop) == [(0, None, 1, "active")]
    push = Push.objects.get(pk=started.pk)
    assert push.next_on == days(30)  # from the 20th to the 20th
    assert due_pushes(later(29)) == []
    assert due_pushes(later(33)) == [push.pk]
    for _time in range(2):  # late, and twice
        resume_push(push_id=push.pk, now=later(33))
        assert work(started) == {of_shop.pk: "changed"}
    assert phases(of_shop) == [(0, 30, 1, "active"), (30, None, 1, "active")]
    assert owed(of_shop)[world.shop.id, world.north.id] == 22
    push.refresh_from_db()
    job = Job.objects.get(pk=push.job_id)
    assert (push.next_on, job.state, job.done, job.skipped) == (None, "done", 1, 0)


def test_what_waits_is_decided_when_its_day_has_come(sold):
    world = sold.world
    first, second, third = (sold.sell(customer(world.north, name), world.north) for name in "ABC")
    sold.charge("account", "22")
    started = sold.start(world.north, limits=False, effective_on=days(10))
    assert set(work(started).values()) == {"waiting"}
    change_quantity(actor=world.north.actor, subscription_id=second.pk, quantity=5, now=later(3))
    close_subscription(actor=world.north.actor, subscription_id=third.pk, now=later(5))
    resume_push(push_id=started.pk, now=later(12))
    assert work(started) == {first.pk: "changed", second.pk: "changed", third.pk: "closed"}
    assert phases(second) == [(0, 3, 1, "active"), (3, 10, 5, "active"), (10, None, 5, "active")]


def test_a_change_meanwhile_is_not_overtaken(sold):
    """What began after the day is not cut at a day before it began."""
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    sold.charge("account", "22")
    started = sold.start(world.north, limits=False, effective_on=days(10))
    work(started)
    change_quantity(actor=world.north.actor, subscription_id=of_shop.pk, quantity=5, now=later(11))
    resume_push(push_id=started.pk, now=later(12))
    assert work(started) == {of_shop.pk: "changed"}
    assert phases(of_shop) == [(0, 11, 1, "active"), (11, 11, 5, "active"), (11, None, 5, "active")]


def test_nothing_changes_in_the_name_of_who_is_suspended(sold):
    """Whose own price it is, one step above who sells: what its day finds so is skipped."""
    world = sold.world
    small = sold.market.package("Small", "reseller", {sold.market.mailbox: 30})
    sold.market.subscribe(world.north_east, by=world.north, package=small)
    of_kiosk = sold.sell(world.kiosk, world.north_east)
    before = owed(of_kiosk)
    rule(price_list(world.north, "reseller"), "markup", "50")
    started = sold.start(world.north, limits=False, effective_on=days(10))
    assert work(started) == {of_kiosk.pk: "waiting"}
    Tenant.objects.filter(pk=world.north.id).update(status="suspended")
    resume_push(push_id=started.pk, now=later(12))
    assert work(started) == {of_kiosk.pk: "suspended"}
    assert owed(of_kiosk) == before


def test_cancelling_ends_the_waiting(sold):
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    sold.charge("account", "22")
    started = sold.start(world.north, limits=False, effective_on=days(10))
    work(started)
    with pytest.raises(NotFound):
        cancel_push(actor=world.south.actor, push_id=started.pk, now=NOW)
    cancel_push(actor=world.north.actor, push_id=started.pk, now=NOW)
    assert outcomes(started) == {of_shop.pk: "cancelled"}
    assert due_pushes(later(400)) == []
    with pytest.raises(NothingWaits):
        cancel_push(actor=world.north.actor, push_id=started.pk, now=NOW)


def test_cancelling_the_job_ends_the_waiting_too(sold):
    """By the page or endpoint of jobs, while others have their turn; nor does a later attempt bring it back."""
    actor = sold.world.north.actor
    waits, fails = (sold.sell(customer(sold.world.north, name), sold.world.north) for name in "AB")
    sold.charge("account", "22")
    started = sold.start(sold.world.north, limits=False, effective_on=days(10))
    work(started)
    fail(started, fails)
    less = replace(actor, permissions=actor.permissions - {"catalog.edit"})
    with pytest.raises(Forbidden):
        retry_failed(actor=less, job_id=started.job_id, now=NOW)
    retry_failed(actor=actor, job_id=started.job_id, now=NOW)
    cancel_job(actor=actor, job_id=started.job_id, now=NOW)
    assert work(started) == {waits.pk: "cancelled", fails.pk: "cancelled"}
    wait(started, waits)  # as a chunk does that was at work meanwhile
    assert resume_push(push_id=started.pk, now=later(12)) == 0
    assert outcomes(started)[waits.pk] == "cancelled"
    assert due_pushes(later(400)) == []
    wait(started, waits)
    fail(started, fails)
    retry_failed(actor=actor, job_id=started.job_id, now=later(12))
    assert outcomes(started) == {waits.pk: "cancelled", fails.pk: "pending"}


def fail(push, row) -> None:
    JobItem.objects.filter(job=push.job_id, subject_id=row.pk).update(state="failed", reason="below_utilised")
    Job.objects.filter(pk=push.job_id).update(skipped=F("skipped") - 1, failed=F("failed") + 1)


def wait(push, row) -> None:
    facts = {"on": days(10).isoformat()}
    JobItem.objects.filter(job=push.job_id, subject_id=row.pk).update(reason="waiting", facts=facts)
    Push.objects.filter(pk=push.pk).update(next_on=days(10))


def test_a_version_to_come_is_reached_with_the_period_after_it_began(sold):
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    sold.grant(2, effective_on=days(40))
    to_come = sold.package.versions.latest("pk").pk
    started = sold.start(world.provider, prices=False, version_id=to_come, effective_on=None)
    assert work(started) == {of_shop.pk: "waiting"}
    assert Push.objects.get().next_on == days(61)  # the 20th of January is the first after the 30th of December
