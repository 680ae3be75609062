"""Suspending and resuming many: a job over the rows or the filter, an event for each, a reason for those it skips."""

from uuid import uuid4

import pytest

from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Forbidden
from tenants.models import Event, Mail, Profile, Tenant
from tenants.services.customers import create_customers
from tenants.services.details import Details
from tenants.services.mail_templates import save_template
from tenants.services.moves import move_tenant
from tenants.services.status import suspend_tenant
from tenants.services.switching import NobodyChosen, start_switching
from tests.world import NOW, World

SUSPENDED, ACTIVE = "suspended", "active"


def start(by, kind: str = "customer", status: str = SUSPENDED, **lookup) -> Job:
    actor = getattr(by, "actor", by)
    chosen = Tenant.objects.filter(**lookup)
    return start_switching(actor=actor, kind=kind, chosen=chosen, status=status, reason="unpaid", now=NOW)


def work(job: Job) -> dict[int, tuple[str, str]]:
    run_job(job.pk, seconds=60)
    rows = JobItem.objects.filter(job=job).values_list("subject_id", "state", "reason")
    return {subject: (state, reason) for subject, state, reason in rows}


def statuses(*ids: int) -> list[str]:
    return [Tenant.objects.get(pk=pk).status for pk in ids]


def test_each_gets_its_event_and_who_cannot_gets_a_reason(world: World):
    suspend_tenant(actor=world.north.actor, tenant_id=world.kiosk.id, now=NOW)
    job = start(world.provider)
    assert (job.total, job.title) == (4, "Suspend 4 customers")
    ended = work(job)
    assert ended[world.shop.id] == ("done", "")
    assert ended[world.kiosk.id] == ("skipped", "suspended")
    assert set(statuses(world.shop.id, world.mill.id, world.direct.id)) == {SUSPENDED}
    event = Event.objects.get(kind="customer.suspended", tenant_id=world.shop.id)
    assert (event.before, event.after) == ({"status": ACTIVE}, {"status": SUSPENDED, "reason": "unpaid"})
    assert (event.user_name, event.user_tenant_id) == (world.provider.actor.name, world.provider.id)
    assert Profile.objects.get(pk=world.shop.id).suspension_reason == "unpaid"
    assert Event.objects.filter(kind="customer.suspended", tenant_id=world.kiosk.id).count() == 1
    work(start(world.provider, status=ACTIVE))
    assert set(statuses(world.shop.id, world.kiosk.id, world.mill.id, world.direct.id)) == {ACTIVE}
    assert Event.objects.filter(kind="customer.resumed").count() == 4


def told(kind: str) -> set[tuple[str, str]]:
    return set(Mail.objects.filter(kind=kind).values_list("to", "state"))


def test_their_administrators_are_told_as_one_by_one(world: World):
    """But a provider writes to no customer of a reseller."""
    work(start(world.provider))
    assert told("tenant_suspended") == {(world.direct.user.email, "waiting")}
    mail = Mail.objects.get(kind="tenant_suspended")
    assert (mail.facts, mail.about_id, mail.tenant_id) == (
        {"organisation": "Direct", "reason": "unpaid"},
        world.direct.id,
        world.provider.id,
    )
    work(start(world.north, status=ACTIVE))
    north_s = {(world.shop.user.email, "waiting"), (world.kiosk.user.email, "waiting")}
    assert told("tenant_resumed") == north_s
    work(start(world.provider, kind="reseller", pk=world.north.id))
    assert (world.north.user.email, "waiting") in told("tenant_suspended")


def test_a_mail_that_is_switched_off_is_not_sent(world: World):
    words = {"subject": "S", "body": "B", "is_on": False, "now": NOW}
    save_template(actor=world.north.actor, kind="tenant_suspended", language="en", **words)
    work(start(world.north))
    off = {(world.shop.user.email, "off"), (world.kiosk.user.email, "off")}
    assert told("tenant_suspended") == off


def test_nobody_outside_the_scope_and_never_oneself(world: World):
    assert set(work(start(world.north))) == {world.shop.id, world.kiosk.id}
    assert set(work(start(world.north, kind="reseller"))) == {world.north_east.id}
    assert statuses(world.north.id, world.mill.id) == [ACTIVE, ACTIVE]
    with pytest.raises(NobodyChosen):
        start(world.south, pk=world.shop.id)
    with pytest.raises(Forbidden):
        start(world.north.member("read_only"))
    assert not Job.objects.filter(total=0).exists()


def test_who_left_before_its_turn_is_left_alone(world: World):
    job = start(world.north, pk=world.shop.id)
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.south.id, now=NOW)
    assert work(job) == {world.shop.id: ("skipped", "out_of_sight")}
    assert statuses(world.shop.id) == [ACTIVE]


def test_many_are_few_statements(world: World, django_assert_max_num_queries):
    many = [Details(name=f"Customer {number}") for number in range(300)]
    create_customers(actor=world.south.actor, seller_id=world.south.id, customers=many, now=NOW)
    job = start(world.south)
    with django_assert_max_num_queries(60):
        assert len(work(job)) == 301


def bulk(browser, url: str, **values):
    return browser.post(url, {"request_id": str(uuid4()), **values})


def test_the_list_asks_before_it_starts(world: World):
    browser = world.provider.browser()
    page = browser.get("/console/customers/").content.decode()
    assert 'formaction="/console/customers/suspend/"' in page
    asked = bulk(browser, "/console/customers/suspend/", selected=[world.shop.id, world.mill.id])
    assert asked.status_code == 200
    assert "Suspend 2 customers" in asked.content.decode()
    assert not Job.objects.exists()
    sent = {"selected": [world.shop.id, world.mill.id], "switch": "1", "reason": "unpaid"}
    done = bulk(browser, "/console/customers/suspend/", **sent)
    job = Job.objects.get()
    assert done["Location"] == f"/console/jobs/{job.pk}/"
    assert set(work(job)) == {world.shop.id, world.mill.id}


def test_all_that_a_filter_shows(world: World):
    browser = world.provider.browser()
    suspend_tenant(actor=world.provider.actor, tenant_id=world.mill.id, now=NOW)
    query = f"seller={world.south.id}&status=suspended"
    asked = bulk(browser, "/console/customers/resume/", all="1", query=query)
    assert "Resume 1 customer" in asked.content.decode()
    bulk(browser, "/console/customers/resume/", all="1", query=query, switch="1")
    assert set(work(Job.objects.get())) == {world.mill.id}
    nothing = bulk(browser, "/console/resellers/suspend/")
    assert nothing["Location"] == "/console/resellers/"
    too_long = bulk(browser, "/console/resellers/suspend/", selected=[world.north.id], switch="1", reason="x" * 300)
    assert too_long.status_code == 422
    assert "x" * 300 in too_long.content.decode()
    rival = bulk(world.south.browser(), "/portal/customers/suspend/", selected=[world.shop.id], switch="1")
    assert rival["Location"] == "/portal/customers/"
    assert Job.objects.count() == 1


def test_over_rest(world: World):
    api = world.north.api()
    answer = api.post("customers/suspend", {"ids": [world.shop.id], "reason": "unpaid"})
    assert answer.status_code == 202
    job = answer.json()["id"]
    assert answer["Location"].endswith(f"/api/v1/jobs/{job}")
    work(Job.objects.get(pk=job))
    assert statuses(world.shop.id) == [SUSPENDED]
    answer = api.post("customers/resume", {"filter": {"status": "suspended", "search": "shop"}})
    work(Job.objects.get(pk=answer.json()["id"]))
    assert statuses(world.shop.id) == [ACTIVE]
    answer = api.post("resellers/suspend", {"filter": {"type": "prepaid"}})
    assert set(work(Job.objects.get(pk=answer.json()["id"]))) == {world.north_east.id}
    assert api.post("customers/suspend", {"ids": [world.shop.id, world.mill.id]}).status_code == 404
    assert world.south.api().post("customers/suspend", {"ids": [world.shop.id]}).status_code == 404
    for wrong in ({}, {"ids": [1], "filter": {}}, {"filter": {"seller": world.south.id}}, {"ids": []}):
        assert api.post("customers/suspend", wrong).status_code == 422, wrong
    assert api.post("customers/suspend", {"filter": {"search": "nobody at all"}}).json()["code"] == "nobody-chosen"
    assert world.north.api("read").post("customers/suspend", {"ids": [world.shop.id]}).status_code == 403
