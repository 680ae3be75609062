"""Money that came in or went back: recorded once, and undone by another record, never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoicing.models import Payment
from invoicing.services.allocating import lock_open, settle, take_back
from invoicing.services.drafting import today_of
from resellerhub.kernel import money
from resellerhub.kernel.money import AMOUNT_MAX, plain, round_money
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy, Invalid, NotFound, Refusal, RequestReused, found
from resellerhub.kernel.text import has_forbidden, has_lines
from tenants.actor import Actor
from tenants.models import Event, Tenant
from tenants.roles import Kind

REFERENCE_MAX = 200


class NotReversible(Refusal):
    code, message = "not-reversible", gettext_lazy("This payment was reversed already, or is a reversal itself.")


class NotItsReceiver(Refusal):
    code, status = "not-its-receiver", 403
    message = gettext_lazy("This is for whoever was paid to do.")


@dataclass(frozen=True, slots=True)
class Received:
    """What was paid by whom. `amount` is above zero, of a refund too; `source` names a line of a bank statement."""

    payer_id: int
    amount: Decimal
    currency: str
    received_on: date
    kind: str = Payment.Kind.PAYMENT.value
    method: str = Payment.Method.TRANSFER.value
    reference: str = ""
    source: str = ""


@operation
def record_payment(
    *, actor: Actor, received: Received, settles: bool = True, request_id: UUID | None = None, now: datetime
) -> Payment:
    """Note what the actor's tenant was paid, or paid back. With `settles` it goes to what is open, what was due first
    before the rest; what is left waits to be allocated. Repeating a request id repeats nothing."""
    actor.require("payment.edit")
    rows = Payment.objects.filter(issuer=actor.tenant_id, request_id=request_id)
    earlier: Payment | None = rows.first() if request_id else None
    if earlier:
        if (earlier.payer_id, abs(earlier.amount)) != (received.payer_id, received.amount):
            raise RequestReused()
        return earlier
    if errors := wrong(received, today_of(actor.tenant_id, now)):
        raise Invalid(errors)
    must_be_billed(actor, received.payer_id)
    if settles:
        lock_open(actor.tenant_id, [received.payer_id])
    row = row_of(actor, received, now, request_id)
    with refusing({"payment_request_once": Busy(), "payment_read_once": Busy()}):
        row.save(force_insert=True)
    record(actor, "payment.recorded", row, now).save(force_insert=True)
    if settles:
        settle([row], {}, now)
    return row


def row_of(actor: Actor, received: Received, now: datetime, request_id: UUID | None = None) -> Payment:
    """Not saved yet, for those who write many at once: what was checked."""
    return Payment(
        provider_id=actor.provider_id,
        issuer_id=actor.tenant_id,
        payer_id=received.payer_id,
        kind=received.kind,
        amount=-received.amount if received.kind == Payment.Kind.REFUND else received.amount,
        currency=received.currency,
        received_on=received.received_on,
        method=received.method,
        reference=received.reference.strip(),
        source=received.source,
        request_id=request_id,
        made_at=now,
    )


@operation
def reverse_payment(*, actor: Actor, payment_id: int, now: datetime) -> Payment:
    """It was none: a charge back, or a slip. What it settled is open again. Refused: `NotReversible`."""
    actor.require("payment.edit")
    row = own_payment(actor, payment_id)
    if row.kind == Payment.Kind.REVERSAL or Payment.objects.filter(reverses=row).exists():
        raise NotReversible()
    take_back(row.allocations.all(), now)
    made = Payment(
        provider_id=row.provider_id,
        issuer_id=row.issuer_id,
        payer_id=row.payer_id,
        kind=Payment.Kind.REVERSAL,
        amount=-row.amount,
        currency=row.currency,
        received_on=max(row.received_on, today_of(actor.tenant_id, now)),
        method=row.method,
        reference=row.reference,
        reverses=row,
        made_at=now,
    )
    with refusing({"invoicing_payment_reverses_id_key": NotReversible()}):
        made.save(force_insert=True)
    record(actor, "payment.reversed", made, now).save(force_insert=True)
    return made


def own_payment(actor: Actor, payment_id: int) -> Payment:
    """For whoever was paid. Refused to others who see it: `NotItsReceiver`."""
    row: Payment = found(Payment.objects.visible_to(actor), pk=payment_id)
    if row.issuer_id != actor.tenant_id:
        raise NotItsReceiver()
    return row


def must_be_billed(actor: Actor, payer_id: int) -> None:
    """Somebody whom the actor's tenant bills, or could."""
    payer: Tenant = found(Tenant.objects.visible_to(actor), pk=payer_id)
    if payer.pk == actor.tenant_id or payer.kind == Kind.PROVIDER:
        raise NotFound()


def wrong(received: Received, today: date) -> dict[str, list[str]]:
    errors = {}
    amount, currency = received.amount, received.currency
    if currency not in money.currencies():
        errors["currency"] = [_("This is not known.")]
    elif not amount.is_finite() or not 0 < amount < AMOUNT_MAX:
        errors["amount"] = [_("An amount is above 0.")]
    elif round_money(amount, currency) != amount:
        errors["amount"] = [_("This currency has no smaller coins than that.")]
    if received.received_on > today:
        errors["received_on"] = [_("No later than today, %(day)s.") % {"day": date_format(today)}]
    if received.kind not in (Payment.Kind.PAYMENT, Payment.Kind.REFUND):
        errors["kind"] = [_("This is not known.")]
    if received.method not in Payment.Method.values:
        errors["method"] = [_("This is not known.")]
    reference = received.reference
    if len(reference.strip()) > REFERENCE_MAX or has_forbidden(reference) or has_lines(reference):
        errors["reference"] = [_("One line of at most %(most)s characters.") % {"most": REFERENCE_MAX}]
    return errors


def record(actor: Actor, kind: str, row: Payment, now: datetime) -> Event:
    """Not saved yet, as its payment. Without its reference, which may hold a name that is hidden."""
    facts = {"payment.amount": plain(row.amount), "currency": row.currency, "payment.method": row.method}
    facts |= {"received_on": row.received_on.isoformat()}
    return actor.event(kind, row, at=now, tenant_id=row.payer_id, facts=facts)
