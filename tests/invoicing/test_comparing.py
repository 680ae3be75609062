"""What needs no comparison is billed as if it had been compared."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from invoicing.facts.comparing import FOREVER, compared, untouched
from invoicing.facts.streams import Facts
from invoicing.rating.charges import Kind
from invoicing.rating.policy import Policy
from invoicing.rating.timeline import DueOnce, Stretch
from tests.invoicing.cases import as_known
from tests.invoicing.test_rating_properties import EXAMPLES, FIRST, MONTH, days, policies, timelines


@EXAMPLES
@given(timelines(), policies, st.lists(days, min_size=2, max_size=9), st.sampled_from([0, 0, 17]))
def test_what_is_not_compared_is_billed_the_same(rows, policy, runs, late):
    """Runs may be for a day that is past: then more is known than what is due."""
    billed, since, seen = [], None, ""
    for until in sorted({*runs, *(FIRST + timedelta(days=30 * number) for number in range(18))}):
        facts = Facts(stretches=as_known(rows, until + timedelta(days=late)))
        if not facts.stretches:
            continue
        wanted, _since = compared(facts, "EUR", policy, billed, until)
        if since is not None and seen == facts.digest:
            charges, since = untouched(facts, "EUR", policy, since, until)
            assert list(charges) == list(wanted)
        else:
            charges, since = compared(facts, "EUR", policy, billed, until)
        seen = facts.digest
        billed += [row._replace(id=len(billed) + number) for number, row in enumerate(charges, 1)]
    if rows[-1].ends_on and facts.stretches == rows:
        assert compared(facts, "EUR", policy, billed, FIRST + timedelta(days=1500))[1] == FOREVER


def test_what_is_known_before_its_day_is_not_taken_for_billed():
    """A run for a day that is past knows of a fee that is due after it."""
    held = Stretch("held", FIRST, None, 1, Decimal(30), MONTH)
    fee = DueOnce("fee", Kind.ONE_OFF, FIRST + timedelta(days=10), Decimal(5))
    (charge,), since = compared(Facts(stretches=[held]), "EUR", Policy(), [], FIRST)
    assert since == date(2026, 2, 28)
    facts, billed = Facts(stretches=[held], due_once=[fee]), [charge._replace(id=1)]
    assert compared(facts, "EUR", Policy(), billed, FIRST + timedelta(days=9)) == ([], None)
    (due,), since = compared(facts, "EUR", Policy(), billed, fee.on)
    assert (due.amount, since) == (5, date(2026, 2, 28))
