"""From sales, changes and ends to charges: each day of everything once, however often one charges."""

from datetime import timedelta
from decimal import Decimal

import pytest

from invoicing.models import Charge
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Resume, Suspend
from tests.invoicing.billing import Billing, total
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import later
from tests.world import NOW


@pytest.fixture
def stage(world) -> Stage:
    return Stage(build_market(world))


@pytest.fixture
def billing(world) -> Billing:
    return Billing(world)


def test_a_life_is_charged_step_by_step(stage, billing):
    """The same steps and numbers as are previewed (`test_facts`), through the ledger."""
    market, shop = stage.market, stage.world.shop
    small = package(market, "Small", "30", activation_amount=Decimal("4.90"))
    large = package(market, "Large", "49.99", activation_amount=Decimal("9.90"))
    row = stage.sold(small, quantity=2)
    assert billing.new(shop, NOW) == ["4.90", "60.00"]
    assert total(stage.world.north) == 30
    steps = [
        (3, ChangeQuantity(5), ["81.00"]),
        (5, ChangeQuantity(3), ["-50.00"]),
        (7, Suspend(), ["-46.00", "-23.00"]),
        (8, ChangeQuantity(2), []),
        (11, Resume(), ["38.00"]),
        (13, ChangePackage(large.pk), ["-34.00", "9.90", "56.66"]),
        (13, ChangeQuantity(7), ["141.64"]),
        (33, ChangeQuantity(4, when="now"), ["-135.46"]),
        (40, Cancel(), ["-135.46"]),
    ]
    for day, step, amounts in steps:
        stage.due(row, later(day))
        billing.run(later(day))
        stage.take(row, step, later(day))
        assert billing.new(shop, later(day)) == amounts, (day, step)
        assert billing.run(later(day)) == 0, "twice"
    assert billing.run(later(400)) == 0
    assert not Charge.objects.filter(credits__isnull=False, amount__gt=0).exists()
