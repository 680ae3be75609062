"""What happens to subscriptions, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Resource
from subscriptions.models import Subscription
from subscriptions.naming import called
from tenants.actor import Actor
from tenants.event_values import visible

WORDS = {
    "subscription.opened": _("Subscription opened"),
    "subscription.quantity_changed": _("Quantity changed"),
    "subscription.allocation_raised": _("Allocation raised"),
    "subscription.suspended": _("Subscription suspended"),
    "subscription.resumed": _("Subscription resumed"),
    "subscription.moved": _("Subscription moved to another seller"),
    "subscription.closed": _("Subscription cancelled"),
    "subscription.repriced": _("Price changed"),
    "subscription.cost_changed": _("What it costs the reseller changed"),
    "subscription.limits_changed": _("Limits changed"),
    "push.started": _("New terms pushed to what is sold"),
    "settings.changed": _("Settings changed"),
    "usage.crossed": _("Usage threshold crossed"),
    "usage.blocked": _("Usage blocked"),
    "usage.unblocked": _("Usage no longer blocked"),
    "usage_alerts.changed": _("Usage alerts changed"),
}

FACTS: dict[str, Any] = {
    "state": _("Status"),
    "quantity": _("Quantity"),
    "amount": _("Raised by"),
    "source": _("Granted from"),
    "percent": _("Percent"),
    "percents": _("Thresholds in percent"),
    "utilised": _("Utilised"),
    "used": _("Used"),
    "allocated": _("Allocated"),
    "ceiling": _("Ceiling"),
    "tells_holder": _("Tell who holds it"),
    "tells_seller": _("Tell who sells it"),
    "inherited": _("As whoever is above says"),
    "subscription": _("Subscription"),
    "subscription.limits": _("Limits"),
    "push.version": _("Version"),
    "push.limits": _("Limits"),
    "push.prices": _("Prices"),
    "push.keeps_own_prices": _("Leave out prices that were set freely"),
}

THINGS = {"subscription": _("Subscription"), "push": _("Push of new terms")}

CODES = {"subscription.state": dict(Subscription.State.choices)}


def names(actor: Actor, keys: Any) -> dict[int, str]:
    """Subscriptions in scope; of customers whose names are hidden by their number."""
    rows = Subscription.objects.visible_to(actor).filter(pk__in=keys).order_by()
    return dict(rows.annotate(title=called(actor)).values_list("pk", "title"))


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    subscriptions = (names, _("Subscription %(id)s"))
    resources = (visible(Resource), _("Resource %(id)s"))
    return {"subscription": subscriptions, "source": subscriptions, "subscription.limits": resources}
