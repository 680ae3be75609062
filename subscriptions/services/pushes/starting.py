"""New terms for what is sold of a package: the start, the chunk that a worker runs, and what waits for its day."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Min, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from resellerhub.kernel.jobs.control import cancel_job, resume_items
from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Busy, RequestReused, found
from subscriptions.models import Push, Subscription
from subscriptions.refusals import NothingSold, NothingWaits
from subscriptions.selectors.targets import frozen
from subscriptions.services.pushes.decision import WAITING, decide
from subscriptions.services.pushes.room import Room
from subscriptions.services.pushes.terms import Asked, NewTerms, columns_of, targets_of, terms_of
from subscriptions.services.pushes.writing import settle, write
from tenants.actor import Actor
from tenants.models import Event

KIND, STARTED = "push", "push.started"
CHUNK = 500
"""Targets in a transaction: their rows are locked so long."""
UNTIL = "until"
"""Beside a target whose day has come: which day it is."""


@operation
def start_push(*, actor: Actor, asked: Asked, request_id: UUID, now: datetime) -> Push:
    """Freeze the selection, and hand it to the workers; a repeated request id starts nothing twice.

    Each target is decided when its turn comes; one that changes on a day to come waits for that day. Refused:
    `ManagedByAnother`, `BeforeToday`, `VersionLater`, `NothingSold`.
    """
    actor.require("catalog.edit")
    if earlier := Push.objects.filter(tenant=actor.tenant_id, request_id=request_id).first():
        _must_be_the_same(earlier, asked)
        return earlier
    terms = terms_of(actor, asked, now)
    chosen, values = frozen(targets_of(actor, asked))
    title = _("New terms for %(package)s") % {"package": terms.version.package.name}
    job = start_job(actor=actor, kind=KIND, title=title, now=now)
    with refusing({"push_request_once": Busy()}):
        push = Push.objects.create(
            job=job,
            provider_id=actor.provider_id,
            tenant_id=actor.tenant_id,
            request_id=request_id,
            created_at=now,
            **columns_of(asked, terms),
        )
    if not write_items(job, chosen, values):
        raise NothingSold()
    seal_job(job, chunk=CHUNK)
    what = {name: getattr(asked, name) for name in ("limits", "prices", "keeps_own_prices")}
    day = asked.effective_on.isoformat() if asked.effective_on else None
    facts = {"package": asked.package_id, "version": terms.version.pk, "effective_on": day, **what}
    actor.record(STARTED, push, at=now, **facts, targets=job.total, job=job.pk)
    return push


@operation
def cancel_push(*, actor: Actor, push_id: int, now: datetime) -> Push:
    """Stop it: what has changed stays changed, the rest is skipped, what waits for its day with it. Refused:
    `NothingWaits`."""
    actor.require("subscription.edit")
    push = found(Push.objects.visible_to(actor).locked(), pk=push_id)
    job = found(Job.objects.visible_to(actor).locked(), pk=push.job_id)
    waits = _waiting(job)
    if not (job.is_live or waits.exists()):
        raise NothingWaits()
    if job.is_live:
        cancel_job(actor=actor, job_id=job.pk, now=now)
    else:
        actor.record("job.cancelled", job, at=now, tenant_id=job.tenant_id, processed=job.processed, total=job.total)
    _remember(push.pk, None)
    end_waiting(job)
    return push


@operation
def resume_push(*, push_id: int, now: datetime) -> int:
    """Give the targets whose day has come their turn; how many they are. Doing it late or twice does it once."""
    push = Push.objects.locked().get(pk=push_id)
    job = Job.objects.locked().get(pk=push.job_id)
    if job.is_live:
        return 0
    if job.cancel_asked_at is not None:
        end_waiting(job)
        _remember(push.pk, None)
        return 0
    today = day_of(now).isoformat()
    due = _waiting(job).filter(day__lte=today)
    items = JobItem.objects.filter(pk__in=list(due.values_list("pk", flat=True)))
    number = resume_items(job, items, {UNTIL: today}, now)
    _remember(push.pk, _waiting(job).aggregate(first=Min("day"))["first"])
    return number


def due_pushes(now: datetime) -> list[int]:
    """Those of which something waits for a day that has come."""
    rows = Push.objects.filter(next_on__lte=day_of(now)).order_by("next_on", "pk")
    return list(rows.values_list("pk", flat=True))


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Decide and write these items; called by the job runner inside its transaction."""
    push = Push.objects.select_related("tenant").get(job=job.pk)
    told = Event.objects.get(subject_type="push", subject_id=push.pk, kind=STARTED)
    now = job.heartbeat_at or told.at
    terms = NewTerms.of(push)
    rows = JobItem.objects.filter(pk__in=item_ids).order_by("position").values_list("pk", "subject_id", "facts")
    items = list(rows)
    _lock([subject for _pk, subject, _facts in items])
    today = max(terms.asked_on, day_of(now)) if job.attempt > 1 else terms.asked_on
    due = {subject: date.fromisoformat(facts[UNTIL]) for _pk, subject, facts in items if facts and UNTIL in facts}
    subjects = [subject for _pk, subject, _facts in items]
    decisions = list(decide(terms, subjects, Room(locks=True), lambda subject: max(today, due.get(subject, today))))
    begun = write(Actor.of_job(push.tenant, told), terms, decisions, now)
    by_subject = {one.subscription.pk: one for one in decisions}
    settle([(pk, by_subject[subject], begun.get(subject)) for pk, subject, _facts in items], json.dumps)
    days = [one.day for one in decisions if one.outcome == WAITING and one.day]
    if days:
        Push.objects.filter(pk=push.pk).update(next_on=Least(Coalesce(F("next_on"), min(days)), min(days)))


def _must_be_the_same(earlier: Push, asked: Asked) -> None:
    same = all(
        getattr(earlier, name) == getattr(asked, name)
        for name in ("package_id", "limits", "prices", "effective_on", "keeps_own_prices")
    )
    version = asked.version_id in {None, earlier.version_id}
    if not (same and version and earlier.sellers == sorted(set(asked.sellers))):
        raise RequestReused()


def _lock(ids: Sequence[int]) -> None:
    """These subscriptions and those that they draw on; what draws on another when its turn comes is locked as well."""
    sources = Subscription.objects.filter(pk__in=ids, source__isnull=False).order_by().values("source")
    locked = set(Subscription.objects.filter(Q(pk__in=ids) | Q(pk__in=sources)).locked().values_list("pk", flat=True))
    late = {pk for pk in sources.values_list("source", flat=True) if pk is not None} - locked
    if late:
        list(Subscription.objects.filter(pk__in=late).locked().values_list("pk", flat=True))


def _waiting(job: Job) -> Any:
    rows = JobItem.objects.filter(job=job, state=JobItem.State.SKIPPED, reason=WAITING)
    return rows.annotate(day=KT("facts__on"))


def end_waiting(job: Job) -> None:
    """Of a push that is cancelled: what waits for its day is skipped with the rest. The caller has locked the job, and
    may not have the push: where it was cancelled as a job, the day of the push is forgotten when it comes.
    """
    _waiting(job).update(reason="cancelled")


def _remember(push_id: int, day: str | None) -> None:
    Push.objects.filter(pk=push_id).update(next_on=date.fromisoformat(day) if day else None)
