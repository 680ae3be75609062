"""What jobs over subscriptions and their targets have in common in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resellerhub.rest.serializers import Id, Out

COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}


class Counted:
    """For a row with a `job`: `counts` and `reasons`. `done` is what its targets are called that are done."""

    done: ClassVar[str]

    @extend_schema_field(COUNTS)
    def get_counts(self, row: Any) -> dict[str, int]:
        """Of its targets; all but `total` add up to it."""
        job = row.job
        ended = {self.done: job.done, "skipped": job.skipped, "failed": job.failed}
        return {"total": job.total, **ended, "pending": job.total - job.processed}

    @extend_schema_field(COUNTS)
    def get_reasons(self, row: Any) -> dict[str, int]:
        """How many were skipped or failed for which reason."""
        return {each["reason"]: each["number"] for each in row.reasons}


class NamedTargetOut(Out):
    id = Id()
    position = serializers.IntegerField()
    subscription = Id(source="subject_id")
    subscription_name = serializers.CharField()
    tenant = Id(source="holder", allow_null=True, help_text="Null where the target has left your sight.")
    tenant_name = serializers.CharField(source="holder_name")
