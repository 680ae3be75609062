"""What refusals, mails and pages of pools say: which pool, of what unit, by the words and dates of the reader."""

import re
from uuid import uuid4

import pytest
import time_machine

from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.selectors.pools import movements
from subscriptions.services.pools.assigning import change_assignment
from subscriptions.services.pools.editing import change_pool
from subscriptions.services.pools.purchasing import change_stock
from subscriptions.services.pools.resolving import return_pool
from subscriptions.tables.pools import MovementTable
from tenants.letters import compose
from tenants.models import Mail, ResellerTerms, User
from tests.pools.stage import END, Stage
from tests.world import NOW, reseller


def say(client, url, **values):
    return client.post(url, {"request_id": str(uuid4()), **values})


def of(pool: Pool, seats: int, /, **changed) -> dict:
    return {"source_pool": pool.pk, "source": "direct", "payment_type": "monthly", "seats": seats} | changed


def test_a_refusal_over_rest_points_at_the_pool_that_is_to_blame(stage: Stage):
    world, first, second = stage.world, stage.stock(10), stage.stock(5)
    api, path = world.provider.api(), f"resellers/{stage.world.north.id}/pools"
    late = {"mode": "date", "on": "2099-01-01"}
    for wrong, pointer in (({"seats": 6}, "seats"), ({"expiry": late}, "expiry/on")):
        refused = api.post(path, {"pools": [of(first, 1), of(second, 1, **wrong)]})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, f"#/pools/1/{pointer}")
    given = stage.give(first, world.north, 4)
    refused = api.client.patch(f"/api/v1/pools/{given.pk}", {"expiry": late}, content_type="application/json")
    assert refused.json()["errors"][0] == {
        "pointer": "#/expiry/on", "code": "invalid",
        "detail": "A pool ends with the one it is given from at the latest, on 20 Nov 2027.",
    }  # fmt: skip
    stage.assign(given, world.shop, 3)
    refused = api.client.patch(f"/api/v1/pools/{given.pk}", {"seats": 1}, content_type="application/json").json()
    assert refused["holders"] == [{"id": world.shop.id, "name": "Shop", "seats": 3}]
    unmapped = reseller(world.provider, "Newcomer")
    refused = api.post("pools/give", {"resellers": [world.north.id, unmapped.id], "pools": [of(first, 1)]})
    assert refused.json()["detail"].endswith("Map first: Newcomer.")


def test_the_wizard_keeps_what_was_typed_and_blames_the_service(stage: Stage):
    world = stage.world
    small = stage.stock(3, unit="capacity")
    browser, url = world.provider.browser(), f"/console/resellers/{world.north.id}/pools/add/"
    prefix = f"service{stage.service.pk}"
    typed = {f"{prefix}-{name}": value for name, value in of(small, 7, pool=small.pk, mode="date").items()}
    typed |= {f"{prefix}-ends_on": "2027-01-31", "services": stage.service.pk}
    chosen = say(browser, url, **typed, back="1").content.decode()
    assert f'<input type="hidden" name="{prefix}-seats" value="7">' in chosen
    again = say(browser, url, **typed)
    assert again.status_code == 200
    shown = again.content.decode()
    assert 'value="7"' in shown
    assert 'value="2027-01-31"' in shown
    assert "Please correct" not in shown
    refused = say(browser, url, **typed, save="1")
    assert refused.status_code == 422
    (part,) = refused.context["parts"]
    assert part.errors == {"seats": ["This pool has only 3 GB free; 7 were asked for."]}
    refused = say(browser, url, **typed | {f"{prefix}-mode": "same_as_pool", f"{prefix}-seats": 2}, save="1")
    assert list(refused.context["parts"][0].errors) == ["ends_on"]  # not dropped in silence
    assert not Pool.objects.exclude(parent=None).exists()


def test_an_own_date_may_stay_where_another_mode_is_chosen(stage: Stage):
    given = stage.give(stage.stock(10), stage.world.north, 4, mode="date", at=END)
    page = f"/console/pools/{given.pk}/edit/"
    browser = stage.world.provider.browser()
    kept = {"seats": 4, "payment_type": "monthly", "mode": "same_as_pool"}
    assert say(browser, page, **kept, ends_on="2027-11-20").status_code == 302
    assert Pool.objects.get(pk=given.pk).own_end is None


def test_what_is_over_as_it_is_given_is_neither_told_nor_to_be_accepted(stage: Stage):
    stock, prefix = stage.stock(10), f"service{stage.service.pk}"
    typed = {f"{prefix}-{name}": value for name, value in of(stock, 2, pool=stock.pk, mode="now").items()}
    url = f"/console/resellers/{stage.world.north.id}/pools/add/"
    done = stage.world.provider.browser().post(
        url, {"request_id": str(uuid4()), "services": stage.service.pk, "save": "1", **typed}, follow=True
    )
    assert "1 pool has expired at once" in done.content.decode()
    assert "has to be accepted" not in done.content.decode()
    assert not Mail.objects.exists()
    assert pools() == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "offers you 1,200 GB of Backup"), ("de", "bietet Ihnen 1.200 GB von Backup an")],
)
def test_a_mail_names_the_unit_and_leads_to_the_pool(stage: Stage, language, words):
    User.objects.filter(pk=stage.world.north.user.pk).update(language=language)
    offered = stage.offer(stage.stock(2_000, unit="capacity"), stage.world.north, 1_200)
    text = str(compose(Mail.objects.get(), now=NOW).message.body)
    assert words in text
    assert re.search(rf"https?://\S+/portal/pools/{offered.pk}/", text)


def test_a_page_that_would_promise_what_is_refused_says_why(stage: Stage):
    world, stock = stage.world, stage.stock(50)
    active, waits = stage.give(stock, world.north, 9), stage.offer(stock, world.north, 9)
    over = stage.offer(stock, world.north, 9)
    return_pool(actor=world.provider.actor, pool_id=over.pk, now=NOW)
    for player, pool, page, status in (
        (world.north, active, "decline", 409), (world.north, waits, "assign", 409), (world.north, active, "edit", 403),
        (world.north, active, "stock", 404), (world.north, waits, "return", 403), (world.south, active, "edit", 404),
        (world.provider, active, "return", 409), (world.provider, over, "edit", 409),
        (world.provider, waits, "decline", 404),
    ):  # fmt: skip
        shell = "console" if player is world.provider else "portal"
        assert player.browser().get(f"/{shell}/pools/{pool.pk}/{page}/").status_code == status, (pool, page)
    told = world.north.browser().get(f"/portal/pools/{active.pk}/edit/").content.decode()
    assert "A pool is changed and taken back by who gave it." in told
    assert "Return to pool" not in world.north.browser().get("/portal/pools/").content.decode()


def test_a_list_keeps_its_controls_in_reach(stage: Stage):
    """What is done with chosen rows stands above them, what can be done with one stays in sight, an endless name is
    broken."""
    stage.stock(5, name="L" * 120)
    page = stage.world.provider.browser().get("/console/pools/").content.decode()
    assert page.index('id="bulk"') < page.index("<table")
    assert '<td class="sticks">' in page
    assert '<a class="wraps" href="/console/pools/' in page


def test_who_gave_or_has_nothing_is_answered_with_an_empty_list(stage: Stage):
    world = stage.world
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    stock = stage.stock(50)
    stage.assign(stage.give(stock, world.north, 9), world.shop, 2)
    api = world.provider.api()
    for path, asked in (("pools", {"grantor": world.south.id}), ("assignments", {"customer": world.mill.id})):
        assert api.get(path, **asked).json()["results"] == [], path
    assert world.south.api().get("pools", grantor=world.north.id).status_code == 422
    page = world.provider.browser().get(f"/console/pools/?grantor={world.south.id}").content.decode()
    assert "Nothing matches" in page
    offered = world.provider.browser().get("/console/pools/customers/").content.decode()
    (choices,) = re.findall(r'<select[^>]*name="customer".*?</select>', offered, re.S)
    assert re.findall(r'value="(\d+)"', choices) == [str(world.shop.id)]


def test_movements_say_what_they_are_and_with_whom(stage: Stage):
    world, stock = stage.world, stage.stock(50)
    given = stage.give(stock, world.north, 9)
    hand = stage.assign(given, world.shop, 5)
    change_assignment(actor=world.north.actor, assignment_id=hand.pk, seats=2, now=NOW)
    change_stock(actor=world.provider.actor, pool_id=stock.pk, seats=1_060, now=NOW)
    change_pool(actor=world.provider.actor, pool_id=given.pk, seats=8, now=NOW)

    def told(pool: Pool) -> list[list[str]]:
        table = MovementTable(list(movements(world.provider.actor, pool).order_by("pk")))
        return [[str(cell) for _css, cell in cells[1:]] for _row, cells in table.body()]

    assert told(stock) == [
        ["Purchased", "–", "+50", "", "", ""], ["Offered", "North", "", "+9", "", ""],
        ["Accepted", "North", "", "−9", "+9", ""], ["Increased", "–", "+1,010", "", "", ""],
        ["Resized", "North", "", "", "−1", ""],
    ]  # fmt: skip
    assert told(given) == [
        ["Received", "Groupware GmbH", "+9", "", "", ""], ["Assigned", "Shop", "", "", "", "+5"],
        ["Released", "Shop", "", "", "", "−3"], ["Went back", "Groupware GmbH", "−1", "", "", ""],
    ]  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        page = world.provider.browser().get(f"/console/pools/{given.pk}/?tab=movements").content.decode()
    assert "With whom" in page
