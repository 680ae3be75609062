"""A step in the life of a subscription: it says what is to be, decides what that means, and is previewed or taken.

Both look at the subscription under the same locks and decide by the same function, so that the doing gives the numbers
of the preview, or refuses the same. Each step says what is to be and not by how much: taken twice it changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Max

from catalog.pricing import per_cycle
from resellerhub.kernel.operation import nothing_written, operation
from resellerhub.kernel.periods import Cycle, Period, day_of
from resellerhub.kernel.refusals import found
from subscriptions import hooks
from subscriptions.figures import is_seen
from subscriptions.models import Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.quoting import Beside, Fee, OneOff, Quote
from subscriptions.refusals import AlreadyPlanned, NotPending, QuoteChanged
from subscriptions.services.life.oneoffs import write_one_offs
from subscriptions.services.life.settling import settled_for_change
from subscriptions.terms import Term, months_of, period_of
from tenants.actor import Actor
from tenants.models import Tenant

State = Subscription.State
ACTIVATION = "activation"


@dataclass(frozen=True)
class Held:
    """A subscription, locked with all it draws on and after what was due; with what is held and owed today."""

    actor: Actor
    subscription: Subscription
    now: datetime
    phase: Phase | None
    fees: tuple[PhaseFee, ...] = ()
    plan: PlannedChange | None = None
    beside: tuple[Beside, ...] = ()
    """What is owed for what else is held with it."""
    payer_id: int | None = None
    """Of whom is asked, where it is not the holder."""

    @property
    def of_seller(self) -> "Held":
        """The same, to be asked of what the seller itself owes for it, unless it owes that once."""
        return replace(self, payer_id=self.subscription.seller_id)

    @property
    def on(self) -> date:
        return day_of(self.now)

    @cached_property
    def since(self) -> date:
        """On which its package began to be held, by whomever."""
        phases = Phase.objects.filter(subscription=self.subscription)
        others = phases.exclude(version__package=self.subscription.package_id)
        return others.aggregate(last=Max("ends_on"))["last"] or self.subscription.started_on

    @property
    def fee(self) -> PhaseFee | None:
        """What the holder pays; None where nothing is charged."""
        if self.payer_id is not None:
            owed = self._owed_by_seller
            return owed if owed and owed.applies_more_than_once else None
        return next((fee for fee in self.fees if fee.stream == PhaseFee.Stream.ACCOUNT), None)

    @property
    def cost(self) -> Any:
        """What the seller pays for a unit, for the cycle of the account fee."""
        owed = self._owed_by_seller
        return per_cycle(owed.unit_price, owed.cycle, self.fee.cycle) if owed and self.fee else None

    @property
    def _owed_by_seller(self) -> PhaseFee | None:
        return next((fee for fee in self.fees if fee.payer_id == self.subscription.seller_id), None)

    @property
    def term(self) -> Term:
        return term_of(self.subscription)

    @property
    def months(self) -> int:
        return months_of(self.fee.cycle, self.fee.minimum_months) if self.fee else 1

    @property
    def period(self) -> Period:
        """The billing period of today; of what costs nothing by the month."""
        return period_of(self.term, self.fee.cycle if self.fee else Cycle.MONTH, self.on)

    def period_of(self, fee: Fee) -> Period:
        """The billing period of today of what one of them owes."""
        return period_of(self.term, fee.cycle, self.on)

    def seen(self, rows: Sequence[OneOff]) -> list[OneOff]:
        """Those that the actor is to see."""
        seller: Tenant = self.subscription.seller
        return [row for row in rows if is_seen(self.actor, seller, row)]

    def quote(self, **values: Any) -> Quote:
        """What stays as it is, but for these values."""
        fee, row = self.fee, self.subscription
        usual: dict[str, Any] = {
            "on": self.on,
            "currency": fee.currency if fee else "",
            "quantity": row.quantity,
            "unit_price": fee.unit_price if fee else None,
            "cycle": fee.cycle if fee else "",
            "cycle_before": fee.cycle if fee else "",
            "version_id": self.phase.version_id if self.phase else None,
            "cost": self.cost,
            "cost_once": bool(self._owed_by_seller and not self._owed_by_seller.applies_more_than_once),
            "renews_on": row.renews_on if row.renews else None,
            "ends_on": None if row.renews else row.renews_on,
        }
        return Quote(**usual | values)

    def must_be_begun(self) -> Phase:
        """What is held; refused: `NotPending`."""
        if self.phase is None:
            raise NotPending(on=self.subscription.started_on)
        return self.phase

    def must_be_unplanned(self) -> None:
        if self.plan is not None:
            raise AlreadyPlanned(on=self.plan.on)


@dataclass(frozen=True)
class Decision:
    """What a step would do; without `write` nothing changes. `facts` are for its event, with the lines of the quote;
    what writes its own event names none. `one_offs` are due, or given back, with it: what of it begins a phase is
    written with that."""

    quote: Quote
    event: str = ""
    write: Callable[[], None] | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    one_offs: Sequence[OneOff] = ()


class Step(Protocol):
    permission: str

    def lock(self, actor: Actor, subscription: Subscription) -> list[int]:
        """Take what is locked before subscriptions are; the ids of further ones to be locked with it."""
        ...

    def decide(self, held: Held) -> Decision: ...


class OfSubscription:
    """A step of whoever may change subscriptions."""

    permission = "subscription.edit"


class OnItsOwn(OfSubscription):
    """A step that concerns one subscription and what it draws on."""

    def lock(self, actor: Actor, subscription: Subscription) -> list[int]:
        return []


@operation
def preview_step(*, actor: Actor, subscription_id: int, step: Step, now: datetime) -> Quote:
    """What taking the step now would do, with the same refusals. Nothing is written."""
    with nothing_written():
        held = hold(actor, subscription_id, step, now)
        return _quoted(held, step.decide(held))


@operation
def take_step(*, actor: Actor, subscription_id: int, step: Step, seal: str = "", now: datetime) -> Subscription:
    """Do what the step says; what is so already is left alone. Refused: `QuoteChanged`, where it would not be what the
    preview with this seal said."""
    held = hold(actor, subscription_id, step, now)
    decision = step.decide(held)
    if decision.write is None:
        return held.subscription
    if seal and seal != _quoted(held, decision).seal:
        raise QuoteChanged()
    decision.write()
    write_one_offs([row for row in decision.one_offs if row.kind != ACTIVATION], now)
    if decision.event:
        facts = dict(decision.facts) | decision.quote.told()
        actor.record(decision.event, held.subscription, at=now, before=decision.before or None, **facts)
    return held.subscription


def _quoted(held: Held, decision: Decision) -> Quote:
    """With what else is due, as far as it concerns the actor."""
    return replace(decision.quote, one_offs=held.seen(decision.one_offs))


def hold(actor: Actor, subscription_id: int, step: Step, now: datetime) -> Held:
    """In scope and locked; first what is due is done, so that nothing overtakes it."""
    actor.require(step.permission)
    seen = found(Subscription.objects.visible_to(actor), pk=subscription_id)
    also = step.lock(actor, seen)
    return look(actor, settled_for_change(actor, subscription_id, now, also=also), now)


def look(actor: Actor, subscription: Subscription, now: datetime) -> Held:
    """What is held and owed. The caller holds the locks."""
    phases = Phase.objects.filter(subscription=subscription, ends_on=None)
    phase = phases.select_related("version__package").first()
    return Held(
        actor=actor,
        subscription=subscription,
        now=now,
        phase=phase,
        fees=tuple(phase.fees.order_by("pk")) if phase else (),
        plan=PlannedChange.objects.filter(subscription=subscription).open().select_related("version").first(),
        beside=held_beside([subscription.pk])[subscription.pk],
    )


def held_beside(subscription_ids: Sequence[int]) -> dict[int, tuple[Beside, ...]]:
    """What is owed for what else is held with each of them. As many statements however many."""
    told = [also(subscription_ids) for also in hooks.BESIDE]
    return {pk: tuple(one for rows in told for one in rows.get(pk, ())) for pk in subscription_ids}


def term_of(subscription: Subscription) -> Term:
    return Term(subscription.term_starts_on, subscription.renews_on, subscription.anchor_day)


def set_term(subscription: Subscription, term: Term) -> None:
    subscription.term_starts_on, subscription.renews_on = term.starts_on, term.ends_on
    subscription.anchor_day = term.anchor
    subscription.save(update_fields=["term_starts_on", "renews_on", "anchor_day"])
