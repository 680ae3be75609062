"""Events over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resellerhub.rest.serializers import Id, Out

OPTIONAL_ID = {"type": ["integer", "null"], "format": "int64"}


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
    user = serializers.SerializerMethodField(help_text="Whose login it was, where `who` is told.")
    as_whom = serializers.CharField(help_text="The user who was visited by who did it, if there was one.")
    on_behalf_of = serializers.SerializerMethodField(help_text="That user's id.")
    request_id = serializers.CharField()

    @extend_schema_field(OPTIONAL_ID)
    def get_user(self, event: Any) -> int | None:
        return event.user_id if event.who else None

    @extend_schema_field(OPTIONAL_ID)
    def get_on_behalf_of(self, event: Any) -> int | None:
        return event.on_behalf_of_id if event.as_whom else None
