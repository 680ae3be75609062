"""Rates with their days, who owes the tax, and what is known of a VAT ID."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from invoicing.models import TaxRate, VatCheck
from invoicing.rating.liability import Liability
from invoicing.rating.taxation import Rate, taxation
from invoicing.rating.taxes import Category
from invoicing.selectors.taxes import exemption_reason, liabilities_of, liability_of
from invoicing.services.taxes import adopt_standard_rates, set_small_business, set_tax_rate, withdraw_tax_rate
from resellerhub.kernel.periods import Period
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import Event, Profile
from tests.invoicing.cases import read
from tests.world import NOW, Player, World

TODAY = NOW.date()
VAT_ID = "IT00743110157"
CASES = read("taxes")


def lives(player: Player, country: str, vat_id: str = "") -> Player:
    Profile.objects.filter(pk=player.id).update(country=country, vat_id=vat_id)
    return player


def answered(player: Player, state: str, days_ago: int = 0, vat_id: str = VAT_ID) -> VatCheck:
    at = NOW - timedelta(days=days_ago)
    return VatCheck.objects.create(
        provider_id=player.tenant.house_id, tenant=player.tenant, vat_id=vat_id, state=state, made_at=at, answered_at=at
    )


def rate_of(world: World, country: str, percent: str, on: date = date(2000, 1, 1), **more):
    return set_tax_rate(
        actor=world.provider.actor, country=country, percent=Decimal(percent), effective_on=on, now=NOW, **more
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_who_owes_the_tax(world: World, case):
    lives(world.provider, "FR")
    payer = lives(world.direct, case["country"], case.get("vat_id", ""))
    rate_of(world, "FR", "20")
    rate_of(world, "IT", "22")
    if case.get("small"):
        set_small_business(actor=world.provider.actor, is_small=True, effective_on=date(2026, 1, 1), now=NOW)
    if "answer" in case:
        answered(payer, case["answer"], case.get("answered", 30))
    found = liability_of(world.provider.id, payer.id, TODAY)
    assert found.waits == case.get("waits", "")
    if "category" in case:
        counts = found.on(TODAY)
        assert counts is not None
        assert (counts.category, counts.percent) == (case["category"], Decimal(case["rate"]))


def test_many_payers_cost_what_one_does(world: World, django_assert_num_queries):
    lives(world.provider, "FR")
    rate_of(world, "FR", "20")
    payers = [lives(player, "FR").id for player in (world.direct, world.mill, world.shop)]
    for ids in (payers[:1], payers):
        with django_assert_num_queries(4):
            assert set(liabilities_of(world.provider.id, ids, TODAY)) == set(ids)


JULY, YEAR_END = date(2020, 7, 1), date(2021, 1, 1)


def test_a_line_is_split_where_its_rate_changes():
    """Germany, 2020; the pieces come to the line, and each is taxed at the rate of its days."""
    rates = [Rate(date(2007, 1, 1), Category.STANDARD, Decimal(19)), Rate(JULY, Category.STANDARD, Decimal(16))]
    taxed = taxation(Liability(Category.STANDARD, "DE"), rates, [(YEAR_END, True)])
    pieces = taxed.split(Period(date(2020, 6, 16), date(2020, 7, 16)), Decimal("0.01"), "EUR")
    assert [(piece.amount, piece.rate) for piece in pieces] == [(Decimal("0.01"), 19), (Decimal(0), 16)]
    pieces = taxed.split(Period(date(2020, 12, 22), date(2021, 1, 11)), Decimal(-20), "EUR")
    assert [(piece.amount, piece.category) for piece in pieces] == [(Decimal(-10), "S"), (Decimal(-10), "E")]
    assert taxed.split(Period(JULY, JULY), Decimal(5), "EUR")[0].rate == 16
    assert taxed.split(Period(date(2006, 12, 1), date(2007, 2, 1)), Decimal(5), "EUR") is None


def test_a_rate_is_said_corrected_and_withdrawn(world: World):
    row = rate_of(world, "DE", "19")
    assert rate_of(world, "DE", "19").pk == row.pk
    assert rate_of(world, "DE", "25.5").pk == row.pk
    assert list(TaxRate.objects.values_list("percent", flat=True)) == [Decimal("25.500")]
    rate_of(world, "DE", "0", TODAY + timedelta(days=40), category="Z")
    withdraw_tax_rate(actor=world.provider.actor, tax_rate_id=row.pk, now=NOW)
    said = Event.objects.filter(subject_type="taxrate").order_by("pk")
    assert [(event.kind, event.after["percent"] if event.after else None) for event in said] == [
        ("tax_rate.set", "19"),
        ("tax_rate.set", "25.5"),
        ("tax_rate.set", "0"),
        ("tax_rate.withdrawn", None),
    ]
    assert adopt_standard_rates(actor=world.provider.actor, now=NOW) == 26
    assert adopt_standard_rates(actor=world.provider.actor, now=NOW) == 0


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("country", {"country": "XX"}),
        ("percent", {"percent": Decimal("100.001")}),
        ("percent", {"percent": Decimal("NaN")}),
        ("percent", {"percent": Decimal("0.0001")}),
        ("percent", {"percent": Decimal(0)}),
        ("percent", {"category": "Z"}),
        ("category", {"category": "AE", "percent": Decimal(0)}),
        ("effective_on", {"effective_on": date(3000, 1, 1)}),
    ],
)
def test_what_is_no_rate_is_refused(world: World, field, values):
    said = {"country": "DE", "percent": Decimal(19), "effective_on": TODAY} | values
    with pytest.raises(Invalid) as refused:
        set_tax_rate(actor=world.provider.actor, now=NOW, **said)
    assert field in refused.value.errors


def test_only_the_provider_says_rates(world: World):
    for actor in (world.north.actor, world.provider.member("billing")):
        with pytest.raises(Forbidden):
            set_tax_rate(actor=actor, country="DE", percent=Decimal(19), effective_on=TODAY, now=NOW)
    row = rate_of(world, "DE", "19")
    with pytest.raises(NotFound):
        withdraw_tax_rate(actor=world.stranger.actor, tax_rate_id=row.pk, now=NOW)


def test_the_reason_is_in_the_language_of_the_document():
    assert "§ 19 UStG" in exemption_reason(Category.EXEMPT, "DE", "de")
    assert exemption_reason(Category.EXEMPT, "FR", "en").startswith("Exempt from VAT as a small business (Art")
    assert not exemption_reason(Category.REVERSE_CHARGE, "DE", "de")


RAW = {
    "two for one day": "INSERT INTO invoicing_taxrate (provider_id, country, effective_on, category, percent, made_at)"
    " SELECT provider_id, country, effective_on, 'S', 7, made_at FROM invoicing_taxrate",
    "taxed at nothing": "UPDATE invoicing_taxrate SET percent = 0",
    "no number": "UPDATE invoicing_taxrate SET percent = 'NaN'",
    "an answer changed": "UPDATE invoicing_vatcheck SET state = 'valid'",
    "an answer deleted": "DELETE FROM invoicing_vatcheck WHERE state = 'invalid'",
    "asked twice": "INSERT INTO invoicing_vatcheck (provider_id, tenant_id, vat_id, requester, state, made_at,"
    " retry_at, tries, problem, consultation)"
    " SELECT provider_id, tenant_id, vat_id, '', 'unknown', now(), now(), 0, '', ''"
    " FROM invoicing_vatcheck, generate_series(1, 2)",
}


@pytest.mark.parametrize("sql", RAW.values(), ids=RAW)
def test_the_database_refuses(world: World, sql):
    rate_of(world, "DE", "19")
    answered(world.direct, "invalid")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_page_of_tax_rates(world: World):
    browser = world.provider.browser()
    assert browser.post("/console/tax-rates/adopt/").status_code == 302
    page = browser.get("/console/tax-rates/").content.decode()
    assert "Finland" in page
    assert "25.5 %" in page
    said = {"country": "DE", "category": "S", "percent": "101", "effective_on": "2026-01-01"}
    bad = browser.post("/console/tax-rates/new/", said | {"request_id": "00000000-0000-4000-8000-000000000001"})
    assert bad.status_code == 422
    assert 'value="101"' in bad.content.decode()
    good = browser.post(
        "/console/tax-rates/new/", said | {"percent": "16", "request_id": "00000000-0000-4000-8000-000000000001"}
    )
    assert good.status_code == 302
    row = TaxRate.objects.get(percent=16)
    assert (
        browser.post(
            f"/console/tax-rates/{row.pk}/withdraw/", {"request_id": "00000000-0000-4000-8000-000000000001"}
        ).status_code
        == 302
    )
    assert not TaxRate.objects.filter(pk=row.pk).exists()
    reseller = world.north.browser()
    assert "Withdraw" not in reseller.get("/portal/tax-rates/").content.decode()
    assert reseller.get("/portal/tax-rates/new/").status_code == 403
    small = {"is_small": "on", "effective_on": "2027-01-01", "request_id": "00000000-0000-4000-8000-000000000001"}
    assert reseller.post("/portal/small-business/edit/", small).status_code == 302
    assert "Jan" in reseller.get("/portal/small-business/").content.decode()
    assert world.shop.browser().get("/portal/tax-rates/").status_code == 403


def test_tax_rates_over_rest(world: World):
    api = world.provider.api()
    said = {"country": "DE", "percent": "19", "effective_on": "2021-01-01"}
    made = api.post("tax-rates", said)
    assert (made.status_code, made.json()["percent"]) == (201, "19.000")
    assert api.post("tax-rates", said | {"percent": "-1"}).status_code == 422
    assert world.north.api().post("tax-rates", said).status_code == 403
    assert len(world.north.api().get("tax-rates", country="DE").json()["results"]) == 1
    assert world.stranger.api().get("tax-rates").json()["results"] == []
    row = made.json()["id"]
    assert world.stranger.api().post(f"tax-rates/{row}/withdraw").status_code == 404
    assert api.post(f"tax-rates/{row}/withdraw").status_code == 204
    assert api.post("tax-rates/adopt").json() == {"countries": 27}
    small = {"is_small": True, "effective_on": "2027-01-01"}
    assert world.north.api().post("small-business", small).status_code == 200
    assert [row["is_small"] for row in world.north.api().get("small-business").json()["results"]] == [True]
    assert world.south.api().get("small-business").json()["results"] == []
