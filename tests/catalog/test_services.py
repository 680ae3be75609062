import pytest

from catalog.models import COUNT_MAX, Package, ServiceType
from catalog.services import types
from catalog.services.packages import Content, change_package, create_package, deactivate_package
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import Event
from tests.together import together
from tests.world import NOW


def test_only_the_providers_staff_writes(market):
    for player in (market.world.north, market.world.shop):
        with pytest.raises(Forbidden):
            types.create_service_type(actor=player.actor, code="backup", name="Backup", now=NOW)
        with pytest.raises(Forbidden):
            market_package(market, player.actor)
    with pytest.raises(Forbidden):
        market_package(market, market.world.provider.member("billing"))


def test_another_provider_finds_nothing(market):
    stranger = market.world.stranger.actor
    values = {"actor": stranger, "now": NOW}
    for attempt in (
        lambda: types.create_resource(service_type_id=market.exchange.pk, code="x", name="X", **values),
        lambda: types.change_service_type(service_type_id=market.exchange.pk, name="X", is_active=True, **values),
        lambda: types.change_service_instance(
            service_instance_id=market.instance.pk, name="X", is_active=True, **values
        ),
        lambda: types.change_resource(resource_id=market.mailbox.pk, name="X", unit="", group="", position=0, **values),
        lambda: deactivate_package(package_id=market.standard.pk, **values),
        lambda: market_package(market, stranger),
    ):
        with pytest.raises(NotFound):
            attempt()


def market_package(market, actor, **changes):
    values = {
        "service_type_id": market.exchange.pk,
        "name": "New",
        "audience": "customer",
        "content": Content({market.mailbox.pk: 1}),
    } | changes
    return create_package(actor=actor, now=NOW, **values)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Standard"}, "name"),
        ({"audience": "nobody"}, "audience"),
        ({"content": Content()}, "limits"),
        ({"content": Content({1: 0})}, "limits"),
        ({"content": Content({10**9: 1})}, "limits"),
    ],
)
def test_bad_values_are_named(market, changes, field):
    with pytest.raises(Invalid) as refused:
        market_package(market, market.world.provider.actor, **changes)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("limit", [-1, COUNT_MAX + 1])
def test_a_limit_has_bounds(market, limit):
    with pytest.raises(Invalid):
        market_package(market, market.world.provider.actor, content=Content({market.mailbox.pk: limit}))


def test_limits_are_replaced_all_together(market):
    changed = change_package(
        actor=market.world.provider.actor,
        package_id=market.standard.pk,
        name="Standard 2",
        content=Content({market.mailbox.pk: 11, market.traffic.pk: 5}),
        is_shared=False,
        is_active=True,
        now=NOW,
    )
    assert Content.of(changed.versions.latest("pk")).limits == {market.mailbox.pk: 11, market.traffic.pk: 5}
    event = Event.objects.get(kind="package.changed")
    assert event.before["limits"] == {str(market.mailbox.pk): 10, str(market.storage.pk): 50}
    assert event.after["limits"] == {str(market.mailbox.pk): 11, str(market.traffic.pk): 5}


def test_a_resource_says_what_changed(market):
    actor, named = market.world.provider.actor, {"name": " Box ", "unit": "", "group": "Mail"}
    types.change_resource(actor=actor, resource_id=market.mailbox.pk, position=7, **named, now=NOW)
    event = Event.objects.get(kind="resource.changed")
    assert event.after == {"name": "Box", "unit": "", "group": "Mail", "position": 7}
    assert event.before.keys() == event.after.keys()


def test_withdrawing_twice_is_one_event(market):
    for _ in range(2):
        assert not deactivate_package(
            actor=market.world.provider.actor, package_id=market.standard.pk, now=NOW
        ).is_active
    assert Event.objects.filter(kind="package.deactivated").count() == 1


@pytest.mark.parametrize("code", ["", "Exchange", "9lives", "with space", "exchange", "x" * 51])
def test_a_code_is_small_and_once(market, code):
    with pytest.raises(Invalid) as refused:
        types.create_service_type(actor=market.world.provider.actor, code=code, name="Another", now=NOW)
    assert list(refused.value.errors) == ["code"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_one_name(committed_world):
    actor = committed_world.provider.actor

    def create():
        return types.create_service_type(actor=actor, code="exchange", name="Exchange", now=NOW)

    outcomes = together(create, create)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invalid", "ServiceType"]
    assert ServiceType.objects.count() == 1
    assert Package.objects.count() == 0
