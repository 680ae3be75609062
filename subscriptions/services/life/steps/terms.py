"""How long it runs: whether it renews, renewed early, or ended together with another."""

from dataclasses import dataclass
from datetime import date

from resellerhub.kernel.periods import Period, must_be_near
from resellerhub.kernel.refusals import found
from subscriptions.models import Phase, PhaseFee, Subscription
from subscriptions.quoting import Fee, Line, onwards
from subscriptions.refusals import CannotEndTogether, EndsEarlier, NotPending, TermChanged
from subscriptions.services.life.steps.lines import beside, credit, cut_beside
from subscriptions.services.life.steps.taking import Decision, Held, OfSubscription, OnItsOwn, set_term, term_of
from subscriptions.terms import Term
from tenants.actor import Actor

State = Subscription.State


@dataclass(frozen=True, slots=True)
class SetRenewal(OnItsOwn):
    """Whether a new term follows the one that runs; else it ends with this."""

    renews: bool

    def decide(self, held: Held) -> Decision:
        """Refused: `AlreadyPlanned`, where it is not to renew and something is planned for then."""
        row = held.subscription
        held.must_be_begun()
        quote = held.quote(
            renews_on=row.renews_on if self.renews else None, ends_on=None if self.renews else row.renews_on
        )
        if row.renews == self.renews:
            return Decision(quote)
        if not self.renews:
            held.must_be_unplanned()

        def write() -> None:
            row.renews = self.renews
            row.save(update_fields=["renews"])

        facts = {"renews": self.renews, "renews_on": row.renews_on.isoformat()}
        return Decision(quote, "subscription.renewal_changed", write, {"renews": row.renews}, facts)


@dataclass(frozen=True, slots=True)
class Renew(OnItsOwn):
    """Prolongs the term that runs by another one, for the price that was agreed. `ends_on` is where the term is to end,
    as its preview said: taken twice it prolongs once."""

    ends_on: date | None = None

    def decide(self, held: Held) -> Decision:
        """Refused: `AlreadyPlanned`, `TermChanged` where another term would follow than was said, and one that would
        end too far ahead."""
        held.must_be_begun()
        row, term = held.subscription, held.term.prolonged(held.months)
        if self.ends_on == row.renews_on:
            return Decision(held.quote())
        held.must_be_unplanned()
        if self.ends_on not in {None, term.ends_on}:
            raise TermChanged(ends_on=row.renews_on)
        must_be_near(term.ends_on, "ends_on")
        return Decision(
            held.quote(to_come=_added(held, term), **_ends(row, term)),
            "subscription.term_prolonged",
            lambda: set_term(row, term),
            {"renews_on": row.renews_on.isoformat()},
            {"renews_on": term.ends_on.isoformat()},
        )


@dataclass(frozen=True, slots=True)
class CoTerm(OfSubscription):
    """Ends the term together with that of another subscription of the same holder; from then on both renew on one day.

    What is added is charged as its billing periods begin, the last of them by days. Only what may be cancelled at any
    time can be made to end earlier.
    """

    other_id: int

    def lock(self, actor: Actor, subscription: Subscription) -> list[int]:
        other = found(Subscription.objects.visible_to(actor), pk=self.other_id)
        if other.pk == subscription.pk or other.tenant_id != subscription.tenant_id:
            raise CannotEndTogether(field="subscription")
        return [other.pk]

    def decide(self, held: Held) -> Decision:
        """Refused: `CannotEndTogether`, `EndsEarlier`, `AlreadyPlanned`."""
        held.must_be_begun()
        row = held.subscription
        other = Subscription.objects.get(pk=self.other_id)
        if other.state not in {State.ACTIVE, State.SUSPENDED} or other.tenant_id != row.tenant_id:
            raise CannotEndTogether(field="subscription")
        end = term_of(other).ends_on
        if end <= held.on:  # its own renewal is due: after that there is a day to end on
            raise NotPending(on=end)
        term = held.term.until(end, other.anchor_day)
        if term == held.term:
            return Decision(held.quote())
        held.must_be_unplanned()
        if end < row.renews_on and not ends_freely(held.fee):
            raise EndsEarlier(other=end, ends_on=row.renews_on, field="subscription")
        lines, cost_lines = (_cut(whose, term) for whose in (held, held.of_seller))
        return Decision(
            held.quote(lines=lines, cost_lines=cost_lines, to_come=_added(held, term), **_ends(row, term)),
            "subscription.term_changed",
            lambda: set_term(row, term),
            {"renews_on": row.renews_on.isoformat()},
            {"renews_on": end.isoformat(), "with": other.pk},
        )


def may_end_earlier(subscription: Subscription) -> bool:
    phase = Phase.objects.filter(subscription=subscription, ends_on=None).first()
    account = phase.fees.filter(stream=PhaseFee.Stream.ACCOUNT).first() if phase else None
    return ends_freely(account)


def ends_freely(fee: PhaseFee | None) -> bool:
    """What costs nothing, and what may be cancelled at any time."""
    return fee is None or (fee.cancellation_hours is None and not fee.minimum_months)


def _ends(row: Subscription, term: Term) -> dict[str, date]:
    return {"renews_on": term.ends_on} if row.renews else {"ends_on": term.ends_on}


def _cut(held: Held, term: Term) -> list[Line]:
    """What a term that ends sooner takes off the billing periods that run."""
    if term.ends_on >= held.subscription.renews_on:
        return []
    return [*credit(held, held.subscription.quantity, term.ends_on), *cut_beside(held, term, term.ends_on)]


def _added(held: Held, term: Term) -> list[Line]:
    row = held.subscription
    if term.ends_on <= row.renews_on:
        return []
    span = Period(row.renews_on, term.ends_on)
    own: list[tuple[Fee, int]] = [(held.fee, row.quantity)] if held.fee else []
    paid = [*own, *((one, one.quantity) for one in beside(held))]
    return [line for fee, quantity in paid for line in onwards("renewal", fee, quantity, span, row.anchor_day)]
