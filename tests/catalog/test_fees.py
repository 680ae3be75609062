"""Fees: making, changing and revising them; what the database holds of them, and two at once."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import FeeVersion
from catalog.refusals import BeforeToday, FeeInUse, ManagedByAnother, ShareWithResellers
from catalog.services.fees import Charging, change_fee, create_fee, revise_fee
from catalog.services.packages import Content, change_package, create_package
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import Event
from tests.subscriptions.market import build_market
from tests.together import together
from tests.world import NOW

TODAY = NOW.date()


def make(player, kind="account", **options):
    values = {"kind": kind, "name": f"{kind} {uuid4().hex[:6]}", "currency": "EUR", "now": NOW} | options
    charging = values.pop("charging", None) or Charging("Mail", Decimal("12.5"))
    return create_fee(actor=player.actor, charging=charging, **values)


def switch(player, fee, **changes):
    names = ("name", "is_shared", "applies_more_than_once", "is_active")
    values = {name: getattr(fee, name) for name in names} | changes
    return change_fee(actor=player.actor, fee_id=fee.pk, now=NOW, **values)


def revise(player, fee, amount, on=TODAY):
    return revise_fee(
        actor=player.actor, fee_id=fee.pk, charging=Charging("Mail", Decimal(amount)), effective_on=on, now=NOW
    )


def in_force(fee, on=TODAY):
    return fee.versions.in_force(on).get().amount


def test_a_fee_says_what_it_charges_from_a_day_on(world):
    fee = make(world.provider)
    later = TODAY + timedelta(days=30)
    revise(world.provider, fee, "20", later)
    assert (in_force(fee), in_force(fee, later - timedelta(days=1)), in_force(fee, later)) == (12.5, 12.5, 20)
    revise(world.provider, fee, "15", later)
    assert in_force(fee, later) == 15  # of two for one day the later made counts
    revise(world.provider, fee, "15", later)
    assert fee.versions.count() == 3
    event = Event.objects.filter(kind="fee.revised").latest("pk")
    assert (event.before["amount"], event.after["amount"]) == ("20", "15")
    with pytest.raises(BeforeToday):
        revise(world.provider, fee, "1", TODAY - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        revise(world.provider, fee, "1", date(9999, 12, 31))
    assert list(refused.value.errors) == ["effective_on"]


def test_it_says_more_amounts_than_that_of_its_own_cycle(world):
    fee = make(world.provider, charging=Charging("Mail", Decimal(10), amount_year=Decimal(100)))
    said = fee.versions.get()
    assert said.amounts == {"month": 10, "year": 100}
    assert [said.per(cycle) for cycle in ("month", "quarter", "year")] == [10, 30, 100]
    by_year = Charging.of(said).charged_by("year")
    assert (by_year.cycle, by_year.amount_year) == ("year", None)
    revised = Charging("Mail", Decimal(10), amount_year=Decimal(90), amount_quarter=Decimal(28))
    revise_fee(actor=world.provider.actor, fee_id=fee.pk, charging=revised, effective_on=TODAY, now=NOW)
    event = Event.objects.filter(kind="fee.revised").latest("pk")
    assert (event.before["amount_year"], event.after["amount_year"], event.after["amount_quarter"]) == (
        "100",
        "90",
        "28",
    )


def test_a_reseller_fee_is_owed_while_suspended(world):
    fee = make(world.provider, "reseller", is_shared=True)
    assert (fee.is_shared, fee.versions.get().credits_suspension) == (False, False)
    assert make(world.provider, applies_more_than_once=False).applies_more_than_once


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"currency": "eur"}, "currency"),
        ({"currency": "XXZ"}, "currency"),
        ({"kind": "other"}, "kind"),
        ({"charging": Charging("M", Decimal(-1))}, "amount"),
        ({"charging": Charging("M", Decimal(1), cycle="day")}, "cycle"),
        ({"charging": Charging("M", Decimal(1), minimum_months=121)}, "minimum_months"),
        ({"charging": Charging("M", Decimal(1), amount_year=Decimal(-1))}, "amount_year"),
        ({"charging": Charging("M", Decimal(1), amount_month=Decimal(2))}, "amount_month"),
    ],
)
def test_bad_values_are_named(world, values, field):
    with pytest.raises(Invalid) as refused:
        make(world.provider, **values)
    assert list(refused.value.errors) == [field]


def test_a_name_is_taken_once(world):
    make(world.provider, name="Mail")
    make(world.provider, "reseller", name="Mail")
    make(world.north, name="Mail")
    with pytest.raises(Invalid):
        make(world.provider, name="Mail")


def test_who_manages_what(world):
    theirs = make(world.provider, managed_by_id=world.north.id)
    assert switch(world.north, theirs, name="Ours").name == "Ours"
    assert switch(world.provider, theirs, name="Theirs").name == "Theirs"
    for player, refusal in ((world.south, NotFound), (world.stranger, NotFound), (world.shop, Forbidden)):
        with pytest.raises(refusal):
            switch(player, theirs, name="Mine")
    with pytest.raises(Forbidden):
        make(world.north, managed_by_id=world.north_east.id)
    recommended = make(world.provider, is_shared=True)
    with pytest.raises(ManagedByAnother):
        revise(world.north, recommended, "1")


def test_a_fee_that_a_shared_package_rests_on_stays_shared_and_active(market):
    provider = market.world.provider
    fee, kept = make(provider, is_shared=True), make(provider)
    package = market.package("Seats", "customer", {market.mailbox: 1}, {"account_fee_id": fee.pk})
    with pytest.raises(ShareWithResellers) as refused:
        switch(provider, fee, is_shared=False)
    assert (list(refused.value.errors), "Share with resellers" in refused.value.detail) == (["is_shared"], True)
    with pytest.raises(FeeInUse):
        switch(provider, fee, is_active=False)
    with pytest.raises(ShareWithResellers) as refused:
        market.package("Others", "customer", {market.mailbox: 1}, {"account_fee_id": kept.pk})
    assert list(refused.value.errors) == ["account_fee"]
    unshared = change(provider, package, {"account_fee_id": kept.pk}, market, is_shared=False)
    with pytest.raises(ShareWithResellers):
        change(provider, unshared, {"account_fee_id": kept.pk}, market, is_shared=True)
    assert not switch(provider, fee, is_shared=False, is_active=False).is_active
    switch(provider, kept, is_shared=True)
    assert change(provider, unshared, {"account_fee_id": kept.pk}, market, is_shared=True).is_shared


def test_what_will_be_is_asked_about_before_a_package_is_shared(market):
    provider = market.world.provider
    kept = make(provider)
    package = market.package("Seats", "customer", {market.mailbox: 1}, is_shared=False)
    change(provider, package, {"account_fee_id": kept.pk}, market, on=TODAY + timedelta(days=9), is_shared=False)
    with pytest.raises(ShareWithResellers):
        change(provider, package, {}, market, is_shared=True)


def change(player, package, fees, market, on=None, is_shared=True):
    content = Content({market.mailbox.pk: 1}, **fees)
    values = {"name": package.name, "is_active": True, "is_shared": is_shared, "effective_on": on, "now": NOW}
    return change_package(actor=player.actor, package_id=package.pk, content=content, **values)


FURTHER = """INSERT INTO catalog_feeversion (fee_id, effective_on, public_name, amount, cycle, billed,
    activation_amount, prorates_first, prorates_last, minimum_months, cancellation_amount, credits_suspension,
    made_at, {column})
    VALUES (%(account)s, '2090-01-01', 'x', 1, '{cycle}', 'advance', 0, true, true, 0, 0, true, now(), {value})"""


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE catalog_feeversion SET amount = 1",
        "DELETE FROM catalog_feeversion",
        "UPDATE catalog_feeversion SET amount_year = 1",
        FURTHER.format(column="amount_year", cycle="month", value="-1"),
        FURTHER.format(column="amount_month", cycle="month", value="1"),
        FURTHER.format(column="amount_year", cycle="year", value="1"),
        FURTHER.format(column="amount_quarter", cycle="month", value="'NaN'"),
        "TRUNCATE catalog_feeversion CASCADE",
        "UPDATE catalog_packageversion SET account_fee_id = NULL",
        "DELETE FROM catalog_packageversion",
        'UPDATE catalog_packageresource SET "limit" = 9',
        "UPDATE catalog_fee SET currency = 'USD'",
        "UPDATE catalog_fee SET kind = 'account', applies_more_than_once = true",
        "UPDATE catalog_fee SET tenant_id = %(south)s",
        "UPDATE catalog_fee SET is_shared = false WHERE id = %(account)s",
        "UPDATE catalog_fee SET is_shared = true WHERE id = %(reseller)s",
        "UPDATE catalog_package SET is_shared = true WHERE id = %(kept_package)s",
        "UPDATE catalog_package SET tenant_id = %(south)s WHERE id = %(kept_package)s",
        "INSERT INTO catalog_packageversion (package_id, effective_on, made_at, account_fee_id)"
        " VALUES (%(package)s, '2090-01-01', now(), %(kept)s)",
        "INSERT INTO catalog_packageversion (package_id, effective_on, made_at, account_fee_id)"
        " VALUES (%(package)s, '2090-01-01', now(), %(reseller)s)",
        "INSERT INTO catalog_packageversion (package_id, effective_on, made_at, account_fee_id)"
        " VALUES (%(package)s, '2090-01-01', now(), %(souths)s)",
        "INSERT INTO catalog_packageversion (package_id, effective_on, made_at, reseller_fee_id, account_fee_id)"
        " VALUES (%(package)s, '2090-01-01', now(), %(reseller)s, %(usd)s)",
        "INSERT INTO catalog_feeversion (fee_id, effective_on, public_name, amount, cycle, billed,"
        " activation_amount, prorates_first, prorates_last, minimum_months, cancellation_amount,"
        " credits_suspension, made_at) VALUES (%(account)s, '2090-01-01', 'x', -1, 'month', 'advance',"
        " 0, true, true, 0, 0, true, now())",
    ],
)
def test_it_refuses(market, attack):
    world = market.world
    account, kept = make(world.provider, is_shared=True), make(world.provider)
    reseller, usd = make(world.provider, "reseller"), make(world.provider, currency="USD", is_shared=True)
    fees = {"reseller_fee_id": reseller.pk, "account_fee_id": account.pk}
    package = market.package("Seats", "customer", {market.mailbox: 1}, fees)
    own = {"account_fee_id": kept.pk}
    kept_package = market.package("Kept", "customer", {market.mailbox: 1}, own, is_shared=False)
    ids = {"account": account.pk, "kept": kept.pk, "reseller": reseller.pk, "usd": usd.pk, "package": package.pk}
    ids |= {"kept_package": kept_package.pk, "south": world.south.id, "souths": make(world.south).pk}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack, ids)


@pytest.mark.django_db(transaction=True)
def test_two_revisions_at_once_are_two_versions_of_which_one_counts(committed_world):
    provider = committed_world.provider
    fee = make(provider)
    outcomes = together(*(lambda amount=amount: revise(provider, fee, amount) for amount in ("20", "30")))
    assert {type(outcome) for outcome in outcomes} == {FeeVersion}
    assert (fee.versions.count(), in_force(fee)) == (3, fee.versions.latest("pk").amount)
    first, second = Event.objects.filter(kind="fee.revised").order_by("pk")
    assert second.before["amount"] == first.after["amount"]


@pytest.mark.django_db(transaction=True)
def test_the_same_revision_twice_is_one_version(committed_world):
    provider = committed_world.provider
    fee = make(provider)
    together(*(lambda: revise(provider, fee, "20") for _ in range(4)))
    assert (fee.versions.count(), Event.objects.filter(kind="fee.revised").count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_a_fee_is_not_kept_back_while_a_shared_package_takes_it(committed_world):
    market = build_market(committed_world)
    provider = committed_world.provider
    for number in range(4):
        fee = make(provider, is_shared=True)
        parts = {"service_type_id": market.exchange.pk, "audience": "customer", "name": f"P{number}", "now": NOW}
        content = Content({market.mailbox.pk: 1}, account_fee_id=fee.pk)
        outcomes = together(
            lambda fee=fee: switch(provider, fee, is_shared=False),
            lambda parts=parts, content=content: create_package(actor=provider.actor, content=content, **parts),
        )
        assert [type(outcome) for outcome in outcomes].count(ShareWithResellers) == 1, outcomes
