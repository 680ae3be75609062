"""Lists and pages of add-ons: who sees what, and who may do what."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client

from addons.models import AddOn, AddOnPackage
from addons.services.add_ons import change_add_on, deactivate_add_on
from addons.services.sales import sell_add_on
from tenants.models import User
from tests.addons_pages.stage import NOW, uuid4

TABS = ("overview", "versions", "packages", "sales", "copies", "activity")


def browser_of(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def sold(window, subscription, by, quantity=1, add_on=None):
    return sell_add_on(
        actor=by.actor,
        subscription_id=subscription.pk,
        add_on_id=(add_on or window.shared).pk,
        quantity=quantity,
        request_id=uuid4(),
        now=NOW,
    )


def test_the_provider_sees_its_add_ons_and_can_filter_and_export_them(shop_window):
    browser = shop_window.stage.world.provider.browser()
    page = browser.get("/console/add-ons/")
    assert [row.name for row in page.context["table"].data.data] == ["Room Mailbox", "Shared Mailbox"]
    assert "€2.50" in page.content.decode()
    found = browser.get("/console/add-ons/?q=shared").context["table"].data.data
    assert [row.name for row in found] == ["Shared Mailbox"]
    assert "Nothing matches" in browser.get("/console/add-ons/?status=inactive").content.decode()
    lines = b"".join(browser.get("/console/add-ons/?export=csv")).decode().splitlines()
    assert "2.500000,EUR" in lines[1]


def test_another_house_and_who_bought_nothing_see_nothing(shop_window):
    world = shop_window.stage.world
    pages = [
        world.stranger.browser().get("/console/add-ons/"),
        world.south.browser().get("/portal/add-ons/"),
        world.mill.browser().get("/portal/add-ons/"),
    ]
    assert ["Shared Mailbox" in page.content.decode() for page in pages] == [False] * 3
    assert world.stranger.browser().get(f"/console/add-ons/{shop_window.shared.pk}/").status_code == 404
    assert world.south.browser().get(f"/portal/add-ons/{shop_window.shared.pk}/").status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_the_page_answers(shop_window, tab):
    sold(shop_window, shop_window.stage.of_north, shop_window.stage.world.provider, 99999)
    page = shop_window.stage.world.provider.browser().get(f"/console/add-ons/{shop_window.shared.pk}/?tab={tab}")
    assert page.status_code == 200
    if tab == "sales":
        assert "999,890,001" in page.content.decode()


def test_a_reseller_sees_what_it_bought_and_cannot_touch_it(shop_window):
    world = shop_window.stage.world
    sold(shop_window, shop_window.stage.of_north, world.provider)
    browser, url = world.north.browser(), f"/portal/add-ons/{shop_window.shared.pk}/"
    page = browser.get(url)
    assert page.status_code == 200
    assert "Deactivate" not in page.content.decode()
    for path in ("edit/", "packages/"):
        assert browser.get(url + path).status_code == 403
    for path in ("edit/", "packages/", "activate/", "deactivate/"):
        assert browser.post(url + path).status_code == 403
    assert AddOn.objects.get(pk=shop_window.shared.pk).is_active


@pytest.mark.parametrize("path", ["", "edit/", "packages/", "activate/", "deactivate/"])
def test_what_is_not_in_sight_is_not_there(shop_window, path):
    browser = shop_window.stage.world.south.browser()
    url = f"/portal/add-ons/{shop_window.shared.pk}/{path}"
    assert {browser.get(url).status_code, browser.post(url).status_code} <= {404, 405}


def test_a_customer_reads_its_own_price_and_not_what_it_costs_its_seller(shop_window):
    world = shop_window.stage.world
    price = Decimal("2.513")
    change_add_on(actor=world.provider.actor, add_on_id=shop_window.shared.pk, reseller_price=price, now=NOW)
    sold(shop_window, shop_window.stage.of_mill, world.provider)
    browser = world.mill.browser()
    pages = [
        browser.get("/portal/add-ons/"),
        browser.get("/portal/add-ons/?sort=reseller_price"),
        *(browser.get(f"/portal/add-ons/{shop_window.shared.pk}/?tab={tab}") for tab in TABS),
        browser.get(f"/portal/subscriptions/{shop_window.stage.of_mill.pk}/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "2.51" not in page.content.decode()
        assert "Groupware GmbH" not in page.content.decode(), "who stands above its seller is not its business"
    assert "2.51" not in b"".join(browser.get("/portal/add-ons/?export=csv")).decode()
    assert "€4.00" in pages[0].content.decode()


def test_packages_are_chosen_one_by_one_or_all(shop_window):
    browser = shop_window.stage.world.provider.browser()
    url = f"/console/add-ons/{shop_window.rooms.pk}/packages/"
    rows = AddOnPackage.objects.filter(add_on=shop_window.rooms).values_list("package_id", flat=True)
    page = browser.get(url)
    assert page.context["form"]["packages"].value() == [shop_window.stage.standard.pk]
    browser.post(url, {"request_id": uuid4(), "packages": [shop_window.stage.wholesale.pk]})
    assert list(rows.all()) == [shop_window.stage.wholesale.pk]
    answer = browser.post(url, {"request_id": uuid4(), "every_package": "on"})
    assert answer.url == f"/console/add-ons/{shop_window.rooms.pk}/?tab=packages"
    assert set(rows.all()) == {shop_window.stage.wholesale.pk, shop_window.stage.standard.pk}
    refused = browser.post(url, {"request_id": uuid4(), "packages": ["999999"]})
    assert refused.status_code == 422


def test_an_add_on_rests_and_is_sold_again(shop_window):
    browser, url = shop_window.stage.world.provider.browser(), f"/console/add-ons/{shop_window.shared.pk}/"
    assert browser.post(f"{url}deactivate/").status_code == 302
    page = browser.get(url).content.decode()
    assert "Inactive" in page
    assert "bulk-sales/to-resellers/?" not in page
    browser.post(f"{url}activate/")
    assert AddOn.objects.get(pk=shop_window.shared.pk).is_active
    assert browser.get(f"{url}deactivate/").status_code == 405


def test_whoever_only_reads_is_offered_nothing(shop_window):
    browser = browser_of(shop_window.stage.world.provider.member("read_only"))
    page = browser.get(f"/console/add-ons/{shop_window.shared.pk}/").content.decode()
    assert "Deactivate" not in page
    assert "Sell to resellers" not in page
    assert browser.post(f"/console/add-ons/{shop_window.shared.pk}/deactivate/").status_code == 403


def test_search_over_everything_finds_add_ons(shop_window):
    world = shop_window.stage.world
    deactivate_add_on(actor=world.provider.actor, add_on_id=shop_window.rooms.pk, now=NOW)
    assert "Room Mailbox" in world.provider.browser().get(f"/console/search/?q={quote('room mail')}").content.decode()
    assert "Room Mailbox" not in world.south.browser().get("/portal/search/?q=room").content.decode()


def test_the_list_asks_the_database_the_same_however_long_it_is(shop_window, django_assert_max_num_queries):
    browser = shop_window.stage.world.provider.browser()
    browser.get("/console/add-ons/")
    with django_assert_max_num_queries(14):
        browser.get("/console/add-ons/")
