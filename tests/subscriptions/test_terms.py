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
    assert period_of(term, "month", day("2027-03-14")) == Period(day("2027-02-15"), day("2027-03-15"))
    assert period_of(term, "month", day("2027-03-20")) == Period(day("2027-03-15"), day("2027-04-01"))
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
    line = part("charge", RATE, 1, Period(day("2026-11-20"), day("2026-12-01")), day("2026-11-20"))
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


# What other systems print, or assert in their own tests: the period, from when on, price and quantity before and after.
PUBLIC = [
    # docs.stripe.com/billing/subscriptions/prorations: half of a period, 10 → 20
    ("2026-11-20 2026-12-20", "2026-12-05", (10, 1), (20, 1), "-5.00", "10.00"),
    # docs.useautumn.com: half of a period, 20 → 50
    ("2026-11-20 2026-12-20", "2026-12-05", (20, 1), (50, 1), "-10.00", "25.00"),
    # flexprice, calculator_test.go: 17 of 31 days of March 2024
    ("2024-03-01 2024-04-01", "2024-03-15", (10, 1), (20, 1), "-5.48", "10.97"),
    ("2024-03-01 2024-04-01", "2024-03-15", (10, 5), (10, 10), "-27.42", "54.84"),
    ("2024-03-01 2024-04-01", "2024-03-15", None, (10, 5), None, "27.42"),
    ("2024-03-01 2024-04-01", "2024-03-15", None, (25, 1), None, "13.71"),
    # meteroid, proration.rs: a period of 30 days; theirs begins in January, this one in April
    ("2025-04-01 2025-05-01", "2025-04-16", (100, 1), (200, 1), "-50.00", "100.00"),
    ("2025-04-01 2025-05-01", "2025-04-16", (10, 5), (10, 10), "-25.00", "50.00"),
    ("2025-04-01 2025-05-01", "2025-04-01", (100, 1), (200, 1), "-100.00", "200.00"),
    ("2025-04-01 2025-05-01", "2025-04-30", (300, 1), (600, 1), "-10.00", "20.00"),
    ("2025-04-01 2025-05-01", "2025-05-01", (100, 1), (200, 1), None, None),
    # kb.cloud.im, 66000396671: an add-on bought later ends with its base: 18 of 31 days
    ("2026-01-07 2026-02-07", "2026-01-20", None, (31, 1), None, "18.00"),
    # docs.unibee.dev, with the daily rate unrounded: 15 of 31 days of what 99 is more than 49
    ("2026-01-01 2026-02-01", "2026-01-17", None, (50, 1), None, "24.19"),
]


@pytest.mark.parametrize(("period", "since", "before", "after", "credited", "charged"), PUBLIC)
def test_changes_come_to_what_others_have_published(period, since, before, after, credited, charged):
    whole = Period(*map(day, period.split()))

    def amount(code, held):
        rate = Rate("", Decimal(held[0]), "EUR", "month") if held else None
        line = rate and part(code, rate, held[1], whole, day(since))
        return line and str(line.amount)

    assert (amount("credit", before), amount("charge", after)) == (credited, charged)


def test_thirty_days_of_a_year_as_published():
    """meteroid, proration.rs: 3,650 a year, added for 30 days."""
    [line] = onwards(
        "charge", Rate("", Decimal(3650), "EUR", "year"), 1, Period(day("2025-01-01"), day("2025-01-31")), 1
    )
    assert (line.days, line.of_days, str(line.amount)) == (30, 365, "300.00")


@pytest.mark.parametrize(
    ("hours", "first"),
    [(0, "2026-11-20"), (23, "2026-11-20"), (24, "2026-11-21"), (47, "2026-11-21"), (168, "2026-11-27")],
)
def test_each_full_24_hours_are_used(hours, first):
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert unused_from(at, PERIOD, at + timedelta(hours=hours)) == day(first)


def test_what_is_billed_in_other_cycles_is_compared_by_the_month():
    assert per_month(Rate("", Decimal(120), "EUR", "year"), 2) == per_month(Rate("", Decimal(20), "EUR", "month"), 1)
