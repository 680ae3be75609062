"""Terms, billing periods and lines: pure rules, without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from resellerhub.kernel.periods import Period
from subscriptions.quoting import Rate, onwards, part, per_month, unused_from
from subscriptions.terms import Term, months_of, period_of


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("cycle", "minimum", "months"),
    [
        ("month", 0, 1),
        ("month", 12, 12),
        ("quarter", 0, 3),
        ("quarter", 5, 6),
        ("half_year", 12, 12),
        ("year", 0, 12),
        ("year", 3, 12),
        ("year", 13, 24),
    ],
)
def test_a_term_is_whole_cycles(cycle, minimum, months):
    assert months_of(cycle, minimum) == months


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [
        ("2026-11-20", 1, ["2026-12-20", "2027-01-20", "2027-02-20"]),
        ("2027-01-31", 1, ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2027-12-31", 1, ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2028-02-29", 12, ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-08-30", 6, ["2027-02-28", "2027-08-30", "2028-02-29", "2028-08-30"]),
    ],
)
def test_terms_follow_each_other_and_return_to_their_day(start, months, ends):
    term = Term.first(day(start), months)
    for end in ends:
        assert term.ends_on == day(end)
        term = term.following(months)


@pytest.mark.parametrize(
    ("start", "months", "cycle", "on", "period"),
    [
        ("2027-01-31", 12, "month", "2027-01-31", "2027-01-31 2027-02-28"),
        ("2027-01-31", 12, "month", "2027-02-27", "2027-01-31 2027-02-28"),
        ("2027-01-31", 12, "month", "2027-02-28", "2027-02-28 2027-03-31"),
        ("2027-01-31", 12, "month", "2027-03-30", "2027-02-28 2027-03-31"),
        ("2027-01-31", 12, "month", "2027-03-31", "2027-03-31 2027-04-30"),
        ("2027-01-31", 12, "quarter", "2027-04-29", "2027-01-31 2027-04-30"),
        ("2027-01-31", 12, "quarter", "2027-04-30", "2027-04-30 2027-07-31"),
        ("2028-02-29", 12, "year", "2029-02-27", "2028-02-29 2029-02-28"),
        ("2027-03-15", 12, "half_year", "2027-09-14", "2027-03-15 2027-09-15"),
        ("2027-03-15", 12, "month", "2027-03-01", "2027-02-15 2027-03-15"),
        ("2027-03-15", 1, "month", "2027-06-15", "2027-06-15 2027-07-15"),
    ],
)
def test_the_billing_period_of_a_day(start, months, cycle, on, period):
    found = period_of(Term.first(day(start), months), cycle, day(on))
    assert f"{found.start} {found.end}" == period


def test_a_term_that_ends_with_another_has_a_shorter_last_period():
    term = Term.first(day("2027-01-15"), 12).until(day("2027-04-01"), 1)
    whole, cut = (period_of(term, "month", day(on)) for on in ("2027-03-14", "2027-03-20"))
    assert (whole.start, whole.end, cut.start, cut.end) == tuple(
        map(day, ("2027-02-15", "2027-03-15", "2027-03-15", "2027-04-01"))
    )
    assert cut.cycle == Period(day("2027-03-15"), day("2027-04-15"))
    after = term.following(12)
    assert (after.starts_on, after.ends_on) == (day("2027-04-01"), day("2028-04-01"))


def test_every_day_of_years_is_in_one_period():
    for first in ("2027-12-31", "2028-02-29", "2027-01-30"):
        term, at = Term.first(day(first), 12), day(first)
        while at < day("2029-06-01"):
            if at >= term.ends_on:
                term = term.following(12)
            period = period_of(term, "month", at)
            assert at in period
            assert period_of(term, "month", period.last_day) == period
            at += timedelta(days=1)


RATE = Rate("Seat", Decimal("9.99"), "EUR", "month")
PERIOD = Period(day("2026-11-20"), day("2026-12-20"))


@pytest.mark.parametrize(
    ("code", "quantity", "since", "days", "amount"),
    [
        ("charge", 3, "2026-11-20", 30, "29.97"),
        ("charge", 3, "2026-12-10", 10, "9.99"),
        ("charge", 1, "2026-12-19", 1, "0.33"),
        ("credit", 3, "2026-12-10", 10, "-9.99"),
        ("suspension", 1, "2026-12-05", 15, "-5.00"),
        ("credit", 3, "2026-12-20", None, None),
        ("credit", 0, "2026-12-10", None, None),
    ],
)
def test_a_line_is_rounded_once(code, quantity, since, days, amount):
    line = part(code, RATE, quantity, PERIOD, day(since))
    assert (line and line.days, line and str(line.amount)) == (days, amount)


def test_a_period_that_was_cut_short_costs_its_share():
    cut = period_of(Term.first(day("2026-11-20"), 1).until(day("2026-12-01"), 1), "month", day("2026-11-20"))
    line = part("charge", RATE, 1, cut, day("2026-11-20"))
    assert (line.days, line.of_days, str(line.amount)) == (11, 30, "3.66")


def test_a_stretch_to_come_is_whole_cycles_and_a_rest():
    span = Period(day("2027-01-31"), day("2027-04-10"))
    lines = onwards("renewal", RATE, 2, span, 31)
    assert [(str(line.starts_on), str(line.ends_on), line.days, line.of_days) for line in lines] == [
        ("2027-01-31", "2027-03-31", 59, 59),
        ("2027-03-31", "2027-04-10", 10, 30),
    ]
    assert [(line.cycles, str(line.amount)) for line in lines] == [(2, "39.96"), (1, "6.66")]
    assert [line.amount for line in onwards("renewal", RATE, 1, PERIOD, 20)] == [Decimal("9.99")]


@pytest.mark.parametrize(
    ("hours", "first"),
    [(0, "2026-11-20"), (23, "2026-11-20"), (24, "2026-11-21"), (47, "2026-11-21"), (168, "2026-11-27")],
)
def test_each_full_24_hours_are_used(hours, first):
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert unused_from(at, PERIOD, at + timedelta(hours=hours)) == day(first)


def test_what_is_billed_in_other_cycles_is_compared_by_the_month():
    assert per_month(Rate("", Decimal(120), "EUR", "year"), 2) == per_month(Rate("", Decimal(20), "EUR", "month"), 1)
