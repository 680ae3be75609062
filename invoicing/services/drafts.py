"""A draft, changed before it is issued: what is said on it, and which charges stand on it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from invoicing.models import Charge, Document, DocumentKind
from invoicing.refusals import BilledElsewhere, NotADraft, NotItsIssuer
from invoicing.selectors.documents import undocumented
from invoicing.selectors.taxes import liability_of
from invoicing.services.composing import compose, rewrite
from invoicing.services.drafting import today_of
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, found
from resellerhub.kernel.text import has_forbidden, has_lines
from tenants.actor import Actor

SAID = ("note", "buyer_reference", "order_number")


def own(actor: Actor, document_id: int) -> Document:
    """The document, locked, for whoever issued it. Refused to others who see it: `NotItsIssuer`."""
    actor.require("invoice.edit")
    document = found(Document.objects.visible_to(actor).locked(), pk=document_id)
    if document.issuer_id != actor.tenant_id:
        raise NotItsIssuer()
    return document


def own_draft(actor: Actor, document_id: int) -> Document:
    document = own(actor, document_id)
    if not document.is_draft:
        raise NotADraft()
    return document


@operation
def change_draft(*, actor: Actor, document_id: int, said: dict[str, str], now: datetime) -> Document:
    """What is said on it: `note`, `buyer_reference`, `order_number`; what is left out stays."""
    document = own_draft(actor, document_id)
    values = {name: said[name].replace("\r\n", "\n").strip() for name in SAID if name in said}
    check_texts(values)
    before = {name: getattr(document, name) for name in values if getattr(document, name) != values[name]}
    if before:
        after = {name: values[name] for name in before}
        for name, value in after.items():
            setattr(document, name, value)
        document.save(update_fields=list(after))
        _record(actor, "document.changed", document, now, before=_told(before), **_told(after))
    return document


@operation
def choose_charges(*, actor: Actor, document_id: int, charge_ids: Collection[int], now: datetime) -> Document:
    """Which charges stand on a draft from now on: of those that do, and of what its payer owes besides. What is taken
    off waits for another document. Refused, as `BilledElsewhere`: what stands on another one by now."""
    document = own_draft(actor, document_id)
    if document.kind == DocumentKind.CREDIT_NOTE:
        raise NotADraft()
    chosen = {row.pk: row for row in choosable(document).filter(pk__in=charge_ids)}
    if set(chosen) != set(charge_ids):
        raise BilledElsewhere()
    before = set(document.lines.values_list("charge_id", flat=True))
    document.is_roll_up = any(row.holder_id != row.payer_id for row in chosen.values())
    document.save(update_fields=["is_roll_up"])
    taxation = liability_of(document.issuer_id, document.payer_id, today_of(document.issuer_id, now))
    with refusing({"document_line_charged_once": BilledElsewhere()}):
        rewrite(compose(document, chosen.values(), taxation))
    taken, put = before - set(chosen), set(chosen) - before
    if taken or put:
        facts = {"document.taken_off": len(taken), "document.put_on": len(put)}
        _record(actor, "document.changed", document, now, **facts)
    return document


def choosable(document: Document) -> Any:
    """What stands on the draft, and what its payer owes in its currency and stands nowhere."""
    waiting = undocumented(document.issuer_id, payer_ids=[document.payer_id]).filter(currency=document.currency)
    if document.seller_id != document.issuer_id:
        waiting = waiting.filter(seller_id=document.seller_id)
    ids = [*waiting.values_list("pk", flat=True), *document.lines.values_list("charge_id", flat=True)]
    return Charge.objects.filter(pk__in=ids).order_by("holder_id", "service_start", "pk")


@operation
def discard_draft(*, actor: Actor, document_id: int, now: datetime) -> None:
    """A draft that is not wanted goes; what stood on it is due as before."""
    document = own_draft(actor, document_id)
    _record(actor, "document.discarded", document, now, **{"document.payer": document.payer_id})
    document.lines.all().delete()
    document.taxes.all().delete()
    document.delete()


def check_texts(values: dict[str, str]) -> None:
    errors: dict[str, list[str]] = {}
    for name, text in values.items():
        most = Document._meta.get_field(name).max_length  # type: ignore[union-attr]
        if len(text) > (most or 0):
            errors[name] = [_("At most %(most)s characters.") % {"most": most}]
        elif has_forbidden(text):
            errors[name] = [_("This holds characters that nobody can see.")]
        elif name != "note" and has_lines(text):
            errors[name] = [_("This has to be one line.")]
    if errors:
        raise Invalid(errors)


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {f"document.{name}": value for name, value in values.items()}


def _record(actor: Actor, kind: str, document: Document, now: datetime, **facts: Any) -> None:
    actor.record(kind, document, at=now, tenant_id=document.payer_id, **facts)
