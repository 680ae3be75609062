"""How a price came about, in words."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import PriceRule
from catalog.pricing import Step

VERDICTS: Mapping[str, Any] = {
    "won": gettext_lazy("This one counts."),
    "wider": gettext_lazy("Not asked: a more specific rule counts."),
    "ended": gettext_lazy("Passed over: it was ended."),
    "no_cost": gettext_lazy("Passed over: there is no cost to which it could be added."),
    "no_recommended": gettext_lazy("Passed over: there is no recommended price."),
    "planned": gettext_lazy("Not yet in force on this day."),
    "replaced": gettext_lazy("Replaced by a later rule about the same."),
    "cycle": gettext_lazy("For another billing cycle."),
}

Money = Callable[[Decimal | None], str]
"""An amount in the currency of the price, as the reader writes it."""


def method_of(rule: Any, money: Money, number: Callable[[Decimal], str]) -> str:
    """What a rule says."""
    value = number(rule.value)
    return {
        PriceRule.Method.FIXED: lambda: money(rule.value),
        PriceRule.Method.MARKUP: lambda: _("Cost plus %(value)s %%") % {"value": value},
        PriceRule.Method.OFF: lambda: _("Recommended price minus %(value)s %%") % {"value": value},
        PriceRule.Method.SPLIT: lambda: _("%(value)s %% of the margin given away") % {"value": value},
        PriceRule.Method.STATED: lambda: _("As the fee says"),
        PriceRule.Method.KEEP: lambda: _("No price of its own"),
    }[rule.method]()


def sentence(step: Step, money: Money, number: Callable[[Decimal], str]) -> str:
    """One step of an explanation."""
    facts = step.facts
    shown = {name: money(facts.get(name)) for name in ("base", "amount", "cost", "recommended")}
    shown["value"] = number(facts["value"]) if "value" in facts else ""
    return str(STEPS[step.code]) % shown


STEPS: Mapping[str, Any] = {
    "fixed": gettext_lazy("The rule says a fixed price: %(amount)s."),
    "markup": gettext_lazy("Cost %(base)s plus %(value)s %% makes %(amount)s."),
    "off": gettext_lazy("Recommended price %(base)s minus %(value)s %% makes %(amount)s."),
    "split": gettext_lazy(
        "Of the margin between cost %(cost)s and recommended price %(recommended)s, %(value)s %% go to the buyer:"
        " %(amount)s."
    ),
    "as_stated": gettext_lazy("The rule leaves the price as the fee says: %(amount)s."),
    "as_nothing": gettext_lazy("The rule leaves the price to the fee, and none says one: nothing is charged."),
    "ended": gettext_lazy("A rule about this was ended, so the next wider one is asked."),
    "no_cost": gettext_lazy("A markup has no cost to which it could be added, so the next wider rule is asked."),
    "no_recommended": gettext_lazy("There is no recommended price to start from, so the next wider rule is asked."),
    "stated": gettext_lazy("No rule of a price list counts: the price is %(amount)s, as the fee says."),
    "nothing": gettext_lazy("No rule of a price list counts, and no fee says a price: nothing is charged."),
}
