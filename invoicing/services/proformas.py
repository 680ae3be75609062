"""A proforma invoice says what an invoice would; turned into one, it is billed with a number of its own."""

from datetime import datetime
from typing import Any

from invoicing.models import Charge, Document, DocumentKind
from invoicing.refusals import BilledElsewhere, NotAProforma
from invoicing.selectors.documents import undocumented
from invoicing.selectors.taxes import liability_of
from invoicing.services.composing import compose, write
from invoicing.services.drafting import today_of
from invoicing.services.drafts import own
from resellerhub.kernel.operation import operation, refusing
from tenants.actor import Actor


@operation
def turn_into_invoice(*, actor: Actor, document_id: int, now: datetime) -> Document:
    """The draft of an invoice with all that stands on an issued proforma invoice; number and date come with its issue.

    Refused: `NotAProforma`, `BilledElsewhere` where some of it stands on another document by now.
    """
    proforma = own(actor, document_id)
    is_one = proforma.kind == DocumentKind.PROFORMA and proforma.state == Document.State.ISSUED
    if not is_one or proforma.invoices.exclude(state=Document.State.VOID).exists():
        raise NotAProforma()
    ids = set(proforma.lines.values_list("charge_id", flat=True))
    charges = list(Charge.objects.filter(pk__in=ids))
    if undocumented(proforma.issuer_id).filter(pk__in=ids).count() != len(ids):
        raise BilledElsewhere()
    names = ("provider_id", "issuer_id", "payer_id", "seller_id", "currency", "language", "until", "is_roll_up")
    said = ("note", "buyer_reference", "order_number")
    invoice = Document(
        kind=DocumentKind.INVOICE,
        proforma=proforma,
        made_at=now,
        **{name: getattr(proforma, name) for name in (*names, *said)},
    )
    today = today_of(invoice.issuer_id, now)
    composed = compose(invoice, charges, liability_of(invoice.issuer_id, invoice.payer_id, today))
    with refusing({"document_line_charged_once": BilledElsewhere(), "document_of_proforma_once": NotAProforma()}):
        invoice.save(force_insert=True)
        write([composed])
    facts: dict[str, Any] = {"document.proforma": proforma.full_number}
    actor.record("document.drafted", invoice, at=now, tenant_id=invoice.payer_id, **facts)
    return invoice
