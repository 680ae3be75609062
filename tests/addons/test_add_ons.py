from decimal import Decimal

import pytest

from addons.models import AddOn, AddOnPackage
from addons.refusals import CopyIsFixed, NotYourAddOn, WrongServiceType
from addons.services.add_ons import (
    Value,
    activate_add_on,
    associate_add_on,
    change_add_on,
    create_add_on,
    deactivate_add_on,
)
from catalog.refusals import CurrenciesDiffer
from catalog.services.packages import Content, create_package
from catalog.services.types import create_resource, create_service_type
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from subscriptions.refusals import NotGranted
from tenants.models import Event
from tenants.roles import Role
from tests.addons.shop import charges, resources_of
from tests.world import NOW


def packages(add_on) -> set[int]:
    return set(AddOnPackage.objects.filter(add_on=add_on).values_list("package_id", flat=True))


def change(shop, add_on=None, by=None, **changes):
    actor = (by or shop.world.provider).actor
    return change_add_on(actor=actor, add_on_id=(add_on or shop.add_on).pk, now=NOW, **changes)


def test_an_add_on_raises_what_it_was_given_and_is_sold_with_all_packages(shop):
    add_on = AddOn.objects.get()
    assert resources_of(add_on) == [(shop.shared, 9999, 0)]
    assert packages(add_on) == {shop.market.wholesale.pk, shop.market.standard.pk}
    event = Event.objects.get(kind="add_on.created")
    fees = add_on.versions.get()
    assert (event.tenant_id, event.subject_id) == (shop.world.provider.id, add_on.pk)
    assert (event.after["reseller_fee"], event.after["account_fee"]) == (fees.reseller_fee_id, fees.account_fee_id)
    assert charges(add_on) == (Decimal("2.5"), 4)
    assert event.after["values"] == {str(shop.shared.pk): {"value": 9999, "minimum": 0}}


@pytest.mark.parametrize("value", [0, -1, 10**12 + 1])
def test_values_out_of_range_are_refused(shop, value):
    with pytest.raises(Invalid) as refused:
        shop.make("Other", {shop.shared: value})
    assert set(refused.value.errors) == {"values"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": "euro"}, "currency"),
        ({"cycle": "week"}, "cycle"),
        ({"reseller_price": Decimal(-1)}, "reseller_price"),
        ({"customer_price": Decimal("0.0000001")}, "customer_price"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"description": "x" * 2001}, "description"),
    ],
)
def test_each_value_is_checked(shop, changes, field):
    with pytest.raises(Invalid) as refused:
        shop.make(**{"name": "Other", "values": {shop.shared: 1}} | changes)
    assert set(refused.value.errors) == {field}


def test_an_add_on_without_values_is_none(shop):
    with pytest.raises(Invalid):
        shop.make("Nothing", {})


def test_a_name_is_taken_once_per_owner(shop):
    with pytest.raises(Invalid) as refused:
        shop.make("Shared Mailbox", {shop.rooms: 1})
    assert set(refused.value.errors) == {"name"}


def test_resources_and_packages_of_another_service_type_are_refused(shop):
    actor = shop.world.provider.actor
    backup = create_service_type(actor=actor, code="backup", name="Backup", now=NOW)
    seat = create_resource(actor=actor, service_type_id=backup.pk, code="seat", name="Seat", metering="gauge", now=NOW)
    package = create_package(
        actor=actor,
        service_type_id=backup.pk,
        name="Backup",
        audience="customer",
        content=Content({seat.pk: 1}),
        now=NOW,
    )
    with pytest.raises(WrongServiceType):
        shop.make("Other", {seat: 1})
    with pytest.raises(WrongServiceType):
        associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages=[package.pk], now=NOW)
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages="all", now=NOW)
    assert package.pk not in packages(shop.add_on)


def test_association_is_exactly_what_was_chosen_and_all_removes_none(shop):
    actor = shop.world.provider.actor
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages=[shop.market.standard.pk], now=NOW)
    assert packages(shop.add_on) == {shop.market.standard.pk}
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages=[], now=NOW)
    assert packages(shop.add_on) == set()
    more = shop.market.package("Large", "customer", {shop.market.mailbox: 100})
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages="all", now=NOW)
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages="all", now=NOW)
    assert packages(shop.add_on) == {shop.market.standard.pk, shop.market.wholesale.pk, more.pk}
    assert Event.objects.filter(kind="add_on.associated").count() == 3
    with pytest.raises(NotFound):
        associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages=[10**9], now=NOW)


def test_only_what_is_given_changes_and_nothing_is_no_event(shop):
    change(shop, name=" Mailbox ", customer_price=Decimal(5), values=[Value(shop.rooms.pk, 7, 3)])
    add_on = AddOn.objects.get()
    assert (add_on.name, charges(add_on)) == ("Mailbox", (Decimal("2.5"), 5))
    assert resources_of(add_on) == [(shop.rooms, 7, 3)]
    event = Event.objects.get(kind="add_on.changed")
    assert (event.before["name"], event.after["name"]) == ("Shared Mailbox", "Mailbox")
    change(shop, name="Mailbox", values=[Value(shop.rooms.pk, 7, 3)])
    assert Event.objects.filter(kind="add_on.changed").count() == 1


def test_it_can_be_withdrawn_and_sold_again(shop):
    actor = shop.world.provider.actor
    for switch, is_active in ((deactivate_add_on, False), (deactivate_add_on, False), (activate_add_on, True)):
        assert switch(actor=actor, add_on_id=shop.add_on.pk, now=NOW).is_active is is_active
    assert list(Event.objects.filter(kind__contains="activated").order_by("pk").values_list("kind", flat=True)) == [
        "add_on.deactivated",
        "add_on.activated",
    ]


def test_a_reseller_builds_from_what_it_holds(shop):
    north = shop.world.north
    with pytest.raises(NotGranted):
        shop.make("Own", {shop.market.mailbox: 5}, by=north)
    shop.market.subscribe(north)
    own = shop.make("Own", {shop.market.mailbox: 5}, by=north)
    assert (own.tenant_id, own.provider_id) == (north.id, shop.world.provider.id)
    with pytest.raises(NotGranted):
        change(shop, own, by=north, values=[Value(shop.shared.pk, 1)])


def test_nobody_changes_what_is_not_theirs(shop):
    world = shop.world
    shop.sell(shop.market.subscribe(world.north))
    with pytest.raises(NotYourAddOn):
        change(shop, by=world.north, name="Mine")
    for stranger in (world.south, world.stranger, world.mill):
        with pytest.raises((NotFound, Forbidden)):
            change(shop, by=stranger, name="Mine")
    assert AddOn.objects.get().name == "Shared Mailbox"


def test_a_copy_is_renamed_and_priced_and_no_more(shop):
    world = shop.world
    shop.market.subscribe(world.north)
    shop.run(shop.to_resellers(world.north, create_copy=True))
    copy = AddOn.objects.get(copied_from=shop.add_on)
    change(shop, copy, by=world.north, name="Team mailbox", customer_price=Decimal(9), reseller_price=Decimal(6))
    with pytest.raises(CopyIsFixed):
        change(shop, copy, by=world.north, values=[Value(shop.shared.pk, 1)])
    with pytest.raises(CurrenciesDiffer):
        change(shop, copy, by=world.north, currency="USD")
    copy.refresh_from_db()
    assert (copy.name, charges(copy)) == ("Team mailbox", (6, 9))


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.READ_ONLY])
def test_the_role_decides(shop, role):
    actor = shop.world.provider.member(role)
    with pytest.raises(Forbidden):
        deactivate_add_on(actor=actor, add_on_id=shop.add_on.pk, now=NOW)
    with pytest.raises(Forbidden):
        create_add_on(
            actor=actor,
            service_type_id=shop.market.exchange.pk,
            name="Other",
            currency="EUR",
            cycle="month",
            reseller_price=Decimal(1),
            customer_price=Decimal(1),
            values=[Value(shop.shared.pk, 1)],
            now=NOW,
        )
