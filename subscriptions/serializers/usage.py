"""Shapes of usage in the API."""

from typing import Any

from django.utils.dateparse import parse_datetime
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

    def to_internal_value(self, data: Any) -> Any:
        """What is plainly right is taken as it is: to ask each field of ten thousand events takes longer than to count
        them."""
        return self._plain(data) or super().to_internal_value(data)

    def _plain(self, data: Any) -> dict[str, Any] | None:
        if type(data) is not dict or data.keys() != self.fields.keys():
            return None
        event_id, resource, at = data["event_id"], data["resource"], data["at"]
        numbers = (data["subscription"], data["quantity"])
        if any(type(text) is not str or text != text.strip() or "\0" in text for text in (event_id, resource, at)):
            return None
        if any(type(number) is not int or abs(number) > INT64_MAX for number in numbers) or not resource:
            return None
        try:
            moment = parse_datetime(at)
        except ValueError:
            return None
        return data | {"at": moment} if moment is not None and moment.tzinfo is not None else None


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
