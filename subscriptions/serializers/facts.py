"""Shapes of the facts of a subscription beside its phases: what is due once, and its terms."""

from rest_framework import serializers

from resellerhub.rest.serializers import Id, MoneyField, Out
from subscriptions.models import OneOff, PhaseFee


class OneOffTold(Out):
    """What one owes another beyond the phases: due once, or given back from another day than that of the step."""

    kind = serializers.ChoiceField(
        choices=OneOff.Kind.choices,
        help_text="`credit_from`: what the step gives back of `quantity` units is counted from `on`, and not from the "
        "day on which their phase ended.",
    )
    step = serializers.ChoiceField(choices=OneOff.Step.choices)
    on = serializers.DateField()
    stream = serializers.ChoiceField(choices=PhaseFee.Stream.choices)
    payer = Id(source="payer_id")
    issuer = Id(source="issuer_id", help_text="Who is owed it.")
    public_name = serializers.CharField()
    amount = MoneyField(amount="amount", allow_null=True, help_text="Whatever the quantity; null for `credit_from`.")
    quantity = serializers.IntegerField(allow_null=True, help_text="For `credit_from`.")


class OneOffOut(OneOffTold):
    id = Id()
    made_at = serializers.DateTimeField()


class TermOut(Out):
    """The term [`starts_on`, `ends_on`), as it was said then. For a day that one counts which was said last of those
    that had begun."""

    id = Id()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    anchor_day = serializers.IntegerField(help_text="Of the month, on which terms and billing periods begin.")
    committed_at = serializers.DateTimeField(help_text="When the cancellation window opened.")
    made_at = serializers.DateTimeField()
