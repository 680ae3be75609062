"""What is owed for a subscription, agreed anew: what stays, what is another, and who is told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from resellerhub.kernel.money import plain
from subscriptions.models import Phase, PhaseFee, Subscription
from subscriptions.owing import Owed, chain
from subscriptions.services.life.phases import COPIED, agreed_again
from tenants.actor import Actor
from tenants.models import Event

TERMS = tuple(name for name in COPIED if name not in {"fee_version_id", "price_rule_id"})
"""What a fee of a phase says; which version and rule say so is no change by itself."""
ALSO_TOLD = ("public_name", "billed", "prorates_first", "prorates_last", "credits_suspension", "applies_more_than_once")

Pair = tuple[PhaseFee | None, PhaseFee | None]
"""What one owes another, before and after."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """All that is owed in a new term, and what of it is another than before."""

    fees: Sequence[PhaseFee]
    moved: Sequence[Pair]

    @property
    def account(self) -> PhaseFee | None:
        return next((fee for fee in self.fees if fee.stream == PhaseFee.Stream.ACCOUNT), None)


def renewed(subscription: Subscription, phase: Phase, on: date, *, is_agreed: bool = False) -> Renewed:
    """By the fees and price lists in force on the day on which a term begins, at every level. A price that the seller
    named itself stays, and one that `is_agreed` for this very day; so does the cycle of the holder, and all of it where
    it would be in another currency. Nothing is written; fees that are not saved are new.
    """
    had = {fee.payer_id: fee for fee in phase.fees.select_related("fee_version").order_by("pk")}
    account = next((fee for fee in had.values() if fee.stream == PhaseFee.Stream.ACCOUNT), None)
    owing = chain(subscription.seller, phase.priced_by, [subscription.tenant], on, account.cycle if account else "")
    owed = [_as_agreed(one, account) for one in owing.of(subscription.tenant_id)]
    if had and not {one.currency for one in owed} <= {fee.currency for fee in had.values()}:
        return Renewed(list(had.values()), [])
    after = {one.payer_id: agreed_again(phase, one, phase.version, had.get(one.payer_id)) for one in owed}
    if account and is_agreed:
        after[account.payer_id] = account
    pairs = [(had.get(payer), after.get(payer)) for payer in {**after, **had}]
    moved = [pair for pair in pairs if not same(*pair)]
    return Renewed(list((after if moved else had).values()), moved)


def _as_agreed(owed: Owed, account: PhaseFee | None) -> Owed:
    if account is None or owed.stream != account.stream:
        return owed
    return owed.turned(account.cycle).at(account.unit_price if is_free(account) else None)


def is_free(fee: PhaseFee) -> bool:
    """Neither by a rule nor what the fee says: the seller set this price freely."""
    if fee.stream != PhaseFee.Stream.ACCOUNT or fee.price_rule_id is not None:
        return False
    return fee.fee_version is None or fee.unit_price != fee.fee_version.per(fee.cycle)


def same(before: PhaseFee | None, after: PhaseFee | None) -> bool:
    if before is None or after is None:
        return before is after
    return all(getattr(before, name) == getattr(after, name) for name in TERMS)


def told(actor: Actor, subscription: Subscription, moved: Sequence[Pair], on: date, now: datetime) -> Iterator[Event]:
    """One event for each who pays another price; it reads it with all above it."""
    for before, after in moved:
        fee = after or before
        assert fee is not None  # noqa: S101 -- one of the two is there
        kind = "subscription.repriced" if fee.stream == PhaseFee.Stream.ACCOUNT else "subscription.cost_changed"
        names = [name for name in ALSO_TOLD if _value(before, name) != _value(after, name)]
        yield actor.event(
            kind,
            subscription,
            at=now,
            tenant_id=fee.payer_id,
            before=_said(before, names),
            facts=_said(after, names) | {"effective_on": on.isoformat()},
        )


def _said(fee: PhaseFee | None, names: Sequence[str]) -> dict[str, Any]:
    if fee is None:
        return {}
    price = {"unit_price": plain(fee.unit_price), "currency": fee.currency, "cycle": fee.cycle}
    return price | {name: getattr(fee, name) for name in names}


def _value(fee: PhaseFee | None, name: str) -> Any:
    return None if fee is None else getattr(fee, name)
