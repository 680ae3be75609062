"""How mails are worded: as usual, or as the nearest tenant at or above the reader says."""

from dataclasses import dataclass

from tenants.mail_kinds import MailKind
from tenants.models import MailTemplate, Tenant


@dataclass(frozen=True)
class Wording:
    """`tenant_id` is whose it is; None for the usual words."""

    subject: str
    body: str
    is_on: bool = True
    tenant_id: int | None = None


def wording(tenant: Tenant, kind: MailKind, language: str) -> Wording:
    """What a mail in the name of this tenant says. What may not be switched off is sent whatever a template says."""
    ancestors = list(tenant.ancestors) or Tenant.objects.values_list("ancestors", flat=True).get(pk=tenant.pk)
    rows = MailTemplate.objects.filter(tenant_id__in=ancestors, kind=kind.key, language=language)
    nearest = max(rows, key=lambda row: ancestors.index(row.tenant_id), default=None)
    return of_row(nearest, kind) if nearest else usual(kind, language)


def of_row(row: MailTemplate, kind: MailKind) -> Wording:
    return Wording(row.subject, row.body, row.is_on or kind.is_essential, row.tenant_id)


def usual(kind: MailKind, language: str) -> Wording:
    return Wording(kind.subjects[language], kind.bodies[language])
