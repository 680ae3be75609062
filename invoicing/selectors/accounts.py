"""What was paid, what is open of each document, and what each payer owes after all of it."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, CharField, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Abs, Coalesce, Now, TruncDate
from django.utils.translation import gettext_lazy as _

from invoicing.models import Allocation, Balance, Document, DocumentKind, Payment
from tenants import naming
from tenants.actor import Actor

NOTHING = Decimal(0)
MONEY: Any = DecimalField(max_digits=18, decimal_places=3)
ACCOUNTED = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE)
"""What moves a balance."""
PAID, OVERDUE = "paid", "overdue"
STANDINGS = {**dict(Document.State.choices), PAID: _("Paid"), OVERDUE: _("Overdue")}
"""How a document stands, in words."""


def payments(actor: Actor) -> QuerySet[Payment]:
    """In scope, with what of each is not allocated, who paid and what for, as far as the actor may read it: references
    hold names."""
    rows: Any = Payment.objects.visible_to(actor)
    used = Allocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    undone = Payment.objects.filter(reverses=OuterRef("pk")).order_by()
    columns = {
        "payer_name": naming.shown(actor, tenant="payer"),
        "named": naming.is_named(actor, "payer"),
        "reference_shown": Case(
            When(naming.readable(actor, "payer"), then=F("reference")), default=Value(""), output_field=CharField()
        ),
        "reversed_by": Subquery(undone.values("pk")[:1]),
        "used": Coalesce(Subquery(used.annotate(sum=Sum("amount")).values("sum")), Value(NOTHING), output_field=MONEY),
    }
    rows = rows.annotate(**columns)
    left = Case(
        When(Q(kind="reversal") | Q(reversed_by__isnull=False), then=Value(NOTHING)),
        default=Abs("amount") - F("used"),
        output_field=MONEY,
    )
    found: QuerySet[Payment] = rows.annotate(left=left)
    return found


def balances(actor: Actor) -> QuerySet[Balance]:
    rows: QuerySet[Balance] = Balance.objects.visible_to(actor).annotate(
        payer_name=naming.shown(actor, tenant="payer"),
        issuer_name=Case(
            When(payer_id=actor.tenant_id, then=naming.seller_name("issuer")),
            default=naming.maker_name(actor, "issuer"),
        ),
        named=naming.is_named(actor, "payer"),
    )
    return rows


def with_open(rows: Any) -> Any:
    """Documents with what of them is not settled: `open`, below zero where the payer gets something back; nothing of
    drafts and of what is void."""
    settled = Allocation.objects.filter(Q(document=OuterRef("pk")) | Q(credit=OuterRef("pk"))).order_by()
    total = Subquery(settled.annotate(one=Value(1)).values("one").annotate(sum=Sum("amount")).values("sum"))
    rows = rows.annotate(
        owed=Case(
            When(kind=DocumentKind.INVOICE, state="issued", then=F("payable")),
            When(kind=DocumentKind.CREDIT_NOTE, state="issued", then=-F("payable")),
            default=Value(NOTHING),
            output_field=MONEY,
        ),
        is_settled_by=Coalesce(total, Value(NOTHING), output_field=MONEY),
    )
    left = Case(
        When(owed__lt=0, then=F("owed") + F("is_settled_by")),
        default=F("owed") - F("is_settled_by"),
        output_field=MONEY,
    )
    return rows.annotate(open=left)


def with_standing(rows: Any) -> Any:
    """And with how they stand: of an invoice that was issued, whether it is paid, or overdue today."""
    of_invoice = Q(state=Document.State.ISSUED, kind=DocumentKind.INVOICE)
    return with_open(rows).annotate(
        standing=Case(
            When(of_invoice & Q(open=0), then=Value(PAID)),
            When(of_invoice & Q(open__gt=0, due_on__lt=TruncDate(Now())), then=Value(OVERDUE)),
            default=F("state"),
            output_field=CharField(),
        )
    )


def open_documents(issuer_id: int, payer_ids: Collection[int]) -> Any:
    """What is to be settled between the issuer and these, what was due first before the rest."""
    rows = Document.objects.filter(issuer=issuer_id, payer__in=payer_ids, kind__in=ACCOUNTED)
    return with_open(rows.filter(state=Document.State.ISSUED)).exclude(open=0).order_by("due_on", "pk")


def allocations_of(payment: Payment) -> QuerySet[Allocation]:
    return Allocation.objects.filter(payment=payment).select_related("document").order_by("pk")


class Entry(NamedTuple):
    """A line of a statement: `amount` as it moves what is owed, `owed` what is after it."""

    on: date
    kind: str
    name: str
    page: str
    pk: int
    amount: Decimal
    owed: Decimal
    currency: str


STATEMENT = """
SELECT moved.*, sum(amount) OVER (ORDER BY "on", is_payment, id) FROM (
    SELECT d.issued_on AS "on", d.kind, d.full_number AS name, d.id, invoicing_owed(d) AS amount, false AS is_payment
      FROM invoicing_document d
     WHERE (d.issuer_id, d.payer_id, d.currency) = (%(issuer)s, %(payer)s, %(currency)s)
       AND d.state = 'issued' AND d.kind IN ('invoice', 'credit_note')
    UNION ALL
    SELECT p.received_on, p.kind, p.reference, p.id, -p.amount, true
      FROM invoicing_payment p
     WHERE (p.issuer_id, p.payer_id, p.currency) = (%(issuer)s, %(payer)s, %(currency)s)) AS moved
 ORDER BY "on", is_payment, id
"""


def statement(balance: Any) -> Sequence[Entry]:
    """All that moved a balance that `balances` has read, by day, with what was owed after each. What is void never was.
    References are hidden as the name of the payer is."""
    values: dict[str, Any] = {"issuer": balance.issuer_id, "payer": balance.payer_id, "currency": balance.currency}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        return [
            Entry(
                on,
                kind,
                name if balance.named or not is_payment else "",
                "payment" if is_payment else "invoice",
                pk,
                amount,
                owed,
                balance.currency,
            )
            for on, kind, name, pk, amount, is_payment, owed in cursor.fetchall()
        ]
