"""How a target of a push can end, in words; and what a target that is a subscription says of itself in any job."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from resellerhub.web.outcomes import Outcomes

OF_SUBSCRIPTIONS = {
    "closed": _("The subscription was closed before its turn came."),
    "suspended": _("The subscription, its holder or the seller is not active."),
    "oversell_refused": _(
        "The seller may not oversell: %(remaining)s of %(resource)s remain, %(asked)s were asked for."
    ),
}

CHANGED = "changed"
PUSHED = Outcomes(
    done=CHANGED,
    labels={
        CHANGED: _("Changed"),
        "unchanged": _("Unchanged"),
        "waiting": _("Waits for its day"),
        "closed": _("Closed"),
        "pending": _("Not begun yet"),
        "suspended": _("Suspended"),
        "moved": _("Out of scope"),
        "other_package": _("Another package"),
        "own_price": _("Price set freely"),
        "other_currency": _("Another currency"),
        "oversell_refused": _("Would oversell"),
        "below_utilised": _("Below what is taken"),
        "price_out_of_bounds": _("Price out of bounds"),
        "cancelled": pgettext_lazy("job", "Cancelled"),
    },
    sentences={
        **OF_SUBSCRIPTIONS,
        CHANGED: _("From %(on)s."),
        "unchanged": _("It is so already."),
        "waiting": _("It changes on %(on)s, as things stand then."),
        "pending": _("It has not begun: what it will be can still be changed."),
        "moved": _("It was moved out of the reach of who pushes."),
        "other_package": _("It has changed to another package."),
        "own_price": _("Its seller set the price freely, and such were to be left out."),
        "other_currency": _("It is charged in another currency, which cannot change."),
        "below_utilised": _("%(resource)s cannot go down to %(asked)s: %(utilised)s are taken already."),
        "price_out_of_bounds": _(
            "%(asked)s %(currency)s is not between what who sells to the seller allows: %(floor)s to %(ceiling)s."
        ),
    },
    calm=frozenset({"unchanged", "waiting", "own_price"}),
)
