"""Who owes whom for a package that is sold: the holder its seller, and each reseller above it who sells to that one.

The account fee is what the holder pays, or what is recommended to whoever sells to it; the reseller fee is what a
seller charges the reseller beneath. Commission resellers buy nothing: what they sell is owed to who stands above them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from catalog.models import Fee, FeeVersion, PackageVersion
from catalog.price_rules import RulesInForce
from catalog.pricing import About, Priced, per_cycle, price
from resellerhub.kernel.periods import Cycle
from subscriptions.models import PhaseFee
from tenants.models import Profile, ResellerType, Tenant
from tenants.roles import Kind

Stream = PhaseFee.Stream


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

    @property
    def margin(self) -> Decimal | None:
        return None if self.amount is None or self.cost is None else self.amount - self.cost

    @property
    def is_below_cost(self) -> bool:
        return self.margin is not None and self.margin < 0

    def at(self, unit_price: Decimal | None) -> "Owed":
        """The same at the seller's own price; at the price of a rule it stays the rule's."""
        if unit_price is None or unit_price == self.amount:
            return self
        return replace(self, amount=unit_price, priced=Priced(self.priced.amount, None, self.priced.steps))


@dataclass(frozen=True, slots=True)
class Chain:
    """`account` by holder; `above` is one for all of them, from the seller upwards.

    `floor` and `ceiling` are what who sells to the seller lets it charge.
    """

    account: Mapping[int, Owed]
    above: Sequence[Owed]
    floor: Decimal | None
    ceiling: Decimal | None

    def of(self, holder_id: int) -> list[Owed]:
        """All that is owed for one holder; where nothing is charged, nothing is owed."""
        return [owed for owed in (self.account[holder_id], *self.above) if owed.amount is not None]


def chain(seller: Tenant, version: PackageVersion, holders: Sequence[Tenant], on: date) -> Chain:
    """What these holders, who all buy from the seller, owe for a version of a package that is held from this day on;
    and what is owed above them. However many holders: as many statements."""
    line = _line(seller)
    rules = RulesInForce((tenant.pk for tenant in line), [tenant.pk for tenant in (*line, *holders)], on)
    terms = _in_force(version, on)
    buying = [tenant for tenant in line if not _is_commission(tenant)]
    account_fee, reseller_fee = version.account_fee, version.reseller_fee
    recommended = terms.get(account_fee.pk) if account_fee else None
    fee = account_fee or reseller_fee
    currency = fee.currency if fee else rules.currency(seller.pk, holders[0]) or _own_currency(seller)
    pricing = _Pricing(version, rules, currency, recommended)

    above: list[Owed] = []
    cost: Decimal | None = None
    paid = reseller_fee and terms.get(reseller_fee.pk)
    for issuer, payer in pairwise(buying):
        mine = paid.amount if paid and reseller_fee and reseller_fee.tenant_id == issuer.pk else cost
        owed = pricing.owed(Stream.RESELLER, payer, issuer, issuer, reseller_fee, paid or None, mine, cost)
        above.append(owed)
        cost = owed.amount
    stated = recommended.amount if recommended else None
    own = above[-1] if above and buying[-1].pk == seller.pk else None
    own_cost = per_cycle(cost, own.cycle, pricing.cycle_of(recommended)) if own else None
    account = {
        holder.pk: pricing.owed(Stream.ACCOUNT, holder, buying[-1], seller, account_fee, recommended, stated, own_cost)
        for holder in holders
    }
    return Chain(account, above[::-1], own.priced.floor if own else None, own.priced.ceiling if own else None)


class _Pricing:
    """What stays the same along one chain."""

    def __init__(
        self, version: PackageVersion, rules: RulesInForce, currency: str, recommended: FeeVersion | None
    ) -> None:
        self.package, self.rules, self.currency, self.recommended = version.package, rules, currency, recommended

    def cycle_of(self, terms: FeeVersion | None) -> str:
        return terms.cycle if terms else Cycle.MONTH

    def owed(
        self,
        stream: str,
        payer: Tenant,
        issuer: Tenant,
        seller: Tenant,
        fee: Fee | None,
        terms: FeeVersion | None,
        stated: Decimal | None,
        cost: Decimal | None,
    ) -> Owed:
        """By the seller's price list for the payer; who issues is another where a commission reseller sells."""
        cycle = self.cycle_of(terms)
        recommended = per_cycle(self.recommended.amount, self.recommended.cycle, cycle) if self.recommended else None
        about = About(self.package.service_type_id, cycle, package_id=self.package.pk)
        rules = self.rules.between(seller.pk, payer, self.currency)
        priced = price(rules, about, stated=stated, cost=cost, recommended=recommended)
        return Owed(
            stream=stream,
            payer_id=payer.pk,
            issuer_id=issuer.pk,
            fee=fee,
            terms=terms,
            currency=self.currency,
            cycle=cycle,
            priced=priced,
            amount=priced.amount,
            cost=cost,
            recommended=recommended,
        )


def _line(seller: Tenant) -> list[Tenant]:
    """From the provider down to the seller."""
    rows = {row.pk: row for row in Tenant.objects.filter(pk__in=seller.ancestors).select_related("terms")}
    return [rows[pk] for pk in seller.ancestors]


def _is_commission(tenant: Tenant) -> bool:
    return tenant.kind == Kind.RESELLER and tenant.terms.type == ResellerType.COMMISSION


def _in_force(version: PackageVersion, on: date) -> dict[int, FeeVersion]:
    """What the pair of fees says on a day; nothing where it is not in force yet."""
    ids: Iterable[int | None] = (version.reseller_fee_id, version.account_fee_id)
    fees = [pk for pk in ids if pk is not None]
    return {row.fee_id: row for row in FeeVersion.objects.filter(fee__in=fees).in_force(on)} if fees else {}


def _own_currency(seller: Tenant) -> str:
    return str(Profile.objects.values_list("currency", flat=True).get(tenant=seller.pk))
