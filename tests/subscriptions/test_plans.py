from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import Package, Resource, ServiceInstance, ServiceType
from catalog.refusals import ManagedByAnother
from catalog.services.packages import Content, change_package, content_on
from catalog.services.types import create_service_type
from resellerhub.kernel.refusals import Forbidden, Invalid
from subscriptions.refusals import CommissionReseller, NotGranted, NothingGranted
from subscriptions.services.life.standing import suspend_subscription
from subscriptions.services.selling.plans import change_plan, create_plan
from tests.subscriptions.market import held
from tests.subscriptions.prices import fee
from tests.world import NOW


def plan(market, by, limits, **options):
    return create_plan(
        actor=by.actor,
        service_type_id=market.exchange.pk,
        name="Our plan",
        content=Content({resource.pk: limit for resource, limit in limits.items()}),
        now=NOW,
        **options,
    )


def test_a_reseller_makes_a_plan_from_what_it_was_granted_and_sells_it(market):
    world = market.world
    wholesale = market.subscribe(world.north)
    own = plan(market, world.north, {market.mailbox: 7})
    assert (own.tenant_id, own.audience) == (world.north.id, "customer")
    sold = market.sell(world.shop, by=world.north, package=own)
    assert held(sold, market.mailbox)[0] == 7
    assert held(wholesale, market.mailbox)[1] == 7


def test_none_before_it_holds_a_subscription(market):
    """The page says why and whom to ask; the operation and the API refuse with the same words."""
    world, browser, form = market.world, market.world.north.browser(), reverse("portal:package_create")
    with pytest.raises(NothingGranted) as refused:
        plan(market, world.north, {market.mailbox: 1})
    assert refused.value.facts["seller"] == "Groupware GmbH"
    for address, status in ((reverse("portal:packages"), 200), (form, 409)):
        page = browser.get(address)
        assert (page.status_code, refused.value.detail in page.content.decode()) == (status, True)
        assert f'href="{form}"' not in page.content.decode()
    held = market.subscribe(world.north)
    assert f'href="{form}"' in browser.get(reverse("portal:packages")).content.decode()
    assert browser.get(form).status_code == 200
    suspend_subscription(actor=world.provider.actor, subscription_id=held.pk, now=NOW)
    with pytest.raises(NothingGranted):
        plan(market, world.north, {market.mailbox: 1})
    page = world.south.browser().get(reverse("portal:packages")).content.decode()
    assert "A commission reseller makes no plans" in page


def test_not_from_what_it_was_not_granted(market):
    market.subscribe(market.world.north)
    with pytest.raises(NotGranted) as refused:
        plan(market, market.world.north, {market.mailbox: 1, market.traffic: 1})
    assert refused.value.facts["resource"] == "Mails sent"


def test_not_from_what_is_suspended(market):
    held_by_north = market.subscribe(market.world.north)
    market.subscribe(market.world.north, package=market.package("Storage", "reseller", {market.storage: 5}))
    suspend_subscription(actor=market.world.provider.actor, subscription_id=held_by_north.pk, now=NOW)
    with pytest.raises(NotGranted):
        plan(market, market.world.north, {market.mailbox: 1})


def test_commission_resellers_and_others_make_none(market):
    with pytest.raises(CommissionReseller):
        plan(market, market.world.south, {market.mailbox: 1})
    with pytest.raises(Forbidden):
        plan(market, market.world.provider, {market.mailbox: 1})
    with pytest.raises(Forbidden):
        plan(market, market.world.shop, {market.mailbox: 1})


def test_a_commission_reseller_edits_what_it_was_given_to_manage(market):
    """All but the limits, which it was not granted."""
    south, fee_of_south = market.world.south, fee(market, "account", "20", managed_by_id=market.world.south.id)
    given = market.package("Given", "customer", {market.mailbox: 5}, managed_by_id=south.id)
    browser, url = south.browser(), reverse("portal:package_edit", args=[given.pk])
    sent = {"name": "Ours", "account_fee": fee_of_south.pk, "is_active": "on", "request_id": uuid4()}
    assert browser.post(url, sent).status_code == 302
    now = given.versions.latest("pk")
    assert (now.account_fee_id, now.limits.get().limit) == (fee_of_south.pk, 5)

    def change(**body):
        return south.api().patch(f"packages/{given.pk}", body)

    assert change(name="Ours again").json()["name"] == "Ours again"
    refused = change(limits=[{"resource": market.mailbox.pk, "limit": 6}])
    assert (refused.status_code, refused.json()["code"]) == (403, "commission-reseller")
    assert change(reseller_fee=fee(market, "reseller", "1").pk).status_code in {403, 404}


def test_a_plan_is_for_its_makers_customers_unless_it_is_shared(market):
    north = market.world.north
    market.subscribe(north)
    body = {"service_type": market.exchange.pk, "audience": "customer"}
    body |= {"limits": [{"resource": market.mailbox.pk, "limit": 1}]}
    for of, more, shared in ((north, {}, False), (north, {"is_shared": True}, True), (market.world.provider, {}, True)):
        made = of.api().post("packages", body | {"name": f"Plan {Package.objects.count()}"} | more).json()
        assert made["is_shared"] == shared
    form = north.browser().get(reverse("portal:package_create")).context["form"]
    assert form["is_shared"].value() is False


def test_more_in_one_unit_than_was_allocated_is_said(market):
    """S21: it can be made, and nobody is surprised that it cannot be sold."""
    north = market.world.north
    for _twice in "ab":
        market.subscribe(north)
    browser, url, limit = north.browser(), reverse("portal:package_create"), f"limit_{market.mailbox.pk}"
    for asked, is_warned in ((200, False), (201, True)):
        sent = {"name": f"Of {asked}", "audience": "customer", limit: asked, "request_id": uuid4()}
        said = browser.post(url, sent, follow=True).text
        words = "One unit grants 201 of User mailboxes, and all that you were allocated is 200."
        assert (words in said) == is_warned


def test_only_ones_own_is_changed(market):
    world = market.world
    market.subscribe(world.north)
    own = plan(market, world.north, {market.mailbox: 7})
    values = {
        "name": "New name",
        "content": Content({market.mailbox.pk: 9}),
        "is_shared": True,
        "is_active": True,
        "now": NOW,
    }
    assert change_plan(actor=world.north.actor, package_id=own.pk, **values).name == "New name"
    for package in (market.standard, market.wholesale):
        with pytest.raises(ManagedByAnother):
            change_plan(actor=world.north.actor, package_id=package.pk, **values)


def test_on_a_later_day_what_is_planned_for_it_stays(market):
    """By page: another reseller fee, which is not the reseller's to set, and limits that it leaves as shown."""
    world = market.world
    market.subscribe(world.north)
    cost, dearer = (fee(market, "reseller", amount).pk for amount in ("10", "12"))
    own = {"name": "Ours", "limits": {market.mailbox: 1, market.storage: 5}, "audience": "customer"}
    package = market.package(**own, fees={"reseller_fee_id": cost}, managed_by_id=world.north.id)
    today = timezone.now().date()
    planned = Content({market.mailbox.pk: 2, market.storage.pk: 5}, dearer)
    values = {"actor": world.provider.actor, "package_id": package.pk, "now": timezone.now()}
    change_package(**values, content=planned, effective_on=today + timedelta(30))
    browser, url = world.north.browser(), reverse("portal:package_edit", args=[package.pk])
    account = fee(market, "account", "20", by=world.north)
    shown = browser.get(url).context["form"]
    sent = {name: shown[name].value() for name in shown.fields if shown[name].value() is not None}
    sent |= {"request_id": uuid4(), "effective_on": (today + timedelta(40)).isoformat(), "account_fee": account.pk}
    assert browser.post(url, sent | {f"limit_{market.storage.pk}": 6}).status_code == 302
    assert content_on(package, today + timedelta(40)) == Content(
        {market.mailbox.pk: 2, market.storage.pk: 6}, dearer, account.pk
    )
    assert content_on(package, today) == Content({market.mailbox.pk: 1, market.storage.pk: 5}, cost)


def test_two_who_change_another_part_at_once_change_both(committed_market):
    """What is left out over REST stays as it is when the change is made, not when it was asked for."""
    market = committed_market
    provider, package = market.world.provider, market.standard
    account = fee(market, "account", "20")
    api, body = provider.api(), {"limits": [{"resource": market.mailbox.pk, "limit": 7}]}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Package.objects.locked().get(pk=package.pk)
            later = pool.submit(patched, api, f"packages/{package.pk}", body)
            until_somebody_waits()
            content = partial(replace, account_fee_id=account.pk)
            change_package(
                actor=provider.actor, package_id=package.pk, content=content, name="Renamed", now=timezone.now()
            )
        assert later.result(30).status_code == 200
    package.refresh_from_db()
    assert package.name == "Renamed"
    assert content_on(package, timezone.now().date()) == Content({market.mailbox.pk: 7}, None, account.pk)


def patched(api, path, body):
    try:
        return api.patch(path, body)
    finally:
        connection.close()


def until_somebody_waits():
    """For what this transaction has locked."""
    waiting = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        for _try in range(500):
            cursor.execute(waiting)
            if cursor.rowcount:
                return
            sleep(0.01)
    pytest.fail("nobody waits")


def test_a_name_is_taken_once(market):
    market.subscribe(market.world.north)
    plan(market, market.world.north, {market.mailbox: 7})
    with pytest.raises(Invalid) as refused:
        plan(market, market.world.north, {market.mailbox: 7})
    assert list(refused.value.errors) == ["name"]


def test_who_sees_which_packages(market):
    world = market.world
    market.subscribe(world.north)
    own = plan(market, world.north, {market.mailbox: 7}, is_shared=True)
    secret = market.package("Secret", "customer", {market.mailbox: 1}, is_shared=False)
    small = plan_named(market, world.north, "Secret of North", is_shared=False)
    sold = market.sell(world.shop, by=world.north, package=small)

    def seen(player):
        return set(Package.objects.visible_to(player.actor).values_list("pk", flat=True))

    provided = {market.wholesale.pk, market.standard.pk}
    assert seen(world.provider) == provided | {own.pk, secret.pk, small.pk}
    assert seen(world.north) == provided | {own.pk, small.pk}
    assert seen(world.north_east) == provided | {own.pk}
    assert seen(world.south) == provided
    assert seen(world.shop) == {sold.package_id}
    assert seen(world.mill) == set()
    assert seen(world.stranger) == set()


def plan_named(market, by, name, **options):
    return create_plan(
        actor=by.actor,
        service_type_id=market.exchange.pk,
        name=name,
        content=Content({market.mailbox.pk: 1}),
        now=NOW,
        **options,
    )


def test_a_customer_sees_only_the_services_it_holds(market):
    world = market.world
    market.subscribe(world.north)
    backup = create_service_type(actor=world.provider.actor, code="backup", name="Backup", now=NOW)
    market.sell(world.shop, by=world.north)
    for model in (ServiceType, ServiceInstance, Resource):
        assert model.objects.visible_to(world.mill.actor).count() == 0
        assert model.objects.visible_to(world.stranger.actor).count() == 0
    assert list(ServiceType.objects.visible_to(world.shop.actor)) == [market.exchange]
    assert list(ServiceInstance.objects.visible_to(world.shop.actor)) == [market.instance]
    assert Resource.objects.visible_to(world.shop.actor).count() == 3
    assert backup in ServiceType.objects.visible_to(world.south.actor)
