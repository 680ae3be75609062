"""How mails are worded: as usual, or as the nearest tenant at or above the reader says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from resellerhub.kernel import saving
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, NotFound
from resellerhub.kernel.text import has_forbidden, is_blank
from tenants import mail_kinds
from tenants.actor import Actor
from tenants.mail_kinds import SECRETS, MailKind
from tenants.models import Branding, MailTemplate, Tenant
from tenants.services.branding import own_house


@dataclass(frozen=True)
class Wording:
    """`tenant_id` is whose it is; None for the usual words."""

    kind: MailKind
    language: str
    subject: str
    body: str
    is_on: bool = True
    tenant_id: int | None = None


def wording(tenant_id: int, kind: MailKind, language: str) -> Wording:
    """What a mail in the name of this tenant says."""
    return next(row for row in wordings(tenant_id, [kind]) if row.language == language)


def wordings(tenant_id: int, kinds: Sequence[MailKind]) -> list[Wording]:
    """The same of many kinds, in every language."""
    above = heard(tenant_id)
    rows = MailTemplate.objects.filter(tenant_id__in=above, kind__in=[kind.key for kind in kinds])
    nearest = {(row.kind, row.language): row for row in sorted(rows, key=lambda row: above.index(row.tenant_id))}
    return [
        of_row(row, kind) if (row := nearest.get((kind.key, language))) else usual(kind, language)
        for kind in kinds
        for language, _name in settings.LANGUAGES
    ]


def heard(tenant_id: int) -> list[int]:
    """Whose words count, the farthest first. Not beyond a house with a brand of its own: words from above it could
    name whom its customers are not to know.
    """
    return heard_by_each({tenant_id})[tenant_id]


def heard_by_each(tenant_ids: Collection[int]) -> dict[int, list[int]]:
    """The same of many tenants."""
    above: dict[int, list[int]] = dict(Tenant.objects.filter(pk__in=tenant_ids).values_list("pk", "ancestors"))
    everybody = {pk for line in above.values() for pk in line}
    branded = set(Branding.objects.filter(tenant_id__in=everybody).values_list("tenant_id", flat=True))
    return {
        tenant_id: line[max((place for place, pk in enumerate(line) if pk in branded), default=0) :]
        for tenant_id, line in above.items()
    }


def switched_off(tenant_ids: Collection[int], kind: MailKind) -> set[tuple[int, str]]:
    """In whose name this mail is not sent, and in which language."""
    lines = heard_by_each(tenant_ids)
    everybody = {pk for line in lines.values() for pk in line}
    rows = MailTemplate.objects.filter(tenant_id__in=everybody, kind=kind.key).order_by("pk")
    is_on = {(row.tenant_id, row.language): of_row(row, kind).is_on for row in rows}
    off: set[tuple[int, str]] = set()
    for tenant_id, line in lines.items():
        for language, _name in settings.LANGUAGES:
            said = [is_on[pk, language] for pk in line if (pk, language) in is_on]
            if said and not said[-1]:
                off.add((tenant_id, language))
    return off


def of_row(row: MailTemplate, kind: MailKind) -> Wording:
    """What cannot be switched off is sent whatever its template says."""
    return Wording(kind, row.language, row.subject, row.body, row.is_on or kind.is_essential, row.tenant_id)


def usual(kind: MailKind, language: str) -> Wording:
    return Wording(kind, language, kind.subjects[language], kind.bodies[language])


@operation
def save_template(
    *, actor: Actor, kind: str, language: str, subject: str, body: str, is_on: bool = True, now: datetime
) -> MailTemplate:
    """The actor's own words for a mail, for itself and those beneath it that have none nearer."""
    tenant = own_house(actor)
    mail_kind = known(kind, language)
    body = body.replace("\r\n", "\n").strip()
    check(mail_kind, subject, body, is_on)
    row = MailTemplate.objects.filter(tenant=tenant, kind=kind, language=language).first()
    template = row or MailTemplate(tenant=tenant, provider_id=tenant.house_id, kind=kind, language=language)
    before = told(template) if row else {}
    template.subject, template.body, template.is_on = subject.strip(), body, is_on
    if told(template) != before:
        saving.save(template, ["subject", "body", "is_on"] if row else None, taken={})
        actor.record(
            "mail_template.changed", template, at=now, before=before, mail=kind, written_in=language, **told(template)
        )
    return template


@operation
def restore_template(*, actor: Actor, kind: str, language: str, now: datetime) -> None:
    """Back to what counts without the actor's own words; where it has none, nothing changes."""
    tenant = own_house(actor)
    known(kind, language)
    row = MailTemplate.objects.filter(tenant=tenant, kind=kind, language=language).first()
    if row is not None:
        facts = {"mail": kind, "written_in": language}
        actor.record("mail_template.restored", row, at=now, before=told(row), tenant_id=tenant.pk, **facts)
        row.delete()


def known(kind: str, language: str) -> MailKind:
    if kind not in mail_kinds.KINDS or language not in dict(settings.LANGUAGES):
        raise NotFound()
    return mail_kinds.get(kind)


def told(template: MailTemplate) -> dict[str, Any]:
    return {"wording": template.subject, "text": template.body, "is_on": template.is_on}


def check(kind: MailKind, subject: str, body: str, is_on: bool = True) -> None:
    """Everything at once, each sentence beside its field."""
    errors: dict[str, str] = {}
    for field, text in (("subject", subject), ("body", body)):
        if is_blank(text):
            errors[field] = _("This may not be empty.")
        elif has_forbidden(text):
            errors[field] = _("This holds characters that nobody can see.")
        elif unknown := kind.unknown(text):
            errors[field] = _("This mail has no {{{name}}}.").format(name=unknown[0])
    for name in SECRETS:
        if name in kind.variables and "body" not in errors and f"{{{name}}}" not in body:
            errors["body"] = _("This mail is of no use without {{{name}}}.").format(name=name)
        if f"{{{name}}}" in subject:
            errors["subject"] = _("A secret does not belong into the subject.")
    if kind.is_essential and not is_on:
        errors["is_on"] = _("This mail cannot be switched off: without it nobody comes in.")
    if errors:
        raise Invalid({field: [sentence] for field, sentence in errors.items()})
