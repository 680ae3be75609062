"""How what somebody owes is taxed, day by day: who owes the tax is one question, which rate counts on a day another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from invoicing.rating.liability import Liability
from invoicing.rating.splitting import split_on
from invoicing.rating.taxes import Category
from resellerhub.kernel.periods import Period

NOTHING = Decimal(0)
VAT_CHECK = "vat_check"
"""What a document waits for while nobody could be asked about the payer's VAT ID."""


class Rate(NamedTuple):
    """From a day on, until the next one."""

    since: date
    category: Category
    percent: Decimal = NOTHING


class Piece(NamedTuple):
    """Days of a line that are taxed alike, and what of it falls on them."""

    days: Period
    amount: Decimal
    category: Category
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Taxation:
    """What `liability` said, with the rates that it means. `waits` says for what a document has to wait: empty, it can
    be issued as far as this goes."""

    rates: tuple[Rate, ...] = ()
    country: str = ""
    waits: str = ""

    def on(self, day: date) -> Rate | None:
        """None where no rate is known for the day."""
        return next((rate for rate in reversed(self.rates) if rate.since <= day), None)

    def split(self, days: Period, amount: Decimal, currency: str) -> list[Piece] | None:
        """A line, taken apart where its tax changes inside the days that it is for; what has no days is taxed as on the
        first of them. None where no rate is known for one of them: the document waits."""
        changes = [rate.since for rate in self.rates]
        pieces = []
        for part in split_on(days, amount, currency, changes):
            rate = self.on(part.days.start)
            if rate is None:
                return None
            pieces.append(Piece(part.days, part.amount, rate.category, rate.percent))
        return pieces


def taxation(owed: Liability, rates: Iterable[Rate], small_since: Iterable[tuple[date, bool]] = ()) -> Taxation:
    """`rates` are those of the country that `owed` names, `small_since` from which days whoever bills charges no tax as
    a small business, and from which again. Both by day."""
    if owed.category is not Category.STANDARD:
        return Taxation((Rate(date.min, owed.category),), owed.country)
    known, small = list(rates), list(small_since)
    days = sorted({rate.since for rate in known} | {day for day, _small in small})
    steps = [step for day in days if (step := _standing(day, known, small)) is not None]
    alike = [next(group) for _rule, group in groupby(steps, key=lambda rate: rate[1:])]
    return Taxation(tuple(alike), owed.country, VAT_CHECK if owed.waits else "")


def _standing(day: date, rates: list[Rate], small: list[tuple[date, bool]]) -> Rate | None:
    """What counts from this day on; nothing where no rate is known yet."""
    if next((is_small for since, is_small in reversed(small) if since <= day), False):
        return Rate(day, Category.EXEMPT)
    rate = next((rate for rate in reversed(rates) if rate.since <= day), None)
    return None if rate is None else rate._replace(since=day)
