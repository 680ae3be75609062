"""Shapes of what is owed for a subscription: what the reader sees of it, and nothing that is paid above it."""

from rest_framework import serializers

from catalog.models import FeeVersion, PriceRule
from catalog.serializers.prices import COST_ONCE
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, MoneyField, Out
from subscriptions.models import Phase, PhaseFee
from subscriptions.serializers.facts import OneOffTold


def figure(amount: str, help_text: str) -> MoneyField:
    """One of the `Figures` of a row."""
    return MoneyField(source="figures", amount=amount, allow_null=True, help_text=help_text)


class PricedOut(Out):
    """What the reader is told of the price of one unit. All amounts are for one `cycle`."""

    unit_price = figure("price", "What the holder pays.")
    unit_income = figure("income", "What your organisation is paid, by who is beneath it.")
    unit_cost = figure("cost", "What your organisation pays, to who is above it.")
    income_once = serializers.BooleanField(
        source="figures.income_once",
        help_text="On: `unit_income` is paid once by the reseller beneath, however many subscriptions it has sold.",
    )
    cost_once = serializers.BooleanField(
        source="figures.cost_once",
        help_text="On: `unit_cost` is owed once by your organisation, however many subscriptions it has sold.",
    )
    margin = figure(
        "margin",
        "What of the income is left to your organisation; below zero where it is below the cost. "
        "Null where `income_once` or `cost_once` is on: it is nothing of one unit.",
    )
    cycle = serializers.ChoiceField(source="figures.cycle", choices=Cycle.choices, allow_null=True)


class PhaseFeeOut(Out):
    """What one owes another for it, with the terms as they were agreed."""

    stream = serializers.ChoiceField(choices=PhaseFee.Stream.choices)
    payer = Id(source="payer_id")
    issuer = Id(source="issuer_id", help_text="Who is owed it.")
    public_name = serializers.CharField()
    unit_price = MoneyField(amount="unit_price")
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    billed = serializers.ChoiceField(choices=FeeVersion.Billed.choices)
    activation_amount = MoneyField(amount="activation_amount")
    prorates_first = serializers.BooleanField()
    prorates_last = serializers.BooleanField()
    minimum_months = serializers.IntegerField()
    cancellation_amount = MoneyField(amount="cancellation_amount")
    credits_suspension = serializers.BooleanField(help_text="Off: it is owed for suspended days too.")
    applies_more_than_once = serializers.BooleanField(
        help_text="On: for each subscription. Off: once per payer, however many subscriptions it has sold."
    )


class PhaseOut(PricedOut):
    """What was held [from `starts_on` until `ends_on`), and at which price. The last one has no end."""

    id = Id()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    package = Id(source="version.package_id")
    package_name = serializers.CharField(source="version.package.name")
    version = Id(source="version_id")
    version_effective_on = serializers.DateField(source="version.effective_on")
    quantity = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Phase.State.choices)
    fees = PhaseFeeOut(many=True, source="seen", help_text="From the holder upwards, as far as you may see it.")


class QuoteLineOut(Out):
    """`days` of the `of_days` of a cycle; several whole `cycles` have as many of both, together."""

    code = serializers.ChoiceField(
        choices=["charge", "credit", "activation", "cancellation", "renewal", "suspension"],
        help_text="A suspension is credited for as long as it lasts: the line says how much until the period ends.",
    )
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneyField(amount="unit_price")
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    days = serializers.IntegerField()
    of_days = serializers.IntegerField()
    cycles = serializers.IntegerField()
    amount = MoneyField(amount="amount", help_text="Rounded once; a credit is negative.")


class SaleGrantOut(Out):
    """`remaining_before` and `remaining_after` are what the source has left to sell; null where nothing is drawn."""

    resource = Id(source="resource.pk")
    code = serializers.CharField(source="resource.code")
    name = serializers.CharField(source="resource.name")
    unit = serializers.CharField(source="resource.unit")
    granted = serializers.IntegerField(source="amount")
    remaining_before = serializers.IntegerField(allow_null=True)
    remaining_after = serializers.IntegerField(allow_null=True)


class AppliedRuleOut(Out):
    """The rule of the seller's price list that gives the price."""

    id = Id(source="pk")
    method = serializers.ChoiceField(choices=PriceRule.Method.choices)
    value = serializers.DecimalField(max_digits=18, decimal_places=6)
    about = serializers.SerializerMethodField()
    cycle = serializers.ChoiceField(choices=Cycle.choices, allow_blank=True, help_text="Empty: any.")

    def get_about(self, rule: PriceRule) -> str:
        """`package`, `service_type` or `everything`."""
        return "package" if rule.package_id else "service_type" if rule.service_type_id else "everything"


def of_account(amount: str, help_text: str) -> MoneyField:
    return MoneyField(source="account", amount=amount, allow_null=True, help_text=help_text)


class SalePreviewOut(PricedOut):
    """What a sale would come to. The sale yields the same numbers, and refuses the same."""

    tenant = Id(source="holder.pk")
    seller = Id(source="seller.pk")
    version = Id(source="terms.version.pk", help_text="Of the package.")
    quantity = serializers.IntegerField()
    source = Id(source="source.pk", allow_null=True, default=None)  # type: ignore[assignment]
    recommended_price = of_account("recommended", "The account fee.")
    list_price = MoneyField(
        source="listed", amount="amount", allow_null=True, help_text="What the holder pays where you name no price."
    )
    price_rule = AppliedRuleOut(
        source="listed.priced.rule", allow_null=True, help_text="What gives the list price; null: the fee."
    )
    floor = MoneyField(amount="floor", allow_null=True, help_text="The least that the seller may ask.")
    ceiling = MoneyField(amount="ceiling", allow_null=True, help_text="The most that the seller may ask.")
    seller_cost = of_account("cost", "What the seller pays for it; your own cost, where you are the seller.")
    seller_cost_once = serializers.BooleanField(source="account.cost_once", help_text=COST_ONCE)
    seller_margin = of_account("margin", "What is left to the seller; null where `seller_cost_once` is on.")
    is_below_cost = serializers.BooleanField(source="account.is_below_cost", help_text="Sold all the same.")
    total = MoneyField(allow_null=True, help_text="For the whole quantity and one cycle.")
    lines = QuoteLineOut(
        many=True, help_text="What the holder is charged at first: a billing period, and what is due once."
    )
    first_total = MoneyField(help_text="The sum of the lines.")
    next_on = serializers.DateField(allow_null=True, help_text="From when on it is `total` for each further cycle.")
    seller_cost_lines = QuoteLineOut(
        many=True, source="cost_lines", help_text="What the seller is charged at first. Nothing where it owes once."
    )
    seller_cost_total = MoneyField(source="cost_total")
    fees = PhaseFeeOut(many=True)
    one_offs = OneOffTold(many=True, help_text="What is due once, at every level that you may see.")
    resources = SaleGrantOut(many=True, source="granted")
