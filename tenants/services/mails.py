"""The outbox: mails are written in the transaction of what they tell of, and sent after it by a worker."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.queue import enqueue
from resellerhub.kernel.refusals import Refusal, found
from tenants import mail_kinds
from tenants.actor import Actor
from tenants.models import Branding, CustomerAccount, Invitation, Mail, Tenant
from tenants.outbox import in_sight
from tenants.roles import Kind
from tenants.services.mail_templates import wording

LEASE = timedelta(minutes=5)
"""How long a worker may be at a batch before another takes it over."""

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
ATTEMPTS = len(BACK_OFF) + 1
ERROR_LENGTH = 500

CLAIM = """
    UPDATE tenants_mail SET due_at = %(until)s, attempts = attempts + 1
    WHERE id = ANY (ARRAY (
        SELECT id FROM tenants_mail WHERE state = 'waiting' AND due_at <= %(now)s AND attempts < %(attempts)s
        ORDER BY rank, due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED))
    RETURNING id
"""
"""As an array the rows are looked for once; joined, they could be again, and more than asked for."""


class NotFailed(Refusal):
    code, message = "not-failed", _("Only a mail that failed can be sent again.")


def write_mail(
    *,
    kind: str,
    to: str,
    sender: Tenant,
    about: Tenant | None = None,
    language: str,
    facts: Mapping[str, Any] | None = None,
    invitation: Invitation | None = None,
    rank: Mail.Rank = Mail.Rank.SINGLE,
    now: datetime,
) -> Mail | None:
    """Put a mail into the outbox, as part of an operation. None: it is switched off, or may not be written.

    `sender` is in whose name it goes, `about` the tenant that the recipient belongs to. `facts` fill the placeholders
    of the kind; the secret link is none of them, it is made while the mail is sent.
    `rank` says whether it is one of many, which go after all others.
    """
    mail_kind = mail_kinds.get(kind)
    if not may_write(sender, about):
        return None
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    off = not wording(speaker(sender, about).pk, mail_kind, language).is_on
    mail = Mail.objects.create(
        tenant=sender,
        provider_id=sender.house_id,
        about=about,
        kind=kind,
        language=language,
        to=to,
        facts={name: plain(value) for name, value in (facts or {}).items()},
        invitation=invitation,
        rank=Mail.Rank.AWAITED if mail_kind.is_awaited else rank,
        state=Mail.State.OFF if off else Mail.State.WAITING,
        created_at=now,
        due_at=now,
    )
    if off:
        return None
    enqueue("tenants.tasks.send_mails")
    return mail


def may_write(sender: Tenant, about: Tenant | None) -> bool:
    """A provider does not write to customers of its resellers, unless it is the provider who supports them."""
    if sender.kind != Kind.PROVIDER or about is None or about.kind != Kind.CUSTOMER or about.seller_id == sender.pk:
        return True
    return CustomerAccount.objects.filter(tenant=about, support_level__provider_supports=True).exists()


def speaker(sender: Tenant, about: Tenant | None) -> Tenant:
    """Whose wording, brand and signature a mail has; see `speakers`."""
    if about is None or (speaker_id := speakers(sender, [about])[about.pk]) == sender.pk:
        return sender
    found_one: Tenant = Tenant.objects.select_related("profile").get(pk=speaker_id)
    return found_one


def speakers(sender: Tenant, readers: Collection[Tenant]) -> dict[int, int]:
    """Who speaks to each of these tenants, whoever sends it: to a customer always its seller, and to a reseller beneath
    a brand, too: it does not know who stands above that.
    """
    resellers = [reader for reader in readers if reader.kind == Kind.RESELLER and sender.pk != reader.seller_id]
    between = {reader.pk: _between(sender, reader) for reader in resellers}
    everybody = {pk for line in between.values() for pk in line}
    rows = Branding.objects.filter(tenant__in=everybody) if everybody else Branding.objects.none()
    branded = set(rows.values_list("tenant_id", flat=True))
    return {
        reader.pk: reader.seller_id
        if reader.seller_id and (reader.kind == Kind.CUSTOMER or branded.intersection(between.get(reader.pk, ())))
        else sender.pk
        for reader in readers
    }


def _between(sender: Tenant, reader: Tenant) -> list[int]:
    """Who stands beneath the sender and above the reader; nobody where the sender is not above."""
    above = reader.ancestors[:-1]
    return above[above.index(sender.pk) + 1 :] if sender.pk in above else []


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


@operation
def resend_mail(*, actor: Actor, mail_id: int, now: datetime) -> Mail:
    """Try a failed mail anew, with as many attempts as at first and a link of its own."""
    actor.require("mail.view")
    actor.require("customer.edit")
    mail = found(Mail.objects.filter(pk__in=in_sight(actor).values("pk")).locked(), pk=mail_id)
    if mail.state != Mail.State.FAILED:
        raise NotFailed()
    mail.state, mail.attempts, mail.due_at, mail.error = Mail.State.WAITING, 0, now, ""
    mail.salt, mail.rank = uuid4(), min(mail.rank, Mail.Rank.SINGLE)
    mail.save(update_fields=["state", "attempts", "due_at", "error", "salt", "rank"])
    actor.record("mail.resent", mail, at=now, mail=mail.kind)
    enqueue("tenants.tasks.send_mails")
    return mail


def claim_mails(*, most: int, now: datetime) -> list[Mail]:
    """Lease what is due, the many last: nobody else takes it while the lease lasts, and somebody does afterwards."""
    given_up = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=now, attempts__gte=ATTEMPTS)
    given_up.update(state=Mail.State.FAILED, error="The worker stopped while it was sending this.")
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"until": now + LEASE, "now": now, "attempts": ATTEMPTS, "most": most})
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Mail.objects.filter(pk__in=ids).order_by("rank", "pk")
    return list(rows.select_related("tenant__profile", "about__profile", "invitation"))


def note_sent(mail: Mail, *, subject: str, body: str, now: datetime) -> None:
    """What was sent, without its secrets. A lease that ran out meanwhile does not undo it."""
    Mail.objects.filter(pk=mail.pk).update(
        state=Mail.State.SENT, subject=subject[:300], body=body, error="", sent_at=now, due_at=now
    )


def note_failure(mail: Mail, error: str, *, for_good: bool = False, now: datetime) -> None:
    """Later again, ever more rarely; after the last attempt, or where trying again changes nothing, never."""
    over = for_good or mail.attempts >= ATTEMPTS
    Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING).update(
        state=Mail.State.FAILED if over else Mail.State.WAITING,
        error=error[:ERROR_LENGTH],
        due_at=now if over else now + BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1],
    )
