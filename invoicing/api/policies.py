"""Billing policies over REST."""

from typing import Any

from django.db.models import QuerySet

from invoicing.models import BillingPolicy
from invoicing.serializers.policies import BillingPolicyIn, BillingPolicyOut
from invoicing.services.policies import set_billing_policy
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths


class BillingPolicyApi(ReadApi):
    """How your organisation bills, all versions; of two for one day the newer one counts."""

    singular, plural, permission, out = "billing_policy", "billing_policies", "settings.edit", BillingPolicyOut
    ordering = ("-effective_on", "-pk")

    def rows(self, actor: Any) -> QuerySet[BillingPolicy]:
        return BillingPolicy.objects.visible_to(actor).filter(tenant=actor.tenant_id)

    @operation_endpoint(input=BillingPolicyIn, output=BillingPolicyOut, status=201, permission="settings.edit")
    def create(self, call: Call) -> BillingPolicy:
        """Say how you bill from a day on, today at the earliest. What is the same already writes nothing."""
        return set_billing_policy(actor=call.actor, now=call.now, **call.values)


urls = [*api_paths("billing-policies", BillingPolicyApi)]
