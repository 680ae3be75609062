"""What the guide of the model says about pools, as people do it. Over REST it is in tests/pools/test_sentences.py."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from catalog.services.types import create_service_type
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.services.pools.expiry import last_day
from tenants.models import ResellerTerms
from tests.browser.test_accounts import follow, press
from tests.browser.test_seed_story import choose
from tests.pools.stage import Stage
from tests.world import NOW

LINES = """() => { const chart = Chart.getChart(document.querySelector("canvas[data-chart]"));
  return chart.data.datasets.filter((_, place) => chart.isDatasetVisible(place)).map(({ label }) => label) }"""
LAST_POINT = """() => { const canvas = document.querySelector("canvas[data-chart]"), chart = Chart.getChart(canvas);
  const { x, y } = chart.getDatasetMeta(0).data.at(-1); canvas.scrollIntoView();
  return { x, y } }"""
TOOLTIP = """() => Chart.getChart(document.querySelector("canvas[data-chart]")).tooltip.body
  ?.flatMap(({ lines }) => lines).join("; ")"""


MONTHS = """() => Chart.getChart(document.querySelector("canvas[data-chart]")).data.labels"""


def unexpected(window) -> list[str]:
    """Of a refused form the browser complains by itself."""
    return [text for text in window.complaints if "422" not in text and "409" not in text]


def test_services_are_chosen_offered_accepted_declined_and_assigned(window, page: Page, pool_stage: Stage):
    """Select the reseller and click Add pool. Select online services by clicking their cards. Click Next to proceed. On
    the Subscription information page, configure each service: Pool, Source, Payment type, User seats; to view the user
    seats you own, click View details; by default, Same as pooled subscription is selected. Click Save. Pending
    acceptance: still pending this reseller's acceptance.

    What a customer has of it is changed, and taken back."""
    stage, world = pool_stage, pool_stage.world
    archive = create_service_type(actor=world.provider.actor, code="archive", name="Cloud archiving", now=NOW)
    stage.stock(100)
    stage.service = archive
    stage.stock(30, name="Archive")
    window.log_in(world.provider)
    window.open(f"/console/resellers/{world.north.id}/?tab=pools")
    follow(page, "Add pool")
    assert window.findings() == []
    page.locator("#card-search").fill("archiv")
    expect(page.locator(".choice-card", has_text="Cloud backup")).to_be_hidden()
    page.locator("#card-search").fill("")
    for name in ("Cloud archiving", "Cloud backup"):
        page.locator(".choice-card", has_text=name).click()
    press(page, "Next")
    backup, archiving = (page.get_by_role("group", name=name) for name in ("Cloud backup", "Cloud archiving"))
    backup.get_by_text("View details of what is available").click()
    expect(backup.get_by_role("row").filter(has_text="Backup").get_by_role("cell").nth(5)).to_have_text("100")
    expect(backup.get_by_label("Same as the pool it is from")).to_be_checked()
    for part, number in ((backup, "40"), (archiving, "31")):
        part.get_by_label("Number", exact=True).fill(number)
        part.get_by_label("Source").select_option("distributor")
        part.get_by_label("Payment type").select_option("monthly")
    press(page, "Save")
    expect(archiving.get_by_text("This pool has only 30 user seats free").first).to_be_visible()
    expect(backup.get_by_text("Please correct")).to_have_count(0)
    assert Pool.objects.filter(tenant=world.north.id).count() == 0
    expect(backup.get_by_label("Number", exact=True)).to_have_value("40")
    assert window.findings() == []
    assert window.overflow() <= 0
    archiving.get_by_label("Number", exact=True).fill("30")
    press(page, "Save")
    expect(page.get_by_text("2 pools are offered")).to_be_visible()

    window.log_in(world.north)
    window.open("/portal/pools/?status=pending")
    follow(page, "Backup")
    expect(page.get_by_role("link", name="Assign to a customer")).to_have_count(0)
    press(page, "Accept")
    expect(page.get_by_text("Backup is yours")).to_be_visible()
    follow(page, "Assign to a customer")
    choose(page, "customer", "Shop")
    page.get_by_label("Number", exact=True).fill("41")
    press(page, "Assign")
    expect(page.get_by_text("only 40 user seats free").first).to_be_visible()
    page.get_by_label("Number", exact=True).fill("5")
    press(page, "Assign")
    expect(page.get_by_text("Seats of Backup were assigned.")).to_be_visible()
    window.open("/portal/pools/?status=pending")
    follow(page, "Archive")
    follow(page, "Decline")
    assert window.findings() == []
    page.get_by_label("Type Yes to confirm").fill("Yes")
    press(page, "Decline")
    expect(page.get_by_text("Archive was declined.")).to_be_visible()

    hands = page.get_by_role("row").filter(has_text="Cloud backup")
    window.log_in(world.shop)
    window.open("/portal/assignments/")
    expect(hands.get_by_text("5", exact=True)).to_be_visible()
    window.log_in(world.north)
    change_seats(page, window.base, "5", "41", "only 35 user seats free")
    change_seats(page, window.base, "5", "8", "The seats of a customer in Backup were changed.")
    assert window.findings() == []
    window.log_in(world.shop)
    window.open("/portal/assignments/")
    expect(hands.get_by_text("8", exact=True)).to_be_visible()
    window.log_in(world.north)
    change_seats(page, window.base, "8", "0", "The seats of a customer in Backup were changed.")
    assert dict(Pool.objects.filter(tenant=world.north.id).values_list("name", "free"))["Backup"] == 40
    assert unexpected(window) == []
    assert pools() == []


def change_seats(page: Page, base: str, had: str, wanted: str, answer: str) -> None:
    """From the page of the pool, whose number leads to the form."""
    page.goto(f"{base}/portal/pools/")
    follow(page, "Backup")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Customers").click()
    page.get_by_role("row").filter(has_text="Shop").get_by_role("link", name=had, exact=True).click()
    page.get_by_label("Number", exact=True).fill(wanted)
    page.keyboard.press("Enter")
    expect(page.get_by_text(answer).first).to_be_visible()


def test_what_was_given_is_edited_and_taken_back(window, page: Page, pool_stage: Stage):
    """Edit Pool: to view the user seats you own, click View details; the payment type can only be edited when the
    reseller has not assigned this pooled subscription to any customer; enter the number of user seats; Same
    as pooled subscription, Specify a time, Expire now. Return to pool: when this reseller has not accepted the pooled
    subscriptions. Resellers who have active pooled subscriptions cannot be deleted."""
    stage, world = pool_stage, pool_stage.world
    stock = stage.stock(100)
    given = stage.give(stock, world.north, 40)
    waiting = stage.offer(stock, world.north, 7)
    window.log_in(world.provider)
    window.open(f"/console/pools/{given.pk}/")
    expect(page.get_by_role("link", name="Return to pool")).to_have_count(0)
    follow(page, "Edit")
    expect(page.get_by_text("Available in the pool it is from: 53 user seats.")).to_be_visible()
    page.get_by_text("View details of what is available").click()
    expect(page.get_by_role("row").filter(has_text="Backup").get_by_role("cell").nth(5)).to_have_text("53")
    page.get_by_label("Payment type").select_option("yearly")
    page.get_by_label("Number", exact=True).fill("50")
    page.get_by_label("On a date").check()
    page.get_by_label("Last day").fill("2099-12-31")
    press(page, "Save")
    expect(page.get_by_text("A pool ends with the one it is given from").first).to_be_visible()
    expect(page.get_by_label("Number", exact=True)).to_have_value("50")
    page.get_by_label("Last day").fill("2026-12-30")
    press(page, "Save")
    expect(page.get_by_text("Backup was changed.")).to_be_visible()
    given.refresh_from_db()
    assert (given.seats, given.payment_type, last_day(given.ends_at)) == (50, "yearly", date(2026, 12, 30))
    expect(page.get_by_text("30 Dec 2026").first).to_be_visible()
    stage.assign(given, world.shop, 9)
    window.open(f"/console/pools/{given.pk}/edit/")
    expect(page.get_by_label("Payment type")).to_be_disabled()
    page.get_by_label("Number", exact=True).fill("8")
    press(page, "Save")
    expect(page.get_by_text(f"{world.shop.name} · {world.shop.id}: 9").first).to_be_visible()
    assert window.findings() == []

    window.open(f"/console/pools/{waiting.pk}/")
    follow(page, "Return to pool")
    press(page, "Return to pool")
    expect(page.get_by_text("Backup was returned.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Returned", exact=True).first).to_be_visible()
    window.open(f"/console/resellers/{world.north.id}/delete/")
    expect(page.get_by_text(f"Backup · {given.pk}").first).to_be_visible()

    window.open(f"/console/pools/{given.pk}/edit/")
    page.get_by_label("Number", exact=True).fill("50")
    page.get_by_label("Expire now").check()
    press(page, "Save")
    expect(page.get_by_role("main").get_by_text("Expired", exact=True).first).to_be_visible()
    window.log_in(world.north)
    window.open(f"/portal/pools/{given.pk}/")
    expect(page.get_by_role("link", name="Assign to a customer")).to_have_count(0)
    assert unexpected(window) == []
    assert pools() == []


def counted(page: Page) -> dict[str, str]:
    """Of the dashboard: each number by its word; the first of a word counts."""
    found: dict[str, str] = {}
    for counter in page.locator(".counter").all():
        value, label = counter.locator(".counter-value").inner_text(), counter.locator(".counter-label").inner_text()
        found.setdefault(label, value)
    return found


def test_the_dashboard_counts_and_draws(window, page: Page, pool_stage: Stage):
    """Pools, Customers, Total, Allocated, Pending acceptance, Expiring in 30 days. Available licenses – select or
    deselect the checkboxes of each pooled subscription to view or hide its data; hover your mouse over the first day
    of a month."""
    stage, world = pool_stage, pool_stage.world
    past = NOW - timedelta(days=100)
    stock = stage.stock(100)
    first = stage.give(stock, world.north, 40, now=past)
    soon = NOW + timedelta(days=20)
    second = stage.give(stock, world.north, 10, mode="date", at=soon)
    stage.offer(stock, world.north, 7)
    stage.assign(first, world.shop, 6)
    stage.assign(second, world.shop, 4)
    window.log_in(world.provider)
    window.open(f"/console/resellers/{world.north.id}/?tab=pools")
    expect(page.get_by_text("Expiring in 30 days")).to_be_visible()
    told = counted(page)
    wanted = {"Pools": "2", "Customers": "1", "Total": "50", "Allocated to customers": "10", "Pending acceptance": "7"}
    assert wanted.items() <= told.items(), told
    assert told["Expiring in 30 days"] == "10"
    labels = [f"Backup · {pool.pk}" for pool in (first, second)]
    page.wait_for_function("() => window.Chart && Chart.getChart(document.querySelector('canvas[data-chart]'))")
    assert page.evaluate(LINES) == labels
    page.locator(".chart-toggles").get_by_label(labels[1]).uncheck()
    assert page.evaluate(LINES) == labels[:1]
    spot = page.evaluate(LAST_POINT)
    page.locator("canvas[data-chart]").hover(position=spot)
    page.wait_for_function(TOOLTIP)
    assert "100 % available, 40 purchased, 0 allocated" in page.evaluate(TOOLTIP)
    assert page.evaluate(MONTHS)[-1] == "1 Nov 2026"
    page.get_by_text("As a table").click()
    expect(page.get_by_role("region", name="Available licences").get_by_role("row")).to_have_count(7)
    assert window.findings() == []
    assert window.overflow() <= 0
    assert unexpected(window) == []


def test_of_several_grantors_each_sees_what_it_gave(window, page: Page, pool_stage: Stage):
    """You can manage your own resellers: a reseller takes pools from several large account resellers, and each sees
    only what it gave, in tables, counters, charts and files; of the customers that have seats of it, no name."""
    stage, world = pool_stage, pool_stage.world
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    ours = stage.give(stage.stock(100, name="Ours"), world.north, 40, now=NOW - timedelta(days=100))
    theirs = stage.stock(60, holder=world.south, name="Theirs")
    window.log_in(world.provider)
    window.open(f"/console/resellers/{world.north.id}/?tab=pools")
    follow(page, "Add supplier")
    choose(page, "supplier", "South")
    press(page, "Add supplier")
    expect(page.get_by_text("It can give pools to this reseller now.")).to_be_visible()

    window.log_in(world.south)
    window.open("/portal/pools/")
    follow(page, "Add pool")
    page.locator(".choice-card", has_text="Cloud backup").click()
    page.locator("#id_resellers-free").select_option(label="North")
    page.get_by_role("button", name="Add", exact=True).click()
    press(page, "Next")
    page.get_by_label("Number", exact=True).fill("25")
    press(page, "Save")
    expect(page.get_by_text("1 pool is offered")).to_be_visible()
    assert window.open(f"/portal/pools/{ours.pk}/") == 404
    given = Pool.objects.get(parent=theirs)

    window.log_in(world.north)
    window.open(f"/portal/pools/{given.pk}/")
    press(page, "Accept")
    expect(page.get_by_text("Theirs is yours")).to_be_visible()
    window.open("/portal/")
    told = counted(page)
    assert (told["Pools"], told["Total"]) == ("2", "65")
    page.wait_for_function("() => window.Chart && Chart.getChart(document.querySelector('canvas[data-chart]'))")
    assert sorted(page.evaluate(LINES)) == [f"Ours · {ours.pk}", f"Theirs · {given.pk}"]
    stage.assign(ours, world.shop, 6)
    stage.assign(given, world.shop, 4)

    window.log_in(world.south)
    window.open("/portal/pools/")
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Theirs")).to_have_count(2)
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as file:
        page.get_by_role("button", name="CSV").click()
    assert "Ours" not in file.value.path().read_text() + page.content()
    rows.get_by_role("link", name="North", exact=True).click()
    told = counted(page)
    assert (told["Pools"], told["Total"], told["Allocated to customers"]) == ("1", "25", "4")
    expect(page.get_by_text("Nothing to show yet")).to_be_visible()
    expect(page.get_by_text(f"Customer {world.shop.id}")).to_be_visible()
    assert not [name for name in ("Ours", world.shop.name) if name in page.content()]
    assert [text for text in unexpected(window) if "404" not in text] == []
    assert pools() == []
