"""What is charged for a version of an add-on, and what it costs: by seller and by price list of the buyer."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from addons.models import AddOn, AddOnVersion
from addons.refusals import NotOfferedYet
from catalog.pricing import per_cycle
from resellerhub.kernel.money import AMOUNT_MAX
from subscriptions.owing import Chain, Lines, Owed, line_of
from tenants.models import Tenant
from tenants.roles import Kind

Key = tuple[int, int]
"""Whose price it is: the seller, and the list of the seller's that the buyer holds, or 0."""


@dataclass(frozen=True, slots=True)
class Price:
    """As a bulk sale and its sales keep it; `above` is what those above the seller owe, from the seller upwards."""

    issuer_id: int
    unit_price: Decimal
    unit_cost: Decimal | None
    currency: str
    cycle: str
    fee_version_id: int | None
    cost_cycle: str
    cost_fee_version_id: int | None
    applies_more_than_once: bool
    cost_issuer_id: int | None = None
    above: list[dict[str, Any]] = field(default_factory=list)
    is_out_of_bounds: bool = False
    """Whoever sells to the seller does not let it charge this."""

    @property
    def columns(self) -> dict[str, Any]:
        """Those of a sale; what is owed above its seller has rows of its own."""
        names = (each.name for each in fields(self) if each.name not in {"above", "is_out_of_bounds"})
        return {name: getattr(self, name) for name in names}

    @property
    def is_too_large(self) -> bool:
        owed = (self.unit_price, self.unit_cost or 0, *(Decimal(row["unit_price"]) for row in self.above))
        return max(owed) >= AMOUNT_MAX

    @classmethod
    def of(cls, chain: Chain, seller_id: int, account: Owed) -> "Price":
        owed = [one for one in chain.above if one.amount is not None]
        own = next((one for one in owed if one.payer_id == seller_id), None)
        return cls(
            issuer_id=account.issuer_id,
            unit_price=account.amount or Decimal(0),
            unit_cost=own.amount if own else None,
            currency=account.currency,
            cycle=account.cycle,
            fee_version_id=account.terms.pk if account.terms else None,
            cost_cycle=own.cycle if own else "",
            cost_fee_version_id=own.terms.pk if own and own.terms else None,
            applies_more_than_once=own.fee.applies_more_than_once if own and own.fee else True,
            cost_issuer_id=own.issuer_id if own else None,
            above=[_level(one) for one in owed if one is not own],
            is_out_of_bounds=not chain.allows(account.amount),
        )

    def issuers_cost(self, units: int) -> tuple[Decimal, bool]:
        """What the issuer itself owes for so many units, for the cycle of the price; and whether it owes that once,
        however many it sells."""
        cost, cycle, is_each = self.unit_cost, self.cost_cycle, self.applies_more_than_once
        for level in self.above:
            if cost is None and level["payer_id"] == self.issuer_id:
                cost, cycle = Decimal(level["unit_price"]), level["cycle"]
                is_each = level["applies_more_than_once"]
        each = per_cycle(cost, cycle, self.cycle) or Decimal(0)
        return each * units if is_each else each, not is_each


def _level(owed: Owed) -> dict[str, Any]:
    """JSON knows no decimals."""
    return {
        "payer_id": owed.payer_id,
        "issuer_id": owed.issuer_id,
        "fee_version_id": owed.terms.pk if owed.terms else None,
        "price_rule_id": owed.priced.rule.pk if owed.priced.rule else None,
        "unit_price": str(owed.amount),
        "currency": owed.currency,
        "cycle": owed.cycle,
        "applies_more_than_once": owed.fee.applies_more_than_once if owed.fee else True,
    }


def version_on(add_on: AddOn, on: date) -> AddOnVersion:
    """What counts for a sale of a day, with what it is linked to. Refused before the first version: `NotOfferedYet`."""
    rows = AddOnVersion.objects.filter(add_on=add_on)
    version = next(iter(linked(rows.in_force(on), on)), None)
    if version is None:
        raise NotOfferedYet(add_on=add_on.name, field="add_on")
    return version


def linked(rows: Any, on: date) -> list[AddOnVersion]:
    """Versions with their fees; those of copies with the versions of the originals that count on the day."""
    versions: list[AddOnVersion] = list(rows.select_related("add_on", "reseller_fee", "account_fee"))
    originals = {version.add_on.copied_from_id for version in versions} - {None}
    if originals:
        found = {
            row.add_on_id: row for row in linked(AddOnVersion.objects.filter(add_on__in=originals).in_force(on), on)
        }
        for version in versions:
            if original := found.get(version.add_on.copied_from_id or 0):
                vars(version)["linked"] = original
    return versions


def cost_of(add_on: AddOn, on: date) -> Owed | None:
    """What its owner is to pay whoever sells to it, for each unit that it sells; None where it owes nothing."""
    version = next(iter(linked(AddOnVersion.objects.filter(add_on=add_on).in_force(on), on)), None)
    if version is None or add_on.tenant_id == add_on.provider_id:
        return None
    owner: Tenant = Tenant.objects.get(pk=add_on.tenant_id)
    anybody = Tenant(pk=0, kind=Kind.CUSTOMER)
    above = line_of(owner, [version], [], on).chain(version, [anybody]).above
    return above[0] if above and above[0].payer_id == owner.pk else None


def prices_of(version: AddOnVersion, keys: Iterable[tuple[int, int, int]], on: date) -> dict[Key, Price]:
    """For each seller, price list and one who holds it. As many statements however many there are."""
    asked = list(keys)
    tenants = Tenant.objects.in_bulk({pk for seller, _list, holder in asked for pk in (seller, holder)})
    sellers = [tenants[pk] for pk in {seller for seller, _list, _holder in asked}]
    holders = [tenants[holder] for _seller, _list, holder in asked]
    lines = Lines(sellers, [version], holders, on)
    found: dict[Key, Price] = {}
    for seller, price_list, holder in asked:
        chain = lines.of(tenants[seller]).chain(version, [tenants[holder]])
        found[seller, price_list] = Price.of(chain, seller, chain.account[holder])
    return found
