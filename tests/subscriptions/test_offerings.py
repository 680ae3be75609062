"""Commission resellers sell what was chosen for them, and their customers owe it to who stands above."""

from decimal import Decimal
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from subscriptions.models import Offering, PhaseFee
from subscriptions.refusals import NotOffered
from subscriptions.selectors.offers import sellable
from subscriptions.services.ordering.offerings import NoOfferings, OwnOffering, add_offerings, set_offerings
from tenants.models import Event, ResellerTerms
from tenants.services.moves import move_tenant
from tests.subscriptions.prices import recording
from tests.world import NOW, Player, reseller


def offer(market, player: Player, *packages, by=None):
    return set_offerings(
        actor=(by or market.world.provider).actor,
        reseller_id=player.id,
        package_ids=[package.pk for package in packages],
        now=NOW,
    )


def test_only_what_was_chosen_is_sold_and_the_provider_bills_it(market):
    world = market.world
    package = recording(market)
    for seller in (world.south, world.provider):
        with pytest.raises(NotOffered):
            market.sell(world.mill, by=seller, package=package)
    offer(market, world.south, package)
    sold = market.sell(world.mill, by=world.south, package=package)
    (fee,) = PhaseFee.objects.filter(phase__subscription=sold)
    assert (fee.payer_id, fee.issuer_id, fee.unit_price) == (world.mill.id, world.provider.id, Decimal(20))
    with pytest.raises(NotOffered):
        market.sell(world.mill, by=world.south, package=market.standard)
    event = Event.objects.get(
        kind="reseller.offerings_changed", user_id=world.provider.user.pk, after__has_key="packages_removed"
    )
    assert event.after == {"packages_added": [package.pk], "packages_removed": [market.standard.pk]}


def test_lists_show_a_commission_reseller_what_it_may_offer(market):
    """With what it manages; whatever else is shared above it can be looked at by who knows it."""
    south, package = market.world.south, recording(market)
    own = market.package("Own", "customer", {market.mailbox: 1}, managed_by_id=south.id)
    browser, api = south.browser(), south.api()

    def listed():
        rows = browser.get("/portal/packages/").context["table"].data
        return {row.pk for row in rows}, {row["id"] for row in api.get("packages").json()["results"]}

    assert listed() == ({market.standard.pk, own.pk},) * 2
    assert browser.get(f"/portal/packages/{package.pk}/").status_code == 200
    assert api.get(f"packages/{package.pk}").status_code == 200
    offer(market, south, package)
    assert listed() == ({package.pk, own.pk},) * 2
    assert {row["id"] for row in market.world.north.api().get("packages").json()["results"]} >= {market.standard.pk}


def test_the_same_again_changes_nothing_and_what_it_has_may_stay(market):
    world = market.world
    before = Event.objects.count()
    offer(market, world.south, market.standard)
    assert Event.objects.count() == before
    market.standard.is_active = False
    market.standard.save(update_fields=["is_active"])
    package = recording(market)
    assert [row.package_id for row in offer(market, world.south, market.standard, package)] == [
        market.standard.pk,
        package.pk,
    ]


def test_who_may_choose_what_for_whom(market):
    world = market.world
    secret = market.package("Secret", "customer", {market.mailbox: 1}, is_shared=False)
    with pytest.raises(Invalid) as refused:
        offer(market, world.south, secret)
    assert list(refused.value.errors) == ["packages"]
    with pytest.raises(NoOfferings):
        offer(market, world.north, market.standard)
    with pytest.raises(OwnOffering):
        offer(market, world.south, market.standard, by=world.south)
    for stranger in (world.north, world.stranger):
        with pytest.raises(NotFound):
            offer(market, world.south, by=stranger)
    with pytest.raises(Forbidden):
        set_offerings(actor=world.provider.member("billing"), reseller_id=world.south.id, package_ids=[], now=NOW)
    assert [row.package_id for row in Offering.objects.all()] == [market.standard.pk]


def test_beneath_another_commission_reseller_no_more_than_that_one_offers(market):
    world = market.world
    beneath = reseller(world.south, "South-West", reseller_type="commission")
    package = recording(market)
    with pytest.raises(Invalid):
        offer(market, beneath, package, by=world.south)
    add_offerings(actor=world.provider.actor, reseller_ids=[world.south.id], package_ids=[package.pk], now=NOW)
    offer(market, beneath, package, by=world.south)
    assert set(sellable(beneath.tenant)) == {package}
    offer(market, world.south, market.standard)
    assert not sellable(beneath.tenant).exists()


def test_a_customer_moves_only_to_who_offers_what_it_holds(market):
    world = market.world
    held = market.sell(world.direct, package=recording(market))
    move = {"actor": world.provider.actor, "tenant_id": world.direct.id, "seller_id": world.south.id, "now": NOW}
    from tenants.services.obstacles import CannotFollow

    with pytest.raises(CannotFollow):
        move_tenant(**move)
    market.offers(world.south, held.package)
    move_tenant(**move)


def test_they_end_with_the_type(market):
    ResellerTerms.objects.filter(pk=market.world.south.id).update(type="prepaid")
    assert not Offering.objects.exists()


def test_by_rest(market):
    world = market.world
    package = recording(market)
    path = f"resellers/{world.south.id}/offerings"
    made = world.provider.api().post(path, {"packages": [package.pk]})
    assert [row["package"] for row in made.json()] == [package.pk]
    assert [row["package"] for row in world.south.api().get(path).json()["results"]] == [package.pk]
    assert world.north.api().get(path).status_code == 404
    assert world.north.api().post(path, {"packages": []}).status_code == 404
    assert world.south.api().post(path, {"packages": []}).json()["code"] == "own-offering"
    refused = world.provider.api().post(f"resellers/{world.north.id}/offerings", {"packages": []})
    assert (refused.status_code, refused.json()["code"]) == (409, "prepaid-reseller")
    assert world.provider.api().post(path, {"packages": [market.standard.pk, 0]}).status_code == 422
    several = {"resellers": [world.south.id], "packages": [market.standard.pk]}
    added = world.provider.api().post("offerings", several).json()
    assert {row["package"] for row in added} == {package.pk, market.standard.pk}
    assert world.north.api().post("offerings", several).status_code == 404


def test_on_pages(market):
    world = market.world
    browser = world.provider.browser()
    page = browser.get(f"/console/resellers/{world.south.id}/?tab=offerings")
    assert "Standard" in page.content.decode()
    package = recording(market)
    path = f"/console/resellers/{world.south.id}/offerings/"
    form = browser.get(path).context["form"]
    assert {row.pk for row in form.fields["packages"].queryset} == {market.standard.pk, market.wholesale.pk, package.pk}
    values = {"packages": [package.pk], "request_id": str(form["request_id"].value())}
    assert browser.post(path, values).status_code == 302
    assert [row.package_id for row in Offering.objects.all()] == [package.pk]
    own = world.south.browser()
    assert "Call recording" in own.get("/portal/").content.decode()
    assert "Call recording" in own.get("/portal/offering/").content.decode()
    assert own.get(f"/portal/resellers/{world.south.id}/offerings/").status_code in {403, 404}
    assert world.north.browser().get(f"/portal/resellers/{world.south.id}/offerings/").status_code == 404
    assert browser.get(f"/console/resellers/{world.north.id}/offerings/").status_code == 409


def test_several_at_once_from_their_list(market):
    """The commission resellers among the chosen; what cannot be given to one of them is given to none."""
    world = market.world
    package, west = recording(market), reseller(world.provider, "West", reseller_type="commission")
    browser, address = world.provider.browser(), "/console/offerings/new/"
    assert "Let them offer packages" in browser.get("/console/resellers/").content.decode()
    asked = browser.post(address, {"selected": [world.south.id, world.north.id, west.id]})
    assert "1 of the chosen is not on commission and is left out." in asked.content.decode()
    assert set(asked.context["form"].initial["resellers"]) == {world.south.id, west.id}
    assert world.north.id not in asked.context["form"].fields["resellers"].queryset.values_list("pk", flat=True)
    sent = {"request_id": uuid4(), "resellers": [world.south.id, west.id], "packages": [package.pk]}
    wrong = browser.post(address, sent | {"packages": [0]})
    assert wrong.status_code == 422
    assert wrong.context["form"]["resellers"].value() == [str(world.south.id), str(west.id)]
    assert browser.post(address, sent).url == "/console/resellers/"
    assert Offering.objects.filter(package=package).count() == 2
    beneath = reseller(world.south, "South-West", reseller_type="commission")
    refused = browser.post(address, sent | {"resellers": [beneath.id, west.id], "packages": [market.standard.pk]})
    assert refused.status_code == 302  # the seller of the one beneath may offer it
    own = market.package("Another", "customer", {market.mailbox: 1})
    refused = browser.post(address, sent | {"resellers": [beneath.id, west.id], "packages": [own.pk]})
    assert "The seller of South-West does not offer this to it" in str(refused.context["form"].errors["packages"])
    assert not Offering.objects.filter(package=own).exists()
    for rival in (world.north, world.stranger):
        shell = "console" if rival is world.stranger else "portal"
        page = rival.browser().post(address.replace("console", shell), sent)
        assert page.status_code == 422
        assert "resellers" in page.context["form"].errors
    assert world.shop.browser().get("/portal/offerings/new/").status_code == 403
