"""Suspend or resume many at once: a job, whose chunks are decided and written as sets."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, Refusal
from tenants.actor import Actor
from tenants.models import Event, Membership, Profile, Tenant
from tenants.roles import Kind, Role
from tenants.services.many_mails import Letter, write_mails
from tenants.services.status import take_along
from tenants.services.tree import lock_branches

Status = Tenant.Status
VERBS = {Status.SUSPENDED.value: "suspended", Status.ACTIVE.value: "resumed"}
FROM = {Status.SUSPENDED.value: Status.ACTIVE.value, Status.ACTIVE.value: Status.SUSPENDED.value}
GONE = "out_of_sight"
"""Why a target is skipped that left the actor's scope before its turn; else the reason is the status it has."""


class NobodyChosen(Refusal):
    code, message = "nobody-chosen", _("Nobody was chosen.")


@operation
def start_switching(*, actor: Actor, kind: str, chosen: Any, status: str, reason: str = "", now: datetime) -> Job:
    """Have the resellers or customers (`kind`) among the chosen suspended, or made active again.

    `chosen` is a query of tenants, frozen now. Each that can be switched gets its event; the others are skipped with
    the status that they have. Nobody starts it on a visit, because it goes on when the visit is over.
    """
    actor.require(f"{kind}.edit")
    if actor.visitor:
        raise Forbidden(permission=f"{kind}.edit", actor=actor)
    seen = Tenant.objects.visible_to(actor).filter(kind=kind).exclude(pk=actor.tenant_id)
    ids = chosen.order_by().values("pk")
    select, params = seen.filter(pk__in=ids).order_by().values_list("pk").query.sql_with_params()
    title = switching_title(kind, status, seen.filter(pk__in=ids).count())
    job = start_job(actor=actor, kind=f"{kind}_status", title=title, now=now)
    numbered = f"SELECT row_number() OVER (ORDER BY t.id), t.id FROM ({select}) AS t (id)"
    if not write_items(job, numbered, params):
        raise NobodyChosen()
    seal_job(job)
    facts: dict[str, Any] = {"status": status, "reason": reason, "targets": job.total}
    actor.record("tenants.switching_started", job, at=now, tenant_id=actor.tenant_id, **facts)
    return job


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Switch what these items name, in the name of whoever started the job; called by the job runner."""
    told = Event.objects.get(subject_type="job", subject_id=job.pk, kind="tenants.switching_started")
    status = told.after["status"]
    items = dict(JobItem.objects.filter(pk__in=item_ids).values_list("subject_id", "pk"))
    actor = Actor.of_job(Tenant.objects.get(pk=told.user_tenant_id), told)
    seen = Tenant.objects.within(told.user_tenant_id).filter(pk__in=items).order_by("pk")
    lock_branches(actor, *seen.values_list("pk", flat=True))
    tenants: dict[int, Tenant] = {tenant.pk: tenant for tenant in seen.locked()}
    switched = [tenant for tenant in tenants.values() if tenant.status == FROM[status]]
    ids = [tenant.pk for tenant in switched]
    Tenant.objects.filter(pk__in=ids).update(status=status)
    Profile.objects.filter(pk__in=ids).update(suspension_reason=told.after["reason"])
    now = job.heartbeat_at or told.at
    _tell(told, switched, status, now)
    take_along(actor, switched, status, told.after["reason"], now)
    Event.objects.bulk_create([_event(told, tenant, status) for tenant in switched])
    _settle([items[pk] for pk in ids], JobItem.State.DONE, "")
    others = {items[pk]: tenants[pk].status if pk in tenants else GONE for pk in items if pk not in ids}
    for why, group in groupby(sorted(others, key=lambda item: others[item]), key=lambda item: others[item]):
        _settle(list(group), JobItem.State.SKIPPED, why)


def _event(told: Event, tenant: Tenant, status: str) -> Event:
    """As one by one, by and at the hand of whoever started it."""
    facts = {"reason": told.after["reason"]} if status == Status.SUSPENDED else {}
    return Event(
        provider_id=told.provider_id,
        tenant_id=tenant.pk,
        kind=f"{tenant.kind}.{VERBS[status]}",
        subject_type="tenant",
        subject_id=tenant.pk,
        before={"status": tenant.status},
        after={"status": status, **facts},
        user_id=told.user_id,
        user_name=told.user_name,
        user_tenant_id=told.user_tenant_id,
        api_key_id=told.api_key_id,
        request_id=told.request_id,
        at=told.at,
    )


def _tell(told: Event, switched: Sequence[Tenant], status: str, now: datetime) -> None:
    """To their administrators, in the name of whoever started it, as one by one."""
    rows = Membership.objects.filter(
        tenant__in=[tenant.pk for tenant in switched], role=Role.ADMINISTRATOR, user__is_active=True
    )
    by_id = {tenant.pk: tenant for tenant in switched}
    letters = [
        Letter(
            to=row.user.email,
            about=by_id[row.tenant_id],
            language=row.user.language,
            facts={"organisation": row.tenant.profile.name, "reason": told.after["reason"]},
        )
        for row in rows.select_related("user", "tenant__profile").order_by("tenant_id", "pk")
    ]
    sender = Tenant.objects.get(pk=told.user_tenant_id)
    write_mails(kind=f"tenant_{VERBS[status]}", sender=sender, letters=letters, now=now)


def _settle(items: list[int], state: str, reason: str) -> None:
    JobItem.objects.filter(pk__in=items).update(state=state, reason=reason)


def switching_title(kind: str, status: str, count: int) -> str:
    """Of the job, and of the page that asks for it."""
    words = {
        (Kind.RESELLER, Status.SUSPENDED): ngettext("Suspend %(n)d reseller", "Suspend %(n)d resellers", count),
        (Kind.RESELLER, Status.ACTIVE): ngettext("Resume %(n)d reseller", "Resume %(n)d resellers", count),
        (Kind.CUSTOMER, Status.SUSPENDED): ngettext("Suspend %(n)d customer", "Suspend %(n)d customers", count),
        (Kind.CUSTOMER, Status.ACTIVE): ngettext("Resume %(n)d customer", "Resume %(n)d customers", count),
    }
    return words[Kind(kind), Status(status)] % {"n": count}
