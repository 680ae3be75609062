"""A billing run from counting to issuing: who may, what is counted, what comes of it, and that it comes of it once."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from invoicing.models import BillingRun, Charge, Document, RunPayer
from invoicing.refusals import ApprovedAlready, MonthIsOver, NobodyOwes, NotYetDue, RunExists, RunNotCounted, RunStands
from invoicing.selectors.runs import approvals, billing_runs, is_unfinished, run_totals
from invoicing.services.manual import OneOff, charge_by_hand
from invoicing.services.policies import set_billing_policy
from invoicing.services.run_calendar import count_month, due_runs, issue_due_run, months_due
from invoicing.services.runs import approve_run, cancel_run, continue_run, recount_run, start_run
from resellerhub.kernel.jobs.control import NothingFailed, cancel_job
from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.models import Job
from resellerhub.kernel.money import Money
from resellerhub.kernel.periods import add_months
from resellerhub.kernel.refusals import Forbidden, NotFound, RequestReused
from resellerhub.kernel.tasks import run_job as run_job_task
from tenants.models import Profile
from tests.invoicing.paperwork import TODAY, Office
from tests.world import NOW, Player


@pytest.fixture(autouse=True)
def _nobody_is_sent_for(monkeypatch):
    monkeypatch.setattr(run_job_task, "delay", lambda job_id: None)


class Runs:
    """North bills its customers, the provider bills North."""

    def __init__(self, office: Office) -> None:
        self.office, self.world = office, office.world

    def start(self, by: Player | None = None, until: date = TODAY, now=NOW, request_id=None) -> BillingRun:
        actor = (by or self.world.north).actor
        run = start_run(actor=actor, until=until, request_id=request_id or uuid4(), now=now)
        return self.worked(run)

    def worked(self, run: BillingRun) -> BillingRun:
        """Once workers have done what was sent for."""
        run.refresh_from_db()
        for job in (run.counting, run.job, run.issuing):
            if job is not None and job.is_live:
                run_job(job.pk, seconds=60)
        return billing_runs(self.world.provider.actor).get(pk=run.pk)

    def approve(self, run: BillingRun, by: Player | None = None, now=NOW) -> BillingRun:
        return self.worked(approve_run(actor=(by or self.world.north).actor, run_id=run.pk, now=now))

    def issue_due(self, run: BillingRun) -> BillingRun:
        """As the clock does, once the job has ended."""
        issue_due_run(run_id=run.pk, now=run.job.finished_at)
        return self.worked(run)


@pytest.fixture
def runs(world) -> Runs:
    return Runs(Office(world))


def counted(run: BillingRun) -> dict[int, tuple[Decimal, int, list[str]]]:
    return {row.payer_id: (row.expected, row.charges, row.warnings) for row in RunPayer.objects.filter(run=run)}


def test_what_is_counted_is_what_is_billed(runs):
    shop = runs.world.shop
    runs.office.sold(quantity=2)
    run = runs.start()
    assert run.state == "counted"
    assert counted(run) == {shop.id: (40, 1, [])}
    assert not Charge.objects.exists()
    run = runs.approve(run)
    assert (run.state, run.job.done, run.job.failed) == ("drafted", 1, 0)
    (draft,) = Document.objects.filter(run=run)
    assert (draft.payer_id, draft.net, draft.state) == (shop.id, 40, "draft")
    (total,) = run_totals(run)
    assert (total.expected, total.billed, total.payers, total.difference) == (40, 40, 1, 40)
    run = runs.issue_due(run)
    assert run.state == "issued"
    assert Document.objects.get(run=run).full_number == "INV-2026-0001"
    assert runs.issue_due(run).state == "issued"
    assert Document.objects.count() == 1


def test_days_of_grace_are_kept_by_the_clock(runs):
    set_billing_policy(actor=runs.world.north.actor, effective_on=TODAY, grace_days=3, now=NOW)
    runs.office.sold()
    run = runs.approve(runs.start())
    drafted = Job.objects.get(pk=run.job_id).finished_at
    assert due_runs(drafted + timedelta(days=2, hours=23)) == []
    assert due_runs(drafted + timedelta(days=3)) == [run.pk]


def test_it_is_counted_by_the_clock_and_made_up_for(runs):
    north = runs.world.north
    set_billing_policy(actor=north.actor, effective_on=TODAY, run_day=31, now=NOW)
    runs.office.sold()
    last = add_months(TODAY.replace(day=1), 1) - timedelta(days=1)
    noon = NOW.replace(hour=12)
    assert months_due(noon) == ([(north.id, TODAY)] if last == TODAY else [])
    late = noon + (last - TODAY) + timedelta(days=2)
    assert months_due(late) == [(north.id, last)], "nobody was there over the end of the month"
    run = count_month(issuer_id=north.id, until=last, now=late)
    assert (run.issuer_id, run.until, run.made_by_id) == (north.id, last, None)
    assert count_month(issuer_id=north.id, until=last, now=late).pk == run.pk
    assert months_due(late + timedelta(days=40)) == [], "one has to be approved first"


def test_two_have_to_approve_where_the_policy_says_so(runs):
    north = runs.world.north
    set_billing_policy(actor=north.actor, effective_on=TODAY, needs_second=True, now=NOW)
    runs.office.sold()
    run = runs.start()
    assert runs.approve(run).state == "counted"
    with pytest.raises(ApprovedAlready):
        runs.approve(run)
    colleague = north.member("billing")
    run = runs.worked(approve_run(actor=colleague, run_id=run.pk, now=NOW))
    assert run.state == "drafted"
    assert [row.user_id for row in approvals(run)] == [north.actor.user_id, colleague.user_id]


def test_a_run_is_told_from_the_one_before(runs):
    shop, north = runs.world.shop, runs.world.north
    runs.office.sold()
    first = runs.approve(runs.start())
    later = NOW + timedelta(days=45)
    month = add_months(first.month, 1)
    run = runs.start(until=month, now=later)
    assert counted(run) == {shop.id: (0, 0, ["nothing"])}
    (total,) = run_totals(run)
    assert (total.before, total.difference, total.payers) == (20, -20, 0)
    cancel_run(actor=north.actor, run_id=run.pk, now=later)
    with pytest.raises(MonthIsOver):
        runs.start(until=first.month - timedelta(days=1), now=later)


def test_one_a_month_and_each_request_once(runs):
    runs.office.sold()
    request_id = uuid4()
    run = runs.start(request_id=request_id)
    assert runs.start(request_id=request_id).pk == run.pk
    with pytest.raises(RequestReused):
        runs.start(request_id=request_id, until=TODAY.replace(day=1))
    with pytest.raises(RunExists):
        runs.start()
    cancelled = cancel_run(actor=runs.world.north.actor, run_id=run.pk, now=NOW)
    assert cancelled.cancelled_at == NOW
    with pytest.raises(RunStands):
        cancel_run(actor=runs.world.north.actor, run_id=run.pk, now=NOW)
    assert runs.start().pk != run.pk
    with pytest.raises(NotYetDue):
        runs.start(by=runs.world.provider, until=TODAY + timedelta(days=1))


def test_what_was_cancelled_or_failed_is_billed_after_all(runs):
    north, office = runs.world.north, runs.office
    office.sold()
    run = approve_run(actor=north.actor, run_id=runs.start().pk, now=NOW)
    cancel_job(actor=north.actor, job_id=run.job_id, now=NOW)
    run = runs.worked(run)
    assert (run.job.state, run.job.skipped, is_unfinished(run)) == ("cancelled", 1, True)
    assert not Document.objects.exists()
    run = runs.worked(continue_run(actor=north.actor, run_id=run.pk, now=NOW))
    assert (run.state, run.job.done, run.job.skipped, is_unfinished(run)) == ("drafted", 1, 0, False)
    assert Document.objects.get().net == 20
    with pytest.raises(NothingFailed):
        continue_run(actor=north.actor, run_id=run.pk, now=NOW)


def test_an_account_manager_sees_no_run(runs):
    runs.office.sold()
    runs.start()
    manager = runs.world.north.member("account_manager")
    assert manager.managed is not None
    assert not billing_runs(manager).exists()


def test_counted_again_it_is_approved_again(runs):
    runs.office.sold()
    run = runs.start()
    runs.office.sold(name="More", price="11")
    run = runs.worked(recount_run(actor=runs.world.north.actor, run_id=run.pk, now=NOW))
    assert counted(run)[runs.world.shop.id][:2] == (31, 2)
    run = runs.approve(run)
    with pytest.raises(RunNotCounted):
        recount_run(actor=runs.world.north.actor, run_id=run.pk, now=NOW)
    with pytest.raises(RunNotCounted):
        runs.approve(run)


def test_what_somebody_should_look_at(runs):
    shop = runs.world.shop
    runs.office.sold()
    Profile.objects.filter(pk=shop.id).update(city="", country="")
    assert counted(runs.start())[shop.id][2] == ["no_address", "untaxed"]


def test_only_its_issuer_bills(runs):
    runs.office.sold()
    run = runs.start()
    with pytest.raises(NotFound):
        approve_run(actor=runs.world.south.actor, run_id=run.pk, now=NOW)
    with pytest.raises(NotFound):
        approve_run(actor=runs.world.provider.actor, run_id=run.pk, now=NOW)
    with pytest.raises(Forbidden):
        approve_run(actor=runs.world.shop.actor, run_id=run.pk, now=NOW)
    with pytest.raises(NobodyOwes):
        runs.start(by=runs.world.south)


def test_one_at_a_time_is_held_by_the_database(runs):
    runs.office.sold()
    cancelled = cancel_run(actor=runs.world.north.actor, run_id=runs.start().pk, now=NOW)
    runs.start(until=TODAY.replace(day=1) - timedelta(days=1))
    with pytest.raises(DatabaseError, match="billing_run_one_waits"), transaction.atomic():
        BillingRun.objects.filter(pk=cancelled.pk).update(cancelled_at=None)


def test_who_was_only_charged_by_hand_is_billed(runs):
    north, shop = runs.world.north, runs.world.shop
    one_off = OneOff("Set-up", 1, Money(Decimal(5), "EUR"))
    charge_by_hand(actor=north.actor, payer_id=shop.id, one_off=one_off, request_id=uuid4(), now=NOW)
    assert counted(runs.start()) == {shop.id: (5, 1, [])}


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE invoicing_billingrun SET month = month + 1",
        "UPDATE invoicing_billingrun SET until = month - 1",
        "UPDATE invoicing_billingrun SET issuing_id = counting_id",
        "UPDATE invoicing_document SET run_id = {run}",
        "UPDATE invoicing_runapproval SET at = now()",
    ],
)
def test_the_database_holds_it(runs, attack):
    runs.office.sold()
    run = runs.start()
    runs.office.charge()
    runs.office.drafts(runs.world.provider)
    statement = f"SET CONSTRAINTS ALL IMMEDIATE; {attack.format(run=run.pk)}"
    with pytest.raises(DatabaseError, match=r"violates|permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
