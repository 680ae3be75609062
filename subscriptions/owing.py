"""Who owes whom for what is sold: the holder its seller, and each reseller above it who sells to that one.

The account fee is what the holder pays, or what is recommended to whoever sells to it; the reseller fee is what a
seller charges the reseller beneath. Commission resellers buy nothing: what they sell is owed to who stands above them,
at the price of that one. Nobody has a hand in what it owes: what that is reckoned on was said at or above its seller.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

from catalog.models import Fee, FeeVersion
from catalog.price_rules import RulesInForce
from catalog.pricing import About, Priced, per_cycle, price
from resellerhub.kernel.periods import Cycle
from subscriptions.models import PhaseFee
from tenants.models import Profile, ResellerType, Tenant
from tenants.roles import Kind

Stream = PhaseFee.Stream


class Version(Protocol):
    """What a package or an add-on costs from a day on."""

    @property
    def account_fee_id(self) -> Any: ...
    @property
    def account_fee(self) -> Fee | None: ...
    @property
    def reseller_fees(self) -> Sequence[Fee]:
        """What those who manage it, one above the other, charge whoever sells beneath them; the lowest first."""
        ...

    @property
    def manager_id(self) -> int: ...
    @property
    def levels(self) -> Sequence["Version"]:
        """It, and what it is a copy of, up to the original."""
        ...

    def about(self, cycle: str) -> About: ...
    def is_for(self, kind: str) -> bool:
        """Whether a holder of this kind pays the account fee."""
        ...


@dataclass(frozen=True, slots=True)
class Owed:
    """What one tenant is to pay another, for one unit and one cycle. `cost` is what the issuer itself pays for it.

    `priced` is what the rules make of it, `amount` what is charged: the two differ where the seller names a price.
    """

    stream: str
    payer_id: int
    issuer_id: int
    fee: Fee | None
    terms: FeeVersion | None
    currency: str
    cycle: str
    priced: Priced
    amount: Decimal | None
    cost: Decimal | None = None
    recommended: Decimal | None = None
    stated: Decimal | None = None
    """What it is where no rule says another."""
    cost_once: bool = False
    """The issuer owes its cost once, however many it sells: there is no margin of one unit."""
    about: About | None = None
    """What its price is about."""

    @property
    def margin(self) -> Decimal | None:
        if self.amount is None or self.cost is None or self.cost_once:
            return None
        return self.amount - self.cost

    @property
    def is_once(self) -> bool:
        """Owed once by the payer, however many it sells."""
        return self.amount is not None and self.fee is not None and not self.fee.applies_more_than_once

    @property
    def offered(self) -> list[str]:
        """The cycles by which it can be paid."""
        return list(self.terms.amounts) if self.terms else [self.cycle]

    @property
    def is_below_cost(self) -> bool:
        return self.margin is not None and self.margin < 0

    def at(self, unit_price: Decimal | None) -> "Owed":
        """The same at the seller's own price; at the price of a rule it stays the rule's."""
        if unit_price is None or unit_price == self.amount:
            return self
        return replace(self, amount=unit_price, priced=Priced(self.priced.amount, None, self.priced.steps))

    def turned(self, cycle: str) -> "Owed":
        """The same for another length of cycle, by months."""
        if cycle in {"", self.cycle}:
            return self
        amounts = {name: getattr(self, name) for name in ("amount", "cost", "recommended", "stated")}
        said: Any = {name: per_cycle(amount, self.cycle, cycle) for name, amount in amounts.items()}
        return replace(self, cycle=cycle, **said)


@dataclass(frozen=True, slots=True)
class Chain:
    """`account` by holder; `above` is one for all of them, from the seller upwards.

    `floor` and `ceiling` are what who sells to the seller lets it charge; `billed_by` is who is owed what it sells,
    where that is not itself: a seller on commission.
    """

    account: Mapping[int, Owed]
    above: Sequence[Owed]
    floor: Decimal | None
    ceiling: Decimal | None
    billed_by: Tenant | None = None

    def of(self, holder_id: int) -> list[Owed]:
        """All that is owed for one holder; where nothing is charged, nothing is owed."""
        return [owed for owed in (self.account[holder_id], *self.above) if owed.amount is not None]

    def allows(self, amount: Decimal | None) -> bool:
        """Whether the seller may charge this; where nothing is charged, nothing is bounded."""
        if amount is None:
            return True
        return (self.floor is None or amount >= self.floor) and (self.ceiling is None or amount <= self.ceiling)


def chain(seller: Tenant, version: Version, holders: Sequence[Tenant], on: date, cycle: str = "") -> Chain:
    """What these holders, who all buy from the seller, owe for a version of a package that is held from this day on;
    and what is owed above them. By this cycle, as far as a fee is offered by it; else each fee by its own. However many
    holders: as many statements."""
    return line_of(seller, [version], holders, on).chain(version, holders, cycle)


class Lines:
    """Sellers and all above them, on a day, with what counts there for these versions and these who buy of them.

    However many of each: as many statements.
    """

    def __init__(
        self, sellers: Sequence[Tenant], versions: Sequence[Version], holders: Sequence[Tenant], on: date
    ) -> None:
        above = {pk for seller in sellers for pk in seller.ancestors}
        self.tenants = {row.pk: row for row in Tenant.objects.filter(pk__in=above).select_related("terms")}
        buyers = [*self.tenants, *(tenant.pk for tenant in holders)]
        self.rules = RulesInForce(self.tenants, buyers, on)
        self.terms = _in_force(versions, on)

    def of(self, seller: Tenant) -> "Line":
        return Line(seller, [self.tenants[pk] for pk in seller.ancestors], self.rules, self.terms)


def line_of(seller: Tenant, versions: Sequence[Version], holders: Sequence[Tenant], on: date) -> "Line":
    return Lines([seller], versions, holders, on).of(seller)


class Line:
    """A seller and all above it, from the provider down, with what counts there on a day."""

    def __init__(
        self, seller: Tenant, line: Sequence[Tenant], rules: RulesInForce, terms: Mapping[int | None, FeeVersion]
    ) -> None:
        self.seller, self.rules, self.terms = seller, rules, terms
        self.buying = [tenant for tenant in line if not _is_commission(tenant)]

    def chain(self, version: Version, holders: Sequence[Tenant], cycle: str = "") -> Chain:
        recommended = self.terms.get(version.account_fee_id)
        pricing = self._pricing(version, holders[0], cycle)
        above = self._above(version, pricing, self.buying)
        stated = pricing.amount_of(recommended)
        own = above[-1] if above and self.buying[-1].pk == self.seller.pk else None
        paid_by = pricing.cycle_of(recommended)

        def turned(amount: Decimal | None) -> Decimal | None:
            """What stands beside the reseller fee, for the cycle of the account fee."""
            return per_cycle(amount, own.cycle, paid_by) if own else None

        issuer, cost, is_once = self.buying[-1], turned(own.amount if own else None), own is not None and own.is_once
        if version.is_for(holders[0].kind):
            paid = (issuer, version.account_fee, recommended, stated, cost)
            owed = {holder.pk: pricing.owed(Stream.ACCOUNT, holder, *paid) for holder in holders}
            account = {pk: replace(one, cost_once=is_once) for pk, one in owed.items()}
        else:
            account = {row.pk: self._above(version, pricing, [*self.buying, row])[-1] for row in holders}
        floor, ceiling = (turned(own.priced.floor), turned(own.priced.ceiling)) if own else (None, None)
        return Chain(account, above[::-1], floor, ceiling, None if issuer.pk == self.seller.pk else issuer)

    def asked_of(self, buyer: Tenant, version: Version) -> list[Owed]:
        """What the buyer owes the seller for each unit: for what it holds itself, or, as a reseller, for what its
        customers hold. By each cycle in which it is offered, the fee's own first; nothing where it buys nothing: a
        commission reseller sells to nobody who sells on."""
        usual = self._asked(buyer, version, "")
        if usual is None:
            return []
        offered = usual.terms.amounts if usual.terms else {}
        others = (self._asked(buyer, version, cycle) for cycle in offered if cycle != usual.cycle)
        return [usual, *(owed for owed in others if owed is not None)]

    def _asked(self, buyer: Tenant, version: Version, cycle: str) -> Owed | None:
        if version.is_for(buyer.kind) and known_to(self.seller, version):
            return self.chain(version, [buyer], cycle).account[buyer.pk]
        if buyer.kind != Kind.RESELLER or self.buying[-1].pk != self.seller.pk:
            return None
        owed = self._above(version, self._pricing(version, buyer, cycle), [*self.buying, buyer])
        return owed[-1] if owed else None

    def _pricing(self, version: Version, holder: Tenant, cycle: str) -> "_Pricing":
        fee = version.account_fee or next(iter(version.reseller_fees), None)
        currency = fee.currency if fee else self.rules.currency(self.buying[-1].pk, holder) or self._own_currency
        return _Pricing(version, self.rules, currency, self.terms, cycle)

    @cached_property
    def _own_currency(self) -> str:
        return str(Profile.objects.values_list("currency", flat=True).get(tenant=self.seller.pk))

    def _above(self, version: Version, pricing: "_Pricing", buying: Sequence[Tenant]) -> list[Owed]:
        """From the top down; who stands above all who made it or charge for it has no part in it."""
        above: list[Owed] = []
        cost: Decimal | None = None
        fees = {fee.tenant_id: fee for fee in reversed(version.reseller_fees)}
        fee: Fee | None = None
        for issuer, payer in pairwise(buying):
            fee = fees.get(issuer.pk, fee)
            if fee is None and known_to(issuer, version) is None:
                continue
            paid = self.terms.get(fee.pk) if fee else None
            if above:
                cost = per_cycle(above[-1].amount, above[-1].cycle, pricing.cycle_of(paid))
            mine = pricing.amount_of(paid) if issuer.pk in fees else cost
            owed = pricing.owed(Stream.RESELLER, payer, issuer, fee, paid, mine, cost)
            above.append(replace(owed, cost_once=bool(above) and above[-1].is_once))
        return above


class _Pricing:
    """What stays the same along one chain. `cycle` is by which is paid what is offered by it."""

    def __init__(
        self, version: Version, rules: RulesInForce, currency: str, terms: Mapping[int | None, FeeVersion], cycle: str
    ) -> None:
        self.version, self.rules, self.currency, self.terms, self.cycle = version, rules, currency, terms, cycle

    def cycle_of(self, terms: FeeVersion | None) -> str:
        """By which cycle a fee is paid."""
        if terms is None:
            return Cycle.MONTH
        return self.cycle if self.cycle in terms.amounts else terms.cycle

    def amount_of(self, terms: FeeVersion | None) -> Decimal | None:
        return terms.per(self.cycle_of(terms)) if terms else None

    def owed(
        self,
        stream: str,
        payer: Tenant,
        issuer: Tenant,
        fee: Fee | None,
        terms: FeeVersion | None,
        stated: Decimal | None,
        cost: Decimal | None,
    ) -> Owed:
        """By the issuer's price list for the payer, about what the issuer knows of it."""
        cycle, known = self.cycle_of(terms), known_to(issuer, self.version)
        account_fee = self.terms.get(known.account_fee_id) if known else None
        recommended = account_fee.per(cycle) if account_fee else None
        rules = self.rules.between(issuer.pk, payer, self.currency)
        about = replace((known or self.version).about(cycle), own_cycle=terms.cycle if terms else cycle)
        priced = price(rules, about, stated=stated, cost=cost, recommended=recommended)
        parts = (stream, payer.pk, issuer.pk, fee, terms, self.currency, cycle)
        return Owed(*parts, priced, priced.amount, cost, recommended, stated, about=about)


def known_to(issuer: Tenant, version: Version) -> Version | None:
    """What it is to a seller: of a copy that was made beneath it, the original; nothing where all of it was."""
    return next((one for one in version.levels if one.manager_id in issuer.ancestors), None)


def _is_commission(tenant: Tenant) -> bool:
    return tenant.kind == Kind.RESELLER and tenant.terms.type == ResellerType.COMMISSION


def _in_force(versions: Iterable[Version], on: date) -> dict[int | None, FeeVersion]:
    """What the pairs of fees say on a day; nothing where they are not in force yet."""
    ids = {fee.pk for version in versions for fee in version.reseller_fees}
    ids |= {level.account_fee_id for version in versions for level in version.levels if level.account_fee_id}
    return {row.fee_id: row for row in FeeVersion.objects.filter(fee__in=ids).in_force(on)} if ids else {}
