"""Selling in bulk, step by step, without JavaScript."""

import csv

import pytest

from addons.models import AddOn, AddOnSale, BulkSale
from addons.services.add_ons import create_add_on, deactivate_add_on
from addons.views import preview
from tenants.models import ResellerTerms, User
from tests.addons_pages.stage import NOW, Value, uuid4

TO_RESELLERS, TO_CUSTOMERS = "/console/bulk-sales/to-resellers/", "/console/bulk-sales/to-customers/"


def choices(page, name: str) -> list[str]:
    return [str(label) for value, label in page.context["form"].fields[name].choices if value]


def test_only_resellers_beneath_can_be_chosen(shop_window):
    world = shop_window.stage.world
    assert choices(world.provider.browser().get(TO_RESELLERS), "resellers") == [
        "North",
        "North-East (under North)",
        "South",
    ]
    portal = TO_RESELLERS.replace("console", "portal")
    assert choices(world.north.browser().get(portal), "resellers") == ["North-East (under North)"]
    assert choices(world.south.browser().get(portal), "resellers") == []


def test_owners_are_all_oneself_or_one_reseller(shop_window):
    assert choices(shop_window.stage.world.provider.browser().get(TO_CUSTOMERS), "owner") == [
        "All",
        "Groupware GmbH (direct customers)",
        "North",
        "North-East (under North)",
        "South",
    ]


def test_the_service_type_decides_what_follows(shop_window):
    stage, browser = shop_window.stage, shop_window.stage.world.provider.browser()
    first = browser.get(TO_RESELLERS)
    assert choices(first, "add_on") == []
    data = {"service_type": stage.exchange.pk, "resellers": [stage.world.north.id], "quantity": "7", "continue": "1"}
    page = browser.post(TO_RESELLERS, data)
    assert page.status_code == 200
    assert choices(page, "add_on") == ["Room Mailbox", "Shared Mailbox"]
    assert choices(page, "service_instance") == ["Exchange 2016", "Exchange 2019"]
    assert page.context["form"]["quantity"].value() == "7"
    assert page.context["form"]["resellers"].value() == [str(stage.world.north.id)]
    assert page.context["form"]["only_over_quota"].value() is False, "unticked stays unticked"
    other = browser.post(TO_RESELLERS, {**data, "service_type": stage.backup.pk})
    assert choices(other, "add_on") == choices(other, "service_instance") == []


def test_only_over_quota_is_ticked_at_first(shop_window):
    form = shop_window.stage.world.provider.browser().get(TO_RESELLERS).context["form"]
    names = ("only_over_quota", "skip_already_sold", "create_copy")
    assert [bool(form[name].value()) for name in names] == [True, False, False]


def test_add_ons_that_rest_or_have_no_package_are_not_offered(shop_window):
    stage = shop_window.stage
    deactivate_add_on(actor=stage.world.provider.actor, add_on_id=shop_window.rooms.pk, now=NOW)
    create_add_on(
        actor=stage.world.provider.actor,
        service_type_id=stage.exchange.pk,
        name="Loose",
        currency="EUR",
        cycle="month",
        reseller_price=1,
        customer_price=1,
        values=[Value(stage.resources["room_mailbox"].pk, 1)],
        now=NOW,
    )
    page = stage.world.provider.browser().get(f"{TO_RESELLERS}?service_type={stage.exchange.pk}")
    assert choices(page, "add_on") == ["Shared Mailbox"]


@pytest.mark.parametrize("quantity", ["0", "-5", "2.5", "ten", "100000", ""])
def test_a_quantity_is_a_whole_number_in_range(shop_window, quantity):
    page = shop_window.stage.world.provider.browser().post(TO_RESELLERS, shop_window.order(quantity=quantity))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["quantity"]
    assert page.context["form"]["quantity"].value() == quantity
    assert page.context["form"]["create_copy"].value() is True


def test_somebody_must_be_chosen(shop_window):
    page = shop_window.stage.world.provider.browser().post(TO_RESELLERS, shop_window.order(resellers=[]))
    assert page.status_code == 422
    assert "Choose at least one reseller." in page.content.decode()


def test_a_reseller_out_of_sight_cannot_be_chosen(shop_window):
    world = shop_window.stage.world
    foreign = shop_window.order(resellers=[world.stranger_reseller.id], sell="1")
    page = world.provider.browser().post(TO_RESELLERS, foreign)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["resellers"]
    assert not BulkSale.objects.exists()


def test_the_preview_counts_and_sells_nothing(shop_window):
    stage = shop_window.stage
    both = shop_window.order(resellers=[stage.world.north.id, stage.world.south.id])
    page = stage.world.provider.browser().post(TO_RESELLERS, both)
    text = page.content.decode()
    assert page.status_code == 200
    assert (page.context["total"], page.context["done"]) == (1, 1)
    assert "1 chosen reseller has no subscription of this service: South." in text
    assert "Sell to 1 subscription" in text
    assert "999,890,001" in text
    assert "€249,997.50" in text
    assert not BulkSale.objects.exists()
    assert not AddOnSale.objects.exists()


def test_in_german_it_says_who_is_no_target_and_who_is_owed(shop_window):
    stage = shop_window.stage
    User.objects.filter(pk=stage.world.provider.user.pk).update(language="de")
    both = shop_window.order(resellers=[stage.world.north.id, stage.world.south.id])
    text = stage.world.provider.browser().post(TO_RESELLERS, both).content.decode()
    assert "1 ausgewählter Reseller hat kein Abonnement dieses Dienstes: South." in text
    assert "Forderung von" in text
    assert "249.997,50\xa0€" in text


def test_each_seller_is_owed_its_own_sum(shop_window):
    """What North's customers owe North is no sum of anybody else's; what a commission reseller sells is owed above."""
    ResellerTerms.objects.update(may_oversell=True)
    order = shop_window.customers_order(add_on=shop_window.rooms.pk)
    page = shop_window.stage.world.provider.browser().post(TO_CUSTOMERS, order)
    rows = [[cell for _css, cell in cells] for _row, cells in page.context["charges"].body()]
    assert rows == [
        ["Groupware GmbH", "2", "€8.00", "€0.00", "€0.00", "per month"],
        ["North", "1", "€4.00", "€2.50", "€0.00", "per month"],
        ["North-East", "1", "€4.00", "€2.50", "€0.00", "per month"],
    ]


def test_the_preview_has_every_target_in_pages_and_as_a_file(shop_window, monkeypatch):
    monkeypatch.setattr(preview, "SHOWN", 3)
    browser, order = shop_window.stage.world.provider.browser(), shop_window.customers_order()
    seen = []
    for number, page_has in (("1", 3), ("2", 1)):
        page = browser.post(TO_CUSTOMERS, {**order, "page": number})
        names = [row.named.tenant_name for row, _cells in page.context["targets"].body()]
        assert len(names) == page_has
        seen += names
    assert sorted(seen) == ["Direct", "Kiosk", "Mill", "Shop"]
    assert b'name="page" value="1"' in page.content
    to_two = shop_window.order(resellers=[shop_window.stage.world.north.id, shop_window.stage.world.south.id])
    for url, data, wanted in (
        (TO_CUSTOMERS, order, [*seen]),
        (TO_RESELLERS, to_two, ["North", "South"]),
    ):
        file = browser.post(url, {**data, "export": "csv"})
        assert file["Content-Type"].startswith("text/csv")
        lines = list(csv.reader(b"".join(file).decode().removeprefix("\ufeff").splitlines()))[1:]
        assert [line[3] for line in lines] == wanted
    assert lines[-1][5:] == ["No subscription", "no_subscription"]
    assert not BulkSale.objects.exists()


def test_back_keeps_every_answer(shop_window):
    page = shop_window.stage.world.provider.browser().post(TO_RESELLERS, shop_window.order(back="1"))
    form = page.context["form"]
    assert page.status_code == 200
    assert form["quantity"].value() == "99999"
    assert form["resellers"].value() == [str(shop_window.stage.world.north.id)]
    assert [form[name].value() for name in ("only_over_quota", "skip_already_sold", "create_copy")] == [
        False,
        True,
        True,
    ]


def test_selling_starts_one_job_however_often_the_button_is_pressed(
    shop_window, sent, django_capture_on_commit_callbacks
):
    browser, order = shop_window.stage.world.provider.browser(), shop_window.order(sell="1")
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (browser.post(TO_RESELLERS, order) for _ in range(2))
    sale = BulkSale.objects.get()
    assert first.url == second.url == f"/console/bulk-sales/{sale.pk}/"
    assert set(sent) == {sale.job_id}
    options = (sale.only_over_quota, sale.skip_already_sold, sale.create_copy, sale.quantity)
    assert options == (False, True, True, 99999)
    assert not AddOnSale.objects.exists(), "selling is the worker's"


def test_the_preview_hands_on_what_was_chosen(shop_window):
    """The hidden inputs of the preview are what is sold."""
    browser = shop_window.stage.world.provider.browser()
    page = browser.post(TO_RESELLERS, shop_window.order())
    shown = page.context["form"]
    assert shown.order.resellers == (shop_window.stage.world.north.id,)
    text = page.content.decode()
    for name in ("resellers", "service_type", "service_instance", "add_on", "quantity", "skip_already_sold"):
        assert f'name="{name}"' in text
    assert str(page.context["request_id"]) in text


def test_an_add_on_that_came_to_rest_meanwhile_is_refused(shop_window):
    order = shop_window.order(sell="1")
    deactivate_add_on(actor=shop_window.stage.world.provider.actor, add_on_id=shop_window.shared.pk, now=NOW)
    page = shop_window.stage.world.provider.browser().post(TO_RESELLERS, order)
    assert page.status_code == 422
    assert AddOn.objects.filter(is_active=False).exists()
    assert not BulkSale.objects.exists()


def test_customers_of_all_or_of_one(shop_window):
    stage, browser = shop_window.stage, shop_window.stage.world.provider.browser()
    everybody = browser.post(TO_CUSTOMERS, shop_window.customers_order())
    assert everybody.context["total"] == 4
    of_north = browser.post(TO_CUSTOMERS, shop_window.customers_order(owner=str(stage.world.north.id)))
    assert of_north.context["total"] == 1
    direct = browser.post(TO_CUSTOMERS, shop_window.customers_order(owner=str(stage.world.provider.id)))
    assert direct.context["total"] == 1
    assert browser.post(TO_CUSTOMERS, shop_window.customers_order(owner="999999")).status_code == 422


def test_the_other_instance_has_no_targets(shop_window):
    order = shop_window.order(service_instance=shop_window.stage.other_instance.pk)
    page = shop_window.stage.world.provider.browser().post(TO_RESELLERS, order)
    assert page.status_code == 422
    assert "No subscription matches this selection." in page.content.decode()


@pytest.mark.parametrize("url", [TO_RESELLERS, TO_CUSTOMERS])
def test_customers_do_not_sell(shop_window, url):
    browser = shop_window.stage.world.shop.browser()
    assert browser.get(url.replace("console", "portal")).status_code == 403
    data = shop_window.order(request_id=uuid4(), sell="1")
    assert browser.post(url.replace("console", "portal"), data).status_code == 403
