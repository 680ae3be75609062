"""Billing periods and days touch and never overlap, whatever the anchor and the clock."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from resellerhub.kernel.cycles import Cadence, DayCount, Grid
from resellerhub.kernel.money import portion
from resellerhub.kernel.periods import day_of, first_instant

MONTH, YEAR = Cadence(1), Cadence(12)


@pytest.mark.parametrize(("amount", "rounded"), [("0.05", "0.03"), ("-0.05", "-0.03"), ("0.049999", "0.02")])
def test_half_a_cent_goes_away_from_zero(amount, rounded):
    assert str(portion(Decimal(amount), 1, 2, "EUR")) == rounded
    assert str(portion(Decimal(amount), -1, -2, "EUR")) == rounded


@pytest.mark.parametrize("anchor", range(1, 32))
def test_periods_touch_and_never_overlap_for_48_months(anchor):
    """And return to their day of the month; whatever day is asked for is in its period."""
    for year in (2026, 2027):
        grid = Grid(date(year, 1, anchor), anchor, MONTH)
        periods = [grid.period_of(grid.begin(number)) for number in range(-3, 48)]
        assert all(one.end == following.start for one, following in pairwise(periods))
        for period in periods:
            last = (period.start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            assert period.start.day == min(anchor, last.day)
            assert all(grid.period_of(day) == period for day in (period.start, period.last_day))
            assert DayCount.FIXED_30.between(period.start, period.end) in (
                {30} if anchor < 29 else {28, 29, 30, 31, 32}
            )


@pytest.mark.parametrize("cadence", [Cadence(3), Cadence(6), YEAR, Cadence(days=7), Cadence(days=30)])
def test_longer_and_shorter_cycles_touch_too(cadence):
    for anchor in (1, 29, 31):
        grid = Grid(date(2024, 1, anchor), anchor, cadence)
        day = date(2022, 5, 5)
        while day < date(2029, 1, 1):
            period = grid.period_of(day)
            assert day in period
            assert grid.period_of(period.end).start == period.end
            day = period.end + timedelta(days=period.days // 2)


ZONES = sorted(available_timezones())


NOONS = [datetime(2025, 12, 31, 12, tzinfo=UTC) + timedelta(days=number) for number in range(367)]


def changes(zone: ZoneInfo) -> list[date]:
    """Days of a year after whose noon its clocks change."""
    offsets = [(at.date(), at.astimezone(zone).utcoffset()) for at in NOONS]
    return [day for (day, before), (_, after) in pairwise(offsets) if before != after]


@cache
def spans(zone: ZoneInfo, middle: date) -> list[tuple[date, datetime]]:
    return [(day, first_instant(day, zone)) for day in (middle + timedelta(days=number) for number in range(-2, 4))]


@pytest.mark.parametrize("letter", sorted({name[0] for name in ZONES}))
def test_days_of_every_zone_touch_where_its_clocks_change(letter):
    """Samoa left out the 30th of December 2011."""
    for zone in (ZoneInfo(name) for name in ZONES if name[0] == letter):
        for middle in [*changes(zone), date(2011, 12, 30)]:
            for (day, start), (_following, end) in pairwise(spans(zone, middle)):
                assert timedelta(0) <= end - start <= timedelta(hours=26)
                if start < end:
                    assert day_of(start, zone) == day_of(end - timedelta(seconds=1), zone) == day
                    assert day_of(start - timedelta(seconds=1), zone) < day


def test_a_run_of_an_issuer_is_due_by_its_own_clock():
    """At 23:30 in London a year has begun in Berlin and not in New York."""
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert [str(day_of(at, ZoneInfo(name))) for name in ("Europe/Berlin", "America/New_York")] == [
        "2027-01-01",
        "2026-12-31",
    ]
    assert day_of(at) == date(2026, 12, 31)
