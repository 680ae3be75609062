"""What happens to documents, in the words of the event log."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from invoicing.models import Document, DocumentKind, NumberSeries
from tenants.actor import Actor
from tenants.event_values import tenants

WORDS = {
    "document.drafted": _("Draft made"),
    "document.changed": _("Draft changed"),
    "document.discarded": _("Draft discarded"),
    "document.issued": _("Document issued"),
    "document.voided": _("Document made void"),
    "number_series.changed": _("Number series changed"),
}

FACTS: dict[str, Any] = {
    "document.payer": _("Payer"),
    "document.number": _("Number"),
    "document.kind": _("Kind"),
    "document.payable": _("To pay"),
    "document.net": _("Net"),
    "document.reason": _("Reason"),
    "document.corrects": _("Corrects"),
    "document.proforma": _("Proforma invoice"),
    "document.note": _("Note"),
    "document.buyer_reference": _("Reference of the payer"),
    "document.order_number": _("Order number"),
    "document.taken_off": _("Charges taken off"),
    "document.put_on": _("Charges put on"),
    "number_series.kind": _("Kind"),
    "number_series.pattern": _("Beginning of the numbers"),
    "number_series.next": _("Next number"),
}

THINGS = {"document": _("Document"), "numberseries": _("Number series")}

CODES = {
    "document.kind": dict(DocumentKind.choices),
    "number_series.kind": dict(DocumentKind.choices),
}


def names(actor: Actor, keys: Any) -> dict[int, str]:
    """Documents in scope, by their numbers."""
    rows = Document.objects.visible_to(actor).filter(pk__in=keys).order_by()
    return {row.pk: str(row) for row in rows.only("kind", "full_number")}


def series_names(actor: Actor, keys: Any) -> dict[int, str]:
    return {row.pk: str(row) for row in NumberSeries.objects.visible_to(actor).filter(pk__in=keys)}


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    return {
        "document": (names, _("Document %(id)s")),
        "numberseries": (series_names, _("Number series %(id)s")),
        "document.payer": (tenants, _("Organisation %(id)s")),
    }
