"""What is due once when something begins: the same for a preview and for what is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime

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


def write_one_offs(rows: Sequence[OneOff], now: datetime, *, ignore_conflicts: bool = False) -> None:
    for row in rows:
        row.made_at = now
    OneOff.objects.bulk_create(rows, ignore_conflicts=ignore_conflicts)


def _activation(fee: PhaseFee, step: str) -> OneOff:
    row = one_off(fee, OneOff.Kind.ACTIVATION, step)
    row.on, row.amount = fee.phase.starts_on, fee.activation_amount
    if not fee.applies_more_than_once and fee.fee_version is not None:
        row.once_of_id = fee.fee_version.fee_id
    return row


def one_off(fee: PhaseFee, kind: str, step: str) -> OneOff:
    """Of what was agreed for a phase; day, amount or quantity, and when it is written are the caller's to say."""
    return OneOff(
        provider_id=fee.provider_id,
        subscription_id=fee.phase.subscription_id,
        phase_fee=fee,
        kind=kind,
        step=step,
        payer_id=fee.payer_id,
        issuer_id=fee.issuer_id,
        fee_version_id=fee.fee_version_id,
        currency=fee.currency,
    )
