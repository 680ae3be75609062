"""Shapes of billing runs in the API."""

from typing import Any

from rest_framework import serializers

from invoicing.models import BillingRun, RunPayer
from invoicing.selectors.runs import approvals, run_totals
from resellerhub.rest.serializers import Id, In, MoneyField, Out


class BillingRunIn(In):
    until = serializers.DateField(help_text="All that is due by this day; its month is the run's.")


class RunTotalOut(Out):
    """In one currency, before tax."""

    currency = serializers.CharField()
    payers = serializers.IntegerField()
    charges = serializers.IntegerField()
    doubtful = serializers.IntegerField(help_text="Payers with a warning.")
    expected = MoneyField(amount="expected")
    before = MoneyField(amount="before")
    billed = MoneyField(amount="billed")


class RunApprovalOut(Out):
    user = Id(source="user_id")
    at = serializers.DateTimeField()


class BillingRunOut(Out):
    id = Id()
    issuer = Id(source="issuer_id")
    month = serializers.DateField()
    until = serializers.DateField()
    state = serializers.ChoiceField(choices=BillingRun.State.choices)
    approvals_needed = serializers.IntegerField()
    approvals = serializers.SerializerMethodField()
    totals = serializers.SerializerMethodField()
    counting_job = Id(source="counting_id")
    job = Id(source="job_id", allow_null=True)
    issuing_job = Id(source="issuing_id", allow_null=True)
    made_at = serializers.DateTimeField()
    expandable = ("totals", "approvals")

    def get_approvals(self, run: Any) -> list[dict[str, Any]]:
        return [dict(RunApprovalOut(row).data) for row in approvals(run)]

    def get_totals(self, run: Any) -> list[dict[str, Any]]:
        return [dict(RunTotalOut(row).data) for row in run_totals(run)]


class RunPayerOut(Out):
    id = Id()
    payer = Id(source="payer_id")
    payer_name = serializers.CharField()
    charges = serializers.IntegerField()
    expected = MoneyField(amount="expected")
    before = MoneyField(amount="before", allow_null=True)
    billed = MoneyField(amount="billed", allow_null=True)
    warnings = serializers.ListField(child=serializers.ChoiceField(choices=RunPayer.Doubt.choices))
