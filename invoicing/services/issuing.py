"""Drafts become documents: numbered without a gap, dated, and frozen as they are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from invoicing.models import Charge, Document, DocumentKind, FrozenPaper, Letterhead, NumberSeries
from invoicing.refusals import CreditTooLarge, NotADraft, NothingOnIt, NotItsIssuer, NotYet, TaxUnknown, TooLongAgo
from invoicing.selectors.papers import due_on, papers_of
from invoicing.selectors.taxes import WAITS, liabilities_of
from invoicing.services.allocating import apply_credit
from invoicing.services.composing import Composed, compose, rewrite
from invoicing.services.crediting import give_back
from invoicing.services.drafting import today_of
from invoicing.services.series import series_for
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import NotFound
from tenants.actor import Actor
from tenants.models import Branding, Event, Profile, Tenant

ISSUE = """
UPDATE invoicing_document d
   SET state = 'issued', series_id = i.series, number = i.number, previous_number = nullif(i.previous, 0),
       full_number = i.called, issued_on = %(on)s, due_on = i.due_on, issued_at = %(now)s
  FROM unnest(%(ids)s::bigint[], %(series)s::bigint[], %(numbers)s::int[], %(previous)s::int[], %(called)s::text[],
              %(due)s::date[]) AS i(id, series, number, previous, called, due_on)
 WHERE d.id = i.id
"""

LONG_AGO = timedelta(days=366)
"""No document is of a day before that: it would belong into a year that is closed."""


@operation
def issue_document(*, actor: Actor, document_id: int, on: date | None = None, now: datetime) -> Document:
    """`issue_documents` for one."""
    return issue_documents(actor=actor, document_ids=[document_id], on=on, now=now)[0]


@operation
def issue_documents(
    *, actor: Actor, document_ids: Collection[int], on: date | None = None, now: datetime
) -> list[Document]:
    """Drafts of the actor's tenant, numbered in the order in which they were made, all of them or none. `on` is the day
    that they say; without it, today.

    Refused: `NotADraft` where one was issued, be it a moment ago; `TaxUnknown`, `NothingOnIt`, `DatesGoBack`, `NotYet`,
    and `CreditTooLarge` where what a credit note gives back was given back before.
    """
    actor.require("invoice.edit")
    documents = _locked(actor, document_ids)
    today = today_of(actor.tenant_id, now)
    if (day := on or today) > today:
        raise NotYet(field="on", today=today)
    if day < (first := today - LONG_AGO):
        raise TooLongAgo(field="on", first=first)
    _settle_taxes(documents, day)
    for document in documents:
        if document.kind == DocumentKind.CREDIT_NOTE:
            give_back(document, day, now)
    issuer = Tenant.objects.select_related("profile").get(pk=actor.tenant_id)
    _number(issuer, documents, day, now)
    for document in documents:
        if document.kind == DocumentKind.CREDIT_NOTE:
            apply_credit(document, now)
    papers = list(zip(documents, papers_of(documents, day), strict=True))
    _keep_logos(issuer, {paper.head.logo for _document, paper in papers} - {""})
    FrozenPaper.objects.bulk_create(
        [
            FrozenPaper(document=document, provider_id=document.provider_id, content=paper.as_json())
            for document, paper in papers
        ],
        batch_size=500,
    )
    Event.objects.bulk_create([_told(actor, document, now) for document in documents], batch_size=2000)
    return documents


def _locked(actor: Actor, document_ids: Collection[int]) -> list[Document]:
    """By their keys, together with what they correct."""
    wanted = set(document_ids)
    rows = Document.objects.visible_to(actor).filter(pk__in=wanted)
    corrected = {pk for pk in rows.values_list("corrects_id", flat=True) if pk}
    both = Document.objects.filter(pk__in=wanted | corrected, provider_id=actor.provider_id).locked()
    seen = set(rows.values_list("pk", flat=True))
    documents = [row for row in both if row.pk in seen]
    if seen != wanted:
        raise NotFound()
    if any(row.issuer_id != actor.tenant_id for row in documents):
        raise NotItsIssuer()
    if not all(row.is_draft for row in documents):
        raise NotADraft()
    return documents


def _settle_taxes(documents: Sequence[Document], day: date) -> None:
    """As they are on the day of issue: a rate, or what is known of a VAT ID, may be another by now. A credit note is
    taxed as what it corrects."""
    taxed: dict[int, Document] = {row.pk: row for row in documents if row.kind != DocumentKind.CREDIT_NOTE}
    charges: dict[int, dict[int, Charge]] = {pk: {} for pk in taxed}
    stands: dict[int, list[tuple[object, ...]]] = {row.pk: [] for row in documents}
    first = documents[0]
    lines = first.lines.model.objects.filter(document__in=stands).select_related("charge").order_by("position")
    for line in lines:
        stands[line.document_id].append((line.charge_id, line.piece, line.amount, line.category, line.rate))
        if line.document_id in taxed and line.charge:
            charges[line.document_id][line.charge.pk] = line.charge
    if not all(stands.values()):
        raise NothingOnIt()
    found = liabilities_of(first.issuer_id, {row.payer_id for row in taxed.values()}, day)
    for document in taxed.values():
        if not charges[document.pk]:
            continue
        waited = document.waits
        composed = compose(document, charges[document.pk].values(), found[document.payer_id])
        if document.waits:
            raise TaxUnknown(reason=str(WAITS[document.waits]))
        if waited or _said(composed) != stands[document.pk]:
            rewrite(composed)


def _said(composed: Composed) -> list[tuple[object, ...]]:
    return [(line.charge_id, line.piece, line.amount, line.category, line.rate) for line in composed.lines]


def _number(issuer: Tenant, documents: Sequence[Document], day: date, now: datetime) -> None:
    """The numbers that follow, kind by kind. Whoever counts is the database: this only says what it will find right."""
    payers = Profile.objects.in_bulk({document.payer_id for document in documents})
    series: dict[str, NumberSeries] = {}
    following: dict[str, int] = {}
    for kind in sorted({document.kind for document in documents}):
        series[kind] = series_for(issuer, kind, day, now)
        following[kind] = series[kind].next_number
    for document in documents:
        mine, number = series[document.kind], following[document.kind]
        following[document.kind] += 1
        document.series, document.number, document.full_number = mine, number, mine.written(number)
        document.previous_number = number - 1 if number > mine.start else None
        document.issued_on, document.due_on = day, due_on(document, payers[document.payer_id], day)
        document.state, document.issued_at = Document.State.ISSUED, now
    values: dict[str, Any] = {
        "ids": [document.pk for document in documents],
        "series": [document.series_id for document in documents],
        "numbers": [document.number for document in documents],
        "previous": [document.previous_number or 0 for document in documents],
        "called": [document.full_number for document in documents],
        "due": [document.due_on for document in documents],
        "on": day,
        "now": now,
    }
    capped = CreditTooLarge(field="amount", left=_("less"))
    with refusing({"document_credit_capped": capped}), connection.cursor() as cursor:
        cursor.execute(ISSUE, values)


def _keep_logos(issuer: Tenant, digests: set[str]) -> None:
    """What is printed later looks as it did."""
    known = Letterhead.objects.filter(provider=issuer.house_id, digest__in=digests).values_list("digest", flat=True)
    rows = Branding.objects.filter(provider=issuer.house_id, logo_digest__in=digests - set(known))
    pictures = dict(rows.values_list("logo_digest", "logo"))
    Letterhead.objects.bulk_create(
        [Letterhead(provider_id=issuer.house_id, digest=digest, picture=logo) for digest, logo in pictures.items()],
        ignore_conflicts=True,
    )


def _told(actor: Actor, document: Document, now: datetime) -> Event:
    facts = {
        "document.number": document.full_number,
        "document.kind": document.kind,
        "document.payable": str(document.payable),
        "currency": document.currency,
    }
    return actor.event("document.issued", document, at=now, tenant_id=document.payer_id, facts=facts)
