import re
from uuid import uuid4

import pytest
from django.urls import reverse

from catalog.models import Package, Resource, ServiceInstance, ServiceType
from tests.subscriptions.market import build_market


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def console(name, *args):
    return reverse(f"console:{name}", args=args)


def test_the_catalogue_is_made_in_the_browser(world):
    browser = world.provider.browser()

    def post(address, **values):
        answer = browser.post(address, values | {"request_id": uuid4()})
        assert answer.status_code == 302, answer.content
        return answer.url

    page = post(console("service_type_create"), name="Backup", code="backup")
    backup = ServiceType.objects.get(code="backup")
    assert page == console("service_type", backup.pk)
    for code, name in (("protected_user", "Protected users"), ("storage_gb", "Storage")):
        post(console("resource_create", backup.pk), name=name, code=code, metering="gauge", group="All", unit="GB")
    post(console("service_instance_create", backup.pk), name="Backup 1")
    resource = Resource.objects.get(code="storage_gb")
    post(console("resource_edit", resource.pk), name="Space", unit="GB", group="All", position=1)
    shown = text(browser.get(page))
    for word in ("Protected users", "Space", "Backup 1"):
        assert word in shown

    form = console("package_create")
    limits = {f"limit_{resource.pk}": "100"}
    refused = text(browser.post(form, {"name": "", "audience": "customer", "request_id": uuid4()} | limits), 422)
    assert 'value="100"' in refused
    detail = post(form, name="Backup S", audience="customer", is_shared="on", **limits)
    package = Package.objects.get(name="Backup S")
    assert detail == console("package", package.pk)
    assert "Space" in text(browser.get(detail))
    post(console("package_edit", package.pk), name="Backup M", is_active="on", **limits)
    package.refresh_from_db()
    assert (package.name, package.is_shared, package.is_active) == ("Backup M", False, True)
    post(console("service_instance_edit", ServiceInstance.objects.get().pk), name="Backup 1")
    post(console("service_type_edit", backup.pk), name="Backup")
    backup.refresh_from_db()
    assert (backup.is_active, ServiceInstance.objects.get().is_active) == (False, False)


def test_with_several_service_types_one_is_asked_for(market):
    actor = market.world.provider
    browser = actor.browser()
    actor.api().post("service-types", {"code": "mail", "name": "Mail"})
    form = console("package_create")
    assert "Mail" in text(browser.get(form))
    answer = browser.post(form, {"service_type": market.exchange.pk, "request_id": uuid4()})
    assert answer.url == f"{form}?service_type={market.exchange.pk}"


@pytest.mark.parametrize("name", ["packages", "service_types"])
def test_lists_take_few_queries(market, django_assert_max_num_queries, name):
    browser = market.world.provider.browser()
    browser.get(console(name))
    for number in range(5):
        market.package(f"Package {number}", "customer", {market.mailbox: 1})
    with django_assert_max_num_queries(14):
        browser.get(console(name))


def test_who_stands_above_ones_seller_is_not_named(market):
    """A sub-reseller sees the provider's packages; its seller may wear a brand of its own."""
    world = market.world
    above = world.provider.name
    for player, says in ((world.north, True), (world.north_east, False)):
        browser, new = player.browser(), reverse("portal:add_on_create")
        pages = [browser.get(reverse("portal:packages")), browser.get(f"{new}?service_type={market.exchange.pk}")]
        for page in [*pages, player.api().get("packages"), player.api().get("fees")]:
            assert page.status_code == 200
        told = [page.content.decode() for page in [*pages, player.api().get("packages")]]
        assert all(market.standard.name in page for page in told)
        assert [above in page for page in told] == [says] * 3


def test_who_may_only_look_finds_no_forms(market):
    world = market.world
    for player in (world.north, world.shop):
        assert player.browser().get(console("packages")).status_code == 404
    portal = world.north.browser()
    assert portal.get(reverse("portal:package", args=[market.standard.pk])).status_code == 200
    assert portal.get(reverse("portal:package_edit", args=[market.standard.pk])).status_code == 403
    assert world.shop.browser().get(reverse("portal:packages")).status_code == 403
    stranger = world.stranger.browser()
    for name, pk in (
        ("package", market.standard.pk),
        ("package_edit", market.standard.pk),
        ("service_type", market.exchange.pk),
        ("service_type_edit", market.exchange.pk),
        ("resource_create", market.exchange.pk),
        ("resource_edit", market.mailbox.pk),
        ("service_instance_create", market.exchange.pk),
        ("service_instance_edit", market.instance.pk),
    ):
        assert stranger.get(console(name, pk)).status_code == 404


def test_the_catalogue_over_rest(world):
    api = world.provider.api()

    def made(path, **body):
        answer = api.post(path, body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    backup = made("service-types", code="backup", name="Backup")
    storage = made("resources", service_type=backup["id"], code="storage_gb", name="Storage", unit="GB")
    instance = made("service-instances", service_type=backup["id"], name="Backup 1")
    assert (storage["metering"], storage["position"]) == ("gauge", 0)

    def patched(path, **body):
        return api.patch(path, body).json()

    assert patched(f"service-types/{backup['id']}", name="Backups") == backup | {"name": "Backups"}
    assert patched(f"resources/{storage['id']}", position=7) == storage | {"position": 7}
    assert patched(f"service-instances/{instance['id']}", is_active=False) == instance | {"is_active": False}
    again = api.post("service-types", {"code": "backup", "name": "Backup"})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "#/code")

    assert [row["id"] for row in api.get("resources", service_type=backup["id"]).json()["results"]] == [storage["id"]]
    assert api.get("service-instances", active="false", search="backup").json()["results"] != []
    for player, status in ((world.north, 200), (world.shop, 403), (world.stranger, 404)):
        assert player.api().get(f"service-types/{backup['id']}").status_code == status
    assert world.north.api().post("service-types", {"code": "x", "name": "X"}).status_code == 403
    assert world.stranger.api().get("resources").json()["results"] == []


def test_packages_are_listed_with_their_limits(world, django_assert_max_num_queries):
    market = build_market(world)
    api = world.provider.api()
    for number in range(4):
        market.package(f"Package {number}", "customer", {market.mailbox: 1, market.storage: 2})
    with django_assert_max_num_queries(8):
        rows = api.get("packages", audience="customer", ordering="name").json()["results"]
    assert [row["name"] for row in rows] == [*(f"Package {number}" for number in range(4)), "Standard"]
    assert [limit["code"] for limit in rows[0]["limits"]] == ["user_mailbox", "storage_gb"]


def test_of_three_answers_no_is_one_and_none_is_unknown(market):
    page = market.world.provider.browser().get("/console/packages/", {"active": "false"})
    assert [(str(chip.label), chip.value) for chip in page.context["filters"].chips] == [("Active", "No")]
    assert "Unknown" not in page.text
    assert re.search(r'<option value="false" selected', page.text)
