"""Many mails at once: the rules of `write_mail`, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from resellerhub.kernel.queue import enqueue
from tenants import mail_kinds
from tenants.models import CustomerAccount, Mail, Tenant
from tenants.roles import Kind
from tenants.services.flood import heard_enough
from tenants.services.mail_templates import switched_off
from tenants.services.mails import plain, speakers


@dataclass(frozen=True)
class Letter:
    """To one reader; `about` is the tenant that the reader belongs to."""

    to: str
    about: Tenant
    language: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def write_mails(*, kind: str, sender: Tenant, letters: Sequence[Letter], now: datetime) -> int:
    """Put these into the outbox, as part of an operation; returns how many will be sent.

    Left out are those that may not be written or went out often enough today, and noted as such those that are switched
    off, as one by one.
    """
    mail_kind = mail_kinds.get(kind)
    closed = _closed_to(sender, letters)
    over = heard_enough([letter.to for letter in letters], [letter.about.pk for letter in letters], kind, now)
    allowed = [each for each in letters if each.about.pk not in closed and (each.about.pk, each.to) not in over]
    voices = speakers(sender, [letter.about for letter in allowed])
    off = switched_off(set(voices.values()), mail_kind) if voices else set()
    mails = [_mail(kind, sender, letter, now) for letter in allowed]
    for mail, letter in zip(mails, allowed, strict=True):
        if (voices[letter.about.pk], mail.language) in off:
            mail.state = Mail.State.OFF
    Mail.objects.bulk_create(mails)
    count = sum(mail.state == Mail.State.WAITING for mail in mails)
    if count:
        enqueue("tenants.tasks.send_mails")
    return count


def _closed_to(sender: Tenant, letters: Sequence[Letter]) -> set[int]:
    """The customers of resellers that a provider does not write to, because it does not support them."""
    if sender.kind != Kind.PROVIDER:
        return set()
    beneath = {
        letter.about.pk
        for letter in letters
        if letter.about.kind == Kind.CUSTOMER and letter.about.seller_id != sender.pk
    }
    supported = CustomerAccount.objects.filter(tenant__in=beneath, support_level__provider_supports=True)
    return beneath - set(supported.values_list("tenant_id", flat=True))


def _mail(kind: str, sender: Tenant, letter: Letter, now: datetime) -> Mail:
    known = letter.language in dict(settings.LANGUAGES)
    return Mail(
        tenant=sender,
        provider_id=sender.house_id,
        about=letter.about,
        kind=kind,
        language=letter.language if known else settings.LANGUAGE_CODE,
        to=letter.to,
        facts={name: plain(value) for name, value in letter.facts.items()},
        rank=Mail.Rank.MANY,
        state=Mail.State.WAITING,
        created_at=now,
        due_at=now,
    )
