"""Events over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import Id, Out


class EventOut(Out):
    id = Id()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    tenant = Id(source="tenant_id")
    subject_type = serializers.CharField()
    subject = serializers.IntegerField(source="subject_id", allow_null=True)
    before = serializers.JSONField(source="seen_before", allow_null=True)
    after = serializers.JSONField(
        source="seen_after", help_text="Empty where the reseller hides the names of this customer."
    )
    who = serializers.CharField(help_text="Empty where it was somebody above you, or the system.")
    request_id = serializers.CharField()
