"""The active language as Babel knows it, and days as it writes them."""

from datetime import date, datetime

from babel.dates import format_date
from django.utils.translation import get_language

LOCALES = {"en": "en_GB", "de": "de_DE"}


def locale() -> str:
    """Babel's name of the active language; English is British, because the day stands before the month in both."""
    return LOCALES.get(get_language() or "en", "en_GB")


def written(day: date) -> str:
    """A day, or a moment to the minute."""
    text: str = format_date(day, locale=locale())
    return f"{text}, {day:%H:%M}" if isinstance(day, datetime) else text
