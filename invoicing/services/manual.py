"""What somebody charges by hand: once, for something that no fact says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoicing.models import Charge
from invoicing.selectors.policies import policy_of
from resellerhub.kernel.money import AMOUNT_MAX, Money, plain, round_money
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import day_of, too_far
from resellerhub.kernel.refusals import Busy, Invalid, Refusal, RequestReused, found
from resellerhub.kernel.text import has_forbidden, has_lines
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.support_prices import issuer_of

LABEL_MAX, QUANTITY_MAX, PLACES = 200, 99_999, 6
NEXT = "SELECT nextval(pg_get_serial_sequence('invoicing_charge', 'id'))"


class BilledByAnother(Refusal):
    code = "billed-by-another"
    message = gettext_lazy("You make out no bills for this organisation: whoever sells to it does.")


class OneCurrency(Refusal):
    code = "one-currency"
    message = gettext_lazy("This organisation is charged in {currency}, since its first charge.")


@dataclass(frozen=True, slots=True)
class OneOff:
    """So many units at a price, for the days [starts_on, ends_on); without an end, for one moment."""

    label: str
    quantity: int
    unit_price: Money
    starts_on: date | None = None
    ends_on: date | None = None


@operation
def charge_by_hand(*, actor: Actor, payer_id: int, one_off: OneOff, request_id: UUID, now: datetime) -> Charge:
    """Charge somebody whom the actor bills once. It is on the next bill; what is wrong is given back by a credit note.

    Refused: `BilledByAnother`, `OneCurrency`; repeating a request id repeats nothing.
    """
    actor.require("invoice.edit")
    payer = found(Tenant.objects.visible_to(actor).exclude(pk=actor.tenant_id), pk=payer_id)
    row = _written(actor, payer, one_off, request_id, now)
    earlier = Charge.objects.filter(issuer=actor.tenant_id, request_id=request_id).first()
    if earlier is not None:
        return _same(earlier, row)
    if issuer_of(Tenant.objects.get(pk=payer.seller_id)) != actor.tenant_id:
        raise BilledByAnother(field="payer")
    other = Charge.objects.filter(issuer=actor.tenant_id, payer=payer).exclude(currency=row.currency).first()
    if other is not None:
        raise OneCurrency(currency=other.currency, field="unit_price")
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        (row.pk,) = cursor.fetchone()
    row.source_id = row.pk
    with refusing({"charge_asked": Busy()}):
        row.save(force_insert=True)
    # What was typed may be about somebody whose name is hidden: the log leads to the charge.
    facts: dict[str, Any] = {"amount": plain(row.amount), "currency": row.currency}
    actor.record("charge.made", row, at=now, tenant_id=payer.pk, **facts)
    return row


def _written(actor: Actor, payer: Tenant, one_off: OneOff, request_id: UUID, now: datetime) -> Charge:
    today = day_of(now, policy_of(actor.tenant_id, day_of(now)).rated_by.zone)
    starts_on = one_off.starts_on or today
    ends_on, price = one_off.ends_on or starts_on, one_off.unit_price
    if errors := _wrong(one_off, starts_on, ends_on):
        raise Invalid(errors)
    return Charge(
        provider_id=actor.provider_id,
        issuer_id=actor.tenant_id,
        payer=payer,
        holder=payer,
        seller_id=payer.seller_id or actor.tenant_id,
        stream=Charge.Stream.MANUAL,
        source_kind=Charge.Source.MANUAL,
        kind=Charge.Kind.ONE_OFF,
        label=one_off.label.strip(),
        service_start=starts_on,
        service_end=ends_on,
        billing_start=starts_on,
        billing_end=ends_on,
        quantity=one_off.quantity,
        unit_price=price.amount,
        amount=round_money(price.amount * one_off.quantity, price.currency),
        currency=price.currency,
        due_on=today,
        request_id=request_id,
        made_at=now,
    )


def _wrong(one_off: OneOff, starts_on: date, ends_on: date) -> dict[str, list[str]]:
    errors, label, price = {}, one_off.label.strip(), one_off.unit_price.amount
    if not label or len(label) > LABEL_MAX or has_forbidden(label) or has_lines(label):
        errors["label"] = [_("Say in one line what it is for.")]
    if not 1 <= one_off.quantity <= QUANTITY_MAX:
        errors["quantity"] = [_("From 1 to 99,999.")]
    if not price.is_finite() or price <= 0 or price * max(one_off.quantity, 1) >= AMOUNT_MAX:
        errors["unit_price"] = [_("A price is an amount above 0.")]
    elif -int(price.as_tuple().exponent) > PLACES:
        errors["unit_price"] = [_("At most 6 digits may follow the point.")]
    if ends_on < starts_on:
        errors["ends_on"] = [_("It cannot end before it begins.")]
    elif why := too_far(ends_on):
        errors["ends_on"] = why
    return errors


def _same(earlier: Charge, row: Charge) -> Charge:
    names = ("payer_id", "label", "quantity", "unit_price", "currency", "service_start", "service_end")
    if any(getattr(earlier, name) != getattr(row, name) for name in names):
        raise RequestReused()
    return earlier
