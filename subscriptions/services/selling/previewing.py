"""What a sale would come to: price, cost, margin, what is granted, and what of the source remains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Resource
from resellerhub.kernel.money import Money
from subscriptions.figures import Figures, figures, is_seen
from subscriptions.models import Holding, OneOff, Phase, PhaseFee, Subscription
from subscriptions.owing import Owed
from subscriptions.quoting import Line, total_of
from subscriptions.services.life.oneoffs import activations
from subscriptions.services.life.phases import new_fee
from subscriptions.services.selling.agreeing import Terms, first_lines
from tenants.actor import Actor
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Granted:
    """One resource: how much the holder gets, and how much the source has left to sell; None where nothing is drawn."""

    resource: Resource
    amount: int
    remaining_before: int | None

    @property
    def remaining_after(self) -> int | None:
        """Below zero where more is sold than there is."""
        return None if self.remaining_before is None else self.remaining_before - self.amount


@dataclass(frozen=True, slots=True)
class SalePreview:
    """All of one sale, for whoever may make it. `figures` and `fees` are the reader's, as the sale will show them.

    `lines` is what the holder is charged at first, `cost_lines` what the seller itself is.
    """

    holder: Tenant
    seller: Tenant
    terms: Terms
    quantity: int
    source: Subscription | None
    granted: Sequence[Granted]
    fees: Sequence[PhaseFee]
    one_offs: Sequence[OneOff]
    figures: Figures
    lines: Sequence[Line]
    cost_lines: Sequence[Line]

    @property
    def first_total(self) -> Money:
        """Of what the holder is charged at first."""
        return Money(total_of(self.lines), self.currency)

    @property
    def cost_total(self) -> Money:
        return Money(total_of(self.cost_lines), self.currency)

    @property
    def next_on(self) -> date | None:
        """From when on it is the same for each further cycle."""
        return max((line.ends_on for line in self.lines), default=None)

    @property
    def account(self) -> Owed:
        """What the holder is to pay, beside what it costs its seller."""
        return self.terms.account(self.holder.pk)

    @property
    def listed(self) -> Owed:
        """What it would pay if the seller named no price."""
        return self.terms.chain.account[self.holder.pk]

    @property
    def floor(self) -> Decimal | None:
        return self.terms.chain.floor

    @property
    def ceiling(self) -> Decimal | None:
        return self.terms.chain.ceiling

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def total(self) -> Money | None:
        """What the holder pays for a whole cycle."""
        account = self.account
        return None if account.amount is None else Money(account.amount * self.quantity, account.currency).rounded()

    @property
    def total_margin(self) -> Money | None:
        """What of it is left to the seller."""
        account = self.account
        return None if account.margin is None else Money(account.margin * self.quantity, account.currency).rounded()


def preview_of(
    actor: Actor,
    seller: Tenant,
    holder: Tenant,
    quantity: int,
    source: Subscription | None,
    terms: Terms,
    limits: Mapping[int, int],
    begins: date,
) -> SalePreview:
    """Of a sale against which nothing speaks."""
    own = terms.cost_of(seller.pk)
    phase = Phase(provider_id=seller.house_id, starts_on=begins)
    seen = [new_fee(phase, owed, terms.version) for owed in terms.owed(holder.pk) if is_seen(actor, seller, owed)]
    return SalePreview(
        holder=holder,
        seller=seller,
        terms=terms,
        quantity=quantity,
        source=source,
        granted=_granted(source, {key: limit * quantity for key, limit in limits.items()}),
        fees=seen,
        one_offs=activations(seen, OneOff.Step.START),
        figures=figures(seen, actor.tenant_id),
        lines=first_lines(terms.account(holder.pk), terms.version, quantity, begins),
        cost_lines=first_lines(own, terms.version, quantity, begins) if own else [],
    )


def _granted(source: Subscription | None, amounts: Mapping[int, int]) -> list[Granted]:
    """In the order of the resources; what the source never held has nothing left."""
    held = Holding.objects.filter(subscription=source, resource__in=amounts) if source else ()
    left = {row.resource_id: row.allocated - row.sold for row in held}
    resources = Resource.objects.filter(pk__in=amounts).in_order()
    return [Granted(row, amounts[row.pk], left.get(row.pk, 0) if source else None) for row in resources]
