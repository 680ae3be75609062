"""The event log is added to, never changed; whatever tries."""

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.owner import as_owner
from tenants.models import Event
from tests.world import World

ATTACKS = ("UPDATE tenants_event SET kind = 'nothing'", "DELETE FROM tenants_event", "TRUNCATE tenants_event CASCADE")


@pytest.mark.parametrize("sql", ATTACKS)
def test_the_application_cannot_change_events(world: World, sql: str):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("change", [lambda: Event.objects.update(kind="nothing"), lambda: Event.objects.all().delete()])
def test_nor_by_the_orm(world: World, change):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        change()


@pytest.mark.parametrize("sql", ATTACKS[:2])
def test_even_the_owner_is_told(committed_world: World, sql: str):
    with as_owner(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="added to, never changed"):
        cursor.execute(sql)


def test_an_event_names_who_for_whom_and_in_which_request(world: World):
    event = Event.objects.get(tenant=world.shop.id)
    assert (event.provider_id, event.user_id, event.user_tenant_id) == (
        world.provider.id,
        world.north.user.pk,
        world.north.id,
    )
    assert (event.subject_type, event.subject_id, event.request_id) == ("tenant", world.shop.id, "test")


def test_names_of_customers_stay_out_of_the_log(world: World):
    """They live in the profile alone, so that they can be hidden."""
    facts = str(list(Event.objects.filter(kind="customer.created").values("before", "after")))
    assert not [player.name for player in (world.shop, world.mill, world.kiosk, world.direct) if player.name in facts]


def test_by_key_or_by_session_is_noted(world: World):
    answer = world.north.api().post("customers", {"name": "New"})
    assert answer.status_code == 201
    event = Event.objects.get(tenant=answer.json()["id"])
    assert event.api_key_id is not None
    assert event.request_id == answer["X-Request-Id"]
