"""A chunk of a batch of invitations: read, decided and written by a handful of statements, however many rows it has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.models import JobItem
from resellerhub.kernel.queue import enqueue
from tenants.actor import Actor
from tenants.models import Event, Invitation, InvitationRow, Mail, Membership, Tenant
from tenants.naming import hides_from
from tenants.roles import Role
from tenants.services.flood import flooded, hold_caps, left_today
from tenants.services.inviting import PAUSE, Offer, expiry, mail_facts, mail_kind
from tenants.services.mails import plain

REASONS = {
    "large_account_reseller": _("Large account reseller: cannot be invited"),
    "names_hidden": _("Hides the names of its customers: nobody is let in from above"),
    "already_member": _("Has a login there already"),
    "several_resellers": _("Tenant owner of several resellers: invite one of them"),
    "not_registered": _("Not registered: no mail was wanted"),
    "invited_just_now": _("Was sent a mail a moment ago"),
    "too_many_mails": _("Was sent as many mails as a day allows"),
    "too_many_invitations": _("As many people were written to as a day allows"),
    "seller_not_active": _("The seller is not active"),
}
"""Why nobody was written to."""


@dataclass(frozen=True)
class Known:
    """What there is already, for all addresses of a chunk."""

    owned: dict[str, list[Any]] = field(default_factory=dict)
    large: set[str] = field(default_factory=set)
    members: set[tuple[int, str]] = field(default_factory=set)
    open: dict[tuple[str, int | None], Invitation] = field(default_factory=dict)
    hiding: set[int] = field(default_factory=set)
    """Resellers whose customers' names the inviting actor may not read."""
    recent: set[int] = field(default_factory=set)
    """Invitations that were sent a mail within the pause."""
    flooded: set[tuple[int, str]] = field(default_factory=set)
    """By whom nothing more may be written today, and to which address."""


def invite_rows(actor: Actor, batch: Any, item_ids: Sequence[int], now: datetime) -> None:
    """Decide and write these items. Both who invites and who will sell are locked, as when one alone is invited."""
    locked = {row.pk: row for row in Tenant.objects.filter(pk__in={batch.tenant_id, batch.seller_id}).locked()}
    items = list(JobItem.objects.filter(pk__in=item_ids).order_by("position"))
    rows = InvitationRow.objects.in_bulk([item.subject_id for item in items])
    hold_caps(*locked.values())
    known = _known(actor, batch, [row.email for row in rows.values()], now)
    is_active = locked[batch.seller_id].status == Tenant.Status.ACTIVE
    offers: list[tuple[JobItem, Offer]] = []
    left = {pk: left_today(tenant, now) for pk, tenant in locked.items()}
    for item in items:
        row = rows[item.subject_id]
        item.facts = {"line": row.line, "email": row.email, "organisation": row.organisation}
        decided = _decide(batch, row, known) if is_active else "seller_not_active"
        if isinstance(decided, Offer) and (decided.tenant.pk, row.email) in known.flooded:
            decided = "too_many_mails"
        elif isinstance(decided, Offer) and not left[decided.tenant.pk]:
            decided = "too_many_invitations"
        if isinstance(decided, str):
            item.state, item.reason = JobItem.State.SKIPPED, decided
        else:
            item.state, item.reason = JobItem.State.DONE, ""
            left[decided.tenant.pk] -= 1
            offers.append((item, decided))
    _write(actor, offers, known, now)
    JobItem.objects.bulk_update(items, ["state", "reason", "result_id", "facts"])


def _decide(batch: Any, row: InvitationRow, known: Known) -> Offer | str:
    """To what a row is invited, or why it is not."""
    owned = known.owned.get(row.email, [])
    if row.email in known.large or any(reseller.terms.is_large for reseller in owned):
        return "large_account_reseller"
    if len(owned) > 1:
        return "several_resellers"
    if owned and owned[0].pk in known.hiding:
        return "names_hidden"
    if owned and (owned[0].pk, row.email) in known.members:
        return "already_member"
    if not owned and not batch.mails_unregistered:
        return "not_registered"
    before = known.open.get((row.email, owned[0].pk if owned else None))
    if before and before.pk in known.recent:
        return "invited_just_now"
    if owned:
        return Offer(batch.tenant, row.email, batch.language, into=owned[0], role=Role.ADMINISTRATOR)
    names = {"organisation": row.organisation, "reseller_type": batch.reseller_type}
    return Offer(batch.seller, row.email, batch.language, **names)


def _known(actor: Actor, batch: Any, emails: list[str], now: datetime) -> Known:
    known = Known()
    resellers = Tenant.objects.visible_to(actor).resellers().exclude(status=Tenant.Status.CLOSED)
    owned = resellers.exclude(pk=actor.tenant_id).filter(profile__owner_email__in=emails)
    for reseller in owned.select_related("profile", "terms").order_by("pk"):
        known.owned.setdefault(reseller.profile.owner_email, []).append(reseller)
        if hides_from(actor, reseller):
            known.hiding.add(reseller.pk)
    staff = Membership.objects.filter(user__email__in=emails)
    large = staff.filter(tenant__in=resellers.filter(terms__is_large=True).order_by())
    known.large.update(large.values_list("user__email", flat=True))
    found = [reseller.pk for each in known.owned.values() for reseller in each]
    known.members.update(staff.filter(tenant__in=found).values_list("tenant_id", "user__email"))
    mine = Q(tenant=batch.seller_id, into=None) | Q(tenant=batch.tenant_id, into__in=found)
    for row in Invitation.objects.unanswered().filter(mine, email__in=emails).locked():
        known.open[row.email, row.into_id] = row
    sent = Mail.objects.filter(invitation__in=[row.pk for row in known.open.values()], created_at__gt=now - PAUSE)
    known.recent.update(pk for pk in sent.values_list("invitation_id", flat=True) if pk)
    for writer in {batch.tenant, batch.seller}:
        known.flooded.update((writer.pk, email) for email in flooded(writer, emails, now))
    return known


def _write(actor: Actor, offers: list[tuple[JobItem, Offer]], known: Known, now: datetime) -> None:
    """New invitations, open ones renewed, a mail and an event for each."""
    rows: list[Invitation] = []
    for _item, offer in offers:
        row = known.open.get((offer.email, offer.into.pk if offer.into else None)) or Invitation(
            tenant=offer.tenant,
            provider_id=offer.tenant.house_id,
            into=offer.into,
            email=offer.email,
            created_at=now,
            invited_by_id=actor.user_id,
        )
        for name, value in {**offer.terms, "expires_at": expiry(now), "digest": None}.items():
            setattr(row, name, value)
        rows.append(row)
    new = [row for row in rows if row.pk is None]
    renewed = [row for row in rows if row.pk is not None]
    Invitation.objects.bulk_create(new)
    if renewed:
        names = ["role", "organisation", "reseller_type", "language", "expires_at", "digest"]
        Invitation.objects.bulk_update(renewed, names)
    again = {row.pk for row in renewed}
    Mail.objects.bulk_create(_mail(row, now) for row in rows)
    Event.objects.bulk_create(
        actor.event(
            "invitation.resent" if row.pk in again else "invitation.sent", row, at=now, facts={"email": row.email}
        )
        for row in rows
    )
    for (item, _offer), row in zip(offers, rows, strict=True):
        item.result_id = row.pk
    if rows:
        enqueue("tenants.tasks.send_mails")


def _mail(row: Invitation, now: datetime) -> Mail:
    """As `write_mail` would: these kinds cannot be switched off, and everybody may write to a reseller beneath them."""
    return Mail(
        tenant=row.tenant,
        provider_id=row.provider_id,
        about=row.into,
        kind=mail_kind(row),
        language=row.language,
        to=row.email,
        facts={name: plain(value) for name, value in mail_facts(row).items()},
        invitation=row,
        rank=Mail.Rank.MANY,
        created_at=now,
        due_at=now,
    )
