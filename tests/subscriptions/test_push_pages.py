"""Pushing new terms in the browser and by REST: wizard, job, targets, files, who may."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from subscriptions.models import Push, Subscription
from tenants.models import Profile
from tenants.services.moves import move_tenant
from tests.subscriptions.prices import owed
from tests.subscriptions.pushes import work
from tests.world import NOW, customer, reseller


def form(**values):
    return {"request_id": str(uuid4()), "when": "period", "keeps_own_prices": "on", **values}


def wizard(sold, shell="console") -> str:
    return f"/{shell}/packages/{sold.package.pk}/push/"


def test_from_the_package_to_the_job(sold):
    world = sold.world
    of_shop, browser = sold.sell(world.shop, world.north), world.north.browser()
    free = sold.sell(customer(world.north, "Free"), world.north, unit_price=Decimal(25))
    sold.charge("account", "24")
    version = sold.package.versions.latest("pk").pk
    package = browser.get(f"/portal/packages/{sold.package.pk}/").content.decode()
    assert wizard(sold, "portal") in package
    asked = browser.get(wizard(sold, "portal")).content.decode()
    assert 'name="limits"' not in asked  # the package is the provider's
    chosen = form(version=version, when="day", effective_on=date.today().isoformat())
    preview = browser.post(wizard(sold, "portal"), chosen)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "€20.00 → €24.00" in page
    assert "Price set freely" in page
    assert not Push.objects.exists()
    file = browser.post(wizard(sold, "portal"), chosen | {"export": "csv"})
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "own_price" in "".join(lines)
    assert browser.post(wizard(sold, "portal"), chosen | {"back": "1"}).status_code == 200
    start = chosen | {"start": "1", "request_id": preview.context["request_id"]}
    answers = [browser.post(wizard(sold, "portal"), start) for _time in range(2)]
    push = Push.objects.get()
    assert [answer.url for answer in answers] == [f"/portal/pushes/{push.pk}/"] * 2
    work(push)
    assert owed(of_shop)[world.shop.id, world.north.id] == 24
    assert owed(free)[free.tenant_id, world.north.id] == 25
    page = browser.get(f"/portal/pushes/{push.pk}/").content.decode()
    assert "Its seller set the price freely" in page
    assert browser.get(f"/portal/jobs/{push.job_id}/").url == f"/portal/pushes/job/{push.job_id}/"
    file = browser.get(f"/portal/pushes/{push.pk}/", {"export": "csv", "outcome": "changed"})
    assert "Changed" in file.getvalue().decode("utf-8-sig")
    assert "Call recording" in browser.get("/portal/pushes/").content.decode()


def test_what_is_wrong_stands_beside_its_field(sold):
    browser = sold.world.provider.browser()
    version = sold.package.versions.latest("pk").pk
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    for values, field in (
        ({"when": "day", "prices": "on"}, "effective_on"),
        ({"when": "day", "prices": "on", "effective_on": yesterday}, "effective_on"),
        ({}, "prices"),
        ({"prices": "on", "version": "999999999"}, "version"),
    ):
        answer = browser.post(wizard(sold), form(**{"version": version, **values}))
        assert (answer.status_code, field in answer.context["form"].errors) == (422, True), values
    nothing = browser.post(wizard(sold), form(version=version, prices="on"))
    assert (nothing.status_code, "Nothing of this package is sold" in nothing.content.decode()) == (422, True)


def test_stopping_what_waits_and_trying_again(sold):
    world = sold.world
    sold.sell(world.shop, world.north)
    sold.charge("account", "24")
    push = sold.start(world.north, limits=False, effective_on=None)
    work(push)
    browser = world.north.browser()
    page = browser.get(f"/portal/pushes/{push.pk}/").content.decode()
    assert "Waits for its day" in page
    assert browser.post(f"/portal/pushes/{push.pk}/retry/").status_code == 302
    for _time in range(2):
        assert browser.post(f"/portal/pushes/{push.pk}/cancel/").status_code == 302
    assert "Cancelled" in browser.get(f"/portal/pushes/{push.pk}/").content.decode()


def test_by_rest(sold):
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    sold.charge("account", "24")
    sold.charge("reseller", "12")
    sold.grant(2)
    api = world.provider.api()
    path = f"packages/{sold.package.pk}/push"
    body = {"limits": True, "prices": True, "effective_on": date.today().isoformat()}
    preview = api.post(f"{path}/preview", body).json()
    assert (preview["total"], preview["counts"]["changed"]) == (1, 1)
    money = {"stream": "reseller", "cycle": "month", "targets": 1}
    assert preview["money"] == [
        money | {"before": {"amount": "10.00", "currency": "EUR"}, "after": {"amount": "12.00", "currency": "EUR"}}
    ]
    (one,) = preview["sample"]
    assert (one["subscription"], one["outcome"], one["prices"][0]["payer"]) == (of_shop.pk, "changed", world.north.id)
    assert preview["allocated"] == one["allocated"] == {str(sold.market.mailbox.pk): 1}
    assert api.client.post(f"/api/v1/{path}", body, content_type="application/json").status_code == 400
    answers = [api.post(path, body, key="once") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    push = Push.objects.get()
    assert answers[0].headers["Location"].endswith(f"/api/v1/jobs/{push.job_id}")
    assert (answers[0].json()["id"], answers[1].headers["Idempotent-Replayed"]) == (push.pk, "true")
    work(push)
    shown = api.get(f"pushes/{push.pk}", expand="reasons").json()
    assert (shown["state"], shown["counts"]["changed"], shown["reasons"]) == ("done", 1, {})
    (item,) = api.get(f"pushes/{push.pk}/items").json()["results"]
    assert (item["subscription"], item["state"], item["facts"]) == (
        of_shop.pk,
        "done",
        {"on": date.today().isoformat()},
    )
    assert str(of_shop.pk) in api.client.get(f"/api/v1/pushes/{push.pk}/items.csv").getvalue().decode()
    assert api.post(f"pushes/{push.pk}/cancel").json()["code"] == "nothing-waits"
    assert api.post(f"pushes/{push.pk}/retry").json()["code"] == "nothing-failed"


def test_what_becomes_of_a_target_that_has_left_is_no_business_of_its_former_seller(sold):
    world = sold.world
    to = reseller(world.provider, "West")
    sold.market.subscribe(to)
    stays, leaves = (sold.sell(customer(world.north, name), world.north) for name in ("Stays", "Leaves"))
    sold.charge("account", "24")
    push = sold.start(world.north, limits=False)
    work(push)
    move_tenant(actor=world.provider.actor, tenant_id=leaves.tenant_id, seller_id=to.id, now=NOW)
    Profile.objects.filter(tenant=leaves.tenant_id).update(name="Kestrel")
    Subscription.objects.filter(pk__in=[stays.pk, leaves.pk]).update(name="Osprey")
    other = sold.market.package("Harrier", "customer", {sold.market.mailbox: 1}, is_shared=True)
    Subscription.objects.filter(pk=leaves.pk).update(package=other)
    page, items = f"/portal/pushes/{push.pk}/", f"pushes/{push.pk}/items"
    browser, api = world.north.browser(), world.north.api()
    shown, listed, file = browser.get(page), api.get(items), api.get(f"{items}.csv")
    exported = browser.get(page, {"export": "csv"})
    texts = [b"".join(one).decode() for one in (shown, listed, file, exported)]
    for text in texts:
        assert not any(word in text for word in ("Kestrel", "Harrier", "Leaves")), text
        assert (text.count("Osprey"), str(leaves.pk) in text) == (1, True)
    assert f"/subscriptions/{leaves.pk}/" not in texts[0]
    gone = next(one for one in listed.json()["results"] if one["subscription"] == leaves.pk)
    names = (gone["subscription_name"], gone["tenant"], gone["tenant_name"])
    assert names == (f"Subscription {leaves.pk}", None, "–")
    assert "Kestrel" in browser_of(world.provider, push)
    Subscription.objects.filter(pk=leaves.pk).update(package=sold.package)  # no operation does that to what is held


def browser_of(player, push) -> str:
    return player.browser().get(f"/console/pushes/{push.pk}/").content.decode()


def test_who_may_not(sold):
    world = sold.world
    sold.sell(world.shop, world.north)
    push = sold.start(world.provider)
    path, body = f"packages/{sold.package.pk}/push", {"limits": True}
    refused = world.north.api().post(path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "managed-by-another")
    assert "limits" in str(refused.json()["errors"])
    for rival, status in ((world.stranger, 404), (world.shop, 403)):
        assert rival.api().post(path, body).status_code == status
    assert world.north.api("catalog.view").post(path, {"prices": True}).status_code == 403
    for rival in (world.north, world.south, world.stranger):
        assert rival.api().get(f"pushes/{push.pk}").status_code == 404
        assert rival.api().post(f"pushes/{push.pk}/cancel").status_code == 404
    assert world.shop.browser().get(wizard(sold, "portal")).status_code == 403
    assert world.stranger.browser().get(wizard(sold)).status_code == 404


def test_lists_cost_the_same_whatever_they_hold(sold, django_assert_max_num_queries):
    world = sold.world
    for name in "ABCD":
        sold.sell(customer(world.north, name), world.north)
    for _time in range(3):
        push = sold.start(world.provider, limits=False)
    work(push)
    api = world.provider.api()
    with django_assert_max_num_queries(8):
        assert len(api.get("pushes", expand="reasons").json()["results"]) == 3
    with django_assert_max_num_queries(8):
        assert len(api.get(f"pushes/{push.pk}/items").json()["results"]) == 4
