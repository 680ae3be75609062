"""Numbers, money and times in the words of the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from unicodedata import normalize

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.languages import locale


def countries() -> Mapping[str, str]:
    """Countries by their codes."""
    names: Mapping[str, str] = Locale.parse(locale()).territories
    return names


def number(value: int | Decimal | None) -> str:
    """A quantity with thousands separated and a true minus sign."""
    return "" if value is None else format_decimal(value, locale=locale()).replace("-", "−")


def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency; unit prices keep the places that they have beyond the minor unit."""
    if amount is None:
        return ""
    exponent = amount.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    pattern = {"en_GB": "¤#,##0.00####", "de_DE": "#,##0.00####\xa0¤"}[locale()] if places > 2 else None
    text = format_currency(amount, currency, pattern, locale=locale(), currency_digits=places <= 2)
    return text.replace("-", "−")


def yes_no(value: object) -> str:
    return _("Yes") if value else _("No")


def day(value: date | None) -> str:
    return "" if value is None else format_date(value, "medium", locale=locale())


def moment(value: datetime | None) -> str:
    """Day and minute; the machine-readable attribute beside it has the rest."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{format_date(local, 'medium', locale=locale())}, {format_time(local, 'short', locale=locale())}"


def initial(name: str | None) -> str:
    """The letter that stands for a person: the first of the name or address, whatever marks come before it.

    Composed, so that an umlaut typed as two characters is one; a letter whose capital is two keeps its own form.
    """
    text = normalize("NFC", name or "")
    letter = next((character for character in text if character.isalnum()), text.strip()[:1])
    capital = letter.upper()
    return capital if len(capital) == 1 else letter
