"""What holds of every bill, whatever is held and whenever it is billed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from invoicing.rating.charges import Charge, Kind, total
from invoicing.rating.engine import rate
from invoicing.rating.policy import Anchor, Anchoring, Changes, FreeDays, Policy, Terms
from invoicing.rating.splitting import split, split_on, spread
from invoicing.rating.timeline import Stream, Stretch
from resellerhub.kernel.cycles import Cadence, DayCount
from resellerhub.kernel.money import Rounding, portion
from resellerhub.kernel.periods import Period
from subscriptions.quoting import Rate, part
from subscriptions.terms import Term, period_of
from tests.invoicing.cases import as_known, billed_by_runs

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
    parts = split_on(line.service, line.amount, line.currency, borders)
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
