import pytest
from django.urls import reverse

from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event, User
from tenants.services.visibility import hide_customers
from tests.subscriptions.prices import recording
from tests.world import NOW


@pytest.fixture
def operator(client, db):
    client.force_login(
        User.objects.create_superuser("operator@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def of_house(player):
    """An operator who works for a provider."""
    User.objects.filter(pk=player.user.pk).update(is_staff=True, is_superuser=True)
    return player.browser()


def test_the_timeline_is_shown_and_operations_are_those_of_the_console(market):
    world = market.world
    sold = market.sell(world.direct, package=recording(market))
    browser, rows = of_house(world.provider), reverse("admin:subscriptions_subscription_changelist")
    page = browser.get(reverse("admin:subscriptions_subscription_change", args=[sold.pk])).content.decode()
    assert "Account fee: 20 EUR per month" in page
    for action, state in (("suspend", "suspended"), ("resume", "active")):
        browser.post(rows, {"action": action, "_selected_action": [sold.pk]})
        sold.refresh_from_db()
        assert sold.state == state
    answer = browser.post(rows, {"action": "resume", "_selected_action": [sold.pk]}, follow=True)
    assert "Only a suspended subscription can be resumed." in answer.content.decode()
    told = Event.objects.filter(kind="subscription.suspended").get()
    assert told.user_id == world.provider.user.pk


def test_another_house_sees_nothing_and_changes_nothing(market):
    sold = market.sell(market.world.direct, name="Ours alone")
    browser, rows = of_house(market.world.stranger), reverse("admin:subscriptions_subscription_changelist")
    assert "Ours alone" not in browser.get(rows).content.decode()
    assert "Exchange 2019" not in browser.get(rows).content.decode()  # nor as a choice of a filter
    assert browser.get(reverse("admin:subscriptions_subscription_change", args=[sold.pk])).status_code == 302
    browser.post(rows, {"action": "suspend", "_selected_action": [sold.pk]})
    sold.refresh_from_db()
    assert sold.state == "active"


def test_hidden_names_are_hidden_here_too(market):
    world = market.world
    market.subscribe(world.north)
    sold = market.sell(world.shop, by=world.north, name="Shop mail")
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=NOW)
    market.sell(world.direct)
    browser, rows = of_house(world.provider), reverse("admin:subscriptions_subscription_changelist")
    for page in (rows, reverse("admin:subscriptions_subscription_change", args=[sold.pk])):
        said = browser.get(page).text
        assert "Shop" not in said
        assert f"Customer {world.shop.id}" in said
    assert "Direct" in browser.get(rows).text
    assert "Groupware GmbH" in browser.get(reverse("admin:catalog_package_changelist")).text
    browser.force_login(User.objects.create_superuser("outside@example.org"))
    everything = browser.get(rows).text
    assert ("Shop" in everything, "Direct" in everything) == (False, True)
    assert len(browser.get(rows, {"q": "Shop mail"}).context["cl"].result_list) == 0
    answer = browser.post(rows, {"action": "resume", "_selected_action": [sold.pk]}, follow=True)
    assert "Shop mail" not in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "catalog_servicetype",
        "catalog_serviceinstance",
        "catalog_package",
        "subscriptions_subscription",
        "subscriptions_grant",
        "subscriptions_usageevent",
        "catalog_resource",
    ],
)
def test_operators_look_and_change_nothing(market, operator, name):
    sold = market.sell(market.world.direct)
    measure = Measure("e", sold.pk, "user_mailbox", 1, NOW)
    ingest_usage(actor=market.world.provider.actor, measures=[measure], now=NOW)
    rows = operator.get(reverse(f"admin:{name}_changelist"))
    assert rows.status_code == 200
    row = rows.context["cl"].result_list[0]
    page = reverse(f"admin:{name}_change", args=[row.pk])
    assert operator.get(page).status_code == 200
    assert operator.post(page, {}).status_code == 403
    assert operator.get(reverse(f"admin:{name}_add")).status_code == 403
    assert operator.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
