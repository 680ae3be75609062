"""What is billed of one thing after another, step by step."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing.rating.charges import Kind, total
from invoicing.rating.engine import rate
from invoicing.rating.policy import Anchor, Policy, Terms
from invoicing.rating.timeline import DueOnce, GivenBack, Stream, Stretch
from resellerhub.kernel.cycles import Cadence, Grid
from resellerhub.kernel.periods import Period
from tests.invoicing.cases import billed_by_runs

FIRST = date(2026, 1, 31)
MONTH = Cadence(1)


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


def test_what_is_given_back_in_pieces_leaves_no_cent():
    """3 × 3.334 are 10.00; each of them by itself would be 3.33."""
    rows = [Stretch(1, FIRST, None, 3, Decimal("3.334"), MONTH)]
    billed = [row._replace(id=1) for row in rate(Stream("EUR", rows), Policy(), FIRST)]
    for left in (2, 1):
        rows[-1] = rows[-1]._replace(ends_on=FIRST)
        rows.append(Stretch(len(rows) + 1, FIRST, None, left, Decimal("3.334"), MONTH))
        billed += rate(Stream("EUR", rows, billed=tuple(billed)), Policy(), FIRST)
    rows[-1] = rows[-1]._replace(ends_on=FIRST)
    billed += rate(Stream("EUR", rows, billed=tuple(billed)), Policy(), FIRST)
    assert [str(row.amount) for row in billed] == ["10.00", "-3.33", "-3.33", "-3.34"]


def test_a_run_for_a_day_that_was_billed_already_takes_nothing_back():
    held = [Stretch(1, FIRST, None, 1, Decimal("30"), MONTH)]
    billed = [row._replace(id=row.service.start) for row in rate(Stream("EUR", held), Policy(), date(2026, 6, 1))]
    assert rate(Stream("EUR", held, billed=billed), Policy(), date(2026, 3, 1)) == []


def test_what_one_source_gives_back_twice_of_a_day_is_told_apart():
    """Fewer, and a run; then ended on the same day."""
    price, start, day = Decimal("30"), date(2026, 11, 1), date(2026, 11, 11)
    rows = [Stretch(1, start, day, 5, price, MONTH), Stretch(2, day, None, 3, price, MONTH)]
    billed = billed_by_runs(rows, Policy(), [start, day])
    rows[1] = rows[1]._replace(ends_on=day)
    billed += rate(Stream("EUR", rows, billed=billed), Policy(), day)
    assert [(row.source, str(row.amount), row.nth) for row in billed] == [
        (1, "150.00", 0),
        (2, "-40.00", 0),
        (2, "-60.00", 1),
    ]


def test_cycles_that_are_known_to_be_billed_are_left_out_whatever_ended_in_them():
    price, december = Decimal("30"), date(2026, 12, 1)
    rows = [
        Stretch(1, date(2026, 11, 1), date(2026, 11, 10), 1, price, MONTH),
        Stretch(2, date(2026, 11, 10), None, 2, price, MONTH),
    ]
    [line] = rate(Stream("EUR", rows, since=december), Policy(), december)
    assert (line.source, line.service.start, str(line.amount)) == (2, december, "60.00")


def test_of_terms_for_one_day_the_one_said_last_counts():
    said = [Anchor(date(2026, 11, day), date(2026, 11, day), day) for day in (1, 21, 16)]
    held = Stretch(1, date(2026, 11, 1), None, 1, Decimal("30"), MONTH)
    rows = rate(Stream("EUR", [held], said), Policy(), date(2026, 11, 30))
    assert [(row.service.start.day, row.service.end.day, str(row.amount)) for row in rows] == [
        (1, 16, "15.00"),
        (16, 16, "30.00"),
    ]


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
    after = Grid(start, 20, MONTH, end).period_of(end)
    assert (after.start, after.end, after.cycle.days) == (end, date(2026, 12, 20), 31)


def test_what_is_due_once_is_charged_once():
    once = [
        DueOnce(1, Kind.ACTIVATION, FIRST, Decimal("49.90")),
        DueOnce(1, Kind.EARLY_CANCELLATION, FIRST, Decimal(5)),
    ]
    rows = rate(Stream("EUR", due_once=once), Policy(), FIRST)
    assert [(row.kind, str(row.amount)) for row in rows] == [("activation", "49.90"), ("cancellation", "5.00")]
    assert rate(Stream("EUR", due_once=once, billed=rows), Policy(), FIRST) == []
    assert rate(Stream("EUR", due_once=once), Policy(), FIRST - timedelta(days=1)) == []
