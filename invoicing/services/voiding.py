"""What was issued by mistake is void: it keeps its number, and what stood on it is billed again."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from invoicing.models import Document, DocumentKind
from invoicing.refusals import NotToBeVoid
from invoicing.services.allocating import release
from invoicing.services.drafts import own
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid
from resellerhub.kernel.text import has_forbidden, has_lines, is_blank
from tenants.actor import Actor

REASON_MAX = 300


@operation
def void_document(*, actor: Actor, document_id: int, reason: str, now: datetime) -> Document:
    """Make an issued invoice or proforma invoice void. Refused: `NotToBeVoid`, as for what a credit note corrects."""
    document = own(actor, document_id)
    reason = reason.strip()
    if is_blank(reason) or len(reason) > REASON_MAX or has_forbidden(reason) or has_lines(reason):
        raise Invalid({"reason": [_("Say why, in one line of at most %(most)s characters.") % {"most": REASON_MAX}]})
    is_one = document.kind in (DocumentKind.INVOICE, DocumentKind.PROFORMA)
    is_corrected = document.corrections.filter(state=Document.State.ISSUED).exists()
    if not is_one or document.state != Document.State.ISSUED or is_corrected:
        raise NotToBeVoid()
    release(document, now)
    document.state, document.voided_at, document.void_reason = Document.State.VOID, now, reason
    document.save(update_fields=["state", "voided_at", "void_reason"])
    facts: dict[str, Any] = {"document.number": document.full_number, "document.reason": reason}
    actor.record("document.voided", document, at=now, tenant_id=document.payer_id, **facts)
    return document
