"""Half-open stretches of days, [start, end), and the cycles that bills run in."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Invalid


class Cycle(models.TextChoices):
    MONTH = "month", _("per month")
    QUARTER = "quarter", _("per quarter")
    HALF_YEAR = "half_year", _("per half-year")
    YEAR = "year", _("per year")

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: "Period") -> "Period | None":
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)


LAST_DAY = date(2199, 12, 31)
"""What somebody says is no later: from there on terms and periods can still be counted."""


def day_of(now: datetime, zone: tzinfo = UTC) -> date:
    """Facts have the days of UTC; bills those of whoever makes them out."""
    return now.astimezone(zone).date()


def first_instant(day: date, zone: tzinfo = UTC) -> datetime:
    """Of a day, in UTC. Where clocks skip its midnight, the instant at which they do; where they strike it twice, the
    first. A day that a zone left out begins with the next."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def too_far(day: date) -> list[str]:
    """Why a day cannot be said; nothing where it can."""
    if day <= LAST_DAY:
        return []
    return [gettext("This is too far ahead: the last day is %(day)s.") % {"day": date_format(LAST_DAY)}]


def must_be_near(day: date, field: str) -> None:
    """Refused, as `Invalid`: a day from which nothing could be counted."""
    if why := too_far(day):
        raise Invalid({field: why})


def add_months(day: date, months: int, *, anchor: int | None = None) -> date:
    """The same day `months` later. The 31st means the month's end, and returns to the 31st while `anchor` says so."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor or day.day, last))


def month_of(at: datetime) -> datetime:
    """The first instant of the calendar month in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
