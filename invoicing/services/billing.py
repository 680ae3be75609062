"""What somebody owes, charged and put on a draft in one go."""

from datetime import date, datetime, timedelta

from invoicing.models import Document, DocumentKind
from invoicing.refusals import TooFarAhead
from invoicing.services.charging import charge
from invoicing.services.drafting import draft_document, today_of
from resellerhub.kernel.operation import operation
from tenants.actor import Actor

AHEAD = timedelta(days=366)
"""What is charged stays charged: so much ahead of today and no more."""


@operation
def bill(*, actor: Actor, payer_id: int, until: date, kind: str = DocumentKind.INVOICE, now: datetime) -> Document:
    """The draft of all that one owes the actor's tenant until a day and was not billed. Refused: `TooFarAhead`,
    `NothingToBill`."""
    actor.require("invoice.edit")
    if until > (last := today_of(actor.tenant_id, now) + AHEAD):
        raise TooFarAhead(field="until", last=last)
    charge(issuer_id=actor.tenant_id, payer_ids=[payer_id], until=until, now=now)
    return draft_document(actor=actor, payer_id=payer_id, until=until, kind=kind, now=now)
