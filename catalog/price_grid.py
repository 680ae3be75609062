"""The rows of the grid in which the prices of a list are edited: everything, each service, each thing that is sold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from catalog.hooks import Sold
from catalog.models import PriceList, PriceRule, ServiceType
from catalog.selectors.prices import anybody, sold
from catalog.services.price_lines import Line
from resellerhub.kernel.periods import Cycle
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the grid: what it is, what its rule says today, and what is planned. `thing`: its numbers."""

    key: str
    about: tuple[int | None, int | None, int | None]
    """Package, add-on, service type; none of them: everything."""
    name: str
    service: str = ""
    thing: Sold | None = None
    standing: PriceRule | None = None
    planned: PriceRule | None = None

    @property
    def cycle(self) -> str:
        """Of its numbers."""
        return str(Cycle(self.thing.about.cycle).label) if self.thing else ""

    @property
    def numbers(self) -> list[tuple[str, Decimal]]:
        """What of it can be reckoned with, for one unit."""
        thing = self.thing
        told = [(_("Cost"), thing.cost), (_("Recommended"), thing.recommended)] if thing else []
        told += [(_("As the fee says"), thing.stated)] if thing else []
        return [(label, amount) for label, amount in told if amount is not None]

    @property
    def said(self) -> dict[str, Any]:
        """What the rule of today says, as the fields of its row do."""
        rule = self.standing
        if rule is None or rule.method == PriceRule.Method.KEEP:
            return {"method": PriceRule.Method.KEEP.value, "value": None, "floor": None, "ceiling": None}
        value = None if rule.method == PriceRule.Method.STATED else rule.value
        return {"method": rule.method, "value": value, "floor": rule.floor, "ceiling": rule.ceiling}

    def line(self, cycle: str, values: dict[str, Any], effective_on: date | None) -> Line:
        """What is asked for."""
        package_id, add_on_id, service_type_id = self.about
        return Line(
            method=values["method"],
            value=values["value"] if values["value"] is not None else Decimal(0),
            package_id=package_id,
            add_on_id=add_on_id,
            service_type_id=service_type_id,
            cycle=cycle,
            floor=values["floor"],
            ceiling=values["ceiling"],
            effective_on=effective_on,
        )


def grid_rows(
    actor: "Actor", price_list: PriceList, *, cycle: str, words: str, on: date, newest: int | None = None
) -> list[Row]:
    """The wide rows first. `newest`: the rules up to this one, as whoever sends the grid has seen them."""
    seller: Tenant = Tenant.objects.get(pk=price_list.tenant_id)
    things = sold(actor, seller, anybody(price_list.audience), on)
    things = _once([thing for thing in things if thing.currency in {"", price_list.currency}], cycle)
    services = {row.pk: row.name for row in ServiceType.objects.visible_to(actor).order_by("name", "pk")}
    rules = PriceRule.objects.filter(price_list=price_list, cycle=cycle).order_by("effective_on", "pk")
    standing, planned = _rules(rules if newest is None else rules.filter(pk__lte=newest), on)

    def row(key: str, about: tuple[int | None, int | None, int | None], name: str, **more: Any) -> Row:
        return Row(key, about, name, standing=standing.get(about), planned=planned.get(about), **more)

    rows = [row("all", (None, None, None), _("Everything"))]
    used = dict.fromkeys(thing.about.service_type_id for thing in things)
    rows += [row(f"t{pk}", (None, None, pk), _("All of %(name)s") % {"name": services.get(pk, pk)}) for pk in used]
    for thing in things:
        package, add_on = thing.about.package_id, thing.about.add_on_id
        key = f"p{package}" if package else f"a{add_on}"
        service = services.get(thing.about.service_type_id, "")
        rows.append(row(key, (package, add_on, None), thing.name, service=service, thing=thing))
    wanted = words.casefold().strip()
    return [each for each in rows if wanted in f"{each.name} {each.service}".casefold()] if wanted else rows


def _once(things: Iterable[Sold], cycle: str) -> list[Sold]:
    """Each by this cycle, where it is offered by that; else by its own."""
    found: dict[tuple[int | None, int | None], Sold] = {}
    for thing in things:
        key = (thing.about.package_id, thing.about.add_on_id)
        if key not in found or thing.about.cycle == cycle:
            found[key] = thing
    return list(found.values())


def newest_rule(price_list: PriceList) -> int:
    """What has been said last."""
    return price_list.rules.order_by("-pk").values_list("pk", flat=True).first() or 0


Rules = dict[tuple[int | None, int | None, int | None], PriceRule]


def _rules(rules: Iterable[PriceRule], on: date) -> tuple[Rules, Rules]:
    """Those in force on a day, and the next to come, by what they are about; the rules come by day."""
    standing: Rules = {}
    planned: Rules = {}
    for rule in rules:
        about = (rule.package_id, rule.add_on_id, rule.service_type_id)
        if rule.effective_on <= on:
            standing[about] = rule
        elif about not in planned or planned[about].effective_on == rule.effective_on:
            planned[about] = rule
    return standing, planned
