"""Usage alerts: the list, what of it is on the page of a subscription, and the settings."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.alerts import UsageAlertFilter
from subscriptions.forms.alerts import UsageAlertsForm
from subscriptions.models import Subscription
from subscriptions.selectors.alerts import alerts_of, crossings
from subscriptions.services.usage.alerts import change_alerts
from subscriptions.tables.alerts import UsageAlertTable

LATEST = 10


@page("subscription.view")
def usage_alerts(request: PageRequest) -> HttpResponseBase:
    settings = Action(_("Thresholds"), shell_url(request, "usage_alert_settings"), "settings", "settings.edit")
    return render_list(
        request,
        ListPage(
            key="usage_alerts",
            title=_("Usage alerts"),
            queryset=crossings(request.actor),
            table_class=UsageAlertTable,
            filterset_class=UsageAlertFilter,
            order=("-crossed",),
            export_name="usage-alerts",
            actions=[settings],
            empty=Empty(_("No usage alerts"), _("Nothing has come to a threshold or to the ceiling of a hard quota.")),
        ),
    )


def alerts_section(request: PageRequest, row: Subscription) -> Section:
    """The latest of one subscription, with the way to all."""
    table = UsageAlertTable(list(crossings(request.actor).filter(subscription=row.pk).order_by("-pk")[:LATEST]))
    table.show_only(["resource", "threshold", "value", "allocated", "crossed", "cleared", "state"])
    url = f"{shell_url(request, 'usage_alerts')}?{urlencode({'q': row.pk})}"
    return Section(
        title=_("Usage alerts"),
        table=table,
        action=Action(_("All of them"), url),
        empty=Empty(_("Nothing has come to a threshold")),
    )


@page("settings.edit")
def usage_alert_settings(request: PageRequest) -> HttpResponse:
    has = alerts_of([request.actor.tenant_id])[request.actor.tenant_id]
    initial: dict[str, Any] = {
        "percents": ", ".join(map(str, has.percents)),
        "tells_holder": has.tells_holder,
        "tells_seller": has.tells_seller,
        "inherit": has.said_by != request.actor.tenant_id,
    }
    form = UsageAlertsForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Usage alerts"),
            submit=_("Save"),
            cancel_url=shell_url(request, "usage_alerts"),
            parent="usage_alert_settings",
            intro=_(
                "For what you and those beneath you sell. Each crossing is told once, and again when it was below. "
                "The ceiling of a hard quota is always told."
            ),
        ),
        lambda values: change_alerts(actor=request.actor, now=timezone.now(), **form.wanted),
        _("The usage alerts were saved."),
        shell_url(request, "usage_alert_settings"),
    )


urls = [
    path("usage-alerts/", usage_alerts, name="usage_alerts"),
    path("settings/usage-alerts/", usage_alert_settings, name="usage_alert_settings"),
]
