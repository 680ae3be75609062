"""Units of pools in words: these are never summed, and stand beside every number."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from resellerhub.web import formats
from subscriptions.models import Pool

BEHIND = {
    Pool.Unit.SEATS.value: _("user seats"),
    Pool.Unit.OBJECTS.value: _("objects"),
    Pool.Unit.CAPACITY.value: _("GB"),
}
"""As it stands behind an input."""


def amount(count: int, unit: str) -> str:
    """So many of a unit."""
    words = {
        Pool.Unit.SEATS.value: ngettext("%(count)s user seat", "%(count)s user seats", count),
        Pool.Unit.OBJECTS.value: ngettext("%(count)s object", "%(count)s objects", count),
        Pool.Unit.CAPACITY.value: "%(count)s GB",
    }
    return words[unit] % {"count": formats.number(count)}


def in_words(pool: Pool, seats: int, ends_on: date, language: str) -> dict[str, str]:
    """What a mail says of a pool, as it is written in a language."""
    with override(language):
        return {
            "number": amount(seats, pool.unit),
            "available": formats.number(pool.free),
            "ends": formats.day(ends_on),
        }
