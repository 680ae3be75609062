"""What needs no comparison is billed as if it had been compared."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from invoicing.facts.comparing import FOREVER, compared, untouched
from invoicing.facts.streams import Facts
from tests.invoicing.cases import as_known
from tests.invoicing.test_rating_properties import EXAMPLES, FIRST, days, policies, timelines


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
