"""What happens to subscriptions, in the words of the reader."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, Resource
from resellerhub.web import formats
from subscriptions.models import Order, PlannedChange, Subscription
from subscriptions.naming import called
from tenants import event_values
from tenants.actor import Actor
from tenants.event_values import tenants, visible
from tenants.event_words import plain

WORDS = {
    "subscription.opened": _("Subscription opened"),
    "subscription.quantity_changed": _("Quantity changed"),
    "subscription.allocation_raised": _("Allocation raised"),
    "subscription.suspended": _("Subscription suspended"),
    "subscription.resumed": _("Subscription resumed"),
    "subscription.moved": _("Subscription moved to another seller"),
    "subscription.closed": _("Subscription cancelled"),
    "subscription.started": _("Subscription began"),
    "subscription.changed": _("Package changed"),
    "subscription.change_planned": _("Change planned"),
    "subscription.end_planned": _("End planned"),
    "subscription.kept": _("Plan withdrawn"),
    "subscription.plan_failed": _("What was planned could not be done"),
    "subscription.renewed": _("Subscription renewed"),
    "subscription.renewal_changed": _("Renewal changed"),
    "subscription.term_prolonged": _("Subscription renewed early"),
    "subscription.term_changed": _("Term made to end with another"),
    "subscription.handed_over": _("Subscription moved to another customer"),
    "subscription.left": _("Subscription moved to another customer"),
    "subscription.repriced": _("Price changed"),
    "subscription.cost_changed": _("What it costs the reseller changed"),
    "subscription.limits_changed": _("Limits changed"),
    "push.started": _("New terms pushed to what is sold"),
    "settings.changed": _("Settings changed"),
    "usage.crossed": _("Usage threshold crossed"),
    "usage.blocked": _("Usage blocked"),
    "usage.unblocked": _("Usage no longer blocked"),
    "usage_alerts.changed": _("Usage alerts changed"),
    "reseller.offerings_changed": _("Service offering changed"),
    "listing.created": _("Self-service entry created"),
    "listing.changed": _("Self-service entry changed"),
    "order.placed": _("Ordered"),
    "order.approved": _("Order approved"),
    "order.rejected": _("Order rejected"),
    "order.withdrawn": _("Order withdrawn"),
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
    "subscription.on": _("On"),
    "subscription.renews": _("Renews by itself"),
    "subscription.renews_on": _("Term until"),
    "subscription.with": _("Together with"),
    "subscription.planned": _("What"),
    "subscription.cause": _("Why not"),
    "subscription.holder": _("Holder"),
    "subscription.lines": _("Lines"),
    "subscription.to_come": _("To come"),
    "subscription.total": _("In total"),
    "subscription.limits": _("Limits"),
    "push.version": _("Version"),
    "push.limits": _("Limits"),
    "push.prices": _("Prices"),
    "push.keeps_own_prices": _("Leave out prices that were set freely"),
    "packages_added": _("Packages added"),
    "packages_removed": _("Packages removed"),
    "needs_approval": _("Needs approval"),
    "description": _("Description"),
    "comment": _("Comment"),
    "listing.unit_price": _("Price"),
    "listing.is_active": _("Can be ordered"),
}

THINGS = {
    "subscription": _("Subscription"),
    "push": _("Push of new terms"),
    "listing": _("Self-service entry"),
    "order": _("Order"),
}

CAUSES = {
    "oversell-refused": _("The seller had too little left."),
    "below-utilised": _("More was taken already than would have been left."),
    "still-drawn": _("Open subscriptions draw on it."),
}
"""Why what was planned could not be done, by the codes of refusals."""

CODES = {
    "subscription.state": dict(Subscription.State.choices),
    "subscription.planned": dict(PlannedChange.Kind.choices),
    "subscription.cause": CAUSES,
    "order.state": dict(Order.State.choices),
}


LINES = {
    "charge": _("Charge"),
    "credit": _("Credit"),
    "activation": _("Activation fee"),
    "cancellation": _("Early cancellation fee"),
    "renewal": _("Renewal"),
    "suspension": _("Credit while suspended"),
}


def line(said: Mapping[str, Any], currency: str) -> str:
    """One line of what a step came to, as its event keeps it."""
    facts = {
        "what": LINES.get(said["code"], said["code"]),
        "quantity": formats.number(said["quantity"]),
        "price": event_values.amount(said["unit_price"], currency),
        "since": plain(said["from"]),
        "until": plain(said["to"]),
        "amount": event_values.amount(said["amount"], currency),
    }
    return gettext("%(what)s: %(quantity)s × %(price)s, %(since)s – %(until)s: %(amount)s") % facts


def names(actor: Actor, keys: Any) -> dict[int, str]:
    """Subscriptions in scope; of customers whose names are hidden by their number."""
    rows = Subscription.objects.visible_to(actor).filter(pk__in=keys).order_by()
    return dict(rows.annotate(title=called(actor)).values_list("pk", "title"))


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    subscriptions = (names, _("Subscription %(id)s"))
    resources = (visible(Resource), _("Resource %(id)s"))
    packages = (visible(Package), _("Package %(id)s"))
    return {
        "subscription": subscriptions,
        "source": subscriptions,
        "subscription.with": subscriptions,
        "subscription.holder": (tenants, _("Another organisation")),
        "subscription.limits": resources,
        "packages_added": packages,
        "packages_removed": packages,
    }
