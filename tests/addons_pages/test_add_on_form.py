"""The form of an add-on: with and without JavaScript, and with what it refuses."""

from decimal import Decimal

import pytest

from addons.models import AddOn, AddOnPackage
from tests.addons.shop import charges, resources_of

NEW = "/console/add-ons/new/"


def values_in(response, name: str) -> str:
    return str(response.context["form"][name].value() or "")


def test_service_type_comes_first(stage):
    page = stage.world.provider.browser().get(NEW)
    assert page.status_code == 200
    assert "Choose a service type" in page.content.decode()
    assert not page.context["form"].resources


def test_continue_brings_the_resources_and_keeps_what_was_typed(stage):
    page = stage.world.provider.browser().post(
        NEW, {"service_type": stage.exchange.pk, "name": "Shared Mailbox", "reseller_price": "2.5", "continue": "1"}
    )
    assert page.status_code == 200
    assert [r.code for r in page.context["form"].resources] == list(stage.resources)
    assert values_in(page, "name") == "Shared Mailbox"
    assert values_in(page, "reseller_price") == "2.5"
    assert "field-error" not in page.content.decode()
    assert not AddOn.objects.exists()


def test_a_service_type_of_another_house_is_none(stage):
    page = stage.world.stranger.browser().post(NEW, {"service_type": stage.exchange.pk, "continue": "1"})
    assert page.context["form"].chosen_type is None


def test_fill_all_takes_the_first_value_and_keeps_the_others(stage):
    data = {
        "service_type": stage.exchange.pk,
        stage.value("user_mailbox"): "9999",
        stage.value("shared_mailbox"): "5",
        "fill": "1",
    }
    page = stage.world.provider.browser().post(NEW, data)
    shown = {code: values_in(page, stage.value(code)) for code in stage.resources}
    assert shown == {**dict.fromkeys(stage.resources, "9999"), "shared_mailbox": "5"}
    assert not AddOn.objects.exists()


def test_fill_all_stays_in_the_group_that_is_shown(stage):
    data = {
        "service_type": stage.exchange.pk,
        "group": "Shared mailboxes",
        stage.value("shared_mailbox"): "9999",
        "fill": "1",
    }
    page = stage.world.provider.browser().post(NEW, data)
    filled = [code for code in stage.resources if values_in(page, stage.value(code))]
    assert filled == ["shared_mailbox", "shared_archive"]


def test_an_add_on_is_made_and_raises_only_what_was_filled(stage):
    answer = stage.world.provider.browser().post(NEW, stage.values)
    add_on = AddOn.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/console/add-ons/{add_on.pk}/")
    granted = [(resource.code, value, minimum) for resource, value, minimum in resources_of(add_on)]
    assert granted == [("shared_mailbox", 9999, 0)]
    packages = set(AddOnPackage.objects.filter(add_on=add_on).values_list("package_id", flat=True))
    assert packages == {stage.wholesale.pk, stage.standard.pk}
    assert (add_on.tenant_id, charges(add_on)) == (stage.world.provider.id, (Decimal("2.5"), 4))


def test_single_packages_can_be_chosen(stage):
    data = {**stage.values, "packages": [stage.standard.pk]}
    del data["every_package"]
    stage.world.provider.browser().post(NEW, data)
    assert list(AddOnPackage.objects.values_list("package_id", flat=True)) == [stage.standard.pk]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"reseller_price": "-1"}, "reseller_price"),
        ({"customer_price": "free"}, "customer_price"),
        ({"customer_price": "1.1234567"}, "customer_price"),
        ({"currency": "euro"}, "currency"),
        ({"cycle": "week"}, "cycle"),
        ({"service_type": "999999"}, "service_type"),
        ({"service_type": "1' or 1=1"}, "service_type"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_everything_typed_is_kept(stage, change, field):
    data = {**stage.values, "description": "Up to 9999", **change}
    page = stage.world.provider.browser().post(NEW, data)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert values_in(page, "description") == "Up to 9999"
    assert values_in(page, field) == change[field]
    assert not AddOn.objects.exists()


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "many", str(10**12 + 1)])
def test_values_are_whole_numbers_in_range(stage, value):
    name = stage.value("room_mailbox")
    page = stage.world.provider.browser().post(NEW, {**stage.values, name: value})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [name]
    assert values_in(page, name) == value


def test_an_add_on_without_any_value_is_refused(stage):
    page = stage.world.provider.browser().post(NEW, {**stage.values, stage.value("shared_mailbox"): ""})
    assert page.status_code == 422
    assert "at least one resource" in page.content.decode()


def test_a_minimum_needs_a_value(stage):
    name = stage.value("room_mailbox")
    minimum = name.replace("value", "minimum")
    page = stage.world.provider.browser().post(NEW, {**stage.values, minimum: "10"})
    assert list(page.context["form"].errors) == [name]
    assert values_in(page, minimum) == "10"


def test_a_name_that_is_taken_is_said_so_with_everything_kept(stage):
    browser = stage.world.provider.browser()
    browser.post(NEW, stage.values)
    page = browser.post(NEW, stage.values)
    assert page.status_code == 422
    assert "already" in page.content.decode()
    assert values_in(page, stage.value("shared_mailbox")) == "9999"
    assert AddOn.objects.count() == 1


def test_editing_shows_what_is_there_and_changes_it(stage):
    browser = stage.world.provider.browser()
    browser.post(NEW, stage.values)
    add_on = AddOn.objects.get()
    url = f"/console/add-ons/{add_on.pk}/edit/"
    page = browser.get(url)
    assert values_in(page, "reseller_price") == "2.5"
    assert values_in(page, stage.value("shared_mailbox")) == "9999"
    fees = {name: page.context["form"][name].value() for name in ("reseller_fee", "account_fee")}
    change = {**stage.values, **fees, "name": "Shared", stage.value("room_mailbox"): "7", "customer_price": "0.000001"}
    assert browser.post(url, change).status_code == 302
    add_on.refresh_from_db()
    assert (add_on.name, charges(add_on)) == ("Shared", (Decimal("2.5"), Decimal("0.000001")))
    assert {(resource.code, value) for resource, value, _least in resources_of(add_on)} == {
        ("shared_mailbox", 9999),
        ("room_mailbox", 7),
    }


@pytest.mark.parametrize("role", ["support", "read_only"])
def test_who_may_not_edit_is_told_so(stage, role):
    from django.test import Client

    from tenants.models import User

    actor = stage.world.provider.member(role)
    browser = Client()
    browser.force_login(User.objects.get(pk=actor.user_id), "allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(NEW).status_code == 403
    assert browser.post(NEW, stage.values).status_code == 403
    assert not AddOn.objects.exists()
