"""What a document says goes to JSON and back exactly, and adds up."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from invoicing.papers.paper import Paper
from invoicing.papers.rules import contradictions
from invoicing.papers.words import ENGLISH, GERMAN
from tests.invoicing.papers.samples import DRAFT, SAMPLES, published

ALL = {**SAMPLES, "draft": DRAFT}
PUBLISHED = list(published())


@pytest.mark.parametrize("paper", ALL.values(), ids=ALL)
def test_a_paper_comes_back_from_json_as_it_was(paper):
    frozen = json.loads(json.dumps(paper.as_json()))
    assert Paper.from_json(frozen) == paper
    assert Paper.from_json(frozen).as_json() == frozen
    assert contradictions(paper) == []


def test_what_was_frozen_before_a_field_was_has_its_default_and_what_no_paper_has_is_refused():
    frozen = SAMPLES["one line"].as_json()
    del frozen["notes"], frozen["head"]["colour"]
    assert Paper.from_json(frozen).notes == ()
    with pytest.raises(ValueError, match="nonsense"):
        Paper.from_json(frozen | {"nonsense": 1})


@pytest.mark.parametrize(("case", "paper"), PUBLISHED, ids=[case["id"] for case, _paper in PUBLISHED])
def test_published_totals_are_met(case, paper):
    assert {name: str(getattr(paper.totals, name)) for name in case["totals"]} == case["totals"]


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("BR-CO-10", {"net": Decimal("0.01")}),
        ("BR-CO-14", {"tax": Decimal("0.01")}),
        ("BR-CO-15", {"gross": Decimal("0.01")}),
        ("BR-CO-16", {"payable": Decimal("0.01")}),
    ],
)
def test_a_cent_too_much_is_a_contradiction(rule, change):
    paper = SAMPLES["mixed rates"]
    wrong = {name: getattr(paper.totals, name) + cent for name, cent in change.items()}
    assert rule in contradictions(replace(paper, totals=replace(paper.totals, **wrong)))


def test_taxes_that_are_not_those_of_the_lines_are_a_contradiction():
    paper = SAMPLES["mixed rates"]
    first, *rest = paper.taxes
    assert contradictions(replace(paper, taxes=(first,))) == ["BR-CO-18", "BR-CO-14"]
    cheaper = replace(first, tax=first.tax - 1)
    assert "BR-CO-17" in contradictions(replace(paper, taxes=(cheaper, *rest)))


def test_both_languages_have_the_same_places_to_fill_in():
    places = [[set(re.findall(r"{\w+}", text)) for text in words.values()] for words in (ENGLISH, GERMAN)]
    assert places[0] == places[1]
