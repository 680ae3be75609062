"""What happens to subscriptions, in the words of the reader."""

from django.utils.translation import gettext_lazy as _

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
