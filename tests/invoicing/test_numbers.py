"""Numbers: 1, 2, 3 … in the order of their days, whoever issues, whatever fails meanwhile."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from invoicing.document_verify import charges, series, sums
from invoicing.models import Document, NumberSeries
from invoicing.refusals import DatesGoBack, NotADraft, NotYet
from invoicing.services.issuing import issue_document, issue_documents
from invoicing.services.series import BeginsAlike, set_number_series
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Busy, Invalid
from tests.invoicing.paperwork import Office, drafts_of_hand_made_charges
from tests.together import together
from tests.world import NOW


class Broken(Exception):
    pass


@operation
def issue_and_break(office: Office, pk: int, breaks: bool, now: datetime) -> None:
    """The transaction is gone after all was written, as when its client is."""
    issue_document(actor=office.world.north.actor, document_id=pk, now=now)
    if breaks:
        raise Broken


def storm(office: Office, drafts: list[int], clients: int = 10) -> None:
    """Each client issues its share, a fifth of the tries fail, until all are issued."""

    def client(mine: list[int], dice: random.Random) -> None:
        while mine:
            pk = mine[0]
            try:
                issue_and_break(office, pk, dice.random() < 0.2, NOW + timedelta(seconds=dice.randrange(3600)))
            except (Broken, Busy):
                mine.append(mine.pop(0))
            else:
                mine.pop(0)

    dice = random.Random(20261122)  # noqa: S311
    dices = [random.Random(dice.random()) for _each in range(clients)]  # noqa: S311
    together(*(lambda n=n: client(drafts[n::clients], dices[n]) for n in range(clients)))


def numbers() -> list[int]:
    rows = Document.objects.filter(kind="invoice", state="issued").order_by("number")
    days = list(rows.values_list("issued_on", flat=True))
    assert days == sorted(days)
    return list(rows.values_list("number", flat=True))


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.django_db(transaction=True)
def test_many_clients_issue_without_a_gap(world, count):
    office = Office(world)
    drafts = drafts_of_hand_made_charges(office, count)
    storm(office, drafts)
    assert numbers() == list(range(1, count + 1))
    assert series() + sums() + charges() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_the_same_draft_give_it_one_number(world):
    office = Office(world)
    (draft,) = drafts_of_hand_made_charges(office, 1)
    issue = lambda: issue_document(actor=world.north.actor, document_id=draft, now=NOW)  # noqa: E731
    outcomes = together(issue, issue)
    assert sorted(type(each).__name__ for each in outcomes) == ["Document", "NotADraft"]
    assert numbers() == [1]


@pytest.mark.django_db(transaction=True)
def test_what_is_billed_at_once_by_two_stands_on_one(world):
    office = Office(world)
    office.sold()
    office.charge()
    outcomes = together(lambda: office.drafts(), lambda: office.drafts())
    assert sorted(len(each) for each in outcomes) == [0, 1]


@pytest.fixture
def office(world) -> Office:
    return Office(world)


def test_days_do_not_go_back_and_none_is_to_come(office):
    first, second, third = drafts_of_hand_made_charges(office, 3)
    issue_document(actor=office.world.north.actor, document_id=first, now=NOW)
    with pytest.raises(DatesGoBack):
        issue_document(actor=office.world.north.actor, document_id=second, on=date(2026, 11, 19), now=NOW)
    with pytest.raises(NotYet):
        issue_document(actor=office.world.north.actor, document_id=second, on=date(2026, 11, 21), now=NOW)
    with pytest.raises(NotADraft):
        issue_documents(actor=office.world.north.actor, document_ids=[first, third], now=NOW)
    assert numbers() == [1]


def test_numbers_begin_anew_each_year_and_as_the_issuer_says(office):
    actor = office.world.north.actor
    drafts = drafts_of_hand_made_charges(office, 5)
    set_number_series(actor=actor, kind="invoice", pattern="{year}/R-", start=41, digits=3, now=NOW)
    issue_documents(actor=actor, document_ids=drafts[:2], now=NOW)
    issue_document(actor=actor, document_id=drafts[2], now=datetime(2027, 1, 4, tzinfo=UTC))
    set_number_series(actor=actor, kind="invoice", pattern="Rechnung-", now=NOW)
    issue_documents(actor=actor, document_ids=drafts[3:], now=datetime(2027, 1, 5, tzinfo=UTC))
    called = Document.objects.filter(pk__in=drafts).order_by("pk").values_list("full_number", flat=True)
    assert list(called) == ["2026/R-041", "2026/R-042", "2027/R-001", "Rechnung-0001", "Rechnung-0002"]
    with pytest.raises(BeginsAlike):
        set_number_series(actor=actor, kind="invoice", pattern="{year}/R-", now=NOW)
    assert NumberSeries.objects.count() == 3
    assert series() == []


@pytest.mark.parametrize("pattern", ["R{year}", "R2", "R-{month}-", "Straße-", "R " * 3, "x" * 40])
def test_a_pattern_that_cannot_be(office, pattern):
    with pytest.raises(Invalid):
        set_number_series(actor=office.world.north.actor, kind="invoice", pattern=pattern, now=NOW)
