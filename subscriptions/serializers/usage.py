"""Shapes of usage in the API."""

from rest_framework import serializers

from resellerhub.rest.serializers import INT64_MAX, In, Out
from subscriptions.services.usage.ingesting import BATCH_MAX, EVENT_ID_MAX, FAULTS


class MeasureIn(In):
    """One thing measured. Values that are out of place are listed in the answer; they do not refuse the batch."""

    event_id = serializers.CharField(allow_blank=True, help_text=f"At most {EVENT_ID_MAX} characters, yours to choose.")
    subscription = serializers.IntegerField(min_value=-INT64_MAX, max_value=INT64_MAX)
    resource = serializers.CharField(help_text="The code of the resource.")
    quantity = serializers.IntegerField(min_value=-INT64_MAX, max_value=INT64_MAX)
    at = serializers.DateTimeField()


class UsageIn(In):
    events = MeasureIn(many=True, allow_empty=False, max_length=BATCH_MAX)  # type: ignore[call-arg]


class RejectedOut(Out):
    position = serializers.IntegerField(help_text="Of the event in the batch, from 0.")
    event_id = serializers.CharField()
    code = serializers.ChoiceField(choices=list(FAULTS))
    detail = serializers.CharField()


class UsageOut(Out):
    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField(
        help_text="Events that were counted before with the same values; they change nothing."
    )
    rejected = RejectedOut(many=True)
