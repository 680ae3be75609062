"""What is due once when something begins: the same for a preview and for what is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from subscriptions.models import OneOff, PhaseFee


def activations(fees: Iterable[PhaseFee], step: str) -> list[OneOff]:
    """Of phases that begin what was not held before, whatever the quantity. What its payer owes once, however many it
    sells, and owes already, is not due again."""
    rows = [_activation(fee, step) for fee in fees if fee.activation_amount]
    once = {row.once_of_id for row in rows if row.once_of_id}
    known = OneOff.objects.filter(once_of__in=once).values_list("payer_id", "issuer_id", "once_of_id") if once else ()
    owed: set[tuple[int, int, int | None]] = set(known)
    due = []
    for row in sorted(rows, key=lambda row: (row.payer_id, row.issuer_id)):
        key = (row.payer_id, row.issuer_id, row.once_of_id)
        if key not in owed:
            due.append(row)
        if row.once_of_id:
            owed.add(key)
    return due


def write_activations(fees: Iterable[PhaseFee], step: str, now: datetime) -> None:
    """Of two who sell at once the first writes what is owed once; the database says which."""
    write_one_offs(activations(fees, step), now, ignore_conflicts=True)


def write_one_offs(rows: Sequence[Any], now: datetime, *, ignore_conflicts: bool = False) -> None:
    """Of a subscription, and of what is held with it."""
    for row in rows:
        row.made_at = now
    for model in dict.fromkeys(type(row) for row in rows):
        model.objects.bulk_create([row for row in rows if type(row) is model], ignore_conflicts=ignore_conflicts)


def _activation(fee: PhaseFee, step: str) -> OneOff:
    row = one_off(fee, step, kind=OneOff.Kind.ACTIVATION, on=fee.phase.starts_on, amount=fee.activation_amount)
    if not fee.applies_more_than_once and fee.fee_version is not None:
        row.once_of_id = fee.fee_version.fee_id
    return row


def one_off(fee: PhaseFee, step: str, **said: Any) -> OneOff:
    """Of what was agreed for a phase; when it is written is the caller's to say."""
    return OneOff(
        provider_id=fee.provider_id,
        subscription_id=fee.phase.subscription_id,
        phase_fee=fee,
        step=step,
        payer_id=fee.payer_id,
        issuer_id=fee.issuer_id,
        fee_version_id=fee.fee_version_id,
        currency=fee.currency,
        **said,
    )
