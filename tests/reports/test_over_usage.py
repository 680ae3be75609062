"""Quota over usage: who is over, and the same numbers on page, export, drill-down, API and roll-up."""

import csv
import io
from functools import partial

import openpyxl
import pytest
from django.urls import reverse

from reports.selectors import holding_behind, over_usage_rows, parts_allocated, parts_sold, parts_used, total
from subscriptions.models import Holding, Subscription
from subscriptions.selectors.over_usage import roll_up
from subscriptions.services.settings import set_over_quota_basis
from tenants.models import User
from tests.reports.callers import api, content, get, page_rows
from tests.reports.oversold import report
from tests.world import NOW

LIST = "/console/reports/usage/quota-over-usage/"
API = "/api/v1/reports/quota-over-usage"
NUMBERS = ("allocated", "sold", "used", "utilised", "remaining")


def key(row):
    return row["subscription_id"], row["remaining"]


def test_over_means_more_than_allocated_and_worst_comes_first(oversold):
    provider = oversold.market.world.provider.actor
    assert [key(row) for row in over_usage_rows(provider)] == oversold.over


def test_exactly_at_quota_is_not_over(oversold):
    provider = oversold.market.world.provider.actor
    at_quota = {oversold.north_east.pk, oversold.kiosk.pk, oversold.mill.pk}
    assert not at_quota & {row["subscription_id"] for row in over_usage_rows(provider)}
    everything = {
        key(row) for row in over_usage_rows(provider, everything=True) if row["resource__name"] == "User mailboxes"
    }
    assert {(pk, 0) for pk in at_quota} <= everything


def test_one_more_is_over(oversold):
    report(oversold.market, {oversold.mill: 11}, minutes=1)
    provider = oversold.market.world.provider.actor
    assert (oversold.mill.pk, -1) in [key(row) for row in over_usage_rows(provider)]


def test_the_provider_decides_what_a_reseller_utilises(oversold):
    provider = oversold.market.world.provider.actor
    set_over_quota_basis(actor=provider, basis="used", now=NOW)
    assert [key(row) for row in over_usage_rows(provider)] == [(oversold.north.pk, -15), *oversold.over[1:]]
    set_over_quota_basis(actor=provider, basis="sold", now=NOW)
    assert [key(row) for row in over_usage_rows(provider)] == oversold.over


def test_page_export_api_and_rows_say_the_same(oversold):
    world = oversold.market.world
    browser = world.provider.browser()
    rows = [
        (
            row["reseller_name"],
            row["title"],
            row["subscription_id"],
            row["resource__name"],
            *(row[name] for name in NUMBERS),
        )
        for row in over_usage_rows(world.provider.actor)
    ]
    assert rows[0] == ("North", "Wholesale", oversold.north.pk, "User mailboxes", 100, 120, 115, 120, -20)
    assert page_rows(browser, LIST) == [tuple(str(cell).replace("-", "−") for cell in row) for row in rows]

    lines = list(csv.reader(io.StringIO(content(get(browser, LIST, export="csv")).decode("utf-8-sig"))))
    assert lines[0] == [
        "Reseller", "Subscription", "Subscription ID", "Resource", "Allocated", "Sold", "Used", "Utilised", "Remaining",
    ]  # fmt: skip
    assert lines[1:] == [[str(cell) for cell in row] for row in rows]

    book = openpyxl.load_workbook(io.BytesIO(content(get(browser, LIST, export="xlsx"))))
    assert [tuple(cells) for cells in book.active.iter_rows(min_row=2, values_only=True)] == rows

    answer = api(world.provider).get(API).json()
    names = ("reseller_name", "subscription_name", "subscription", "resource_name", *NUMBERS)
    assert [tuple(row[name] for name in names) for row in answer["results"]] == rows


@pytest.mark.parametrize("part", ["allocated", "sold", "used"])
def test_the_drill_down_adds_up_to_the_row(oversold, part):
    provider = oversold.market.world.provider.actor
    columns = {
        "allocated": (parts_allocated, "amount"),
        "sold": (partial(parts_sold, provider), "allocated"),
        "used": (partial(parts_used, provider), "quantity"),
    }
    select, column = columns[part]
    seen = 0
    for row in over_usage_rows(provider, everything=True):
        holding = holding_behind(provider, row["subscription_id"], row["resource_id"])
        assert total(select(holding), column) == row[part]
        seen += row[part]
    assert seen


def test_the_drill_down_page_shows_the_subscriptions_behind_a_row(oversold):
    world = oversold.market.world
    browser = world.provider.browser()
    url = f"{LIST}{oversold.north.pk}/{oversold.mailbox.pk}/"
    page = get(browser, url).content.decode()
    assert "3 rows, together 120." in page
    sold = {(row[0], row[-2]) for row in page_rows(browser, url)}
    assert sold == {("Large", "90"), ("Small wholesale", "20"), ("Second of Shop", "10")}
    assert "together 100." in get(browser, url, part="allocated").content.decode()
    assert "2 rows, together 115." in get(browser, url, part="used").content.decode()


def test_the_drill_down_over_rest(oversold):
    client = api(oversold.market.world.provider)
    base = f"{API}/{oversold.north.pk}/{oversold.mailbox.pk}"
    row = client.get(base).json()
    assert (row["remaining"], row["reseller_name"]) == (-20, "North")
    parts = client.get(f"{base}/subscriptions").json()["results"]
    assert sum(part["allocated"] for part in parts) == row["sold"] == 120
    grants = client.get(f"{base}/grants").json()["results"]
    assert sum(grant["amount"] for grant in grants) == row["allocated"] == 100
    shop = f"{API}/{oversold.shop.pk}/{oversold.mailbox.pk}"
    measures = client.get(f"{shop}/measures").json()["results"]
    assert sum(measure["quantity"] for measure in measures) == client.get(shop).json()["used"] == 95


def test_the_roll_up_sums_the_rows_of_each_branch(oversold):
    world = oversold.market.world
    actor = world.provider.actor
    for branch in roll_up(actor):
        rows = list(over_usage_rows(actor, everything=True, branch=branch.branch_id, resource=branch.resource_id))
        over = [row["remaining"] for row in rows if row["remaining"] < 0]
        assert (branch.rows, branch.over, branch.excess) == (len(rows), len(over), -sum(over))
        for name in NUMBERS:
            assert getattr(branch, name) == sum(row[name] for row in rows), name
    mailboxes = {
        row.branch_id: (row.over, row.excess) for row in roll_up(actor) if row.resource_id == oversold.mailbox.pk
    }
    assert mailboxes == {
        world.provider.id: (3, 26),
        world.north.id: (2, 25),
        world.north_east.id: (0, 0),
        world.south.id: (0, 0),
    }


def test_the_roll_up_page_and_endpoint(oversold):
    world = oversold.market.world
    browser = world.provider.browser()
    assert [row[:4] for row in page_rows(browser, f"{LIST}roll-up/")] == [
        ("Groupware GmbH", "User mailboxes", "3", "26"),
        ("North", "User mailboxes", "2", "25"),
    ]
    page = get(browser, f"{LIST}roll-up/").content.decode()
    linked = f"branch={world.north.id}&amp;resource={oversold.mailbox.pk}"
    assert linked in page
    assert len(page_rows(browser, f"{LIST}?{linked.replace('&amp;', '&')}")) == 2
    answer = api(world.provider).get(f"{API}/roll-up", {"all": "true", "limit": 2})
    first = answer.json()
    assert [(row["branch_name"], row["excess"]) for row in first["results"]] == [("Groupware GmbH", 26), ("North", 25)]
    following = api(world.provider).get(first["next"]).json()
    assert following["previous"]
    assert len(following["results"]) == 2


@pytest.mark.parametrize("by", ["provider", "north"])
def test_the_totals_of_the_roll_up_equal_the_rows_of_the_report(oversold, by):
    """For each resource by itself: nothing is counted twice, though branches hold branches."""
    player = getattr(oversold.market.world, by)
    answer = api(player).get(f"{API}/roll-up/totals", {"all": "true"})
    assert answer.status_code == 200, answer.content
    totals = answer.json()["results"]
    assert [each["resource"] for each in totals] == [oversold.mailbox.pk, oversold.market.storage.pk]
    for each in totals:
        rows = list(over_usage_rows(player.actor, everything=True, resource=each["resource"]))
        over = [row["remaining"] for row in rows if row["remaining"] < 0]
        assert (each["rows"], each["over"], each["excess"]) == (len(rows), len(over), -sum(over))
        for name in NUMBERS:
            assert each[name] == sum(row[name] for row in rows), name


def test_the_totals_stand_at_the_foot_of_the_page_and_of_the_file(oversold):
    world = oversold.market.world
    browser = world.provider.browser()
    page = get(browser, f"{LIST}roll-up/")
    foot = [[cell for _css, cell in cells] for cells in page.context["table"].foot()]
    assert [cells[:4] for cells in foot] == [["Total", "User mailboxes", "3", "26"]]
    assert "<tfoot>" in page.content.decode()
    lines = list(csv.reader(content(get(browser, f"{LIST}roll-up/", export="csv")).decode().splitlines()))
    assert [line[:4] for line in lines[1:]] == [
        ["Groupware GmbH", "User mailboxes", "3", "26"],
        ["North", "User mailboxes", "2", "25"],
        ["Total", "User mailboxes", "3", "26"],
    ]
    User.objects.filter(pk=world.provider.user.pk).update(language="de")
    assert "Summe" in get(browser, f"{LIST}roll-up/").content.decode()


def test_cursor_pages_hold_every_row_once(oversold):
    client, seen = api(oversold.market.world.provider), []
    url = f"{API}?all=true&limit=3"
    while url:
        answer = client.get(url).json()
        seen += [(row["remaining"], row["id"]) for row in answer["results"]]
        url = answer["next"]
    assert seen == sorted(seen)
    assert len(seen) == Holding.objects.count()


def test_as_many_queries_for_many_rows_as_for_few(oversold, django_assert_max_num_queries):
    world, market = oversold.market.world, oversold.market
    browser, client = world.provider.browser(), api(world.provider)
    get(browser, LIST)
    client.get(API)

    def queries(call):
        with django_assert_max_num_queries(40) as captured:
            call()
        return len(captured)

    calls = [
        lambda: get(browser, LIST),
        lambda: client.get(API),
        lambda: get(browser, f"{LIST}roll-up/"),
        lambda: content(get(browser, LIST, export="csv")),
    ]
    before = [queries(call) for call in calls]
    more = [market.sell(world.direct, name=f"More {n}") for n in range(20)]
    report(market, dict.fromkeys(more, 99), minutes=5)
    assert len(page_rows(browser, LIST)) == 23
    assert [queries(call) for call in calls] == before


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_a_name_is_never_a_formula(oversold, start):
    Subscription.objects.filter(pk=oversold.shop.pk).update(name=f"{start}cmd|calc")
    browser = oversold.market.world.provider.browser()
    lines = list(csv.reader(io.StringIO(content(get(browser, LIST, export="csv")).decode("utf-8-sig"))))
    assert lines[2][1] == f"'{start}cmd|calc"
    assert lines[2][-1] == "-5"  # a number stays one
    sheet = openpyxl.load_workbook(io.BytesIO(content(get(browser, LIST, export="xlsx")))).active
    assert sheet["B3"].data_type == "s"
    assert sheet["I3"].value == -5


def test_columns_are_the_readers_choice(oversold):
    browser = oversold.market.world.provider.browser()
    browser.post(reverse("console:list_columns"), {"list": "over_usage", "columns": ["holder", "kind", "remaining"]})
    assert page_rows(browser, LIST)[1] == ("Shop", "Customer", "−5")
    text = content(get(browser, LIST, export="csv")).decode("utf-8-sig")
    assert text.splitlines()[2] == "Shop,Customer,-5"


def test_the_breadcrumb_leads_here(oversold):
    page = get(oversold.market.world.provider.browser(), LIST).content.decode()
    crumbs = page[page.index('class="breadcrumbs"') :]
    crumbs = crumbs[: crumbs.index("</nav>")]
    assert crumbs.index("Reports") < crumbs.index("Usage report") < crumbs.index("Quota over usage")


def test_the_dashboard_counts_what_the_list_shows(oversold):
    page = get(oversold.market.world.provider.browser(), "/console/").content.decode()
    assert LIST in page
    assert "Over quota" in page
