"""Suspended, and active again."""

from dataclasses import dataclass

from subscriptions.models import Subscription
from subscriptions.quoting import Fee, Line, part
from subscriptions.refusals import HolderSuspended, SubscriptionNotActive, SubscriptionNotSuspended
from subscriptions.services.life.phases import go_on
from subscriptions.services.life.steps.lines import as_charged, beside
from subscriptions.services.life.steps.taking import Decision, Held, OnItsOwn
from tenants.models import Tenant
from tenants.roles import Kind

State = Subscription.State


@dataclass(frozen=True, slots=True)
class Suspend(OnItsOwn):
    """Its holder keeps the allocation, but nothing is added to it until it is resumed. Where the fee says so, suspended
    days are credited: the quote says how much until the end of the billing period."""

    reason: str = ""

    def decide(self, held: Held) -> Decision:
        if held.subscription.state != State.ACTIVE:
            raise SubscriptionNotActive()
        return _switch(held, State.SUSPENDED, "subscription.suspended", "suspension", self.reason)


@dataclass(frozen=True, slots=True)
class Resume(OnItsOwn):
    """Undoes a suspension: days count again. While a customer is suspended, so is what it holds: `HolderSuspended`."""

    def decide(self, held: Held) -> Decision:
        if held.subscription.state != State.SUSPENDED:
            raise SubscriptionNotSuspended()
        holder: Tenant = held.subscription.tenant
        if holder.kind == Kind.CUSTOMER and holder.status == Tenant.Status.SUSPENDED:
            raise HolderSuspended()
        return _switch(held, State.ACTIVE, "subscription.resumed", "charge", "")


def _switch(held: Held, state: str, event: str, code: str, reason: str) -> Decision:
    row = held.subscription

    def write() -> None:
        row.state = state
        row.save(update_fields=["state"])
        go_on(row, held.now)

    before = {"state": row.state}
    return Decision(held.quote(lines=_days(held, code)), event, write, before, {"state": state, "reason": reason})


def _days(held: Held, code: str) -> list[Line]:
    """Of what is credited while it is suspended, the subscription and what is held with it."""
    lines = [_rest(held, code, held.fee, held.subscription.quantity)] if held.fee else []
    for one in beside(held):
        line = _rest(held, code, one, one.quantity)
        lines.append(as_charged(held, one, line) if line and code == "suspension" else line)
    return [line for line in lines if line]


def _rest(held: Held, code: str, fee: Fee, quantity: int) -> Line | None:
    return part(code, fee, quantity, held.period_of(fee), held.on) if fee.credits_suspension else None
