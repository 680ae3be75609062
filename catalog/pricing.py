"""How a price is made: a pure function of the rules of a price list and of what stands beside them. No clock, no table.

Amounts are of one unit and one billing cycle, with six places, and below `AMOUNT_MAX`: what comes to that is refused
where it would be charged. The explanation is data; `catalog.words` says it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from resellerhub.kernel.money import AMOUNT_MAX
from resellerhub.kernel.periods import Cycle

PLACES = Decimal("0.000001")
HUNDRED = Decimal(100)


class Rule(Protocol):
    """What `PriceRule` has."""

    @property
    def pk(self) -> Any: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def package_id(self) -> int | None: ...
    @property
    def add_on_id(self) -> int | None: ...
    @property
    def service_type_id(self) -> int | None: ...
    @property
    def cycle(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def floor(self) -> Decimal | None: ...
    @property
    def ceiling(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class About:
    """What is priced: a package or an add-on, of a service type, for a billing cycle.

    `own_cycle` is that of its fee, where it is another: amounts of rules for any cycle are of that.
    """

    service_type_id: int
    cycle: str
    package_id: int | None = None
    add_on_id: int | None = None
    own_cycle: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an explanation: its code, and the numbers in it."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priced:
    """A price with the rule that gave it, None where it is what the fee says. `amount` None: nothing is charged.

    `floor` and `ceiling` bound what the buyer may charge in turn.
    """

    amount: Decimal | None
    rule: Rule | None = None
    steps: tuple[Step, ...] = ()
    about: About | None = None

    @property
    def floor(self) -> Decimal | None:
        return self._turned(self.rule.floor) if self.rule else None

    @property
    def ceiling(self) -> Decimal | None:
        return self._turned(self.rule.ceiling) if self.rule else None

    def _turned(self, amount: Decimal | None) -> Decimal | None:
        return _for_cycle(amount, self.rule, self.about) if self.rule and self.about else amount


def price(
    rules: Iterable[Rule],
    about: About,
    *,
    stated: Decimal | None,
    cost: Decimal | None,
    recommended: Decimal | None,
) -> Priced:
    """What a seller charges by the rules of one list that have taken effect, in any order.

    `stated` is the price where no rule says another; `cost` what the seller itself pays, and `recommended` the account
    fee, both for the cycle that is priced. The most specific rule wins: package and cycle, package, service type and
    cycle, service type, any of a cycle, any. One that needs a number which is not there is passed over.
    """
    steps: list[Step] = []
    for rule in in_order(rules, about):
        if passed := _passed_over(rule, cost, recommended):
            steps.append(Step(passed, _named(rule)))
            continue
        if rule.method == "stated":
            steps.append(Step("as_stated" if stated is not None else "as_nothing", _named(rule) | {"amount": stated}))
            return Priced(stated, rule, tuple(steps), about)
        value = _for_cycle(rule.value, rule, about) if rule.method == "fixed" else rule.value
        amount = _apply(rule, value or Decimal(0), cost or Decimal(0), recommended or Decimal(0))
        amount = _rounded(amount)
        numbers = {"value": rule.value, **_bases(rule, cost, recommended), "amount": amount}
        steps.append(Step(rule.method, _named(rule) | numbers))
        return Priced(amount, rule, tuple(steps), about)
    steps.append(Step("stated", {"amount": stated}) if stated is not None else Step("nothing"))
    return Priced(stated, None, tuple(steps))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rule about something, and what became of it: `won`, or why it does not count."""

    rule: Rule
    verdict: str


def weighed(
    rules: Iterable[Rule], about: About, on: date, *, cost: Decimal | None, recommended: Decimal | None
) -> list[Weighed]:
    """All rules of a list that are about this, those that were asked first in their order; then those that were not,
    because they are of another cycle, not in force yet, or replaced by a later one. As `price` decides."""
    mine = [rule for rule in rules if _about(rule, about) is not None]
    found: list[Weighed] = []
    for rule in in_order((rule for rule in mine if rule.effective_on <= on), about):
        is_decided = any(each.verdict == "won" for each in found)
        found.append(Weighed(rule, "wider" if is_decided else _passed_over(rule, cost, recommended) or "won"))
    asked = {each.rule.pk for each in found}
    for rule in sorted(mine, key=lambda rule: (rule.effective_on, rule.pk), reverse=True):
        if rule.pk not in asked:
            is_other = rule.cycle not in {"", about.cycle}
            found.append(Weighed(rule, "cycle" if is_other else "planned" if rule.effective_on > on else "replaced"))
    return found


def in_order(rules: Iterable[Rule], about: About) -> list[Rule]:
    """Those about this, the most specific first; of several about the same only the one that took effect last, and of
    these the one that was made last."""
    newest: dict[tuple[int, bool], Rule] = {}
    for rule in rules:
        rank = _about(rule, about)
        if rank is None or rule.cycle not in {"", about.cycle}:
            continue
        key = (rank, bool(rule.cycle))
        had = newest.get(key)
        if had is None or (rule.effective_on, rule.pk) > (had.effective_on, had.pk):
            newest[key] = rule
    return [newest[key] for key in sorted(newest, reverse=True)]


def per_cycle(amount: Decimal | None, cycle: str, wanted: str) -> Decimal | None:
    """The same price for another length of cycle, by months."""
    if amount is None or cycle == wanted:
        return amount
    return _rounded(amount * Cycle(wanted).months / Cycle(cycle).months)


def _for_cycle(amount: Decimal | None, rule: Rule, about: About) -> Decimal | None:
    """What a rule for any cycle says in money is of the fee's own; of another, by months."""
    is_own = rule.cycle or about.own_cycle in {"", about.cycle}
    return amount if is_own else per_cycle(amount, about.own_cycle, about.cycle)


def _rounded(amount: Decimal) -> Decimal:
    """To the places of a price; what no price has room for stays at the first amount that has none."""
    return min(amount, AMOUNT_MAX).quantize(PLACES, ROUND_HALF_UP)


def _about(rule: Rule, about: About) -> int | None:
    """How specific a rule is about this; None where it is about something else."""
    if rule.package_id is not None or rule.add_on_id is not None:
        is_this = (rule.package_id, rule.add_on_id) == (about.package_id, about.add_on_id)
        return 2 if is_this else None
    if rule.service_type_id is not None:
        return 1 if rule.service_type_id == about.service_type_id else None
    return 0


def _named(rule: Rule) -> dict[str, Any]:
    """Which rule it is, and of what kind."""
    about = "package" if rule.package_id else "add_on" if rule.add_on_id else ""
    return {"rule": rule.pk, "about": about or ("service_type" if rule.service_type_id else "everything")}


NEEDS = {"markup": ("cost",), "off": ("recommended",), "split": ("cost", "recommended")}
"""The numbers that a method works on."""


def needs_cost(method: str) -> bool:
    """Whether a method reckons with what the seller itself pays."""
    return "cost" in NEEDS.get(method, ())


def _passed_over(rule: Rule, cost: Decimal | None, recommended: Decimal | None) -> str:
    """Why a rule leaves the word to the next: it was ended, or a number that it needs is not there."""
    if rule.method == "keep":
        return "ended"
    there = {"cost": cost, "recommended": recommended}
    return next((f"no_{name}" for name in NEEDS.get(rule.method, ()) if there[name] is None), "")


def _bases(rule: Rule, cost: Decimal | None, recommended: Decimal | None) -> dict[str, Decimal | None]:
    """On which numbers it worked, for the explanation."""
    if rule.method == "split":
        return {"cost": cost, "recommended": recommended}
    return {"base": {"markup": cost, "off": recommended}.get(rule.method)}


def _apply(rule: Rule, value: Decimal, cost: Decimal, recommended: Decimal) -> Decimal:
    if rule.method == "fixed":
        return value
    if rule.method == "markup":
        return cost * (HUNDRED + value) / HUNDRED
    if rule.method == "split":
        return recommended - (recommended - cost) * value / HUNDRED
    return recommended * (HUNDRED - value) / HUNDRED
