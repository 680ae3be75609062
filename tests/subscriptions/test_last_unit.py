"""The last unit is sold once: 50 clients at a reseller that may not oversell, and 50 programs at a sub-reseller."""

from collections import Counter
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Busy
from subscriptions.refusals import OversellRefused
from subscriptions.selectors.over_usage import over_usage
from subscriptions.verify import holdings
from tenants.models import ResellerTerms
from tests.subscriptions.market import held
from tests.together import together
from tests.world import Api

CLIENTS = 50


def rush(market, customer, by, clients=CLIENTS):
    """All of them buy ten mailboxes at once; how many got them, and what the others were told remained."""

    def buy():
        while True:
            try:
                return market.sell(customer, by=by, package=market.ten)
            except Busy:  # as with a 503 and its Retry-After: on a slow machine the queue is longer than the patience
                continue

    outcomes = together(*[buy] * clients)
    refused = [outcome for outcome in outcomes if isinstance(outcome, OversellRefused)]
    others = [outcome for outcome in outcomes if isinstance(outcome, Exception) and outcome not in refused]
    assert others == []
    return clients - len(refused), {refusal.facts["remaining"] for refusal in refused}


def rush_over_rest(key, offer):
    """The same by 50 programs: a POST each, repeated under its own key while it is told that it is busy."""

    def buy():
        api, once = Api(key), uuid4().hex
        while (answer := api.post("subscriptions", offer, key=once)).status_code == 503:
            continue
        return answer

    return together(*[buy] * CLIENTS)


@pytest.fixture
def counter(committed_market):
    """North holds 45 mailboxes, North-East draws 15 of them."""
    market, world = committed_market, committed_market.world
    object.__setattr__(market, "ten", market.package("Ten", "customer", {market.mailbox: 10}))
    lots = [market.package(f"Lot of {size}", "reseller", {market.mailbox: size}) for size in (45, 15)]
    north = market.subscribe(world.north, package=lots[0])
    return market, north, market.subscribe(world.north_east, by=world.north, package=lots[1])


@pytest.mark.django_db(transaction=True)
def test_fifty_clients_sell_the_last_unit_once(counter):
    """30 are left to North: twenty of them are gone, and one sale fits. What is refused says what remains there."""
    market, north, north_east = counter
    world = market.world
    for _each in range(2):
        market.sell(world.shop, by=world.north, package=market.ten)
    assert rush(market, world.shop, world.north) == (1, {0})
    assert held(north, market.mailbox) == (45, 45, 0, 0)

    offer = {"tenant": world.kiosk.id, "package": market.ten.pk, "service_instance": market.instance.pk}
    answers = rush_over_rest(world.north_east.key(), offer)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(said["code"], said["remaining"], said["asked"]) for said in refused} == {("oversell-refused", 5, 10)}
    assert {said["detail"] for said in refused} == {"Only 5 of User mailboxes remain to be sold; 10 were asked for."}
    assert held(north_east, market.mailbox) == (15, 10, 0, 5)
    assert held(north, market.mailbox) == (45, 45, 0, 0)
    assert holdings() == []

    ResellerTerms.objects.filter(pk=world.north_east.id).update(may_oversell=True)
    assert rush(market, world.kiosk, world.north_east, clients=4) == (4, set())
    assert held(north_east, market.mailbox) == (15, 50, 0, -35)
    told = over_usage(world.north.actor).get(subscription=north_east)
    assert (told.allocated, told.sold, told.remaining) == (15, 50, -35)
    assert not over_usage(world.north.actor).filter(subscription=north).exists()
    assert holdings() == []


def test_each_level_shows_and_refuses_what_remains_there(market):
    """Allocated, sold, used and remaining on the pages of the reseller and of the sub-reseller."""
    world = market.world
    north = market.subscribe(world.north)
    small = market.package("Small lot", "reseller", {market.mailbox: 20, market.storage: 100})
    north_east = market.subscribe(world.north_east, by=world.north, package=small)
    market.sell(world.kiosk, by=world.north_east)
    market.sell(world.shop, by=world.north)
    pages = {world.north: (north, ("100", "30", "70")), world.north_east: (north_east, ("20", "10"))}
    for player, (subscription, numbers) in pages.items():
        page = player.browser().get(f"/portal/subscriptions/{subscription.pk}/").content.decode()
        row = page[page.index("User mailboxes") :][:1_500]
        assert all(f">{number}<" in row for number in numbers), player.name
    rows = world.north_east.api().get(f"subscriptions/{north_east.pk}/resources").json()["results"]
    assert [(row["allocated"], row["sold"], row["used"], row["remaining"]) for row in rows] == [
        (20, 10, 0, 10),
        (100, 50, 0, 50),
    ]
    with pytest.raises(OversellRefused) as refused:
        market.sell(world.kiosk, by=world.north_east, quantity=2)
    assert (refused.value.facts["remaining"], refused.value.facts["asked"]) == (10, 20)
    assert world.north_east.browser().get(f"/portal/subscriptions/{north.pk}/").status_code == 404
