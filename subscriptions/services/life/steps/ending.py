"""The end of a subscription, now or with its term, and what withdraws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subscriptions import hooks
from subscriptions.leaving import Leave
from subscriptions.models import OneOff, PlannedChange
from subscriptions.quoting import Line, once
from subscriptions.refusals import NothingPlanned, StillDrawn
from subscriptions.services.life.effects import close_plan, end
from subscriptions.services.life.steps.lines import beside, credit, credit_beside
from subscriptions.services.life.steps.planning import PERIOD_END
from subscriptions.services.life.steps.taking import Decision, Held, OnItsOwn
from subscriptions.services.life.steps.windows import given_back, leave_package, leaves_of


@dataclass(frozen=True, slots=True)
class Cancel(OnItsOwn):
    """Ends it, now or with its term. Now, the rest of the billing period is given back where the fee prorates the last
    one; before the minimum term is over the early cancellation fee is due."""

    when: str | None = None
    reason: str = ""

    def decide(self, held: Held) -> Decision:
        """Refused: `StillDrawn`, `WindowClosed`; at the end of the term `AlreadyPlanned`."""
        if self.when == PERIOD_END and held.phase is not None:
            return self._planned(held)
        row = held.subscription
        if drawn := row.drawn.open().count():
            raise StillDrawn(count=drawn)
        leaves = leaves_of(held, leave_package)
        rows: list[Any] = given_back(held, OneOff.Step.END, row.quantity, leave_package)
        rows += [one for also in hooks.ENDING for one in also(held, leaves)]
        lines, cost_lines = (self._lines(whose, leaves) for whose in (held, held.of_seller))

        def write() -> None:
            end(held.actor, row, held.now, reason=self.reason, lines=quote.told())

        quote = held.quote(lines=lines, cost_lines=cost_lines, renews_on=None, ends_on=held.on, quantity=0)
        return Decision(quote, write=write, one_offs=rows)

    def _lines(self, held: Held, leaves: Mapping[int, Leave]) -> list[Line]:
        """Of all that ends; what is held with it is given back from the same day, and is never left early."""
        fee, lines = held.fee, list[Line]()
        leave = leaves.get(held.payer_id or held.subscription.tenant_id, Leave(held.on))
        if fee is not None:
            early = once("cancellation", fee, fee.cancellation_amount, held.on) if leave.is_early else []
            lines = [*credit(held, held.subscription.quantity, leave.credited_from), *early]
        return lines + [line for one in beside(held) for line in credit_beside(held, one, leave.credited_from)]

    def _planned(self, held: Held) -> Decision:
        row = held.subscription
        quote = held.quote(renews_on=None, ends_on=row.renews_on, on=row.renews_on, is_planned=True, quantity=0)
        if held.plan and held.plan.kind == PlannedChange.Kind.END:
            return Decision(quote)
        held.must_be_unplanned()

        def write() -> None:
            PlannedChange.objects.create(
                provider_id=row.provider_id,
                tenant_id=row.tenant_id,
                subscription=row,
                kind=PlannedChange.Kind.END,
                on=row.renews_on,
                made_by_id=held.actor.user_id,
                made_at=held.now,
            )

        facts = {"on": row.renews_on.isoformat(), "reason": self.reason}
        return Decision(quote, "subscription.end_planned", write, facts=facts)


@dataclass(frozen=True, slots=True)
class Keep(OnItsOwn):
    """As if nothing had been planned."""

    def decide(self, held: Held) -> Decision:
        """Refused: `NothingPlanned`. What has not begun is cancelled, not kept."""
        held.must_be_begun()
        plan = held.plan
        if plan is None:
            raise NothingPlanned()
        facts = {"planned": plan.kind, "on": plan.on.isoformat()}
        return Decision(
            held.quote(),
            "subscription.kept",
            lambda: close_plan(plan, PlannedChange.State.WITHDRAWN, held.now),
            facts=facts,
        )
