"""Shapes of price lists, their rules and holders, and of explained prices in the API."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.models import PriceList, PriceRule
from catalog.refusals import BadLines, CurrencyKept
from catalog.services.price_lines import LINES_MAX, Line
from catalog.words import VERDICTS, sentence
from resellerhub.kernel.money import plain
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, Ids, In, MoneyField, Out, written

STATES = ("in_force", "planned", "replaced", "ended")
MONEY = ("price", "floor", "ceiling")


class PriceListOut(Out):
    id = Id()
    name = serializers.CharField()
    audience = serializers.ChoiceField(choices=PriceList.Audience.choices, help_text="Whom it can be assigned to.")
    seller = Id(source="tenant_id", help_text="Whose prices these are.")
    seller_name = serializers.CharField()
    currency = serializers.CharField(help_text="Its rules count for what is charged in this currency.")
    is_default = serializers.BooleanField(help_text="Counts for every buyer of the audience who holds no list.")
    is_active = serializers.BooleanField()
    holders = serializers.IntegerField(source="holder_count", help_text="How many hold it.")
    created_at = serializers.DateTimeField()


class PriceListIn(In):
    name = serializers.CharField(max_length=100)
    audience = serializers.ChoiceField(choices=PriceList.Audience.choices)
    currency = serializers.RegexField("^[A-Z]{3}$")
    is_default = serializers.BooleanField(
        default=False, help_text="It takes the place of the default of its audience and currency."
    )


class PriceListChangeIn(In):
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=100, required=False)
    is_default = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class PriceRuleOut(Out):
    id = Id()
    state = serializers.ChoiceField(choices=STATES, help_text="Today.")
    package = Id(source="package_id", allow_null=True)
    add_on = Id(source="add_on_id", allow_null=True)
    service_type = Id(source="service_type_id", allow_null=True)
    cycle = serializers.ChoiceField(choices=[("", ""), *Cycle.choices], help_text="Empty: of any cycle.")
    method = serializers.ChoiceField(choices=PriceRule.Method.choices)
    price = MoneyField(amount="price", allow_null=True, help_text="Of a fixed price.")
    percent = serializers.DecimalField(
        18, 6, normalize_output=True, allow_null=True, help_text="Of the methods that reckon."
    )
    floor = MoneyField(amount="floor", allow_null=True)
    ceiling = MoneyField(amount="ceiling", allow_null=True)
    effective_on = serializers.DateField()
    made_at = serializers.DateTimeField()


class LineIn(In):
    """About a package, an add-on, all of a service type or, with none of these, everything."""

    package = Id(required=False)
    add_on = Id(required=False)
    service_type = Id(required=False)
    cycle = serializers.ChoiceField(choices=Cycle.choices, required=False, help_text="Left out: of any cycle.")
    method = serializers.ChoiceField(
        choices=PriceRule.Method.choices,
        help_text="`fixed`: the price; `markup`: cost plus percent; `off`: recommended price minus percent; `split`:"
        " this percentage of the margin between cost and recommended price is given away; `stated`: what the fee says,"
        " with bounds or against a wider rule; `keep`: no price of its own.",
    )
    price = MoneyField(required=False, help_text="Of a fixed price.")
    percent = serializers.DecimalField(18, 6, min_value=0, required=False, help_text="Of the other methods.")
    floor = MoneyField(required=False, help_text="What a reseller who holds the list has to charge at least.")
    ceiling = MoneyField(required=False, help_text="What it may charge at most.")
    effective_on = serializers.DateField(required=False, help_text="Today or later; left out, today.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        value = {"fixed": "price", "stated": "", "keep": ""}.get(attrs["method"], "percent")
        if value and value not in attrs:
            raise serializers.ValidationError({value: [_("This method needs it.")]})
        bounds = {"floor", "ceiling"} if attrs["method"] == "keep" else set()
        if others := ({"price", "percent"} | bounds) & set(attrs) - {value}:
            raise serializers.ValidationError({name: [_("This method has no such value.")] for name in others})
        return attrs


class LinesIn(In):
    lines = serializers.ListField(child=LineIn(), min_length=1, max_length=LINES_MAX)


def lines_of(values: Mapping[str, Any], currency: str) -> list[Line]:
    """What the service takes; amounts have to be in the list's currency."""
    wrong = {
        place: {name: [CurrencyKept(currency=currency).detail] for name in MONEY if _is_other(given, name, currency)}
        for place, given in enumerate(values["lines"])
    }
    if any(wrong.values()):
        raise BadLines(len(wrong), wrong)
    return [_line(given) for given in values["lines"]]


def in_their_words(refused: BadLines, values: Mapping[str, Any]) -> BadLines:
    """What is wrong with a value, at the name that it has here."""
    named = {}
    for place, errors in refused.lines.items():
        value = "price" if values["lines"][place]["method"] == "fixed" else "percent"
        named[place] = {value if name == "value" else name: told for name, told in errors.items()}
    return BadLines(refused.count, named)


def _is_other(given: Mapping[str, Any], name: str, currency: str) -> bool:
    return name in given and given[name].currency != currency


def _line(given: Mapping[str, Any]) -> Line:
    floor, ceiling = (given[name].amount if name in given else None for name in ("floor", "ceiling"))
    return Line(
        given["method"],
        given["price"].amount if "price" in given else given.get("percent", Decimal(0)),
        package_id=given.get("package"),
        add_on_id=given.get("add_on"),
        service_type_id=given.get("service_type"),
        cycle=given.get("cycle", ""),
        floor=floor,
        ceiling=ceiling,
        effective_on=given.get("effective_on"),
    )


COST_ONCE = "On: the cost is owed once, however many are sold. There is no margin of one unit then."


class RepricedOut(Out):
    """A price that changes, of one unit and cycle, for whoever holds the list from that day on."""

    package = Id(source="thing.about.package_id", allow_null=True)
    add_on = Id(source="thing.about.add_on_id", allow_null=True)
    name = serializers.CharField(source="thing.name")
    cycle = serializers.ChoiceField(source="thing.about.cycle", choices=Cycle.choices)
    effective_on = serializers.DateField(source="on")
    before = MoneyField(amount="was", allow_null=True)
    after = MoneyField(amount="becomes", allow_null=True)
    cost = MoneyField(amount="cost", allow_null=True, help_text="What the seller itself pays.")
    cost_once = serializers.BooleanField(source="thing.cost_once", help_text=COST_ONCE)
    margin = MoneyField(amount="margin", allow_null=True, help_text="Null where `cost_once` is on.")
    is_below_cost = serializers.BooleanField()


class HolderOut(Out):
    id = Id()
    name = serializers.CharField()


class HoldersIn(In):
    buyers = Ids(min_length=1)


class ExplainIn(In):
    buyer = Id(help_text="A reseller or customer beneath you.")
    package = Id(required=False)
    add_on = Id(required=False)
    cycle = serializers.ChoiceField(choices=Cycle.choices, required=False, help_text="Left out: its own.")
    on = serializers.DateField(required=False, help_text="Left out: today.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("package" in attrs) == ("add_on" in attrs):
            raise serializers.ValidationError({"package": [_("Name a package or an add-on.")]})
        return attrs


class WeighedOut(Out):
    rule = Id(source="rule.pk")
    method = serializers.ChoiceField(source="rule.method", choices=PriceRule.Method.choices)
    effective_on = serializers.DateField(source="rule.effective_on")
    verdict = serializers.ChoiceField(choices=list(VERDICTS))
    why = serializers.SerializerMethodField()

    def get_why(self, row: Any) -> str:
        return str(VERDICTS[row.verdict])


class ExplainedOut(Out):
    buyer = Id(source="buyer.pk")
    package = Id(source="thing.about.package_id", allow_null=True)
    add_on = Id(source="thing.about.add_on_id", allow_null=True)
    name = serializers.CharField(source="thing.name")
    cycle = serializers.ChoiceField(source="thing.about.cycle", choices=Cycle.choices)
    on = serializers.DateField()
    amount = MoneyField(amount="amount", allow_null=True, help_text="Of one unit and cycle; null: nothing is charged.")
    cost = MoneyField(amount="cost", allow_null=True, help_text="What the seller itself pays.")
    cost_once = serializers.BooleanField(source="thing.cost_once", help_text=COST_ONCE)
    recommended = MoneyField(amount="thing.recommended", allow_null=True)
    margin = MoneyField(amount="margin", allow_null=True, help_text="Null where `cost_once` is on.")
    is_below_cost = serializers.BooleanField()
    floor = MoneyField(
        amount="priced.floor", allow_null=True, help_text="What the buyer has to charge in turn, at least."
    )
    ceiling = MoneyField(amount="priced.ceiling", allow_null=True, help_text="And at most.")
    price_list = Id(source="price_list.pk", default=None, allow_null=True)
    is_assigned = serializers.BooleanField(help_text="The buyer holds that list; else it is the default.")
    steps = serializers.SerializerMethodField(help_text="How the price comes about, in words.")
    rules = WeighedOut(many=True, help_text="Every rule of the list about this, with why it counts or not.")

    def get_steps(self, row: Any) -> list[str]:
        def amount(value: Any) -> str:
            return " ".join(written(value, row.currency).values()) if value is not None else ""

        return [sentence(step, amount, plain) for step in row.priced.steps]
