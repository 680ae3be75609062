"""Numbers and days as a document writes them. By hand: Babel takes longer for an amount than drawing its whole line."""

from datetime import date
from decimal import Decimal

from invoicing.papers.words import is_german
from resellerhub.kernel.money import minor_units, plain
from resellerhub.kernel.periods import Period

GERMAN_POINTS = str.maketrans(",.-", ".,−")
ENGLISH_POINTS = str.maketrans("-", "−")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNS = {"EUR": "€", "GBP": "£", "USD": "US$"}


class Formats:
    """Of one language and one currency."""

    def __init__(self, language: str, currency: str) -> None:
        self.is_german = is_german(language)
        self.points = GERMAN_POINTS if self.is_german else ENGLISH_POINTS
        self.places = minor_units(currency)
        self.currency = currency

    def amount(self, value: Decimal) -> str:
        """With all places of the currency."""
        return f"{value:,.{self.places}f}".translate(self.points)

    def money(self, value: Decimal) -> str:
        """With the currency, for a sentence."""
        sign = SIGNS.get(self.currency, self.currency)
        if self.is_german or sign == self.currency:
            return f"{self.amount(value)}\u00a0{sign}"
        return f"{'−' if value < 0 else ''}{sign}{self.amount(abs(value))}"

    def price(self, value: Decimal) -> str:
        """At least the places of the currency, and no zeros after them."""
        places = max(self.places, -int(value.normalize().as_tuple().exponent))
        return f"{value:,.{places}f}".translate(self.points)

    def number(self, value: Decimal) -> str:
        return f"{Decimal(plain(value)):,f}".translate(self.points)

    def day(self, day: date) -> str:
        return f"{day:%d.%m.%Y}" if self.is_german else f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def period(self, period: Period) -> str:
        """The last day is named; of a single day that alone."""
        if period.days <= 1:
            return self.day(period.start)
        return f"{self.day(period.start)} – {self.day(period.last_day)}"


def iban(number: str) -> str:
    """In fours, so that it can be typed."""
    compact = number.replace(" ", "")
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4))
