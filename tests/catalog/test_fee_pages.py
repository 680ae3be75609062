"""Fees in the browser and over REST, and packages that have them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Fee
from tests.catalog.test_fees import in_force, make, switch


def fee_form(**changes):
    terms = {"amount": "20", "cycle": "month", "billed": "advance", "prorates_first": "on"}
    named = {"kind": "account", "name": "Seats", "currency": "EUR", "is_shared": "on"}
    return terms | named | {"request_id": uuid4()} | changes


@pytest.mark.parametrize(("who", "shell"), [("provider", "console"), ("north", "portal")])
def test_a_fee_is_made_switched_and_revised(world, who, shell):
    browser = getattr(world, who).browser()

    def url(name, *args):
        return reverse(f"{shell}:{name}", args=args)

    refused = browser.post(url("fee_create"), fee_form(amount="-1", public_name="Your seat"))
    assert (refused.status_code, b'value="Your seat"' in refused.content) == (422, True)
    assert b"id_amount_error" in refused.content or b'aria-invalid="true"' in refused.content
    made = browser.post(url("fee_create"), fee_form(public_name="Your seat"))
    fee = Fee.objects.get()
    assert (made.url, fee.tenant_id, fee.is_shared) == (url("fee", fee.pk), getattr(world, who).id, True)
    day = (timezone.now().date() + timedelta(days=40)).isoformat()
    twice = browser.post(url("fee_revise", fee.pk), fee_form(amount="25", amount_month="24", effective_on=day))
    assert (twice.status_code, b"This is the billing cycle of the fee" in twice.content) == (422, True)
    revised = browser.post(url("fee_revise", fee.pk), fee_form(amount="25", amount_year="250", effective_on=day))
    assert (revised.url, in_force(fee, date.fromisoformat(day))) == (url("fee", fee.pk), 25)
    late = browser.post(url("fee_revise", fee.pk), fee_form(amount="26", effective_on="2020-01-01"))
    assert (late.status_code, b"today or later" in late.content) == (422, True)
    browser.post(url("fee_edit", fee.pk), {"name": "Seat", "is_active": "on", "request_id": uuid4()})
    fee.refresh_from_db()
    assert (fee.name, fee.is_shared) == ("Seat", False)
    shown = browser.get(url("fee", fee.pk)).content.decode()
    assert "€20.00" in shown
    assert "€25.00" in shown
    assert "€250.00 per year" in shown
    assert "Seat" in browser.get(url("fees")).content.decode()
    assert b"Seat" in browser.get(url("fees"), {"export": "csv"}).getvalue()


def test_a_package_is_given_fees_and_says_who_uses_it(market):
    provider = market.world.provider
    browser = provider.browser()
    owed, kept = make(provider, "reseller", name="Owed"), make(provider, name="Kept")
    values = {"name": "Seats", "audience": "customer", "is_shared": "on", f"limit_{market.mailbox.pk}": 1}
    values |= {"reseller_fee": owed.pk, "account_fee": kept.pk}
    refused = browser.post(reverse("console:package_create"), values | {"request_id": uuid4()})
    assert refused.status_code == 422
    assert "Share with resellers" in refused.content.decode()
    switch(provider, kept, is_shared=True)
    made = browser.post(reverse("console:package_create"), values | {"request_id": uuid4()})
    shown = browser.get(made.url).content.decode()
    assert "Owed" in shown
    assert "Kept" in shown
    assert "Used by: Open subscriptions (0)" in shown
    assert "Seats" in browser.get(reverse("console:fee", args=[owed.pk])).content.decode()
    portal = market.world.north.browser()
    theirs = portal.get(made.url.replace("console", "portal")).content.decode()
    assert "Owed" in theirs
    assert "Kept" in theirs
    below = market.world.north_east.browser().get(made.url.replace("console", "portal")).content.decode()
    assert "Owed" not in below
    assert "Kept" in below


def test_who_manages_a_package_sees_what_it_owes_and_cannot_write_it(market):
    world = market.world
    owed, own = make(world.provider, "reseller", name="Owed"), make(world.north, name="Own")
    fees = {"reseller_fee_id": owed.pk, "account_fee_id": own.pk}
    package = market.package("Seats", "customer", {market.mailbox: 1}, fees, managed_by_id=world.north.id)
    form = world.north.browser().get(reverse("portal:package_edit", args=[package.pk])).content.decode()
    field = form[form.index('name="reseller_fee"') :]
    assert "disabled" in field[: field.index(">")]
    assert "Owed" in field
    assert world.south.browser().get(reverse("portal:package_edit", args=[package.pk])).status_code == 404


BODY = {"kind": "account", "name": "Seats", "amount": {"amount": "20.00", "currency": "EUR"}, "is_shared": True}


def test_a_fee_over_rest(world):
    api = world.north.api()
    made = api.post("fees", BODY | {"minimum_months": 12})
    assert made.status_code == 201, made.content
    fee = made.json()
    assert fee["in_force"]["amount"] == {"amount": "20.00", "currency": "EUR"}
    assert (fee["managed_by"], fee["in_force"]["minimum_months"]) == (world.north.id, 12)
    path = f"fees/{fee['id']}"
    body = {"amount": {"amount": "30", "currency": "EUR"}, "effective_on": "2090-01-01"}
    assert api.post(f"{path}/versions", body).status_code == 201
    assert [row["amount"]["amount"] for row in api.get(f"{path}/versions").json()["results"]] == ["30.00", "20.00"]
    unknown = api.post("fees", BODY | {"name": "None", "amount": {"amount": "1", "currency": "XXZ"}})
    assert "No such currency is in use." in unknown.text
    wrong = api.post(f"{path}/versions", body | {"amount": {"amount": "30", "currency": "USD"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "currency-kept")
    late = api.post(f"{path}/versions", body | {"effective_on": "2020-01-01"})
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "#/effective_on")
    by_year = body | {"effective_on": "2091-01-01", "amounts": {"year": {"amount": "300", "currency": "EUR"}}}
    assert api.post(f"{path}/versions", by_year).status_code == 201
    year, quarter = (api.get(f"{path}/versions").json()["results"][0]["amounts"][name] for name in ("year", "quarter"))
    assert (year, quarter) == ({"amount": "300.00", "currency": "EUR"}, None)
    for amounts, pointer in (
        ({"month": {"amount": "1", "currency": "EUR"}}, "#/amounts/month"),
        ({"year": {"amount": "1", "currency": "USD"}}, "#/amounts/year"),
        ({"year": {"amount": "-1", "currency": "EUR"}}, "#/amounts/year"),
    ):
        bad = api.post(f"{path}/versions", body | {"amounts": amounts})
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, pointer)
    for player, status in ((world.south, 404), (world.north_east, 200), (world.shop, 403), (world.provider, 200)):
        assert player.api().get(path).status_code == status
    for player in (world.south, world.stranger):
        assert player.api().post(f"{path}/versions", body).status_code == 404
        assert player.api().get("fees").json()["results"] == []


def test_the_reasons_are_named(market):
    world = market.world
    owed, own = make(world.provider, "reseller"), make(world.north)
    package = market.package(
        "Seats", "customer", {market.mailbox: 1}, {"reseller_fee_id": owed.pk}, managed_by_id=world.north.id
    )
    api = world.north.api()

    def patch(path, **body):
        answer = api.patch(path, body)
        return answer.status_code, answer.json().get("code")

    assert patch(f"packages/{package.pk}", account_fee=own.pk) == (200, None)
    assert patch(f"packages/{package.pk}", reseller_fee=None) == (403, "reseller-fee-fixed")
    assert patch(f"packages/{package.pk}", reseller_fee=own.pk) == (403, "reseller-fee-fixed")
    assert patch(f"fees/{owed.pk}", name="Free") == (403, "managed-by-another")
    assert patch(f"packages/{market.standard.pk}", name="Ours") == (403, "managed-by-another")
    assert patch(f"packages/{package.pk}", effective_on="2020-01-01", name="X") == (422, "before-today")
    versions = api.get(f"packages/{package.pk}/versions").json()["results"]
    assert [(row["reseller_fee"], row["account_fee"]) for row in versions] == [(owed.pk, own.pk), (owed.pk, None)]
    body = {"service_type": market.exchange.pk, "name": "X", "audience": "customer", "managed_by": world.south.id}
    limits = [{"resource": market.mailbox.pk, "limit": 1}]
    assert api.post("packages", body | {"limits": limits}).status_code == 403
    usd = make(world.provider, currency="USD", is_shared=True)
    made = world.provider.api().post(
        "packages", body | {"limits": limits, "reseller_fee": owed.pk, "account_fee": usd.pk}
    )
    assert (made.status_code, made.json()["code"]) == (422, "currencies-differ")


def test_lists_take_few_queries(market, django_assert_max_num_queries):
    provider = market.world.provider
    api = provider.api()
    for number in range(5):
        fee = make(provider, is_shared=True)
        market.package(f"Package {number}", "customer", {market.mailbox: 1}, {"account_fee_id": fee.pk})
    with django_assert_max_num_queries(12):
        assert len(api.get("packages", limit=50).json()["results"]) == 7
    with django_assert_max_num_queries(8):
        assert len(api.get("fees").json()["results"]) == 5
