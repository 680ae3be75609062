"""Amounts: Decimal only, the currency beside every amount, and one rounding."""

import functools
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.core.exceptions import ValidationError
from django.db import migrations, models
from django.utils.translation import gettext_lazy as _

MINOR_UNITS = {"BHD": 3, "ISK": 0, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3}
"""Digits after the point where ISO 4217 says other than two."""


NO_CURRENCY = _("No such currency is in use. Give its three capital letters, such as EUR.")

AMOUNT_MAX = Decimal(10) ** 12
"""What a column for a price has no room for, and nobody charges."""


def minor_units(currency: str) -> int:
    return MINOR_UNITS.get(currency, 2)


class Rounding(StrEnum):
    """What becomes of less than the minor unit: a half and more goes away from zero, as with Java's HALF_UP and
    PostgreSQL's numeric round(); or whatever there is does, as PortaBilling has it where nothing else is said."""

    HALF_UP = "half_up"
    AWAY_FROM_ZERO = "away_from_zero"


def round_money(amount: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """To the currency's minor unit."""
    return amount.quantize(_units(minor_units(currency)), _MODES[rounding])


def portion(amount: Decimal, part: int, whole: int, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """So many parts of so many of an amount, rounded once: the quotient is exact, however long it is."""
    if part == whole:
        return round_money(amount, currency, rounding)
    places = minor_units(currency)
    above, below = amount.as_integer_ratio()
    above, below = above * part * 10**places, below * whole
    if below < 0:
        above, below = -above, -below
    size = (2 * abs(above) + below) // (2 * below) if rounding is Rounding.HALF_UP else -(-abs(above) // below)
    return Decimal(size if above >= 0 else -size).scaleb(-places)


_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.AWAY_FROM_ZERO: ROUND_UP}


@functools.cache
def _units(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def plain(amount: Decimal) -> str:
    """As facts and messages say it: without an exponent, and without zeros at the end."""
    return f"{amount.normalize():f}"


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def rounded(self) -> "Money":
        return Money(round_money(self.amount, self.currency), self.currency)


if TYPE_CHECKING:
    DecimalField = models.DecimalField[Decimal, Decimal]
else:
    DecimalField = models.DecimalField


class NumberField(DecimalField):
    """A decimal that the database holds to be a number: NaN is greater than whatever a CHECK bounds it by below. What
    is generated of such is one: there it has no column of its own."""

    def db_check(self, connection: Any) -> str | None:
        column = getattr(self, "column", None)
        return f"{connection.ops.quote_name(column)} <> 'NaN'" if column else None


def numbers(table: str, *columns: str) -> migrations.RunSQL:
    """The same for columns that are there already: Django adds the check of a field with a new column alone."""
    names = {column: f"{table}_{column}_number" for column in columns}
    added = ", ".join(f"ADD CONSTRAINT {name} CHECK ({column} <> 'NaN')" for column, name in names.items())
    dropped = ", ".join(f"DROP CONSTRAINT {name}" for name in names.values())
    return migrations.RunSQL(f"ALTER TABLE {table} {added}", f"ALTER TABLE {table} {dropped}")


def unit_price(verbose_name: object = None, **options: object) -> NumberField:
    """A column for a price of one unit: six places, because it is multiplied before it is rounded."""
    return NumberField(verbose_name, max_digits=18, decimal_places=6, **options)  # type: ignore[arg-type]


@functools.cache
def currencies() -> frozenset[str]:
    """What is legal tender anywhere today."""
    return frozenset(code for place in get_global("territory_currencies") for code in get_territory_currencies(place))


def is_currency(code: str) -> None:
    if code not in currencies():
        raise ValidationError(NO_CURRENCY, "currency")


def currency_code(**options: object) -> "models.CharField[str, str]":
    """A column for an ISO 4217 code."""
    return models.CharField(_("currency"), max_length=3, validators=[is_currency], **options)  # type: ignore[arg-type]
