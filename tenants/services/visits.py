"""Logging in as somebody else, to see what they see: with a reason, for a while, under both names."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, Invalid, Refusal, found
from resellerhub.kernel.text import has_forbidden, is_blank
from tenants import selectors
from tenants.actor import Actor
from tenants.models import Membership, Tenant, Visit


class OwnVisit(Refusal):
    code, message = "own-visit", gettext_lazy("This is your own login: switch to it in your profile.")


@operation
def start_visit(*, actor: Actor, membership_id: int, reason: str, length: timedelta, now: datetime) -> Visit:
    """Act as a member of a tenant beneath one's own; a visit that is still open elsewhere ends with it.

    A person does it, in a browser: no key, and nobody who is on a visit already.
    """
    actor.require("user.visit")
    if actor.api_key_id or actor.visitor or actor.user_id is None:
        raise Forbidden(permission="user.visit", actor=actor)
    if is_blank(reason) or has_forbidden(reason):
        raise Invalid({"reason": [_("Say why, in words that can be read.")]})
    member = found(visitable(actor), pk=membership_id)
    if member.user_id == actor.user_id:
        raise OwnVisit()
    _end(actor, Visit.objects.filter(visitor_id=actor.user_id, ended_at=None).locked(), now)
    visit = Visit.objects.create(
        tenant=member.tenant,
        provider_id=actor.provider_id,
        visitor_id=actor.user_id,
        visitor_tenant_id=actor.tenant_id,
        member=member.user,
        reason=reason.strip(),
        started_at=now,
        ends_at=now + length,
    )
    _record(actor, "visit.started", visit, now)
    return visit


@operation
def end_visit(*, actor: Actor, visit_id: int, now: datetime) -> Visit:
    """The visitor is back in their own name; ending it again changes nothing. `actor` is the visitor."""
    mine = Visit.objects.filter(visitor_id=actor.user_id)
    _end(actor, mine.filter(pk=visit_id, ended_at=None).locked(), now)
    return found(mine, pk=visit_id)


@operation
def end_overdue_visits(*, now: datetime) -> int:
    """Close what nobody ended before its time was over, in the name of the system; how many."""
    overdue = list(Visit.objects.filter(ended_at=None, ends_at__lte=now).locked())
    for visit in overdue:
        _end(Actor.system(visit.provider_id, "visits"), [visit], now)
    return len(overdue)


def visitable(actor: Actor) -> QuerySet[Membership]:
    """Whom the actor could visit: active members of open tenants beneath its own."""
    rows = selectors.users(actor).filter(user__is_active=True).exclude(tenant_id=actor.tenant_id)
    return rows.exclude(tenant__status=Tenant.Status.CLOSED)


def visit_of(actor: Actor, visit_id: int, now: datetime) -> tuple[Visit, Membership] | None:
    """The visit that goes on, and the member as it is now; None when time is over or either lost what it rests on."""
    open_ = Q(pk=visit_id, visitor_id=actor.user_id, visitor_tenant_id=actor.tenant_id, ended_at=None)
    visit = Visit.objects.filter(open_, ends_at__gt=now).first()
    if visit is None or not actor.can("user.visit"):
        return None
    members = visitable(actor).select_related("tenant__profile")
    member = members.filter(user_id=visit.member_id, tenant_id=visit.tenant_id).first()
    return (visit, member) if member else None


def _end(actor: Actor, visits: Iterable[Visit], now: datetime) -> None:
    for visit in visits:
        visit.ended_at = max(min(now, visit.ends_at), visit.started_at)
        visit.save(update_fields=["ended_at"])
        _record(actor, "visit.ended", visit, now)


def _record(actor: Actor, kind: str, visit: Visit, now: datetime) -> None:
    """For the tenant that was visited, under both names, with the reason: it may know."""
    both = replace(actor, on_behalf_of=visit.member_id)
    both.record(kind, visit, at=now, tenant_id=visit.tenant_id, user_id=visit.member_id, reason=visit.reason)
