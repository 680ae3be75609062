"""How a target of a push can end, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from resellerhub.kernel.models import JobItem
from resellerhub.web import formats
from resellerhub.web.statuses import status

CHANGED = "changed"
LABELS = {
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
}
"""Short words for counts and filters, in the order in which outcomes are decided."""

CALM = {"unchanged", "waiting", "own_price"}
"""No trouble: so it was meant."""

SENTENCES = {
    CHANGED: _("From %(on)s."),
    "unchanged": _("It is so already."),
    "waiting": _("It changes on %(on)s, as things stand then."),
    "closed": _("The subscription was closed before its turn came."),
    "pending": _("It has not begun: what it will be can still be changed."),
    "suspended": _("The subscription, its holder or the seller is not active."),
    "moved": _("It was moved out of the reach of who pushes."),
    "other_package": _("It has changed to another package."),
    "own_price": _("Its seller set the price freely, and such were to be left out."),
    "other_currency": _("It is charged in another currency, which cannot change."),
    "oversell_refused": _(
        "The seller may not oversell: %(remaining)s of %(resource)s remain, %(asked)s were asked for."
    ),
    "below_utilised": _("%(resource)s cannot go down to %(asked)s: %(utilised)s are taken already."),
    "price_out_of_bounds": _(
        "%(asked)s %(currency)s is not between what who sells to the seller allows: %(floor)s to %(ceiling)s."
    ),
    "cancelled": _("It was cancelled before its turn came."),
    "worker_died": _("The worker died over this target several times."),
    "too_slow": _("The database took too long over this target."),
    "forgotten": _("It was not decided; the log of the worker says more."),
    "error": _("An unforeseen error; the log of the worker says more."),
}


def label(outcome: str) -> str:
    return str(LABELS.get(outcome) or outcome.replace("_", " ").capitalize())


def sentence(outcome: str, facts: Mapping[str, Any] | None) -> str:
    """Why, with the numbers and the day that decided it."""
    words = str(SENTENCES.get(outcome, ""))
    shown = {name: _shown(name, value) for name, value in (facts or {}).items()}
    try:
        return words % shown if "%(" in words else words
    except KeyError:
        return label(outcome)


def outcome_of(state: str, reason: str) -> str:
    """Of a target of the job: what it ended as, else the state that it is in."""
    return reason or (CHANGED if state == JobItem.State.DONE else state)


def ended(state: str, reason: str) -> str:
    """In a word or two; what failed for a reason that has no word of its own has failed."""
    outcome = outcome_of(state, reason)
    return label(outcome) if outcome in LABELS else str(JobItem.State(state).label)


def ended_status(state: str, reason: str) -> SafeString:
    """The dot and the word."""
    return status(state, ended(state, reason), tone="calm" if reason in CALM else "")


def _shown(name: str, value: Any) -> Any:
    if name == "on":
        return formats.day(parse_date(value)) if isinstance(value, str) else formats.day(value)
    if isinstance(value, int):
        return formats.number(value)
    return "∞" if value is None else value
