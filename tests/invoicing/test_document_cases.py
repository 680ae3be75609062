"""Documents, discounts, caps, margins and the like come to what others have published. No database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from catalog.pricing import About, price
from invoicing.rating.balances import monthly, resumes_on
from invoicing.rating.charges import Charge, Kind, total
from invoicing.rating.commission import Plan, as_discount, earned, margin, over_parent, payable
from invoicing.rating.ends import shared_ends
from invoicing.rating.engine import rate
from invoicing.rating.grouping import grouped, rolled_up, unexplained
from invoicing.rating.liability import VatId, liability
from invoicing.rating.lines import capped
from invoicing.rating.policy import Anchoring, Policy, Terms
from invoicing.rating.splitting import percent_of, split_on, spread
from invoicing.rating.taxes import Category, Taxed, line_net, totals
from invoicing.rating.timeline import GivenBack, Stream, Stretch, once_only
from invoicing.rating.usage import Tier, beyond, charges_of, graduated, included, true_up, volume
from resellerhub.kernel.cycles import Cadence
from resellerhub.kernel.money import Rounding, round_money
from resellerhub.kernel.periods import Period
from subscriptions.quoting import closes_at, unused_from
from tests.catalog.test_pricing import Rule
from tests.invoicing.cases import read

MONTH = Cadence(1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
DOCUMENTS = read("documents")


def number(text) -> Decimal:
    return Decimal(text)


def rows(name: str, table: str) -> list[list[str]]:
    return [row for part in read(name, table) for row in part["rows"]]


def charge(amount, *, quantity=1, unit_price=None, part=1, whole=1, customer="a", **other) -> Charge:
    line = Charge(
        Kind.RECURRING, customer, NOVEMBER, NOVEMBER, quantity, number(unit_price or amount), "EUR", part, whole,
        number(amount), NOVEMBER.start,
    )  # fmt: skip
    return line._replace(**other)


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case["id"] for case in DOCUMENTS])
def test_a_document_comes_to_what_is_published(case):
    lines = [
        Taxed(line_net(number(quantity), number(unit), "EUR"), Category(more[0] if more else "S"), number(percent))
        for quantity, unit, percent, *more in case["lines"]
    ]
    if "discount" in case:
        shares = spread(number(case["discount"]), [line.net for line in lines], "EUR")
        assert "shares" not in case or [str(share) for share in shares] == case["shares"]
        lines = [line._replace(net=line.net - share) for line, share in zip(lines, shares, strict=True)]
    if "taxes" in case:
        assert [str(percent_of(line.net, line.rate, "EUR")) for line in lines] == case["taxes"]
    found = totals(lines, "EUR", rounding=number(case.get("rounding", "0")))
    assert {name: getattr(found, name) for name in case["totals"]} == {
        name: number(amount) for name, amount in case["totals"].items()
    }


@pytest.mark.parametrize(("potential", "original", "earlier", "comes_to"), rows("documents", "cap"))
def test_a_credit_is_bounded(potential, original, earlier, comes_to):
    assert capped(number(potential), number(original), number(earlier)) == number(comes_to)


@pytest.mark.parametrize(("mode", "exact", "rounded"), rows("documents", "rounding"))
def test_rounding(mode, exact, rounded):
    assert str(round_money(number(exact), "EUR", Rounding(mode))) == rounded


@pytest.mark.parametrize(("buyer", "vat_id", "category", "country", "waits"), rows("documents", "liability"))
def test_who_owes_the_tax(buyer, vat_id, category, country, waits):
    assert liability("FR", buyer, VatId(vat_id)) == (category, country, waits)


@pytest.mark.parametrize(("net", "category", "percent"), [("1", "S", "0"), ("1", "AE", "19"), ("1", "O", "7")])
def test_a_rate_where_none_is_allowed_is_refused(net, category, percent):
    with pytest.raises(ValueError, match="category"):
        totals([Taxed(number(net), Category(category), number(percent))], "EUR")


def test_what_is_outside_the_scope_of_tax_stands_alone():
    with pytest.raises(ValueError, match="document of its own"):
        totals([Taxed(number("1"), Category.OUTSIDE), Taxed(number("1"), Category.STANDARD, number("19"))], "EUR")


def test_a_rate_that_changes_inside_the_days_of_a_line_splits_it():
    """Germany, 2020: 16 instead of 19 percent from July on; the parts come to the line."""
    line = charge("100.00", service=Period(date(2020, 6, 16), date(2020, 7, 16)))
    before, after = split_on(line.service, line.amount, line.currency, [date(2020, 7, 1), date(2021, 1, 1)])
    assert (before.days.days, str(before.amount), after.days.days, str(after.amount)) == (15, "50.00", 15, "50.00")
    taxed = [
        Taxed(before.amount, Category.STANDARD, number("19")),
        Taxed(after.amount, Category.STANDARD, number("16")),
    ]
    assert [str(row.tax) for row in totals(taxed, "EUR").subtotals] == ["9.50", "8.00"]


@pytest.mark.parametrize(("asked", "cost", "percent", "fee", "left"), rows("earning", "margin"))
def test_what_is_left_of_a_price(asked, cost, percent, fee, left):
    assert str(margin(number(asked), number(cost), "EUR", number(percent), number(fee))) == left


@pytest.mark.parametrize(("base", "percent", "amount", "rest"), rows("earning", "share"))
def test_a_share_is_earned(base, percent, amount, rest):
    [row] = earned(Plan(steps=[(0, number(percent))]), number(base), 0, 1, "EUR")
    assert (str(row.amount), str(as_discount(number(base), row.amount))) == (amount, rest)


@pytest.mark.parametrize(("asked", "parents", "amount"), rows("earning", "over_parent"))
def test_a_margin_over_the_price_of_the_parent(asked, parents, amount):
    assert str(over_parent(number(asked), number(parents), 1, "EUR")) == amount


@pytest.mark.parametrize("case", read("earning", "rule"), ids=lambda case: case["source"])
def test_a_price_is_made_as_published(case):
    rules = [
        Rule(row.pop("method"), number(row.pop("value")), pk=pk, **row)
        for pk, row in enumerate(map(dict, case["rules"]))
    ]
    numbers = {"stated": None, "cost": None, "recommended": None} | {
        name: number(amount) for name, amount in case["numbers"].items()
    }
    assert price(rules, About(service_type_id=1, cycle="month", package_id=7), **numbers).amount == number(
        case["price"]
    )


def test_commission_by_the_age_of_a_customer_at_every_level():
    """FEATURES P07, P08: 8 % in the first three months, then 10 %; the one above has 2.5 %."""
    plan = Plan(steps=[(0, number("8")), (3, number("10"))], indirect=[number("2.5")])

    def amounts(months, base="200.00", levels=2):
        return [str(row.amount) for row in earned(plan, number(base), months, levels, "EUR")]

    assert (amounts(2), amounts(3), amounts(40)) == (["16.00", "5.00"], ["20.00", "5.00"], ["20.00", "5.00"])
    assert (amounts(3, levels=1), amounts(3, base="-100.00")) == (["20.00"], ["-10.00", "-2.50"])
    once = plan._replace(once=True)
    assert earned(once, number("200"), 5, 2, "EUR", is_first=False) == []
    assert (payable(number("49.99"), number("50")), payable(number("50"), number("50"))) == (0, 50)


def test_a_reseller_owes_the_fee_of_each_account_suspended_or_not():
    """T34: PortaBilling: three accounts, one of them suspended all month; the provider bills 30.00."""
    terms = Terms(credits_suspension=False)
    held = [
        Stream("EUR", [Stretch(account, NOVEMBER.start, None, 1, number("10"), MONTH, terms, account == 3)])
        for account in (1, 2, 3)
    ]
    billed = [row for stream in held for row in rate(stream, Policy(), NOVEMBER.start)]
    assert total(billed) == number("30.00")


def test_a_fee_that_is_owed_once_is_charged_once():
    """However many are sold, and as the one says that began last."""
    ten, twelve = number("10"), number("12")
    first = [Stretch(1, date(2026, 11, 1), None, 5, ten, MONTH)]
    second = [Stretch(2, date(2026, 11, 16), date(2026, 11, 26), 3, twelve, MONTH)]
    stretches = once_only([first, second])
    assert [(row.source, row.starts_on.day, row.quantity) for row in stretches] == [(1, 1, 1), (2, 16, 1), (1, 26, 1)]
    lines = rate(Stream("EUR", stretches), Policy(), date(2026, 11, 30))
    assert [str(row.amount) for row in lines] == ["5.00", "4.00", "1.67"]


@pytest.mark.parametrize(
    ("hours", "comes_back"), [(20, "30.00"), (30, "29.00"), (60, "28.00"), (167, "24.00"), (169, None)]
)
def test_a_cancellation_window_gives_back_whole_days_that_are_left(hours, comes_back):
    """T40: support.appxite.com, 9942135883804 (Microsoft NCE): 30.00 for 30 days, 168 hours."""
    bought = datetime(2026, 6, 1, tzinfo=UTC)
    left = bought + timedelta(hours=hours)
    if comes_back is None:
        assert left >= closes_at(bought, 168)
        return
    assert left < closes_at(bought, 168)
    june = Period(date(2026, 6, 1), date(2026, 7, 1))
    open_one = Stretch(1, june.start, None, 1, number("30.00"), MONTH)
    [paid] = rate(Stream("EUR", [open_one]), Policy(), june.start)
    since = GivenBack(1, unused_from(bought, june, left), 1)
    ended = Stream("EUR", [open_one._replace(ends_on=left.date())], billed=[paid._replace(id=1)], given_back=[since])
    assert str(-total(rate(ended, Policy(), left.date()))) == comes_back


def test_a_reseller_pays_one_invoice_of_its_customers():
    """T36: Kill Bill, TestIntegrationParentInvoice: two children, two lines, one total."""
    children = {"one": [charge("249.95")], "two": [charge("29.95")]}
    together = rolled_up(children, ["one", "two"])
    assert [str(section.total) for section in together.sections] == ["249.95", "29.95"]
    assert together.total == number("279.90") == total(row for rows in children.values() for row in rows)
    with pytest.raises(ValueError, match="three"):
        rolled_up(children, ["one", "two", "three"])
    with pytest.raises(ValueError, match="currencies"):
        rolled_up(children | {"two": [charge("1", currency="USD")]}, ["one", "two"])


def test_corrections_come_to_one_amount():
    """T39: support.appxite.com, 360020993239."""
    assert total(map(charge, ("579.73", "2193.56", "-2705.40"))) == number("67.89")


def test_identical_lines_are_one_on_paper():
    """T72: docs WHMCS: 3 × "Monthly Lease" at 15.95; what is stored stays three."""
    leases = [("Monthly Lease", charge("15.95", customer=each)) for each in "abc"]
    [line] = grouped(leases)
    assert (line.quantity, str(line.unit_price), str(line.amount), len(line.charges)) == (3, "15.95", "47.85", 3)
    assert len(grouped([*leases, ("Other", charge("15.95"))])) == 2
    thirds = [("Lease", charge("5.32", unit_price="15.95", part=10, whole=30)) for _each in range(3)]
    assert [str(each.amount) for each in grouped(thirds)] == ["5.32"] * 3, "3 × 15.95 × 10/30 would be 15.95"
    assert unexplained(charge("-9.00", unit_price="10")) == number("1.00")


def test_use_beyond_what_is_included():
    """T73: Silver: of 20 included 10 are in half a month; 12 were used, at 2.5."""
    free = included(20, 14, 28)
    assert (free, beyond(12, free), beyond(9, free)) == (10, 2, 0)
    used = volume([Tier(None, number("2.5"))], beyond(12, free))
    days = Period(date(2015, 2, 15), date(2015, 3, 1))
    [line] = charges_of(used, "metered", days, Period(date(2015, 2, 1), days.end), "EUR", Rounding.HALF_UP)
    assert (str(line.amount), line.quantity, line.due_on) == ("5.00", 2, days.end)


def test_tiers():
    """Stripe, tiered pricing: 10 at 5, the next ten at 4, the rest at 3 with 7 once."""
    tiers = [Tier(10, number("5")), Tier(20, number("4")), Tier(None, number("3"), number("7"))]

    def amounts(found):
        return [(row.units, str(row.exact)) for row in found]

    assert amounts(graduated(tiers, 25)) == [(10, "50"), (10, "40"), (5, "22")]
    assert amounts(graduated(tiers, 10)) == [(10, "50")]
    assert amounts(volume(tiers, 10)) == [(10, "50")]
    assert amounts(volume(tiers, 11)) == [(11, "44")]
    assert amounts(volume(tiers, 25)) == [(25, "82")]
    assert graduated(tiers, 0) == volume(tiers, 0) == []
    lines = charges_of(graduated(tiers, 25), "metered", NOVEMBER, NOVEMBER, "EUR", Rounding.HALF_UP)
    assert [(str(row.amount), row.nth) for row in lines] == [("50.00", 0), ("40.00", 1), ("15.00", 2), ("7.00", 3)]
    for bad in ([], [Tier(10, number("5"))], [Tier(10, number("5")), Tier(5, number("4")), Tier(None, number("3"))]):
        with pytest.raises(ValueError, match="tiers"):
            graduated(bad, 1)


def test_a_minimum_is_made_up_for():
    assert str(true_up(number("100"), number("30.00"), 30, 30, "EUR")) == "70.00"
    assert str(true_up(number("100"), number("30.00"), 14, 28, "EUR")) == "20.00"
    assert true_up(number("100"), number("130.00"), 1, 1, "EUR") == 0


def test_who_paid_too_little_resumes_when_the_rest_is_paid_for():
    """T44: PortaBilling, mr101: 30 a month, a balance of 20."""
    assert resumes_on(number("30"), NOVEMBER, NOVEMBER.start, number("20"), "USD") == date(2026, 11, 11)
    assert resumes_on(number("30"), NOVEMBER, NOVEMBER.start, number("-1"), "USD") == NOVEMBER.end


def test_a_credit_is_used_up_by_the_month():
    """T69 (b), (c): Waldur: 1,200 from October to October; no more than there is. (a): what others round up twice."""
    assert monthly(number("1200"), date(2024, 10, 10), date(2025, 10, 15), "EUR") == number("100.00")
    with pytest.raises(ValueError, match="2000"):
        monthly(number("1000"), date(2024, 10, 10), date(2025, 10, 15), "EUR", number("2000"))
    [line] = rate(
        Stream("EUR", [Stretch(1, date(2017, 7, 20), None, 1, number("1"), MONTH)]),
        Policy(anchoring=Anchoring.CALENDAR, rounding=Rounding.AWAY_FROM_ZERO),
        date(2017, 7, 20),
    )
    assert (line.ratio, str(line.amount)) == (Fraction(12, 31), "0.39")


def test_on_which_days_something_new_may_end():
    """T41: learn.microsoft.com, custom-term-end-dates: by the calendar on 31 July; what ends on a 28th, 29th or 30th
    that is no month's end is not offered for a month. Days here are the first that do not count."""
    bought = date(2023, 7, 10)
    others = [date(2023, 7, 26), date(2023, 7, 29), date(2023, 7, 30), date(2023, 7, 31), date(2023, 9, 1)]
    assert shared_ends(bought, 1, others) == [date(2023, 7, 26), date(2023, 8, 1)]
    assert shared_ends(bought, 12, [date(2024, 3, 30)]) == [date(2024, 3, 30), date(2024, 7, 1)]
    assert shared_ends(date(2023, 7, 31), 1, []) == [date(2023, 8, 1)]
