"""What holds of every bill, whatever is held and whenever it is billed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from invoicing.rating.charges import Charge, Kind, total
from invoicing.rating.engine import rate
from invoicing.rating.policy import Anchor, Anchoring, Changes, FreeDays, Policy, Terms
from invoicing.rating.splitting import split, split_on, spread
from invoicing.rating.timeline import DueOnce, GivenBack, Stream, Stretch
from resellerhub.kernel.cycles import Cadence, DayCount, Grid
from resellerhub.kernel.money import Rounding, portion
from resellerhub.kernel.periods import Period, day_of, first_instant
from subscriptions.quoting import Rate, part
from subscriptions.terms import Term, period_of

CENT = Decimal("0.01")
FIRST = date(2026, 1, 31)
MONTH, YEAR = Cadence(1), Cadence(12)
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

prices = st.decimals("0.000001", "9999.999999", places=6)
days = st.integers(0, 400).map(lambda number: FIRST + timedelta(days=number))
policies = st.builds(
    Policy,
    day_count=st.sampled_from(DayCount),
    rounding=st.sampled_from(Rounding),
    anchoring=st.sampled_from(Anchoring),
    anchor_day=st.integers(1, 31),
    changes=st.sampled_from(Changes),
    free_days=st.sampled_from(FreeDays),
    ahead=st.integers(0, 2),
)


@st.composite
def timelines(draw, *, one_price=False):
    """Stretches without a gap, and whether they end."""
    borders = sorted(draw(st.sets(days, min_size=2, max_size=6)))
    price = draw(prices)
    terms = Terms(in_advance=draw(st.booleans()), credits_suspension=draw(st.booleans()))
    rows = [
        Stretch(
            source=number,
            starts_on=start,
            ends_on=end,
            quantity=3 if one_price else draw(st.integers(1, 9)),
            unit_price=price if one_price else draw(st.sampled_from([price, price * 2, Decimal("7")])),
            cadence=MONTH if one_price else draw(st.sampled_from([MONTH, MONTH, Cadence(3), YEAR, Cadence(days=7)])),
            terms=terms,
            is_suspended=not one_price and draw(st.integers(0, 4)) == 0,
        )
        for number, (start, end) in enumerate(pairwise(borders), 1)
    ]
    if draw(st.booleans()):
        rows[-1] = rows[-1]._replace(ends_on=None)
    return rows


def as_known(rows, on):
    """What was held, as far as it had happened."""
    known = [row for row in rows if row.starts_on <= on]
    if known and (known[-1].ends_on or date.max) > on:
        known[-1] = known[-1]._replace(ends_on=None)
    return known


def billed_by_runs(rows, policy, runs):
    """One run after the other, each with what was known then and what was billed before."""
    billed: list[Charge] = []
    for on in runs:
        known = as_known(rows, on)
        if known:
            new = rate(Stream("EUR", known, billed=tuple(billed)), policy, on)
            billed += [row._replace(id=len(billed) + number) for number, row in enumerate(new, 1)]
    return billed


@EXAMPLES
@given(timelines(), policies, st.lists(days, min_size=1, max_size=5))
def test_credits_never_exceed_what_was_billed_and_nothing_is_billed_twice(rows, policy, runs):
    runs = sorted({*runs, FIRST + timedelta(days=500)})
    billed = billed_by_runs(rows, policy, runs)
    for row in billed:
        given = sum((abs(each.amount) for each in billed if each.credits == row.id), Decimal(0))
        assert given <= abs(row.amount)
        units = sum(each.quantity * each.service.days for each in billed if each.credits == row.id)
        assert units <= row.quantity * row.service.days
    keys = [(row.kind, row.source, row.service.start, row.credits, row.nth) for row in billed]
    assert len(keys) == len(set(keys))
    assert rate(Stream("EUR", as_known(rows, runs[-1]), billed=billed), policy, runs[-1]) == []


@EXAMPLES
@given(timelines(), policies, st.lists(days, min_size=1, max_size=5))
def test_it_makes_no_difference_when_it_is_billed(rows, policy, runs):
    """Run by run, or all at once after it happened: the same but for the rounding of each line."""
    last = FIRST + timedelta(days=500)
    policy = replace(policy, ahead=0)
    often, at_once = (billed_by_runs(rows, policy, each) for each in (sorted({*runs, last}), [last]))
    step = CENT / 2 if policy.rounding is Rounding.HALF_UP else CENT
    assert abs(total(often) - total(at_once)) <= step * (len(often) + len(at_once))


@EXAMPLES
@given(timelines(one_price=True), policies)
def test_a_split_of_a_period_changes_its_sum_by_the_rounding_of_its_parts_alone(rows, policy):
    """One price all the time, billed in pieces that know nothing of each other, or in one."""
    began, until = rows[0].starts_on, FIRST + timedelta(days=500)
    one = rate(_alone(rows[0]._replace(ends_on=rows[-1].ends_on), began), policy, until)
    several = [line for row in rows for line in rate(_alone(row, began), policy, until)]
    assert sum(row.exact for row in one) == sum(row.exact for row in several)
    step = CENT / 2 if policy.rounding is Rounding.HALF_UP else CENT
    assert abs(total(one) - total(several)) <= step * (len(one) + len(several))


def _alone(row, began):
    """Counted from where the whole began."""
    return Stream("EUR", [row], anchors=[Anchor(date.min, began, began.day)])


@EXAMPLES
@given(timelines(), policies)
def test_what_ends_on_the_day_on_which_it_began_is_given_back_to_the_cent(rows, policy):
    """Whatever had been changed in between."""
    policy = replace(policy, ahead=0)
    first = rows[0]._replace(ends_on=None)
    billed = [row._replace(id=7) for row in rate(Stream("EUR", [first]), policy, first.starts_on)]
    gone = first._replace(ends_on=first.starts_on)
    back = rate(Stream("EUR", [gone], billed=billed), policy, first.starts_on)
    assert total(billed) + total(back) == 0


@EXAMPLES
@given(st.decimals("-99999", "99999", places=2), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_parts_come_to_the_whole(amount, weights):
    parts = split(amount, weights, "EUR")
    assert sum(parts) == amount
    share = [amount * weight / (sum(weights) or 1) for weight in weights]
    assert not sum(weights) or all(abs(part - exact) <= CENT for part, exact in zip(parts, share, strict=True))


@EXAMPLES
@given(st.decimals("0", "999", places=2), st.lists(st.decimals("-99", "999", places=2), min_size=1, max_size=9))
def test_a_discount_takes_no_line_below_zero(discount, amounts):
    shares = spread(discount, amounts, "EUR")
    charged = sum((amount for amount in amounts if amount > 0), Decimal(0))
    assert sum(shares) == min(discount, charged)
    assert all(share <= max(amount, 0) for share, amount in zip(shares, amounts, strict=True))


@EXAMPLES
@given(prices, st.integers(1, 99_999), st.integers(1, 30), st.lists(days, max_size=4))
def test_a_line_taken_apart_comes_to_the_line(price, quantity, part, borders):
    amount, span = portion(price * quantity, part, 30, "EUR"), Period(FIRST, FIRST + timedelta(days=90))
    line = Charge(Kind.RECURRING, 1, span, span, quantity, price, "EUR", part, 30, amount, FIRST)
    parts = split_on(line, borders)
    assert sum(each.amount for each in parts) == line.amount
    assert sum(each.days.days for each in parts) == line.service.days


@EXAMPLES
@given(prices, st.integers(-(10**9), 10**9), st.integers(1, 400), st.sampled_from(Rounding))
def test_a_portion_is_exact(price, part, whole, rounding):
    """Never off by what a quotient of so many digits leaves out."""
    exact = Fraction(price) * part / whole
    found = Fraction(portion(price, part, whole, "EUR", rounding))
    assert abs(found - exact) <= Fraction(1, 200 if rounding is Rounding.HALF_UP else 100)
    if rounding is Rounding.AWAY_FROM_ZERO:
        assert abs(found) >= abs(exact)


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


@pytest.mark.parametrize("until", [date(2026, 3, 5), date(2027, 12, 31)])
def test_a_run_that_is_late_bills_all_it_missed(until):
    held = [Stretch(1, date(2026, 1, 31), None, 2, Decimal("9.99"), MONTH)]
    rows = rate(Stream("EUR", held), Policy(), until)
    assert [row.service.start for row in rows][:3] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)][
        : len(rows)
    ]
    assert {str(row.amount) for row in rows} == {"19.98"}
    later = Stream("EUR", held, since=rows[-1].service.start)
    assert rate(later, Policy(), until) == rows[-1:], "what is known to be billed is left out"


def test_a_suspension_is_credited_from_what_was_billed_and_charged_again_when_it_ends():
    """Of the customer's stream alone; what its seller owes goes on."""
    price, start = Decimal("30"), date(2026, 11, 1)
    active = Stretch(1, start, date(2026, 11, 11), 1, price, MONTH)
    suspended = Stretch(2, date(2026, 11, 11), date(2026, 11, 21), 1, price, MONTH, is_suspended=True)
    resumed = Stretch(3, date(2026, 11, 21), None, 1, price, MONTH)

    def amounts(terms):
        rows = [row._replace(terms=terms) for row in (active, suspended, resumed)]
        billed = billed_by_runs(rows, Policy(), [row.starts_on for row in rows])
        return [(str(row.kind), row.source, str(row.amount)) for row in billed]

    assert amounts(Terms()) == [("recurring", 1, "30.00"), ("suspension", 2, "-20.00"), ("recurring", 3, "10.00")]
    assert amounts(Terms(credits_suspension=False)) == [("recurring", 1, "30.00")]


def test_units_that_were_added_last_are_given_back_first():
    price, start = Decimal("10"), date(2026, 11, 1)
    rows = [
        Stretch(1, start, date(2026, 11, 11), 5, price, MONTH),
        Stretch(2, date(2026, 11, 11), date(2026, 11, 21), 8, price, MONTH),
        Stretch(3, date(2026, 11, 21), None, 4, price, MONTH),
    ]
    billed = billed_by_runs(rows, Policy(), [row.starts_on for row in rows])
    said = [(row.quantity, str(row.amount), row.credits) for row in billed]
    assert said == [(5, "50.00", None), (3, "20.00", None), (3, "-10.00", 2), (1, "-3.33", 1)]


def test_a_closed_window_gives_nothing_back_and_an_open_one_whole_days():
    start, left = date(2026, 11, 1), date(2026, 11, 11)
    held = Stretch(1, start, None, 2, Decimal("30"), MONTH)
    billed = [row._replace(id=1) for row in rate(Stream("EUR", [held]), Policy(), start)]

    def back(since):
        given_back = [GivenBack(1, since, 2)] if since else []
        stream = Stream("EUR", [held._replace(ends_on=left)], billed=billed, given_back=given_back)
        return total(rate(stream, Policy(), left))

    assert (back(None), back(date(2026, 12, 1)), back(date(2026, 11, 10)), back(start)) == (-40, 0, -42, -60)


def test_what_a_window_gives_back_is_never_of_days_on_which_less_was_held():
    """Raised and lowered again on one day, with a window that would give back the day before, too."""
    start, raised = date(2026, 11, 1), date(2026, 11, 12)
    five = Stretch(1, start, raised, 5, Decimal("30"), MONTH)
    eight = Stretch(2, raised, None, 8, Decimal("30"), MONTH)
    billed = billed_by_runs([five, eight], Policy(), [start, raised])
    rows = [five, eight._replace(ends_on=raised), Stretch(3, raised, None, 5, Decimal("30"), MONTH)]

    def back(since):
        return rate(Stream("EUR", rows, billed=billed, given_back=[GivenBack(2, since, 3)]), Policy(), raised)

    assert total(billed) == 150 + 57
    assert [str(row.amount) for row in back(raised - timedelta(days=1))] == ["-57.00"]
    assert back(date(2026, 12, 1)) == [], "where the window is closed they stay until the end of the period"


def test_what_a_window_gives_back_reaches_over_a_phase_of_the_same():
    start, renamed, left = date(2026, 11, 1), date(2026, 11, 3), date(2026, 11, 3)
    one = Stretch(1, start, renamed, 2, Decimal("30"), MONTH)
    billed = [row._replace(id=1) for row in rate(Stream("EUR", [one._replace(ends_on=None)]), Policy(), start)]
    rows = [one, one._replace(source=2, starts_on=renamed, ends_on=left + timedelta(days=1))]
    given = [GivenBack(2, date(2026, 11, 2), 2)]
    assert total(rate(Stream("EUR", rows, billed=billed, given_back=given), Policy(), left)) == -58


def test_a_term_said_anew_counts_its_periods_anew():
    """A change to a package with another term: the old period is given back from then on."""
    start, change = date(2026, 11, 1), date(2026, 11, 16)
    anchors = [Anchor(start, start, 1), Anchor(change, change, 16)]
    held = Stretch(1, start, None, 1, Decimal("30"), MONTH)
    billed = [row._replace(id=1) for row in rate(Stream("EUR", [held], anchors[:1]), Policy(), start)]
    rows = rate(Stream("EUR", [held], anchors, billed), Policy(), change)
    assert [(str(row.amount), row.billing) for row in rows] == [
        ("-15.00", Period(start, date(2026, 12, 1))),
        ("30.00", Period(change, date(2026, 12, 16))),
    ]


def test_what_ends_together_with_something_else_costs_its_share():
    start, end = date(2026, 11, 20), date(2026, 12, 1)
    anchors = [Anchor(start, start, 20, until=end), Anchor(end, end, 1)]
    held = Stretch(1, start, None, 1, Decimal("30"), MONTH)
    rows = rate(Stream("EUR", [held], anchors), Policy(), end)
    assert [(str(row.amount), str(row.ratio)) for row in rows] == [("11.00", "11/30"), ("30.00", "1")]


def test_what_is_due_once_is_charged_once():
    once = [
        DueOnce(1, Kind.ACTIVATION, FIRST, Decimal("49.90")),
        DueOnce(1, Kind.EARLY_CANCELLATION, FIRST, Decimal(5)),
    ]
    rows = rate(Stream("EUR", due_once=once), Policy(), FIRST)
    assert [(row.kind, str(row.amount)) for row in rows] == [("activation", "49.90"), ("cancellation", "5.00")]
    assert rate(Stream("EUR", due_once=once, billed=rows), Policy(), FIRST) == []
    assert rate(Stream("EUR", due_once=once), Policy(), FIRST - timedelta(days=1)) == []


@EXAMPLES
@given(prices, prices, st.booleans(), st.integers(1, 99), st.integers(1, 99), st.integers(0, 27), st.booleans())
def test_a_preview_says_what_is_billed(price, other, is_same, before, after, offset, is_cut):
    """Of a sale, and of a change on any day of the period that runs, also where that ends together with another."""
    other = price if is_same else other
    on, end = FIRST + timedelta(days=offset), date(2026, 2, 28)
    term = Term.first(FIRST, 1)
    term = term.until(date(2026, 2, 20), 20) if is_cut else term
    anchors = [Anchor(FIRST, FIRST, FIRST.day, term.ends_on)]
    assume(on < term.ends_on <= end)
    period, rates = period_of(term, "month", on), [Rate("", each, "EUR", "month") for each in (price, other)]
    said = [part("charge", rates[0], before, period, FIRST)]
    if price == other:
        more = after - before
        said.append(part("charge" if more > 0 else "credit", rates[1], abs(more), period, on))
    else:
        said += [part("credit", rates[0], before, period, on), part("charge", rates[1], after, period, on)]
    held = Stretch(1, FIRST, None, before, price, MONTH)
    first = rate(Stream("EUR", [held], anchors), Policy(), FIRST)
    rows = [held._replace(ends_on=on), Stretch(2, on, None, after, other, MONTH)]
    then = rate(Stream("EUR", rows, anchors, [first[0]._replace(id=1)]), Policy(), on)
    assert [row.amount for row in (*first, *then)] == [line.amount for line in said if line]
