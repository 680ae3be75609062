"""How a target of a bulk sale can end, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from resellerhub.kernel.models import JobItem
from resellerhub.web import formats
from resellerhub.web.statuses import status

SOLD = "sold"
OUTCOMES = {
    SOLD: _("Sold"),
    "closed": _("Closed"),
    "suspended": _("Suspended"),
    "not_associated": _("Package not associated"),
    "not_over_quota": _("Not over quota"),
    "already_sold": _("Already sold"),
    "price_out_of_bounds": _("Price out of bounds"),
    "oversell_refused": _("Would oversell"),
    "below_minimum": _("Below the minimum"),
    "cancelled": pgettext_lazy("job", "Cancelled"),
}
"""Short words for counts and filters, in the order in which outcomes are decided."""

REASONS = {
    "closed": _("The subscription was closed before its turn came."),
    "suspended": _("The subscription, its holder or the seller is not active."),
    "not_associated": _("Its package is not associated with this add-on."),
    "not_over_quota": _("Nothing that this add-on raises is over quota."),
    "already_sold": _("This add-on is active on it already."),
    "price_out_of_bounds": _("Its price is not within what who sells to the seller allows."),
    "oversell_refused": _("The seller may not oversell, and this does not fit into what remains."),
    "cancelled": _("The bulk sale was cancelled before its turn came."),
    "no_subscription": _("This reseller holds no subscription of this service that is active or suspended."),
    "worker_died": _("The worker died over this target several times."),
    "too_slow": _("The database took too long over this target."),
    "forgotten": _("It was not decided; the log of the worker says more."),
    "error": _("An unforeseen error; the log of the worker says more."),
}

LACKING = _("The seller may not oversell: %(remaining)s of %(resource)s remain, %(asked)s were asked for.")


def outcome_label(outcome: str) -> str:
    return str(OUTCOMES.get(outcome) or outcome.replace("_", " ").capitalize())


def outcome_words(reason: str, facts: Mapping[str, Any]) -> str:
    """The reason as a sentence, with the numbers that decided it where they are known."""
    if reason == "oversell_refused" and {"resource", "asked", "remaining"} <= set(facts):
        numbers = {name: formats.number(facts[name]) for name in ("asked", "remaining")}
        return str(LACKING) % {"resource": facts["resource"], **numbers}
    return str(REASONS.get(reason) or outcome_label(reason))


def target_label(state: str, reason: str) -> str:
    """How a target ended, in a word or two."""
    if state == JobItem.State.DONE:
        return outcome_label(SOLD)
    return outcome_label(reason) if state == JobItem.State.SKIPPED else str(JobItem.State(state).label)


def outcome_status(state: str, reason: str) -> SafeString:
    """The dot and the word of a target. To have it already is no trouble."""
    tone = "calm" if reason in ("already_sold", "not_over_quota") else ""
    return status(SOLD if state == JobItem.State.DONE else state, target_label(state, reason), tone=tone)


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
