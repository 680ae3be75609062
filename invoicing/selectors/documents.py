"""Documents, and what stands on none yet, as far as the reader sees them."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)  # fmt: skip
from django.utils.translation import gettext as _

from invoicing.models import Charge, Document, DocumentKind, DocumentLine, DocumentTax, NumberSeries
from invoicing.selectors.accounts import with_standing
from tenants import naming
from tenants.selectors import events

if TYPE_CHECKING:
    from tenants.actor import Actor

TYPED = ("note", "buyer_reference", "order_number", "reason", "void_reason")
INVOICES = (DocumentKind.INVOICE, DocumentKind.PROFORMA)


def documents(actor: "Actor", *kinds: str) -> QuerySet[Document]:
    """In scope, of these kinds or of all, with how they stand, what of them is open, and the names of both sides as far
    as the actor may read them."""
    rows = with_standing(Document.objects.visible_to(actor))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found: QuerySet[Document] = rows.annotate(
        payer_name=naming.shown(actor, tenant="payer"),
        issuer_name=issuer_name(actor),
        named=naming.is_named(actor, "payer"),
        is_own=is_own(actor),
        **{f"{name}_shown": _typed(actor, name) for name in TYPED},
    )
    return found


def _typed(actor: "Actor", name: str) -> Case:
    """What people typed is hidden where the name of who pays is."""
    readable = naming.readable(actor, "payer")
    return Case(When(readable, then=F(name)), default=Value(""), output_field=CharField())


def issuer_name(actor: "Actor") -> Case:
    """Who pays a document knows who issued it, even where that is somebody above its seller."""
    return Case(
        When(payer_id=actor.tenant_id, then=naming.seller_name("issuer")), default=naming.maker_name(actor, "issuer")
    )


def invoices(actor: "Actor") -> QuerySet[Document]:
    return documents(actor, *INVOICES)


def credit_notes(actor: "Actor") -> QuerySet[Document]:
    return documents(actor, DocumentKind.CREDIT_NOTE)


def with_lines(actor: "Actor", rows: QuerySet[Document], wanted: Collection[str]) -> QuerySet[Document]:
    """With `lines_shown` and `taxes_shown`, as far as these are wanted: for all rows at once."""
    currency = F("document__currency")
    if "lines" in wanted:
        lines = DocumentLine.objects.annotate(currency=currency, **_names(actor))
        rows = rows.prefetch_related(Prefetch("lines", lines.order_by("position"), to_attr="lines_shown"))
    if "taxes" in wanted:
        taxes = DocumentTax.objects.annotate(currency=currency).order_by("-rate", "category")
        rows = rows.prefetch_related(Prefetch("taxes", taxes, to_attr="taxes_shown"))
    return rows


def lines_of(actor: "Actor", document: Document) -> Any:
    """In the order in which they stand, each with the name of its section and what was given back of it."""
    rows = DocumentLine.objects.filter(document=document).select_related("section")
    return rows.annotate(**_names(actor)).order_by("position")


def _names(actor: "Actor") -> dict[str, Any]:
    label = naming.free_text(actor, "label", _("Line %(id)s"), tenant="document__payer")
    return {"section_name": naming.shown_of(actor, "section_id"), "label_shown": label}


def undocumented(issuer_id: int, *, until: date | None = None, payer_ids: Collection[int] | None = None) -> Any:
    """What is due and stands on no document."""
    rows = Charge.objects.filter(issuer_id=issuer_id)
    if until is not None:
        rows = rows.filter(due_on__lte=until)
    if payer_ids is not None:
        rows = rows.filter(payer_id__in=payer_ids)
    return rows.filter(~Exists(DocumentLine.objects.filter(charge=OuterRef("pk"), counts=True)))


def drafts_untold(actor: "Actor") -> Q:
    """Who is to pay learns of what was issued, not of its drafts."""
    kinds = ("document.drafted", "document.changed", "document.discarded")
    return Q(kind__in=kinds, tenant_id=actor.tenant_id)


def was_charged(payer_id: int) -> bool:
    return Charge.objects.filter(payer_id=payer_id).exists()


BEHIND = """
SELECT DISTINCT f.payer_id, p.tenant_id
  FROM subscriptions_phasefee f
  JOIN subscriptions_phase p ON p.id = f.phase_id
  LEFT JOIN invoicing_mark m ON m.payer_id = f.payer_id AND m.issuer_id = f.issuer_id
       AND m.about = 'subscription' AND m.about_id = p.subscription_id
 WHERE f.issuer_id = %(issuer)s AND f.payer_id = ANY (%(payers)s) AND p.tenant_id <> f.payer_id
   AND f.applies_more_than_once AND f.unit_price > 0 AND p.starts_on <= %(until)s
   AND (p.ends_on IS NULL OR p.ends_on > p.starts_on)
   AND (m.until IS NULL OR m.until < least(%(until)s, coalesce(p.ends_on, %(until)s)))
"""


def behind(issuer_id: int, payer_ids: Collection[int], until: date) -> dict[int, list[int]]:
    """For whose subscriptions resellers owe something that nobody has charged until this day, by reseller: without it
    their bill would be a smaller one, and a wrong one."""
    found: dict[int, list[int]] = {}
    if payer_ids:
        with connection.cursor() as cursor:
            cursor.execute(BEHIND, {"issuer": issuer_id, "payers": list(payer_ids), "until": until})
            for payer_id, holder_id in cursor.fetchall():
                found.setdefault(payer_id, []).append(holder_id)
    return found


def number_series(actor: "Actor") -> QuerySet[NumberSeries]:
    """The newest of each kind first; those that are retired after them."""
    rows = NumberSeries.objects.visible_to(actor).annotate(
        is_current=ExpressionWrapper(Q(retired_at=None), BooleanField()),
        is_own=is_own(actor),
        issuer_name=naming.seller_name("issuer"),
    )
    return rows.order_by("issuer_id", "kind", F("retired_at").desc(nulls_first=True), "-pk")


def is_own(actor: "Actor") -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(Q(issuer_id=actor.tenant_id), BooleanField())


def events_about(actor: "Actor", document: Document) -> QuerySet[Any]:
    return events(actor).filter(subject_type="document", subject_id=document.pk)
