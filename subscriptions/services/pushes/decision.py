"""What comes of each target of a push: the same decides a chunk and a preview. Nothing is written here."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from catalog.models import FeeVersion, PackageResource, PackageVersion, PriceRule
from resellerhub.kernel.money import plain
from resellerhub.kernel.periods import Cycle
from subscriptions.models import Grant, Phase, PhaseFee, Subscription
from subscriptions.owing import Chain, Owed, chain
from subscriptions.services.allocation import difference
from subscriptions.services.life.phases import agreed_again
from subscriptions.services.life.repricing import Pair, is_free, same
from subscriptions.services.pushes.room import BELOW, OVERSELL, Room
from subscriptions.services.pushes.terms import NewTerms
from subscriptions.terms import Term, period_of
from tenants.models import Tenant

CHANGED, UNCHANGED, WAITING = "changed", "unchanged", "waiting"
PRICE_OUT_OF_BOUNDS = "price_out_of_bounds"
SKIPPED = (UNCHANGED, "closed", "pending", "suspended", "moved", "other_package", "own_price", "other_currency")
REFUSED = (OVERSELL, BELOW, PRICE_OUT_OF_BOUNDS)
OUTCOMES = (CHANGED, *SKIPPED, *REFUSED)


@dataclass(slots=True)
class Decision:
    """What becomes of one subscription: `day` is when, `priced_by` the pair of fees that counts from then on, `fees`
    all that is owed, `moved` what of it is owed to who pushes, before and after, and `changes` how much more or less
    is allocated of a resource."""

    subscription: Subscription
    outcome: str = UNCHANGED
    facts: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    phase: Phase | None = None
    priced_by: PackageVersion | None = None
    fees: list[PhaseFee] = field(default_factory=list)
    moved: list[Pair] = field(default_factory=list)
    changes: dict[int, int] = field(default_factory=dict)
    limits_before: dict[int, int] = field(default_factory=dict)

    @property
    def pair(self) -> tuple[int | None, int | None]:
        return (self.priced_by.reseller_fee_id, self.priced_by.account_fee_id) if self.priced_by else (None, None)

    @property
    def has_other_fees(self) -> bool:
        phase = self.phase
        return phase is not None and self.pair != (phase.reseller_fee_id, phase.account_fee_id)


Until = Callable[[int], date]
"""Up to which day a subscription's turn has come; on a later one it waits."""


def decide(terms: NewTerms, ids: Sequence[int], room: Room, until: Until | None = None) -> Iterator[Decision]:
    """In their order; without `until` as if all had come. However many subscriptions: as many statements, and some for
    each seller among them."""
    known = _Known(terms, ids)
    decisions = [known.first_look(pk) for pk in ids if pk in known.subscriptions]
    open_ones = [one for one in decisions if one.phase is not None]
    known.price(open_ones)
    if terms.pushes_limits:
        room.read([one.subscription for one in open_ones], known.resources)
    for one in decisions:
        if one.phase is not None:
            known.finish(one, room, until)
        yield one


class _Known:
    """What is read of these targets, all at once."""

    def __init__(self, terms: NewTerms, ids: Sequence[int]) -> None:
        self.terms = terms
        rows = Subscription.objects.filter(pk__in=ids).select_related("tenant", "seller").order_by()
        self.may_change = Tenant.objects.filter(pk=terms.tenant_id, status=Tenant.Status.ACTIVE).exists()
        self.subscriptions: dict[int, Subscription] = {row.pk: row for row in rows}
        phases = Phase.objects.filter(subscription__in=ids, ends_on=None).order_by()
        phases = phases.select_related("version__package", "reseller_fee", "account_fee")
        self.phases = {phase.subscription_id: phase for phase in phases}
        self.fees: dict[int, list[PhaseFee]] = defaultdict(list)
        for fee in PhaseFee.objects.filter(phase__in=phases).select_related("fee_version").order_by("pk"):
            self.fees[fee.phase_id].append(fee)
        self.granted: dict[int, dict[int, int]] = defaultdict(dict)
        self.overages: dict[int, dict[int, int]] = defaultdict(dict)
        if terms.pushes_limits:
            self._read_limits(ids)
        self.chains: dict[tuple[Any, ...], Chain] = {}
        self.steps: list[date] = []

    def _read_limits(self, ids: Sequence[int]) -> None:
        grants = Grant.objects.filter(subscription__in=ids, kind=Grant.Kind.PACKAGE).order_by()
        rows = grants.values("subscription_id", "resource_id").annotate(amount=Sum("amount"))
        for row in rows.filter(amount__gt=0):
            self.granted[row["subscription_id"]][row["resource_id"]] = row["amount"]
        versions = {phase.version_id for phase in self.phases.values()}
        hard = PackageResource.objects.filter(version__in=versions, overage__isnull=False).order_by()
        for version, resource, overage in hard.values_list("version_id", "resource_id", "overage"):
            self.overages[version][resource] = overage or 0

    @property
    def resources(self) -> set[int]:
        return {resource for granted in self.granted.values() for resource in granted} | set(self.terms.limits)

    def first_look(self, pk: int) -> Decision:
        """What the target says by itself; one with a phase goes on to be priced."""
        row = self.subscriptions[pk]
        if reason := self._reason(row):
            return Decision(row, reason)
        phase = self.phases[pk]
        fees = self.fees[phase.pk]
        mine = [fee for fee in fees if fee.issuer_id == self.terms.tenant_id]
        if self.terms.prices and self.terms.keeps_own_prices and any(map(is_free, mine)):
            return Decision(row, "own_price")
        priced_by = self._priced_by(row, phase, fees)
        return Decision(row, phase=phase, priced_by=priced_by, fees=fees, day=self._day(row, phase, mine or fees))

    def _priced_by(self, row: Subscription, phase: Phase, fees: Sequence[PhaseFee]) -> PackageVersion:
        """Of the pair, who pushes brings the fee that is owed to it; the other stays."""
        pair, version = phase.priced_by, self.terms.version
        if not self.terms.prices:
            return pair
        asks = next((fee.issuer_id for fee in fees if fee.stream == PhaseFee.Stream.ACCOUNT), row.seller_id)
        if asks == self.terms.tenant_id:
            pair.account_fee = version.account_fee
        else:
            pair.reseller_fee = version.reseller_fee
        return pair

    def _reason(self, row: Subscription) -> str:
        if row.state == Subscription.State.CLOSED:
            return "closed"
        if self.terms.tenant_id not in row.tenant.ancestors or row.tenant_id == self.terms.tenant_id:
            return "moved"
        if row.package_id != self.terms.version.package_id:
            return "other_package"
        if row.state == Subscription.State.PENDING:
            return "pending"
        active = row.state == Subscription.State.ACTIVE
        people = row.tenant.status == row.seller.status == Tenant.Status.ACTIVE
        return "" if active and people and self.may_change else "suspended"

    def _day(self, row: Subscription, phase: Phase, fees: Sequence[PhaseFee]) -> date:
        """Not before the phase that it ends has begun, nor in a term that is over; in billing periods as the fees that
        change are billed."""
        first = max(phase.starts_on, row.term_starts_on)
        if self.terms.effective_on is not None:
            return max(self.terms.effective_on, first)
        cycle = max((Cycle(fee.cycle) for fee in fees), key=lambda each: each.months, default=Cycle.MONTH)
        eve = timedelta(days=1)
        after = max(self.terms.asked_on, phase.starts_on - eve, self.terms.version.effective_on - eve)
        return max(period_of(Term(row.term_starts_on, row.renews_on, row.anchor_day), cycle, after).end, first)

    def price(self, decisions: Sequence[Decision]) -> None:
        """Those of one seller, cycle and pair of fees, and of days on which the same prices are in force, are asked for
        together."""
        if not self.terms.prices or not decisions:
            return
        self.steps = self._price_steps(min(one.day for one in decisions if one.day), decisions)
        groups: dict[tuple[Any, ...], list[Decision]] = defaultdict(list)
        for one in decisions:
            groups[self._group(one)].append(one)
        for group, alike in groups.items():
            first, (_seller, on, cycle, *_pair) = alike[0], group
            assert first.priced_by is not None  # noqa: S101 -- it has a phase
            holders = list({one.subscription.tenant_id: one.subscription.tenant for one in alike}.values())
            self.chains[group] = chain(first.subscription.seller, first.priced_by, holders, on, cycle)

    def _group(self, one: Decision) -> tuple[Any, ...]:
        """A holder goes on to pay by the cycle that it has, where that is still offered."""
        assert one.day is not None  # noqa: S101 -- it has a phase
        cycle = next((fee.cycle for fee in one.fees if fee.stream == PhaseFee.Stream.ACCOUNT), "")
        return one.subscription.seller_id, max(step for step in self.steps if step <= one.day), cycle, *one.pair

    def _price_steps(self, first: date, decisions: Sequence[Decision]) -> list[date]:
        """The days from the first on from which another price may be in force."""
        fees = {pk for one in decisions for pk in one.pair if pk}
        lists = Q(price_list__provider=self.terms.version.package.provider_id)
        later = Q(effective_on__gt=first)
        of_fees = FeeVersion.objects.filter(later, fee__in=fees).order_by()
        of_rules = PriceRule.objects.filter(later, lists).order_by()
        days = of_fees.values_list("effective_on").union(of_rules.values_list("effective_on"))
        return [first, *(day for (day,) in days)]

    def finish(self, one: Decision, room: Room, until: Until | None) -> None:
        """Price and limits together, or neither. What would change on a day to come is decided then."""
        why = self._price(one) if self.terms.prices else None
        harder = self._limit(one) if self.terms.pushes_limits else False
        waits = until is not None and one.day is not None and one.day > until(one.subscription.pk)
        if why and not (waits and why[0] in REFUSED):
            one.outcome, one.facts = why
        elif not (why or one.moved or one.changes or harder or one.has_other_fees):
            one.outcome = UNCHANGED
        elif waits:
            one.outcome = WAITING
        elif why := room.refusal(one.subscription, one.changes):
            one.outcome, one.facts = why
        else:
            room.take(one.subscription, one.changes)
            one.outcome = CHANGED

    def _limit(self, one: Decision) -> bool:
        """Set how much more or less is allocated; True where what may be used beyond it is another."""
        assert one.phase is not None  # noqa: S101 -- what has none is not priced
        one.limits_before = self.granted[one.subscription.pk]
        wanted = {resource: limit * one.subscription.quantity for resource, limit in self.terms.limits.items()}
        one.changes = difference(one.limits_before, wanted)
        return self.overages[one.phase.version_id] != self.terms.overages

    def _price(self, one: Decision) -> tuple[str, dict[str, Any]] | None:
        """Set what is owed from the day on; or say why it cannot be asked."""
        row, had = one.subscription, one.fees
        owing = self.chains[self._group(one)]
        kept = [fee for fee in had if fee.issuer_id != self.terms.tenant_id]
        before = {fee.payer_id: fee for fee in had if fee not in kept}
        others = {fee.payer_id for fee in kept}
        owed = [each for each in owing.of(row.tenant_id) if each.issuer_id == self.terms.tenant_id]
        owed = [each for each in owed if each.payer_id not in others]
        if not {each.currency for each in owed} <= {fee.currency for fee in had or owed}:
            return "other_currency", {}
        if out := _out_of_bounds(owing, owed):
            return PRICE_OUT_OF_BOUNDS, out
        assert one.phase is not None  # noqa: S101 -- what has none is not priced
        phase, version = one.phase, self.terms.version
        after = {each.payer_id: agreed_again(phase, each, version, before.get(each.payer_id)) for each in owed}
        pairs = [(before.get(payer), after.get(payer)) for payer in sorted(before.keys() | after.keys())]
        one.moved = [pair for pair in pairs if not same(*pair)]
        if one.moved:
            one.fees = [*kept, *after.values()]
        return None


def _out_of_bounds(owing: Chain, owed: Sequence[Owed]) -> dict[str, Any] | None:
    """What who sells to the seller lets it ask of the holder."""
    asked = next((each for each in owed if each.stream == PhaseFee.Stream.ACCOUNT), None)
    if asked is None or owing.allows(asked.amount):
        return None
    texts = {"floor": owing.floor or Decimal(0), "ceiling": owing.ceiling, "asked": asked.amount}
    numbers = {name: None if value is None else plain(value) for name, value in texts.items()}
    return numbers | {"currency": asked.currency}
