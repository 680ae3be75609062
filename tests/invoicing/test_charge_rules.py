"""What the database holds of charges, whoever writes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from invoicing.models import Charge, Mark
from invoicing.services.charging import charge
from invoicing.verify import charges
from subscriptions.services.life.steps.quantity import ChangeQuantity
from tests.invoicing.billing import total
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import later
from tests.together import together
from tests.world import NOW

COPY = [field.column for field in Charge._meta.concrete_fields if field.name != "id"]
ATTACKS = {
    "changed": "UPDATE invoicing_charge SET amount = 1",
    "deleted": "DELETE FROM invoicing_charge",
    "again": "{copy}",
    "more given back than charged": "{copy kind='credit', credits_id=id, amount=-amount - 0.01}",
    "given back in two": "{copy kind='credit', credits_id=id, amount=-amount}; {copy kind='credit', credits_id=id,"
    " amount=-0.01, nth=1}",
    "given back to another": "{copy kind='credit', credits_id=id, amount=-1, payer_id=holder_id + 1}",
    "given back by charging more": "{copy kind='credit', credits_id=id, amount=1}",
    "in another currency": "{copy nth=1, currency='USD'}",
    "of another stream": "{copy nth=1, mark_id=mark_id + 1}",
    "of no stream": "{copy nth=1, mark_id=NULL}",
    "below zero, of nothing": "{copy nth=1, amount=-amount}",
    "to itself": "{copy nth=1, payer_id=issuer_id}",
    "of no share": "{copy nth=1, whole=0}",
    "no number": "{copy nth=1, amount='NaN'}",
    "another provider": "{copy nth=1, provider_id=(SELECT max(id) FROM tenants_tenant WHERE kind = 'provider')}",
    "a mark for another": "UPDATE invoicing_mark SET payer_id = issuer_id + 1",
    "a mark deleted": "DELETE FROM invoicing_mark",
}


def statements(attack: str) -> list[str]:
    """`{copy a=b}` is the first charge again, but for what is said."""
    found = []
    for part in attack.split("; "):
        if part.startswith("{copy"):
            said = dict(one.strip().split("=", 1) for one in part[5:-1].split(", ") if "=" in one)
            columns = ", ".join(said.get(column, column) for column in COPY)
            part = f"INSERT INTO invoicing_charge ({', '.join(COPY)}) SELECT {columns} FROM invoicing_charge"
            part += " WHERE id = (SELECT min(id) FROM invoicing_charge)"
        found.append(part)
    return found


@pytest.fixture
def stage(world) -> Stage:
    stage = Stage(build_market(world))
    stage.sold(package(stage.market, "Plain", "30"))
    run(stage)
    return stage


def run(stage: Stage, now=NOW) -> int:
    world = stage.world
    told = {"until": now.date(), "now": now}
    return charge(issuer_id=world.north.id, payer_ids=[world.shop.id], **told) + charge(
        issuer_id=world.provider.id, payer_ids=[world.north.id], **told
    )


def test_no_sql_bends_the_ledger(stage):
    before = list(Charge.objects.order_by("pk").values())
    assert [name for name, attack in ATTACKS.items() if not is_refused(attack)] == []
    assert list(Charge.objects.order_by("pk").values()) == before
    assert list(charges()) == []
    assert not is_refused("{copy kind='credit', credits_id=id, amount=-amount}")


def is_refused(attack: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements(attack):
                cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_verify_finds_what_is_charged_and_not_owed(stage):
    row = Charge.objects.filter(payer=stage.world.shop.id).get()
    row.pk, row.nth, row.service_start, row.service_end = None, 0, date(2027, 1, 20), date(2027, 2, 20)
    row.billing_start, row.billing_end, row.due_on = row.service_start, row.service_end, NOW.date()
    row.save(force_insert=True)
    (found,) = charges()
    assert f"subscription {row.subscription_id}" in found
    assert "-30" in found


def test_verify_finds_an_amount_that_is_no_product(stage):
    row = Charge.objects.filter(payer=stage.world.shop.id).get()
    row.pk, row.nth, row.amount = None, 1, Decimal("31")
    row.save(force_insert=True)
    assert any("31" in found for found in charges())


@pytest.mark.django_db(transaction=True)
def test_two_runs_charge_once(committed_world):
    stage = Stage(build_market(committed_world))
    row = stage.sold(package(stage.market, "Plain", "30"), quantity=5)
    world = stage.world
    told = {"issuer_id": world.north.id, "payer_ids": [world.shop.id]}

    def at(now):
        return lambda: charge(**told, until=now.date(), now=now)

    assert sorted(together(*[at(NOW)] * 4)) == [0, 0, 0, 1]
    stage.take(row, ChangeQuantity(2, when="now"), later(10))
    assert sorted(together(*[at(later(10))] * 4)) == [0, 0, 0, 1]
    assert total(world.shop) == 150 - 60
    assert list(charges()) == []
    assert Mark.objects.filter(payer=world.shop.id).count() == 1
