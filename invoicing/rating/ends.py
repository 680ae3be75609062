"""On which days something that is bought now may end, so that it ends together with something else."""

from collections.abc import Iterable
from datetime import date, timedelta

from resellerhub.kernel.periods import add_months

DAY = timedelta(days=1)


def shared_ends(bought_on: date, months: int, others: Iterable[date]) -> list[date]:
    """The first day after a term of so many months that was cut short: the end of the month, and the ends of what is
    held already (Microsoft, custom term end dates). A term of one month does not take over a 28th, 29th or 30th that
    is no month's end, because it could not return to it. Ends are first days that do not count, as everywhere."""
    latest = add_months(bought_on, months)
    month_end = latest.replace(day=1)
    ends = {month_end if month_end > bought_on else _next_month(bought_on)}
    ends |= {day for day in others if _can_be_taken_over(day, months)}
    return sorted(day for day in ends if bought_on < day <= latest)


def _can_be_taken_over(day: date, months: int) -> bool:
    last = day - DAY
    return months > 1 or last.day < 28 or day.day == 1


def _next_month(day: date) -> date:
    return add_months(day.replace(day=1), 1)
