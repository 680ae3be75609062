"""What is done about a row: raise its allocation, or sell an add-on for it; shown first, done once."""

from uuid import uuid4

import pytest

from addons.models import AddOnSale
from addons.services.add_ons import Value, change_add_on
from reports.selectors import holding_behind, over_usage_rows, remedies
from subscriptions.models import Grant
from tenants.models import ResellerTerms
from tests.reports.callers import api, get, post
from tests.world import NOW

LIST = "/console/reports/usage/quota-over-usage/"
API = "/api/v1/reports/quota-over-usage"


def place(oversold, subscription, do, base=LIST):
    return f"{base}{subscription.pk}/{oversold.mailbox.pk}/{do}/"


def over(oversold):
    return [row["subscription_id"] for row in over_usage_rows(oversold.market.world.provider.actor)]


def send(browser, url, **values):
    return browser.post(url, {"request_id": str(uuid4()), **values})


def test_the_form_is_filled_with_what_is_missing(oversold):
    page = get(oversold.market.world.provider.browser(), place(oversold, oversold.north, "raise"))
    assert page.context["form"].initial["amount"] == 20
    assert (page.context["effect"].allocated, page.context["effect"].remaining) == (120, 0)


def test_a_preview_shows_the_effect_and_does_nothing(oversold):
    browser = oversold.market.world.provider.browser()
    page = send(browser, place(oversold, oversold.north, "raise"), amount=15, preview=1)
    assert (page.status_code, page.context["effect"].remaining) == (200, -5)
    assert "it is still over its quota" in page.content.decode()
    assert oversold.row(oversold.north).allocated == 100


def test_raising_clears_the_row_and_happens_once(oversold):
    browser, url = oversold.market.world.provider.browser(), place(oversold, oversold.north, "raise")
    values = {"amount": 20, "request_id": str(uuid4())}
    assert [send(browser, url, **values).status_code for _ in range(2)] == [302, 302]
    assert oversold.row(oversold.north).allocated == 120
    assert oversold.north.pk not in over(oversold)
    assert Grant.objects.filter(kind="adjustment", amount=20).count() == 1
    assert "raised by 20" in get(browser, url.replace("raise/", "")).content.decode()


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.5", "x", str(10**13), str(10**30)])
def test_what_cannot_be_an_amount(oversold, amount):
    browser = oversold.market.world.provider.browser()
    page = send(browser, place(oversold, oversold.north, "raise"), amount=amount)
    assert page.status_code == 422
    assert page.context["form"].errors["amount"]
    assert oversold.row(oversold.north).allocated == 100


def test_a_seller_who_may_not_oversell_cannot_raise_beyond(oversold):
    world = oversold.market.world
    ResellerTerms.objects.filter(tenant=world.north.id).update(may_oversell=False)
    page = send(world.provider.browser(), place(oversold, oversold.shop, "raise"), amount=5)
    assert page.status_code == 422
    assert "remain" in page.content.decode()


def test_nobody_raises_what_it_holds_itself(oversold):
    browser = oversold.market.world.north.browser()
    portal = LIST.replace("console", "portal")
    own = get(browser, f"{portal}{oversold.north.pk}/{oversold.mailbox.pk}/").content.decode()
    assert "Raise the allocation" not in own
    below = get(browser, f"{portal}{oversold.shop.pk}/{oversold.mailbox.pk}/").content.decode()
    assert "Raise the allocation" in below
    assert send(browser, place(oversold, oversold.north, "raise", portal), amount=1).status_code == 403
    assert send(browser, place(oversold, oversold.shop, "raise", portal), amount=5).status_code == 302
    assert oversold.shop.pk not in over(oversold)


def test_who_only_reads_sees_no_way_to_change(oversold):
    world = oversold.market.world
    reader = world.provider.member("read_only")
    page = remedies(reader, holding_behind(reader, oversold.north.pk, oversold.mailbox.pk), NOW.date())
    assert page == []
    client = api(world.provider, "report.view")
    base = f"{API}/{oversold.north.pk}/{oversold.mailbox.pk}"
    assert client.get(base).status_code == 200
    assert post(client, f"{base}/raise", {"amount": 1}).status_code == 403
    assert post(client, f"{base}/sell", {"add_on": 1, "quantity": 1}).status_code == 403


def test_raising_over_rest(oversold):
    client = api(oversold.market.world.provider)
    url = f"{API}/{oversold.north.pk}/{oversold.mailbox.pk}/raise"
    assert client.get(url).json() == {
        "amount": 20,
        "allocated": 100,
        "utilised": 120,
        "remaining": -20,
        "allocated_after": 120,
        "remaining_after": 0,
    }
    assert client.get(url, {"amount": 5}).json()["remaining_after"] == -15
    assert client.get(url, {"amount": "x"}).status_code == 422
    first, again = (post(client, url, {"amount": 20}) for _ in range(2))
    assert (first.status_code, first.json()["remaining"]) == (200, 0)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert post(client, url, {"amount": 21}).status_code == 422
    assert client.post(url, {"amount": 1}, format="json").status_code == 400
    assert post(client, url, {"amount": 0}, "two").status_code == 422
    assert post(client, url, {"amount": 1, "more": 1}, "two").status_code == 400
    assert oversold.row(oversold.north).allocated == 120


def test_only_what_helps_is_offered_cheapest_first(oversold):
    world, market = oversold.market.world, oversold.market
    dear = oversold.add_on("One by one", value=1)
    cheap = oversold.add_on("Dozen", value=12)
    oversold.add_on("Not associated", packages=[])
    holding = holding_behind(world.provider.actor, oversold.north.pk, oversold.mailbox.pk)
    offers = remedies(world.provider.actor, holding, NOW.date())
    assert [(offer.add_on, offer.needed, offer.remaining(offer.needed)) for offer in offers] == [
        (cheap, 2, 4),
        (dear, 20, 0),
    ]
    assert [str(offer.price(offer.needed).amount) for offer in offers] == ["3.00", "30.00"]
    assert (
        remedies(world.north.actor, holding_behind(world.north.actor, oversold.north.pk, market.mailbox.pk), NOW.date())
        == []
    )


def test_an_offer_is_at_least_what_one_sale_must_grant(oversold):
    actor = oversold.market.world.provider.actor
    values = [Value(oversold.mailbox.pk, 4, 30)]
    change_add_on(actor=actor, add_on_id=oversold.add_on().pk, values=values, now=NOW)
    (offer,) = remedies(actor, holding_behind(actor, oversold.north.pk, oversold.mailbox.pk), NOW.date())
    assert (offer.needed, offer.granted(offer.needed)) == (8, 32)


def test_the_price_is_that_of_the_holder(oversold):
    oversold.add_on()
    actor = oversold.market.world.provider.actor
    for subscription, price in ((oversold.north, "1.50"), (oversold.direct, "2.25")):
        (offer,) = remedies(actor, holding_behind(actor, subscription.pk, oversold.mailbox.pk), NOW.date())
        assert f"{offer.unit_price:.2f}" == price


def test_the_form_says_when_nothing_can_be_sold(oversold):
    page = get(oversold.market.world.provider.browser(), place(oversold, oversold.north, "sell")).content.decode()
    assert "None of your active add-ons raises this resource" in page
    assert 'name="quantity"' not in page


def test_selling_from_the_row_clears_it_once(oversold):
    add_on = oversold.add_on()
    browser, url = oversold.market.world.provider.browser(), place(oversold, oversold.north, "sell")
    page = get(browser, url)
    assert page.context["form"].initial == {"add_on": add_on.pk, "quantity": 5}
    assert "€7.50" in page.content.decode()
    preview = send(browser, url, add_on=add_on.pk, quantity=4, preview=1)
    assert (preview.context["effect"].remaining, preview.context["effect"].price) == (-4, "€6.00")
    assert not AddOnSale.objects.exists()

    values = {"add_on": add_on.pk, "quantity": 5, "request_id": str(uuid4())}
    assert [send(browser, url, **values).status_code for _ in range(2)] == [302, 302]
    sale = AddOnSale.objects.get()
    assert (sale.quantity, sale.subscription_id) == (5, oversold.north.pk)
    assert oversold.row(oversold.north).remaining == 0
    assert oversold.north.pk not in over(oversold)


def test_another_add_on_comes_with_its_own_quantity(oversold):
    oversold.add_on()
    other = oversold.add_on("Singles", value=1)
    page = get(oversold.market.world.provider.browser(), place(oversold, oversold.north, "sell"), add_on=other.pk)
    assert page.context["form"].initial == {"add_on": other.pk, "quantity": 20}


@pytest.mark.parametrize(
    "values", [{"quantity": ""}, {"quantity": "0"}, {"quantity": "100000"}, {"add_on": "0"}, {"add_on": "x"}]
)
def test_what_cannot_be_sold(oversold, values):
    add_on = oversold.add_on()
    url = place(oversold, oversold.north, "sell")
    page = send(oversold.market.world.provider.browser(), url, **{"add_on": add_on.pk, "quantity": 1, **values})
    assert page.status_code == 422
    assert not AddOnSale.objects.exists()


def test_selling_over_rest(oversold):
    add_on = oversold.add_on()
    client, url = api(oversold.market.world.provider), f"{API}/{oversold.north.pk}/{oversold.mailbox.pk}/sell"
    assert client.get(url).json() == {
        "remaining": -20,
        "add_ons": [
            {
                "add_on": add_on.pk,
                "name": "Mailboxes",
                "value": 4,
                "quantity": 5,
                "granted": 20,
                "remaining_after": 0,
                "unit_price": {"amount": "1.50", "currency": "EUR"},
                "price": {"amount": "7.50", "currency": "EUR"},
                "cycle": "month",
            }
        ],
    }
    (other,) = client.get(url, {"quantity": 7}).json()["add_ons"]
    assert (other["price"]["amount"], other["remaining_after"]) == ("10.50", 8)
    first, again = (post(client, url, {"add_on": add_on.pk, "quantity": 5}) for _ in range(2))
    assert first.status_code == 201
    assert again.json() == first.json()
    assert AddOnSale.objects.count() == 1
    assert oversold.row(oversold.north).remaining == 0
