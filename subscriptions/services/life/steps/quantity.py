"""More or fewer of the same package."""

from dataclasses import dataclass, replace
from functools import partial

from subscriptions.models import OneOff
from subscriptions.quoting import Line, Quote
from subscriptions.refusals import WindowClosed
from subscriptions.services.allocation import check_quantity
from subscriptions.services.life.effects import change_to, check_limits, differences, must_take_more
from subscriptions.services.life.repricing import renewed
from subscriptions.services.life.steps.lines import charge, credit
from subscriptions.services.life.steps.planning import (
    NOW,
    PERIOD_END,
    limits_after,
    must_renew,
    plan_change,
    problems_of,
)
from subscriptions.services.life.steps.taking import Decision, Held, OnItsOwn
from subscriptions.services.life.steps.windows import given_back, leave_of, reduce


@dataclass(frozen=True, slots=True)
class ChangeQuantity(OnItsOwn):
    """So many of what it holds, each as large and for the same price.

    More counts at once, ends with the term, and is charged for the rest of the billing period. Less counts at once
    where the fee still allows it, else from the end of the term; `when` says what it has to be.
    """

    quantity: int
    when: str | None = None

    def decide(self, held: Held) -> Decision:
        """Refused: `OversellRefused`, `BelowUtilised`, `WindowClosed`, `AlreadyPlanned`, `DoesNotRenew`; more while
        it is suspended: `NothingAdded`."""
        check_quantity(self.quantity)
        row, plan = held.subscription, held.plan
        held.must_be_begun()
        if row.quantity == self.quantity and self.when != PERIOD_END:
            return Decision(held.quote())
        if plan and plan.is_of_quantity and plan.quantity == self.quantity:
            return Decision(self._later(held))
        held.must_be_unplanned()
        if row.quantity == self.quantity:
            return Decision(held.quote())
        if self.when == PERIOD_END:
            return self._planned(held)
        try:
            return self._at_once(held)
        except WindowClosed:
            if self.when == NOW:
                raise
            return self._planned(held)

    def _at_once(self, held: Held) -> Decision:
        row, version = held.subscription, held.must_be_begun().version
        more = self.quantity - row.quantity
        if more > 0:
            must_take_more(row)
        window = partial(reduce, quantity=self.quantity)
        rows = given_back(held, OneOff.Step.REDUCTION, -more, window) if more < 0 else []
        limits = limits_after(held, version, self.quantity)
        check_limits(row, differences(row, version, self.quantity))
        lines, cost_lines = (self._lines(whose, more) for whose in (held, held.of_seller))
        return Decision(
            held.quote(quantity=self.quantity, lines=lines, cost_lines=cost_lines, limits=limits),
            "subscription.quantity_changed",
            lambda: change_to(row, version, self.quantity, None, held.now, held.on),
            {"quantity": row.quantity},
            {"quantity": self.quantity},
            rows,
        )

    def _lines(self, held: Held, more: int) -> list[Line]:
        if more > 0:
            return charge(held, held.fee, more, held.period) if held.fee else []
        leave = leave_of(held, partial(reduce, quantity=self.quantity))
        return credit(held, -more, leave.credited_from) if leave else []

    def _planned(self, held: Held) -> Decision:
        must_renew(held)
        row, version = held.subscription, held.must_be_begun().version
        return Decision(
            self._later(held),
            "subscription.change_planned",
            lambda: plan_change(held, version, self.quantity, None, held.now),
            {"quantity": row.quantity},
            {"quantity": self.quantity, "on": row.renews_on.isoformat()},
        )

    def _later(self, held: Held) -> Quote:
        """At the prices of that day, as they are known now."""
        row, phase = held.subscription, held.must_be_begun()
        then = replace(held, fees=tuple(renewed(row, phase, row.renews_on).fees))
        quote = then.quote(quantity=self.quantity, on=row.renews_on, is_planned=True)
        limits = limits_after(held, phase.version, self.quantity)
        return replace(quote, limits=limits, problems=problems_of(held, phase.version, self.quantity))
