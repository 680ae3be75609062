"""What can be chosen of countries, currencies and time zones, in the reader's language."""

from babel import Locale
from django.utils.translation import get_language

from resellerhub.kernel import money
from tenants.services import checks

Choices = list[tuple[str, str]]


def _locale() -> Locale:
    return Locale.parse(get_language() or "en", sep="-")


def countries() -> Choices:
    """Every country by its name, the empty choice first."""
    names = _locale().territories
    pairs = [(code, str(names.get(code, code))) for code in checks.countries()]
    return [("", ""), *sorted(pairs, key=lambda pair: pair[1])]


def currencies() -> Choices:
    names = _locale().currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in sorted(money.currencies())]


def time_zones() -> Choices:
    return [(zone, zone.replace("_", " ")) for zone in sorted(checks.time_zones())]
