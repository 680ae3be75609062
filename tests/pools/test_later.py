"""What is said later changes nothing of what was: ends, notices, and names of what others gave."""

from datetime import timedelta

import pytest

from subscriptions.models import Pool, PoolNotice
from subscriptions.services.pools import notices
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.life import seats_had
from subscriptions.services.pools.purchasing import extend_pool
from subscriptions.services.pools.supplying import add_supplier
from tenants import outbox
from tenants.models import Mail, ResellerTerms
from tests.pools.stage import END, Stage, mapped
from tests.world import NOW, reseller

TOMORROW, LATER = NOW + timedelta(days=1), NOW + timedelta(days=2)


def test_what_has_ended_keeps_the_day_on_which_it_did(stage: Stage):
    """Told to end now: past points of the chart would be others, and its end be told again."""
    world = stage.world
    stock = stage.stock(100)
    pool = stage.give(stock, world.north, 40, mode="date", at=TOMORROW)
    by = {"actor": world.provider.actor, "now": LATER}
    edit_pool(pool_id=pool.pk, expiry=Expiry("now"), **by)
    assert Pool.objects.get(pk=pool.pk).ends_at == TOMORROW
    extend_pool(pool_id=stock.pk, ends_at=TOMORROW, actor=world.provider.actor, now=NOW)
    extend_pool(pool_id=stock.pk, ends_at=LATER, **by)
    assert Pool.objects.get(pk=stock.pk).ends_at == TOMORROW


def test_an_end_of_its_own_is_told_though_the_purchase_renews_itself(stage: Stage):
    world = stage.world
    stock = stage.stock(100, ends_at=END, renews=True, term_months=12)
    own = stage.give(stock, world.north, 40, mode="date", at=END)
    follows = stage.give(stock, world.north, 5)
    notices.tell_ends(now=END - timedelta(days=29))
    told = set(PoolNotice.objects.values_list("pool", flat=True))
    assert own.pk in told
    assert follows.pk not in told


@pytest.fixture
def from_south(stage: Stage) -> Pool:
    """What South gave to North-East, which is beneath North."""
    world = stage.world
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    stock = stage.stock(100, holder=world.south, name="Of South")
    ids = {"reseller_id": world.north_east.id, "supplier_id": world.south.id}
    add_supplier(actor=world.provider.actor, **ids, now=NOW)
    return stage.give(stock, world.north_east, 30, by=world.south)


def test_a_move_names_no_pool_of_a_rival(stage: Stage, from_south):
    world = stage.world
    stage.assign(from_south, world.kiosk, 3, by=world.north_east)
    asked = {"seller": world.north.id}
    told = world.north.api().post(f"customers/{world.kiosk.id}/move/preview", asked)
    assert told.status_code == 200, told.content
    assert "Of South" not in told.content.decode()
    assert "Of South" in str(seats_had(world.north_east.actor, world.kiosk.tenant))
    assert seats_had(world.north.actor, world.kiosk.tenant).count == 1


def test_a_mail_about_a_pool_is_read_by_who_sees_the_pool(stage: Stage, from_south):
    """In the name of North-East, which is beneath North, and of a pool that North does not see."""
    world = stage.world
    deep = mapped(reseller(world.north_east, "Deep"))
    given = stage.offer(from_south, deep, 4, by=world.north_east)
    asked = {"kind": "pool_offered", "facts__pool_id": given.pk}
    assert Mail.objects.filter(**asked, tenant=world.north_east.id).exists()
    mail = Mail.objects.filter(**asked).first()
    assert list(outbox.mails(world.north_east.actor).filter(**asked)) != []
    assert list(outbox.mails(world.provider.actor).filter(**asked)) != []
    assert list(outbox.mails(world.north.actor).filter(**asked)) == []
    assert world.north.browser().get(f"/portal/mails/{mail.pk}/").status_code == 404
    assert world.north.api().get(f"mails/{mail.pk}").status_code == 404
