"""One sale on one subscription, from the subscription's page, and its end."""

import pytest

from addons.models import AddOnSale
from addons.services.add_ons import deactivate_add_on
from addons.services.ending import cancel_add_on_sale
from subscriptions.models import Holding
from tenants.models import User
from tests.addons_pages.stage import NOW, uuid4


def sell_url(subscription, shell="console") -> str:
    return f"/{shell}/subscriptions/{subscription.pk}/add-ons/new/"


def allocated(stage, subscription, code) -> int:
    row = Holding.objects.filter(subscription=subscription, resource=stage.resources[code]).first()
    return row.allocated if row else 0


def test_an_add_on_is_sold_once_however_often_the_form_is_sent(shop_window):
    stage, browser = shop_window.stage, shop_window.stage.world.provider.browser()
    form = {"request_id": uuid4(), "add_on": shop_window.shared.pk, "quantity": "99999"}
    for _ in range(2):
        answer = browser.post(sell_url(stage.of_north), form)
        assert answer.url == f"/console/subscriptions/{stage.of_north.pk}/"
    assert AddOnSale.objects.count() == 1
    assert allocated(stage, stage.of_north, "shared_mailbox") == 999_890_001
    assert allocated(stage, stage.of_north, "user_mailbox") == 500
    page = browser.get(answer.url).content.decode()
    assert "Shared mailboxes: 999,890,001" in page
    assert "99,999" in page


def test_the_activity_of_a_subscription_tells_of_its_sales(shop_window):
    """On its page and over REST, to those who see it; of other subscriptions nothing."""
    stage, world = shop_window.stage, shop_window.stage.world
    form = {"request_id": uuid4(), "add_on": shop_window.shared.pk, "quantity": "2"}
    world.provider.browser().post(sell_url(stage.of_north), form)
    sale = AddOnSale.objects.get()
    cancel_add_on_sale(actor=world.provider.actor, sale_id=sale.pk, now=NOW)
    page = world.provider.browser().get(f"/console/subscriptions/{stage.of_north.pk}/").content.decode()
    assert "Sale of an add-on cancelled" in page
    assert "Add-on sold" in page
    url = f"subscriptions/{stage.of_north.pk}/events"
    for player in (world.provider, world.north):
        kinds = [(row["kind"], row["subject"]) for row in player.api().get(url).json()["results"]]
        assert kinds == [
            ("add_on.cancelled", sale.pk),
            ("add_on.sold", sale.pk),
            ("subscription.opened", stage.of_north.pk),
        ]
    assert world.south.api().get(url).status_code == 404
    other = world.provider.api().get(f"subscriptions/{stage.of_mill.pk}/events").json()["results"]
    assert [row["kind"] for row in other] == ["subscription.opened"]


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "lots", "100000", ""])
def test_a_quantity_is_a_whole_number_in_range(shop_window, quantity):
    form = {"request_id": uuid4(), "add_on": shop_window.shared.pk, "quantity": quantity}
    page = shop_window.stage.world.provider.browser().post(sell_url(shop_window.stage.of_north), form)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["quantity"]
    assert page.context["form"]["add_on"].value() == str(shop_window.shared.pk)
    assert not AddOnSale.objects.exists()


def test_only_what_fits_the_package_is_offered(shop_window):
    stage, browser = shop_window.stage, shop_window.stage.world.provider.browser()

    def offered(subscription):
        return [str(row) for row in browser.get(sell_url(subscription)).context["form"].fields["add_on"].queryset]

    assert offered(stage.of_north) == ["Shared Mailbox"]
    assert offered(stage.of_mill) == ["Room Mailbox", "Shared Mailbox"]
    deactivate_add_on(actor=stage.world.provider.actor, add_on_id=shop_window.shared.pk, now=NOW)
    assert offered(stage.of_north) == []


def test_what_remains_is_said_when_the_seller_may_not_oversell(shop_window):
    form = {"request_id": uuid4(), "add_on": shop_window.shared.pk, "quantity": "1"}
    page = shop_window.stage.world.provider.browser().post(sell_url(shop_window.stage.of_shop), form)
    assert page.status_code == 422
    assert "9999 were asked for" in page.content.decode()


def test_nobody_sells_to_itself_or_to_others(shop_window):
    stage, world = shop_window.stage, shop_window.stage.world
    assert world.north.browser().get(sell_url(stage.of_north, "portal")).status_code == 404
    assert world.south.browser().get(sell_url(stage.of_shop, "portal")).status_code == 404
    assert world.shop.browser().get(sell_url(stage.of_shop, "portal")).status_code == 403


def test_a_sale_ends_after_a_word_was_typed(shop_window):
    stage, browser = shop_window.stage, shop_window.stage.world.provider.browser()
    browser.post(sell_url(stage.of_mill), {"request_id": uuid4(), "add_on": shop_window.rooms.pk, "quantity": "2"})
    sale = AddOnSale.objects.get()
    url = f"/console/add-on-sales/{sale.pk}/cancel/"
    assert browser.post(url, {"request_id": uuid4(), "confirm": "maybe"}).status_code == 422
    User.objects.filter(pk=stage.world.provider.user.pk).update(language="de")
    said = browser.post(url, {"request_id": uuid4(), "confirm": "Ja"})  # the word is the same in every language
    assert (said.status_code, said.context["form"].word) == (422, "Yes")
    assert shop_window.stage.world.north.browser().get(url.replace("console", "portal")).status_code == 404
    answer = browser.post(url, {"request_id": uuid4(), "confirm": "Yes"})
    assert answer.url == f"/console/subscriptions/{stage.of_mill.pk}/"
    sale.refresh_from_db()
    assert sale.state == "cancelled"
    assert allocated(stage, stage.of_mill, "room_mailbox") == 0
