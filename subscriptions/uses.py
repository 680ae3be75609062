"""Which subscriptions use a package, for its page."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from catalog.hooks import SHOWN, Use, Uses
from subscriptions.models import Subscription
from subscriptions.selectors.subscriptions import subscriptions
from tenants.actor import Actor


def subscriptions_using(actor: Actor, what: str, pk: int, on: date) -> Uses | None:
    """The open subscriptions of a package, the latest first."""
    if what != "package" or not actor.can("subscription.view"):
        return None
    rows = subscriptions(actor).filter(package=pk).exclude(state=Subscription.State.CLOSED).order_by("-pk")
    named: Any = rows[:SHOWN]
    first = [Use(row.pk, row.title, row.tenant_name, "subscription") for row in named]
    return Uses(_("Open subscriptions"), rows.count(), first, "subscriptions", f"package={pk}")
