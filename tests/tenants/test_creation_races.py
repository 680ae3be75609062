"""The same asked twice at the same moment happens once."""

from functools import partial
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Busy
from tenants.models import ApiKey, Tenant, User
from tenants.services.api_keys import KeyAlreadyShown, create_api_key
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.people import EmailUnavailable, Person
from tenants.verify import tree
from tests.together import together
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seller", ["north", "provider"])
def test_one_request_makes_one_customer(committed_world: World, seller: str):
    player, request_id = getattr(committed_world, seller), uuid4()
    ask = partial(
        create_customer,
        actor=player.actor,
        seller_id=player.id,
        details=Details(name="Twice"),
        request_id=request_id,
        now=NOW,
    )
    outcomes = together(ask, ask, ask)
    made = {outcome.pk for outcome in outcomes if isinstance(outcome, Tenant)}
    assert len(made) == 1
    assert all(isinstance(outcome, Tenant | Busy) for outcome in outcomes)
    assert Tenant.objects.filter(profile__name="Twice").count() == 1
    assert ask().pk in made
    assert tree() == []


def test_one_address_gets_one_login(committed_world: World):
    def ask(name: str):
        return create_customer(
            actor=committed_world.provider.actor,
            seller_id=committed_world.provider.id,
            details=Details(name=name),
            administrator=Person("Same@example.com"),
            now=NOW,
        )

    outcomes = together(*(partial(ask, f"Customer {number}") for number in range(3)))
    assert sorted(isinstance(outcome, EmailUnavailable) for outcome in outcomes) == [False, True, True]
    assert User.objects.filter(email="same@example.com").count() == 1
    assert Tenant.objects.filter(profile__name__startswith="Customer ").count() == 1


def test_one_request_makes_one_key(committed_world: World):
    ask = partial(
        create_api_key, actor=committed_world.north.actor, name="n", scopes=["read"], request_id=uuid4(), now=NOW
    )
    outcomes = together(ask, ask)
    assert sorted(isinstance(outcome, KeyAlreadyShown) for outcome in outcomes) == [False, True]
    assert ApiKey.objects.count() == 1
