"""Operators give, assign and change pools by the operations of the pages."""

from uuid import uuid4

from django.urls import reverse

from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_verify import pools
from subscriptions.services.pools.editing import change_pool
from subscriptions.services.pools.expiry import Expiry, end_of
from tenants.models import Event, User
from tests.catalog.operators import page, send
from tests.pools.stage import END, Stage
from tests.world import NOW


def operator(player):
    User.objects.filter(pk=player.user.pk).update(is_staff=True, is_superuser=True)
    return player.browser()


LIST, HANDS = (f"admin:subscriptions_{name}_changelist" for name in ("pool", "poolassignment"))


def act(browser, where: str, action: str, *rows, follow: bool = True):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(reverse(where), chosen, follow=follow)


def test_a_pool_is_given_assigned_changed_and_released(stage: Stage):
    world = stage.world
    stock = stage.stock(100)
    browser = operator(world.provider)
    form = act(browser, LIST, "give", stock, follow=False).headers["Location"]
    terms = {"source": "direct", "payment_type": "monthly", "mode": "same_as_pool"}
    both = {"resellers": [world.north.id, world.south.id]}
    refused = send(browser, form, **terms, **both, seats=51)
    assert "This pool has only 100 user seats free; 102 were asked for." in refused.content.decode()
    assert not Pool.objects.exclude(parent=None).exists()
    assert send(browser, form, **terms, **both, seats=40).redirect_chain
    assert set(Pool.objects.exclude(parent=None).values_list("tenant", "seats")) == {
        (world.north.id, 40), (world.south.id, 40),
    }  # fmt: skip
    form = act(browser, LIST, "assign", stock, follow=False).headers["Location"]
    assert "only 20 user seats free" in send(browser, form, customer=world.direct.id, seats=21).content.decode()
    assert send(browser, form, customer=world.shop.id, seats=1).context["adminform"].form.errors  # not the holder's
    send(browser, form, customer=world.direct.id, seats=7)
    hand = PoolAssignment.objects.get()
    assert (hand.tenant_id, hand.seats) == (world.direct.id, 7)
    send(browser, page(hand), seats=9)
    hand.refresh_from_db()
    assert hand.seats == 9
    assert "Done: 1" in act(browser, HANDS, "release", hand).content.decode()
    assert Pool.objects.get(pk=stock.pk).assigned == 0
    told = Event.objects.filter(kind__startswith="pool.seats_").values_list("user", flat=True)
    assert set(told) == {world.provider.user.pk}
    assert pools() == []


def test_one_pool_is_chosen(stage: Stage):
    browser = operator(stage.world.provider)
    both = [stage.stock(10), stage.stock(10)]
    for action in ("give", "assign"):
        assert "Choose one pool." in act(browser, LIST, action, *both).content.decode()
    add = browser.get(reverse("admin:subscriptions_poolassignment_add"), follow=True)
    assert "Choose one pool." in add.content.decode()


def test_what_is_sent_twice_is_done_once(stage: Stage):
    world, stock = stage.world, stage.stock(100)
    browser = operator(world.provider)
    bought = {
        "holder": world.provider.id,
        "service_type": stage.service.pk,
        "name": "Twice",
        "unit": "seats",
        "seats": 9,
    }
    terms = {"source": "direct", "payment_type": "monthly", "ends_on": "2099-12-31", "term_months": 0}
    given = {"resellers": [world.north.id], "source": "direct", "payment_type": "monthly", "mode": "same_as_pool"}
    handed = {"customer": world.direct.id, "seats": 5}
    for made, address, values in (
        ("pool", "", bought | terms), ("pool", f"?pool={stock.pk}", given | {"seats": 7}),
        ("poolassignment", f"?pool={stock.pk}", handed),
    ):  # fmt: skip
        url = reverse(f"admin:subscriptions_{made}_add") + address
        shown = browser.get(url).content.decode()
        assert 'name="request_id"' in shown
        request_id = str(uuid4())
        for _ in range(2):
            assert send(browser, url, **values, request_id=request_id).redirect_chain
    assert Pool.objects.filter(name="Twice").count() == 1
    assert Pool.objects.filter(parent=stock).count() == 1
    assert PoolAssignment.objects.get().seats == 5


def test_another_house_s_pool_is_not_there(stage: Stage):
    stock = stage.stock(10)
    browser = operator(stage.world.stranger)
    for made in ("pool", "poolassignment"):
        address = f"{reverse(f'admin:subscriptions_{made}_add')}?pool={stock.pk}"
        assert browser.get(address).status_code in {302, 404}
    act(browser, LIST, "give", stock)
    assert Pool.objects.count() == 1


def test_what_has_ended_says_so_and_ends_by_its_last_day(stage: Stage):
    """And a date that stays is none that is chosen."""
    world = stage.world
    stock = stage.stock(100, ends_at=end_of(END.date()))
    pool = stage.give(stock, world.north, 20, mode="date", at=end_of(END.date()))
    browser = operator(world.provider)
    change_pool(actor=world.provider.actor, pool_id=stock.pk, expiry=Expiry("date", END), now=NOW)
    send(browser, page(pool), seats=25)  # its own date is after that of the pool above by now
    assert Pool.objects.get(pk=pool.pk).seats == 25
    change_pool(actor=world.provider.actor, pool_id=stock.pk, expiry=Expiry("now"), now=NOW)
    for address in (reverse(LIST), page(pool)):
        shown = browser.get(address).content.decode()
        assert "Expired" in shown
        assert "20 Nov 2026" in shown
    listed = {
        status: browser.get(reverse(LIST), {"status": status}).content.decode() for status in ("active", "expired")
    }
    assert page(pool) not in listed["active"]
    assert page(pool) in listed["expired"]
    assert '<td class="field-available">0</td>' in listed["expired"]
    assert '<td class="field-available">75</td>' not in listed["expired"]
