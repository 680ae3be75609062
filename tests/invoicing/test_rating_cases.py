"""What other systems have published comes out to the cent, each case under its own policy."""

from decimal import Decimal
from fractions import Fraction

import pytest

from invoicing.rating.charges import total
from invoicing.rating.engine import rate
from invoicing.rating.taxes import Category, Taxed, totals
from tests.invoicing.cases import Story, read

CASES = read("rating")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_story_is_billed_as_published(case):
    story = Story(case)
    for run in case["runs"]:
        stream = story.as_known(run["until"], is_open=run.get("open", False))
        charges = story.keep(rate(stream, story.policy, run["until"]))
        assert [str(row.amount) for row in charges] == run["amounts"], run["until"]
        if "ratios" in run:
            assert [row.ratio for row in charges] == [Fraction(each) for each in run["ratios"]]
        if "sum" in run:
            assert total(charges) == Decimal(run["sum"])
        if "gross" in run:
            check_document(story, charges, run)
        if "goodwill" in run:
            story.give_goodwill(charges[0], Decimal(run["goodwill"]))
        again = story.as_known(run["until"], is_open=run.get("open", False))
        assert rate(again, story.policy, run["until"]) == [], "nothing is billed twice"


def check_document(story, charges, run):
    document = totals([Taxed(row.amount, Category.STANDARD, Decimal(story.case["tax"])) for row in charges], "EUR")
    assert document.gross == Decimal(run["gross"])
    if "vat" in run:
        assert document.tax == Decimal(run["vat"])
