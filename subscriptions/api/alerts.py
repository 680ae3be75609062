"""Thresholds and what was crossed, over REST."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from subscriptions.filters.alerts import UsageAlertFilter
from subscriptions.models import Subscription, UsageCrossing
from subscriptions.selectors.alerts import Alerts, alerts_of, crossings
from subscriptions.serializers.alerts import UsageAlertOut, UsageAlertSettingsIn, UsageAlertSettingsOut
from subscriptions.services.usage.alerts import change_alerts
from tenants.actor import Actor


class UsageAlertSettingsApi(Api):
    """From which share of what is allocated on people are told, of what you and those beneath you sell.

    The nearest seller that says something counts; where nobody does, 80 and 100 percent.
    """

    singular, permission, out = "usage_alert_settings", "settings.edit", UsageAlertSettingsOut

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        return Response(UsageAlertSettingsOut(_shown(self.actor, alerts_of([self.actor.tenant_id]))).data)

    @operation_endpoint(
        input=UsageAlertSettingsIn, output=UsageAlertSettingsOut, method="patch", permission="settings.edit"
    )
    def change(self, call: Call) -> dict[str, Any]:
        """Change what is named. What is held is looked at anew by a worker: what is over a new threshold is told."""
        has = change_alerts(actor=call.actor, now=call.now, **call.values)
        return _shown(call.actor, {call.actor.tenant_id: has})


def _shown(actor: Actor, alerts: dict[int, Alerts]) -> dict[str, Any]:
    has = alerts[actor.tenant_id]
    return asdict(has) | {"is_own": has.said_by == actor.tenant_id}


class UsageAlertApi(ReadApi):
    """What came to a threshold, or to the ceiling of a hard quota, where it is blocked; the newest first.

    Each crossing is told once: by an event (`usage.crossed`, `usage.blocked`, `usage.unblocked`) and a mail. It can
    come again once use was below it, and in each month of a counter.
    """

    singular, permission, out = "usage_alert", "subscription.view", UsageAlertOut
    reads = ("list",)
    filterset_class = UsageAlertFilter

    def rows(self, actor: Any) -> QuerySet[UsageCrossing]:
        return crossings(actor)


class SubscriptionUsageAlertApi(UsageAlertApi):
    """What was crossed of one subscription."""

    singular, plural = "subscription_usage_alert", "subscription_usage_alerts"

    def rows(self, actor: Any) -> QuerySet[UsageCrossing]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return crossings(actor).filter(subscription=subscription)


urls = [
    path(
        "usage-alert-settings",
        UsageAlertSettingsApi.as_view({"get": "show", "patch": "change"}),
        name="usage_alert_settings",
    ),
    *api_paths("usage-alerts", UsageAlertApi),
    *api_paths("subscriptions/<int:subscription>/usage-alerts", SubscriptionUsageAlertApi),
]
