"""How a target of a bulk sale can end, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from addons.models.bulk import SOLD
from resellerhub.web import formats
from resellerhub.web.outcomes import Outcomes
from subscriptions.outcomes import OF_SUBSCRIPTIONS

SALES = Outcomes(
    done=SOLD,
    labels={
        SOLD: _("Sold"),
        "closed": _("Closed"),
        "suspended": _("Suspended"),
        "not_associated": _("Package not associated"),
        "not_over_quota": _("Not over quota"),
        "already_sold": _("Already sold"),
        "price_out_of_bounds": _("Price out of bounds"),
        "oversell_refused": _("Would oversell"),
        "cancelled": pgettext_lazy("job", "Cancelled"),
    },
    sentences={
        **OF_SUBSCRIPTIONS,
        "not_associated": _("Its package is not associated with this add-on."),
        "not_over_quota": _("Nothing that this add-on raises is over quota."),
        "already_sold": _("This add-on is active on it already."),
        "price_out_of_bounds": _("Its price is not within what who sells to the seller allows."),
        "no_subscription": _("This reseller holds no subscription of this service that is active or suspended."),
    },
    calm=frozenset({"already_sold", "not_over_quota"}),
)

NAMED = 10
"""So many of those who were chosen are named, the rest is counted."""


def unreached_words(names: Sequence[str], total: int) -> str:
    """How many of the chosen resellers are no targets, and the first of them by name."""
    words = ngettext(
        "%(number)s chosen reseller has no subscription of this service: %(names)s.",
        "%(number)s chosen resellers have no subscription of this service: %(names)s.",
        total,
    )
    return words % {"number": formats.number(total), "names": first_names(names, total)}


def first_names(names: Sequence[str], total: int) -> str:
    """A list of names in a line, with how many more there are."""
    rest = total - len(names)
    if rest <= 0:
        return ", ".join(names)
    more = ngettext("and %(number)s more", "and %(number)s more", rest) % {"number": formats.number(rest)}
    return f"{', '.join(names)} {more}"
