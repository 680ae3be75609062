"""Shapes of steps in the life of a subscription, and of what they would do."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.serializers.prices import COST_ONCE
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, In, MoneyField, Out
from subscriptions.models import QUANTITY_MAX
from subscriptions.serializers.facts import OneOffTold
from subscriptions.serializers.prices import QuoteLineOut
from subscriptions.services.life.steps.ending import Cancel, Keep
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.planning import NOW, WHEN
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Resume, Suspend
from subscriptions.services.life.steps.taking import Step
from subscriptions.services.life.steps.terms import CoTerm, Renew, SetRenewal


class QuoteLimitOut(Out):
    resource = Id(source="resource_id")
    name = serializers.CharField()
    unit = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True, help_text="What the source has left to sell, before; null: none.")


class QuoteOut(Out):
    """What a step would do. Sent back as `seal`, the doing is held to it: `quote-changed` where it would be another."""

    seal = serializers.CharField()
    on = serializers.DateField(help_text="The day on which it takes effect.")
    is_planned = serializers.BooleanField(help_text="It waits for that day, and can be withdrawn until then.")
    lines = QuoteLineOut(many=True)
    total = MoneyField(amount="total", help_text="The sum of the lines; negative where it is given back.")
    to_come = QuoteLineOut(
        many=True, help_text="What a longer term adds: charged as its billing periods begin, and not with this step."
    )
    one_offs = OneOffTold(many=True, help_text="Of every level that you may see; the holder's amounts are lines, too.")
    quantity = serializers.IntegerField(allow_null=True)
    unit_price = MoneyField(amount="unit_price", allow_null=True)
    cycle = serializers.CharField(allow_blank=True)
    cycle_before = serializers.CharField(allow_blank=True, help_text="By which it is paid until then.")
    renews_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    seller_cost = MoneyField(amount="cost", allow_null=True)
    seller_cost_lines = QuoteLineOut(
        many=True,
        source="cost_lines",
        help_text="What the seller itself is charged or given back; not where it owes once.",
    )
    cost_once = serializers.BooleanField(help_text=COST_ONCE)
    seller_margin = MoneyField(amount="margin", allow_null=True, help_text="Null where `cost_once` is on.")
    is_below_cost = serializers.BooleanField()
    resources = QuoteLimitOut(source="limits", many=True)
    problems = serializers.ListField(
        child=serializers.CharField(), help_text="What would speak against it today; it is looked at on its day again."
    )


class SealedIn(In):
    seal = serializers.CharField(max_length=16, required=False, help_text="Of the preview that it is to be like.")


class ChangeIn(SealedIn):
    """More or fewer, another package, or both. Without `when` what is dearer or more counts at once, what is cheaper
    from the end of the term; fewer of the same count at once where the fee still allows it."""

    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, required=False)
    package = Id(required=False, help_text="Of the same service type; the one it has: its newest version.")
    unit_price = MoneyField(required=False, help_text="With a package. Left out, the list price.")
    cycle = serializers.ChoiceField(
        choices=Cycle.choices,
        required=False,
        help_text="With a package. Left out, as now where the package is offered by that, else by its own.",
    )
    when = serializers.ChoiceField(choices=WHEN, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "operation" not in self.fields and not {"quantity", "package"} & set(attrs):
            raise serializers.ValidationError({"quantity": [_("Say a quantity, a package, or both.")]})
        if "unit_price" in attrs and "package" not in attrs:
            raise serializers.ValidationError({"unit_price": [_("A price is said with a package.")]})
        if "cycle" in attrs and "package" not in attrs:
            raise serializers.ValidationError({"cycle": [_("A billing cycle is said with a package.")]})
        return attrs


class SuspendStepIn(SealedIn):
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class CancelIn(SuspendStepIn):
    when = serializers.ChoiceField(choices=WHEN, default=NOW)


class RenewalIn(SealedIn):
    renews = serializers.BooleanField()


class RenewIn(SealedIn):
    ends_on = serializers.DateField(required=False, help_text="Where the term is to end: repeated, it renews once.")


class CoTermIn(SealedIn):
    subscription = Id(help_text="Another one of the same holder, with which it is to end.")


class HandOverIn(SealedIn):
    customer = Id(help_text="Another customer of the same seller.")


STEPS = ("change", "cancel", "keep", "renewal", "renew", "co_term", "move", "suspend", "resume")


class PreviewIn(ChangeIn):
    """An operation with its values, as the operation itself takes them."""

    operation = serializers.ChoiceField(choices=STEPS)
    renews = serializers.BooleanField(required=False)
    ends_on = serializers.DateField(required=False)
    subscription = Id(required=False)
    customer = Id(required=False)
    reason = serializers.CharField(max_length=200, allow_blank=True, required=False)

    needs = {"renewal": "renews", "co_term": "subscription", "move": "customer"}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = self.needs.get(attrs["operation"])
        if attrs["operation"] == "change" and not {"quantity", "package"} & set(attrs):
            needed = "quantity"
        if needed and needed not in attrs:
            raise serializers.ValidationError({needed: [_("This operation needs it.")]})
        return super().validate(attrs)


def step_of(operation: str, values: dict[str, Any]) -> Step:
    """The step that an operation with these values is."""
    made: dict[str, Any] = {
        "change": _change,
        "cancel": lambda given: Cancel(given.get("when", NOW), given.get("reason", "")),
        "keep": lambda _given: Keep(),
        "renewal": lambda given: SetRenewal(given["renews"]),
        "renew": lambda given: Renew(given.get("ends_on")),
        "co_term": lambda given: CoTerm(given["subscription"]),
        "move": lambda given: Move(given["customer"]),
        "suspend": lambda given: Suspend(given.get("reason", "")),
        "resume": lambda _given: Resume(),
    }
    step: Step = made[operation](values)
    return step


def _change(given: dict[str, Any]) -> Step:
    if "package" not in given:
        return ChangeQuantity(given["quantity"], given.get("when"))
    price = given.get("unit_price")
    return ChangePackage(
        given["package"],
        given.get("quantity"),
        price.amount if price else None,
        price.currency if price else "",
        given.get("when"),
        given.get("cycle", ""),
    )
