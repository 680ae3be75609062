"""What a sale would be agreed at: the price for the holder, and what is owed above. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Package, PackageVersion
from resellerhub.kernel.money import AMOUNT_MAX, plain
from resellerhub.kernel.periods import Cycle, Period
from resellerhub.kernel.refusals import Invalid
from subscriptions.owing import Chain, Owed, Stream, chain
from subscriptions.quoting import Line, Rate, joining, opening
from subscriptions.refusals import BilledByAnother, CycleNotOffered, NotOffered, PriceOutOfBounds, PriceTooLarge
from tenants.models import Tenant

PLACES = 6


@dataclass(frozen=True, slots=True)
class Price:
    """What a seller asks; without an amount, what its price list or the fee says. `cycle` is by which it is paid,
    without one the fee's own."""

    amount: Decimal | None = None
    currency: str = ""
    cycle: str = ""
    by_id: int | None = None
    """Who says so, where that is not the seller itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Of a package for holders who have one seller, at the seller's own price where it names one.

    A `cycle` that was agreed stays, even where the fee is offered by that no longer.
    """

    version: PackageVersion
    chain: Chain
    unit_price: Decimal | None
    cycle: str = ""

    def account(self, holder_id: int) -> Owed:
        """What the holder is to pay; without an amount it pays nothing."""
        return self.chain.account[holder_id].turned(self.cycle).at(self.unit_price)

    def cost_of(self, seller_id: int) -> Owed | None:
        """What the seller itself is to pay for each that it sells; None where it pays nothing, or once."""
        return next((one for one in self.chain.above if one.payer_id == seller_id and not one.is_once), None)

    def owed(self, holder_id: int) -> list[Owed]:
        """All that a phase of this holder is to say."""
        account = self.account(holder_id)
        above = [owed for owed in self.chain.above if owed.amount is not None]
        return [account, *above] if account.amount is not None else above

    def told(self, holder_id: int) -> dict[str, Any]:
        """For an event, which the holder and all above it read: the price alone, never what it costs anybody."""
        account = self.account(holder_id)
        if account.amount is None:
            return {}
        return {"unit_price": plain(account.amount), "currency": account.currency, "cycle": account.cycle}


def agree(
    seller: Tenant, holders: Sequence[Tenant], package: Package, price: Price, on: date, *, rather: str = ""
) -> Terms:
    """For what is sold on a day; by the cycle that is asked for, else `rather` by this one, where it is offered.

    Refused: `NotOffered` before its first version, `CycleNotOffered`, `PriceOutOfBounds`, `BilledByAnother`.
    """
    versions = package.versions.in_force(on).select_related("package", "reseller_fee", "account_fee")
    version = versions.first()
    if version is None:
        raise NotOffered()
    terms = Terms(version, chain(seller, version, holders, on, price.cycle or rather), price.amount)
    for holder in holders:
        check_price(terms.chain, holder.pk, price)
    return terms


def check_price(chain: Chain, holder_id: int, price: Price) -> Owed:
    """What the holder is to pay, at the seller's own price where it names one. Refused: `CycleNotOffered`,
    `PriceOutOfBounds`, `BilledByAnother`, `PriceTooLarge`, and a price that is none or of another currency."""
    if price.amount is not None:
        _check(price.amount)
    account = chain.account[holder_id].at(price.amount)
    must_be_offered(account, price.cycle)
    if price.currency not in {"", account.currency}:
        raise Invalid({"unit_price": [_("The price is in %(currency)s.") % {"currency": account.currency}]})
    if any(owed.amount is not None and owed.amount >= AMOUNT_MAX for owed in (account, *chain.above)):
        raise PriceTooLarge(most=plain(AMOUNT_MAX), field="unit_price")
    _within_bounds(chain, account)
    _as_billed(chain, chain.account[holder_id].amount, account, price.by_id)
    return account


def rate_of(account: Owed, called: str) -> Rate | None:
    """What somebody would pay, as a line needs it; None where nothing is charged. Without a fee it is called so."""
    if account.amount is None:
        return None
    name = account.terms.public_name if account.terms else called
    is_credited = account.stream == Stream.ACCOUNT and (account.terms is None or account.terms.credits_suspension)
    return Rate(name, account.amount, account.currency, account.cycle, is_credited)


def first_lines(owed: Owed, version: PackageVersion, quantity: int, begins: date) -> list[Line]:
    """What is charged at first for so many that are sold: the first billing period, and what activates them."""
    rate = rate_of(owed, version.package.name)
    activation = owed.terms.activation_amount if owed.terms else Decimal(0)
    return opening(rate, quantity, begins, begins.day, activation) if rate else []


def joining_lines(owed: Owed, called: str, quantity: int, period: Period, on: date) -> list[Line]:
    """The same for what begins within a billing period of the subscription on which it is sold."""
    rate = rate_of(owed, called)
    if rate is None:
        return []
    activation = owed.terms.activation_amount if owed.terms else Decimal(0)
    by_days = owed.terms is None or owed.terms.prorates_first
    return joining(rate, quantity, period, on, activation, by_days=by_days)


def made_by(account: Owed) -> dict[str, Any]:
    """Of a price that is kept for a day to come, what made it, as a planned change has it: a rule, or what the fee
    says; neither where the seller named it itself."""
    if account.amount is None or account.amount != account.priced.amount:
        return {}
    if account.priced.rule:
        return {"price_rule_id": account.priced.rule.pk}
    return {"fee_version": account.terms}


def must_be_offered(account: Owed, cycle: str) -> None:
    """Refused: `CycleNotOffered`, where it is paid by another cycle than was asked for."""
    if cycle not in {"", account.cycle}:
        offered = ", ".join(str(Cycle(one).label) for one in account.offered)
        raise CycleNotOffered(offered=offered, field="cycle")


def _check(unit_price: Decimal) -> None:
    if not unit_price.is_finite() or not 0 <= unit_price < AMOUNT_MAX:
        raise Invalid({"unit_price": [_("A price is zero or more.")]})
    if -int(unit_price.as_tuple().exponent) > PLACES:
        raise Invalid(
            {"unit_price": [_("A price has at most %(places)s digits after the point.") % {"places": PLACES}]}
        )


def _within_bounds(chain: Chain, account: Owed) -> None:
    if not chain.allows(account.amount):
        bounds = {"floor": _text(chain.floor) or "0", "ceiling": _text(chain.ceiling) or "∞"}
        raise PriceOutOfBounds(**bounds, currency=account.currency, field="unit_price")


def _as_billed(chain: Chain, asked: Decimal | None, account: Owed, by_id: int | None) -> None:
    """Who sells on commission gives nothing away of what is owed to somebody else; that one, and all above it, may."""
    if chain.billed_by is None or asked is None or by_id in chain.billed_by.ancestors:
        return
    if account.amount is not None and account.amount < asked:
        raise BilledByAnother(amount=plain(asked), currency=account.currency, field="unit_price")


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)
