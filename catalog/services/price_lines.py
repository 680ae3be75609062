"""What a price list says: many rules at once, shown beforehand. A rule is only ever added, and counts from a day on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.hooks import Sold
from catalog.models import PriceList, PriceRule, ServiceType
from catalog.pricing import Priced, needs_cost, price
from catalog.refusals import BadLines, BeforeToday, ListNotActive
from catalog.selectors.prices import anybody, sold
from catalog.services.price_facts import ABOUT, about_told, told
from catalog.services.prices import editable
from resellerhub.kernel.money import AMOUNT_MAX, plain
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of, too_far
from resellerhub.kernel.refusals import Invalid
from tenants.actor import Actor
from tenants.models import Event, Tenant
from tenants.roles import Kind

LINES_MAX = 500
DAYS_MAX = 12
SAID = ("method", "value", "floor", "ceiling")
KEEP = PriceRule.Method.KEEP
UNPRICED = frozenset({KEEP, PriceRule.Method.STATED})
"""Methods that have no value."""

About = tuple[int | None, int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list as it is to be: about a package, an add-on, all of a service type or, without any, everything;
    for a billing cycle or, without one, any. `effective_on`: today or later; left out, today.

    `value` is an amount in the list's currency for a fixed price, else a percentage.
    """

    method: str
    value: Decimal = Decimal(0)
    package_id: int | None = None
    add_on_id: int | None = None
    service_type_id: int | None = None
    cycle: str = ""
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class Repriced:
    """What becomes of the price of one thing on a day."""

    thing: Sold
    on: date
    currency: str
    before: Priced
    after: Priced

    @property
    def was(self) -> Decimal | None:
        return self.before.amount

    @property
    def becomes(self) -> Decimal | None:
        return self.after.amount

    @property
    def cost(self) -> Decimal | None:
        return self.thing.cost

    @property
    def margin(self) -> Decimal | None:
        return self.thing.margin(self.becomes)

    @property
    def is_below_cost(self) -> bool:
        return self.margin is not None and self.margin < 0


@operation
def set_prices(*, actor: Actor, price_list_id: int, lines: Sequence[Line], now: datetime) -> list[PriceRule]:
    """Add what these lines change; what they leave as it is on their day adds nothing. All or nothing.

    It counts for what is sold from then on: what is held keeps what was agreed. Refused: `ManagedByAnother`,
    `ListNotActive`, and `BadLines`, which names each line that cannot be taken.
    """
    row = editable(actor, price_list_id)
    changes = _Grid(actor, row, now).changes(lines)
    rules = PriceRule.objects.bulk_create(rule for rule, _standing in changes)
    Event.objects.bulk_create(
        actor.event(
            "price_list.priced",
            row,
            at=now,
            before=told(row, standing) if standing else None,
            facts=about_told(rule) | told(row, rule),
        )
        for rule, standing in changes
    )
    return rules


@operation
def preview_prices(*, actor: Actor, price_list_id: int, lines: Sequence[Line], now: datetime) -> list[Repriced]:
    """What these lines would change for a buyer who holds the list: the same that setting them does, or the same
    refusal. Nothing is written."""
    row = editable(actor, price_list_id)
    grid = _Grid(actor, row, now)
    new = [rule for rule, _standing in grid.changes(lines)]
    for place, rule in enumerate(new, start=1):
        rule.pk = grid.newest + place  # of two for one day the one made last counts
    found: list[Repriced] = []
    shown: dict[Any, tuple[Decimal | None, ...]] = {}
    for day in sorted({rule.effective_on for rule in new}):
        for thing in grid.things(day):
            if thing.currency not in {"", row.currency}:
                continue
            before, after = grid.priced(thing, day), grid.priced(thing, day, new)
            key, said = thing.about, (*_numbers(before), *_numbers(after))
            if _numbers(before) != _numbers(after) and shown.get(key) != said:
                found.append(Repriced(thing, day, row.currency, before, after))
            shown[key] = said
    return found


class _Grid:
    """A list with its rules, and what its seller sells on a day."""

    def __init__(self, actor: Actor, row: PriceList, now: datetime) -> None:
        if not row.is_active:
            raise ListNotActive(name=row.name)
        self.actor, self.row, self.now = actor, row, now
        self.rules = list(PriceRule.objects.filter(price_list=row).order_by("pk"))
        self.newest = self.rules[-1].pk if self.rules else 0
        self.seller: Tenant = Tenant.objects.get(pk=row.tenant_id)
        self._things: dict[date, list[Sold]] = {}
        self._prices: dict[date, list[tuple[Sold, Priced]]] = {}

    def things(self, day: date) -> list[Sold]:
        if day not in self._things:
            self._things[day] = sold(self.actor, self.seller, anybody(self.row.audience), day)
        return self._things[day]

    def priced(self, thing: Sold, day: date, more: Sequence[PriceRule] = ()) -> Priced:
        return _price([rule for rule in (*self.rules, *more) if rule.effective_on <= day], thing)

    def changes(self, lines: Sequence[Line]) -> list[tuple[PriceRule, PriceRule | None]]:
        """The rules that say something new on their day, not saved yet, each with what it replaces."""
        if len(lines) > LINES_MAX:
            raise Invalid({"lines": [_("At most %(most)s lines at once.") % {"most": LINES_MAX}]})
        wrong: dict[int, dict[str, list[str]]] = defaultdict(dict)
        found: dict[int, tuple[PriceRule, PriceRule | None]] = {}
        seen: set[tuple[About, date]] = set()
        for place, line in enumerate(lines):
            rule = self._rule(line)
            if errors := self._faults(rule):
                wrong[place] = errors
                continue
            standing = self._standing(rule)
            if not _differs(rule, standing):
                continue
            key = (_about(rule), rule.effective_on)
            if key in seen:
                wrong[place] = {"method": [_("There is another line about the same.")]}
            seen.add(key)
            found[place] = (rule, standing)
        if len({rule.effective_on for rule, _standing in found.values()}) > DAYS_MAX:
            raise Invalid({"lines": [_("At most %(most)s different days at once.") % {"most": DAYS_MAX}]})
        new = [rule for rule, _standing in found.values()]
        for place, (rule, _standing) in found.items():
            if place not in wrong and (errors := self._misfits(rule) or self._bounds(rule, new)):
                wrong[place] = errors
        if wrong:
            raise BadLines(len(lines), wrong)
        return list(found.values())

    def _rule(self, line: Line) -> PriceRule:
        values = {name: getattr(line, name) for name in (*ABOUT, *SAID, "cycle")}
        if line.method in UNPRICED:
            values["value"] = Decimal(0)
        if line.method == KEEP:
            values |= {"floor": None, "ceiling": None}
        values |= {"effective_on": line.effective_on or day_of(self.now), "made_at": self.now}
        return PriceRule(price_list=self.row, **values)

    def _faults(self, rule: PriceRule) -> dict[str, list[str]]:
        """What can be said without knowing what is sold."""
        if sum(getattr(rule, name) is not None for name in ABOUT) > 1:
            return {"method": [_("A line is about one thing: a package, an add-on or a service type.")]}
        try:
            rule.clean_fields(exclude=["price_list", "package", "service_type", "add_on"])
        except ValidationError as error:
            return dict(error.message_dict)
        faults: dict[str, list[str]] = {}
        if why := [BeforeToday().detail] if rule.effective_on < day_of(self.now) else too_far(rule.effective_on):
            faults["effective_on"] = why
        if rule.method in {"off", "split"} and rule.value > 100:
            faults["value"] = [_("This is at most 100 %.")]
        bounds = [name for name in ("floor", "ceiling") if getattr(rule, name) is not None]
        if self.row.audience == PriceList.Audience.CUSTOMER and bounds:
            faults[bounds[0]] = [_("Customers charge nobody: this is for lists of resellers.")]
        elif rule.floor is not None and rule.ceiling is not None and rule.floor > rule.ceiling:
            faults["ceiling"] = [_("This is below the least.")]
        return faults

    def _standing(self, rule: PriceRule) -> PriceRule | None:
        """What the list says about the same on that day; None where it says nothing, or ended what it said."""
        same = [one for one in self.rules if _about(one) == _about(rule) and one.effective_on <= rule.effective_on]
        return max(same, key=lambda one: (one.effective_on, one.pk), default=None)

    def _misfits(self, rule: PriceRule) -> dict[str, list[str]]:
        """Whether the seller sells this, in this currency, and whether its list can reckon so."""
        if rule.method == KEEP:
            return {}
        if self.seller.kind == Kind.PROVIDER and needs_cost(rule.method):
            return {"method": [_("A provider buys from nobody, so there is no cost here to reckon with.")]}
        if rule.service_type_id is not None:
            known = ServiceType.objects.visible_to(self.actor).filter(pk=rule.service_type_id)
            return {} if known.exists() else {"service_type": [_("The seller of this list does not sell this.")]}
        name = "package" if rule.package_id else "add_on"
        pk = rule.package_id or rule.add_on_id
        if pk is None:
            return {}
        things = (thing for thing in self.things(rule.effective_on) if getattr(thing.about, f"{name}_id") == pk)
        if (thing := next(things, None)) is None:
            return {name: [_("The seller of this list does not sell this.")]}
        if thing.currency not in {"", self.row.currency}:
            facts = {"name": thing.name, "theirs": thing.currency, "ours": self.row.currency}
            return {name: [_("%(name)s is charged in %(theirs)s, this list is in %(ours)s.") % facts]}
        return {}

    def _bounds(self, rule: PriceRule, new: Sequence[PriceRule]) -> dict[str, list[str]]:
        """Whoever is charged by this may not be made to sell below that, nor above what is recommended, and nothing
        costs more than can be charged: of everything whose price it makes on its day, the first that does not fit.
        What is recommended for a longer cycle can be less than so many months: only that of the bound's own counts."""
        if rule.floor is None and rule.ceiling is None and not needs_cost(rule.method):
            return {}
        mine = (pair for pair in self._made(rule.effective_on, new) if pair[1].rule is rule)
        for thing, priced in mine:
            facts, paid, most = {"name": thing.name}, priced.amount, thing.recommended
            if paid is not None and paid >= AMOUNT_MAX:
                return {"value": [_("%(name)s would cost more than can be charged.") % facts]}
            if priced.floor is not None and paid is not None and priced.floor < paid:
                facts["amount"] = plain(paid)
                return {"floor": [_("This is below what the buyer pays itself for %(name)s: %(amount)s.") % facts]}
            if rule.ceiling is not None and most is not None and rule.ceiling > most and priced.ceiling == rule.ceiling:
                facts["amount"] = plain(most)
                return {"ceiling": [_("This is above the recommended price of %(name)s: %(amount)s.") % facts]}
        return {}

    def _made(self, day: date, new: Sequence[PriceRule]) -> list[tuple[Sold, Priced]]:
        """All that is sold in this currency, with what the list says of it on a day once these are added."""
        if day not in self._prices:
            latest: dict[About, PriceRule] = {}
            for rule in (*self.rules, *new):  # of two for one day the one made last counts
                had = latest.get(_about(rule))
                if rule.effective_on <= day and (had is None or had.effective_on <= rule.effective_on):
                    latest[_about(rule)] = rule
            rules = list(latest.values())
            things = (thing for thing in self.things(day) if thing.currency in {"", self.row.currency})
            self._prices[day] = [(thing, _price(rules, thing)) for thing in things]
        return self._prices[day]


def _price(rules: Sequence[PriceRule], thing: Sold) -> Priced:
    return price(rules, thing.about, stated=thing.stated, cost=thing.cost, recommended=thing.recommended)


def _about(rule: PriceRule) -> About:
    return (rule.package_id, rule.add_on_id, rule.service_type_id, rule.cycle)


def _differs(rule: PriceRule, standing: PriceRule | None) -> bool:
    if standing is None:
        return rule.method != KEEP
    return any(getattr(rule, name) != getattr(standing, name) for name in SAID)


def _numbers(priced: Priced) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return priced.amount, priced.floor, priced.ceiling
