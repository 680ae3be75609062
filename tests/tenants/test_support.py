"""Support over time: who had which level when, who pays whom, and at which price."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.refusals import Invalid
from tenants.models import Event, SupportLevel, SupportPhase
from tenants.services.accounts import Login, Service, change_account, create_account
from tenants.services.closing import close_tenant
from tenants.services.details import Details
from tenants.services.moves import move_tenant
from tenants.services.support import NotYourPrice, change_support_level, set_support_price
from tenants.support_timeline import stretches
from tenants.verify import support
from tests.tenants.test_creation import form_values
from tests.world import NOW, PASSWORD, Player, World

TODAY = NOW.date()


def later(days: int):
    return NOW + timedelta(days=days)


def level(world: World, code: str = "gold") -> SupportLevel:
    return SupportLevel.objects.get(provider=world.provider.id, code=code)


def fee(world: World, amount: str, on: int = 0, code: str = "gold"):
    row = level(world, code)
    return change_support_level(
        actor=world.provider.actor,
        support_level_id=row.pk,
        name=row.name,
        monthly_fee=Decimal(amount),
        currency="EUR",
        is_active=True,
        effective_on=TODAY + timedelta(days=on),
        now=NOW,
    )


def ask(player: Player, world: World, amount: str, on: int = 0, now=NOW):
    return set_support_price(
        actor=player.actor,
        support_level_id=level(world).pk,
        amount=Decimal(amount),
        currency="EUR",
        effective_on=TODAY + timedelta(days=on),
        now=now,
    )


def account(seller: Player, name: str = "baker", code: str = "gold", now=NOW):
    return create_account(
        actor=seller.actor,
        seller_id=seller.id,
        details=Details(name=name, owner_email=f"{name}@baker.example"),
        login=Login(name, f"{name}@baker.example", password=PASSWORD),
        service=Service(code),
        now=now,
    )


def told(player: Player, customer) -> list[tuple]:
    """(level, payer, issuer, from, until, amount), in days from today."""
    return [
        (
            row.level,
            row.payer_id,
            row.issuer_id,
            (row.starts_on - TODAY).days,
            None if row.ends_on is None else (row.ends_on - TODAY).days,
            row.amount,
        )
        for row in stretches(player.actor, [customer.pk])
    ]


def test_each_pays_the_next_above_at_that_ones_price_of_the_day(world: World):
    provider, north = world.provider, world.north
    fee(world, "10")
    baker = account(north)
    assert told(north, baker) == [
        ("gold", north.id, provider.id, 0, None, 10),
        ("gold", baker.pk, north.id, 0, None, 10),
    ]
    ask(north, world, "25", on=3)
    fee(world, "12", on=5)
    change_account(actor=north.actor, customer_id=baker.pk, service=Service("silver"), now=later(9))
    assert sorted(told(north, baker)) == sorted(
        [
            ("gold", north.id, provider.id, 0, 5, 10),
            ("gold", north.id, provider.id, 5, 9, 12),
            ("gold", baker.pk, north.id, 0, 3, 10),
            ("gold", baker.pk, north.id, 3, 5, 25),
            ("gold", baker.pk, north.id, 5, 9, 25),
            ("silver", north.id, provider.id, 9, None, 0),
            ("silver", baker.pk, north.id, 9, None, 0),
        ]
    )
    assert support() == []


def test_nobody_learns_what_the_level_above_pays(world: World):
    fee(world, "10")
    ask(world.north, world, "15")
    ask(world.north_east, world, "20")
    baker = account(world.north_east)
    east, north, top = world.north_east.id, world.north.id, world.provider.id
    owed = {(baker.pk, east): 20, (east, north): 15, (north, top): 10}

    def seen(player):
        return {(row.payer_id, row.issuer_id): row.amount for row in stretches(player.actor, [baker.pk])}

    assert seen(world.provider) == owed
    assert seen(world.north) == owed
    assert seen(world.north_east) == {key: owed[key] for key in [(baker.pk, east), (east, north)]}
    for stranger in (world.south, world.stranger, world.shop):
        assert seen(stranger) == {}


def test_who_asks_no_price_asks_the_nearest_one_above_and_not_the_providers(world: World):
    """Else it would learn what the level above pays, and sell for less than it pays itself."""
    fee(world, "10")
    ask(world.north, world, "15")
    baker = account(world.north_east)
    east, north, top = world.north_east.id, world.north.id, world.provider.id
    rows = world.north_east.api().get("support-levels").json()["results"]
    shown = next(row for row in rows if row["code"] == "gold")
    assert {shown["monthly_fee"]["amount"], shown["cost"]["amount"]} == {"15.00"}
    ask(world.north, world, "16", on=2)
    mine = [("gold", baker.pk, east, 0, 2, 15), ("gold", baker.pk, east, 2, None, 16)]
    cost = [("gold", east, north, 0, 2, 15), ("gold", east, north, 2, None, 16)]
    assert sorted(told(world.north_east, baker)) == sorted([*mine, *cost])
    assert [row for row in told(world.provider, baker) if row[2] == top] == [("gold", north, top, 0, None, 10)]
    move_tenant(actor=world.provider.actor, tenant_id=east, seller_id=top, now=later(4))
    assert [row[5] for row in told(world.provider, baker) if row[1] == baker.pk] == [15, 16, 10]
    assert support() == []


def test_under_a_commission_reseller_the_customer_pays_the_provider(world: World):
    fee(world, "10")
    with pytest.raises(NotYourPrice):
        ask(world.south, world, "20")
    baker = account(world.south)
    assert told(world.south, baker) == [("gold", baker.pk, world.provider.id, 0, None, 10)]
    event = Event.objects.get(kind="customer.account_opened", tenant=baker.pk)
    assert event.after["monthly_fee"] == "10"


def test_moved_it_is_owed_along_the_new_line_and_deleted_no_more(world: World):
    fee(world, "10")
    baker = account(world.north)
    move_tenant(actor=world.provider.actor, tenant_id=baker.pk, seller_id=world.south.id, now=later(4))
    assert told(world.provider, baker)[-1] == ("gold", baker.pk, world.provider.id, 4, None, 10)
    assert told(world.south, baker) == [("gold", baker.pk, world.provider.id, 4, None, 10)]
    assert support() == []
    close_tenant(actor=world.provider.actor, tenant_id=baker.pk, confirmation="Yes", now=later(6))
    assert told(world.provider, baker)[-1][3:5] == (4, 6)
    assert support() == []


def test_a_price_counts_from_today_on_at_the_earliest(world: World):
    with pytest.raises(Invalid) as refused:
        fee(world, "10", on=-1)
    assert list(refused.value.errors) == ["effective_on"]
    with pytest.raises(Invalid):
        ask(world.north, world, "-1")
    before = Event.objects.count()
    fee(world, "0")
    assert Event.objects.count() == before


ATTACKS = {
    "another price": "UPDATE tenants_supportprice SET amount = 1",
    "no price": "DELETE FROM tenants_supportprice",
    "a price in the past": "INSERT INTO tenants_supportprice (provider_id, tenant_id, level_id, effective_on, amount,"
    " currency, made_at) SELECT provider_id, tenant_id, level_id, effective_on - 1, 1, 'EUR', made_at"
    " FROM tenants_supportprice LIMIT 1",
    "a price made in the past": "INSERT INTO tenants_supportprice (provider_id, tenant_id, level_id, effective_on,"
    " amount, currency, made_at) SELECT provider_id, tenant_id, level_id, effective_on - 9, 1, 'EUR',"
    " made_at - interval '9 days' FROM tenants_supportprice LIMIT 1",
    "support that began in the past": "INSERT INTO tenants_supportphase (provider_id, tenant_id, seller_id, level_id,"
    " starts_on, made_at) SELECT provider_id, %(shop)s, seller_id, level_id, starts_on - 9,"
    " made_at - interval '9 days' FROM tenants_supportphase LIMIT 1",
    "not a number": "INSERT INTO tenants_supportprice (provider_id, tenant_id, level_id, effective_on, amount,"
    " currency, made_at) SELECT provider_id, tenant_id, level_id, effective_on, 'NaN', 'EUR', made_at"
    " FROM tenants_supportprice LIMIT 1",
    "less than nothing": "INSERT INTO tenants_supportprice (provider_id, tenant_id, level_id, effective_on, amount,"
    " currency, made_at) SELECT provider_id, tenant_id, level_id, effective_on, -1, 'EUR', made_at"
    " FROM tenants_supportprice LIMIT 1",
    "another level in the past": "UPDATE tenants_supportphase SET level_id = %(silver)s",
    "the past is gone": "DELETE FROM tenants_supportphase",
    "it ends before it began": "UPDATE tenants_supportphase SET ends_on = '2020-01-01'",
    "two levels at once": "INSERT INTO tenants_supportphase (provider_id, tenant_id, seller_id, level_id, starts_on,"
    " made_at) SELECT provider_id, tenant_id, seller_id, level_id, starts_on + 9, made_at FROM tenants_supportphase",
    "another payer": "UPDATE tenants_supportdebt SET payer_id = %(south)s",
    "a payer of another branch": "INSERT INTO tenants_supportdebt (provider_id, phase_id, payer_id, issuer_id)"
    " SELECT provider_id, phase_id, %(south)s, issuer_id FROM tenants_supportdebt LIMIT 1",
}


@transaction.atomic
def run(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        pytest.fail(statement)


def test_the_database_refuses(world: World):
    account(world.north)
    values = {"silver": level(world, "silver").pk, "south": world.south.id, "shop": world.shop.id}
    for attack in ATTACKS.values():
        with pytest.raises(DatabaseError):
            run(attack, values)
    assert SupportPhase.objects.filter(ends_on=None).count() == 1


def test_support_does_not_end_in_the_past(world: World):
    """The house has begun to support somebody else since."""
    baker = account(world.north)
    account(world.north, "brewer", now=NOW + timedelta(days=9))
    end = "UPDATE tenants_supportphase SET ends_on = starts_on + {} WHERE tenant_id = %(baker)s"
    for days in (0, 8):
        with pytest.raises(DatabaseError):
            run(end.format(days), {"baker": baker.pk})
    with connection.cursor() as cursor:
        cursor.execute(end.format(9), {"baker": baker.pk})


def test_on_pages_and_over_rest(world: World):
    fee(world, "10")
    ask(world.north, world, "25")
    baker = account(world.north)
    pk = level(world).pk
    north = world.north.browser()
    assert "€25.00" in north.get(f"/portal/customers/{baker.pk}/").content.decode()
    listed = north.get("/portal/support-levels/").content.decode()
    assert "€25.00" in listed
    assert "€10.00" in listed
    path = f"/portal/support-levels/{pk}/price/"
    wrong = form_values(north.get(path), monthly_fee="30", effective_on="2020-01-01")
    assert north.post(path, wrong).status_code == 422
    for day, amount, warned, shown in (("", "9", 1, 1), ("2090-01-01", "10", 0, 1), ("", "30", 0, 0)):
        sent = form_values(north.get(path), monthly_fee=amount, effective_on=day)
        saved = north.post(path, sent, follow=True).text
        assert (saved.count("below your cost"), saved.count("Below cost")) == (warned, shown)
    assert world.south.browser().get(path).status_code == 403

    api = world.north.api()
    row = api.get(f"support-levels/{pk}").json()
    assert (row["monthly_fee"]["amount"], row["cost"]["amount"], row["is_below_cost"]) == ("30.00", "10.00", False)
    cheap = api.post(f"support-levels/{pk}/price", {"monthly_fee": {"amount": "9.99", "currency": "EUR"}}).json()
    assert (cheap["monthly_fee"]["amount"], cheap["is_below_cost"]) == ("9.99", True)
    api.post(f"support-levels/{pk}/price", {"monthly_fee": {"amount": "30", "currency": "EUR"}})
    price = {"monthly_fee": {"amount": "40", "currency": "EUR"}, "effective_on": "2030-01-01"}
    assert api.post(f"support-levels/{pk}/price", price).json()["monthly_fee"]["amount"] == "30.00"
    assert world.south.api().post(f"support-levels/{pk}/price", price).json()["code"] == "not-your-price"
    assert world.stranger.api().post(f"support-levels/{pk}/price", price).status_code == 404
    shown = api.get(f"customers/{baker.pk}/support").json()
    assert shown["customer"] == baker.pk
    assert {(one["payer"], one["price"]["amount"]) for one in shown["stretches"]} >= {
        (baker.pk, "40.00"),
        (world.north.id, "10.00"),
    }
    assert world.south.api().get(f"customers/{baker.pk}/support").status_code == 404
