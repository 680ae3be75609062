"""Billing policies over REST."""

from rest_framework import serializers

from invoicing.models import BillingPolicy
from invoicing.models.policies import AHEAD_MAX, GRACE_MAX
from resellerhub.rest.serializers import Id, In, Out

CHOICES = {
    "day_count": BillingPolicy.DayCounts.choices,
    "rounding": BillingPolicy.Roundings.choices,
    "anchoring": BillingPolicy.Anchorings.choices,
    "changes": BillingPolicy.ChangeLines.choices,
    "free_days": BillingPolicy.FreeLines.choices,
}


class BillingPolicyIn(In):
    """What is left out stays as it is."""

    effective_on = serializers.DateField()
    day_count = serializers.ChoiceField(choices=CHOICES["day_count"], required=False)
    rounding = serializers.ChoiceField(choices=CHOICES["rounding"], required=False)
    anchoring = serializers.ChoiceField(choices=CHOICES["anchoring"], required=False)
    anchor_day = serializers.IntegerField(min_value=1, max_value=31, required=False)
    last_day_included = serializers.BooleanField(required=False)
    change_day_is_old = serializers.BooleanField(required=False)
    end_day_is_billed = serializers.BooleanField(required=False)
    ahead = serializers.IntegerField(min_value=0, max_value=AHEAD_MAX, required=False)
    changes = serializers.ChoiceField(choices=CHOICES["changes"], required=False)
    free_days = serializers.ChoiceField(choices=CHOICES["free_days"], required=False)
    zone = serializers.CharField(max_length=64, required=False, help_text="Such as Europe/Berlin.")
    grace_days = serializers.IntegerField(min_value=0, max_value=GRACE_MAX, required=False)
    run_day = serializers.IntegerField(min_value=0, max_value=31, required=False)
    needs_second = serializers.BooleanField(required=False)
    currency = serializers.CharField(max_length=3, required=False, help_text="ISO 4217.")


class BillingPolicyOut(Out):
    """A version: how periods and days are counted holds for what begins from its day on, the rest for all."""

    id = Id()
    effective_on = serializers.DateField()
    day_count = serializers.ChoiceField(choices=CHOICES["day_count"])
    rounding = serializers.ChoiceField(choices=CHOICES["rounding"])
    anchoring = serializers.ChoiceField(choices=CHOICES["anchoring"], help_text="Where billing periods begin.")
    anchor_day = serializers.IntegerField(help_text="Of the calendar, where periods begin on one day for all.")
    last_day_included = serializers.BooleanField(help_text="The last day of a period counts.")
    change_day_is_old = serializers.BooleanField(help_text="The day of a change belongs to what was before.")
    end_day_is_billed = serializers.BooleanField(help_text="The day on which something ends is charged.")
    ahead = serializers.IntegerField(help_text="So many periods more are billed in advance.")
    changes = serializers.ChoiceField(choices=CHOICES["changes"], help_text="What a change of the quantity shows.")
    free_days = serializers.ChoiceField(choices=CHOICES["free_days"], help_text="Days of a trial or a suspension.")
    zone = serializers.CharField(help_text="In whose days things are due.")
    grace_days = serializers.IntegerField(help_text="How long a draft waits before it is issued.")
    run_day = serializers.IntegerField(help_text="Of each month, on which a billing run is counted; 0: by hand.")
    needs_second = serializers.BooleanField(help_text="Whether two have to approve a billing run.")
    currency = serializers.CharField(help_text="Where nothing else says one.")
    made_at = serializers.DateTimeField()
