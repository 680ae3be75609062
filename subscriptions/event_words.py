"""What happens to subscriptions, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from subscriptions.models import Subscription
from subscriptions.naming import called
from tenants.actor import Actor

WORDS = {
    "subscription.opened": _("Subscription opened"),
    "subscription.quantity_changed": _("Quantity changed"),
    "subscription.allocation_raised": _("Allocation raised"),
    "subscription.suspended": _("Subscription suspended"),
    "subscription.resumed": _("Subscription resumed"),
    "subscription.moved": _("Subscription moved to another seller"),
    "subscription.closed": _("Subscription cancelled"),
    "settings.changed": _("Settings changed"),
}

FACTS: dict[str, Any] = {
    "state": _("Status"),
    "quantity": _("Quantity"),
    "amount": _("Raised by"),
    "source": _("Granted from"),
    "subscription": _("Subscription"),
}

THINGS = {"subscription": _("Subscription")}

CODES = {"subscription.state": dict(Subscription.State.choices)}


def names(actor: Actor, keys: Any) -> dict[int, str]:
    """Subscriptions in scope; of customers whose names are hidden by their number."""
    rows = Subscription.objects.visible_to(actor).filter(pk__in=keys).order_by()
    return dict(rows.annotate(title=called(actor)).values_list("pk", "title"))


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    subscriptions = (names, _("Subscription %(id)s"))
    return {"subscription": subscriptions, "source": subscriptions}
