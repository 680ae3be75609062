"""What raw SQL with the application's login cannot do to add-ons and their sales."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from addons.models import AddOn, AddOnVersion
from addons.services.ending import cancel_add_on_sale
from addons.verify import sales
from catalog.models import PriceList
from catalog.services.fees import Charging, create_fee, revise_fee
from catalog.services.packages import Content, create_package
from catalog.services.types import create_resource, create_service_type
from subscriptions.models import Grant
from subscriptions.services.life.settling import settle_one
from tests.world import NOW

SALE = (
    "INSERT INTO addons_addonsale (provider_id, tenant_id, seller_id, subscription_id, add_on_id, quantity, unit_price,"
    " currency, cycle, state, sold_at, ended_at, job_item_id, version_id, issuer_id, cost_cycle, fee_version_id,"
    " cost_fee_version_id, applies_more_than_once, is_own_price, unit_cost, cost_issuer_id, origin_id)"
    " SELECT {provider}, {tenant}, {seller}, id, {add_on}, {quantity}, 1, 'EUR', 'month', {state}, now(), {ended},"
    " {item}, {version}, {issuer}, '', {fee}, {cost}, true, false, {owes}, {to}, {origin}"
    " FROM subscriptions_subscription WHERE id = {subscription}"
)
ATTACKS = {
    "a sale to another holder": {"tenant": "%(mill)s"},
    "a sale by another seller": {"seller": "%(north)s"},
    "a sale of another house's add-on": {"add_on": "%(foreign)s"},
    "a sale of another service's add-on": {"add_on": "%(backup)s"},
    "a sale in another house": {"provider": "%(stranger)s"},
    "a sale of nothing": {"quantity": "0"},
    "a sale of too many": {"quantity": "100000"},
    "a sale of unknown state": {"state": "'sold'"},
    "an active sale that ended": {"ended": "now()"},
    "a cancelled sale that did not end": {"state": "'cancelled'"},
    "a second sale of one target": {"item": "4711"},
    "a sale of another add-on's version": {"version": "%(other_version)s"},
    "a sale that somebody beneath issues": {"issuer": "%(mill)s"},
    "a sale at another house's fee": {"fee": "%(foreign_fee)s"},
    "a sale at no fee": {"cost": "4711"},
    "a cost that is owed to nobody": {"owes": "1"},
    "a cost that is owed to somebody beneath": {"owes": "1", "to": "%(mill)s"},
    "a sale that goes on from what runs": {"origin": "%(sale)s"},
    "a sale that goes on from what was cancelled": {"origin": "%(ended)s"},
    "a sale that goes on from nothing": {"origin": "4711"},
}
FAIR = {
    "provider": "provider_id",
    "tenant": "tenant_id",
    "seller": "seller_id",
    "subscription": "%(subscription)s",
    "add_on": "%(add_on)s",
    "quantity": "1",
    "state": "'active'",
    "ended": "NULL",
    "item": "NULL",
    "version": "%(version)s",
    "issuer": "seller_id",
    "fee": "NULL",
    "cost": "NULL",
    "owes": "NULL",
    "to": "NULL",
    "origin": "NULL",
}
ONE_OFF = (
    'INSERT INTO addons_addononeoff (provider_id, sale_id, kind, "on", payer_id, issuer_id, fee_version_id, currency,'
    " amount, quantity, made_at) SELECT provider_id, {sale}, {kind}, {on}::date, {payer}, {issuer}, {version},"
    " {currency}, {amount}, {quantity}, now() FROM addons_addonsale WHERE id = {sale}"
)
LEFT = {
    "sale": "%(ended)s",
    "kind": "'cancellation'",
    "on": "(ended_at AT TIME ZONE 'UTC')",
    "payer": "tenant_id",
    "issuer": "issuer_id",
    "version": "fee_version_id",
    "currency": "currency",
    "amount": "30",
    "quantity": "NULL",
}
UNOWED = {
    "more than was agreed": {"amount": "31"},
    "another day": {"on": "'2020-01-01'"},
    "for what runs": {"sale": "%(sale)s", "on": "(sold_at AT TIME ZONE 'UTC')"},
    "of somebody else": {"payer": "%(mill)s"},
    "to somebody else": {"issuer": "%(north)s"},
    "by another fee": {"version": "%(foreign_fee)s"},
    "by no fee": {"version": "NULL"},
    "in another currency": {"currency": "'USD'"},
    "activated twice": {"kind": "'activation'", "on": "(sold_at AT TIME ZONE 'UTC')", "amount": "7"},
    "activated for more": {"kind": "'activation'", "sale": "%(sale)s", "on": "sold_at", "amount": "8"},
    "credited for more than there was": {"kind": "'credit_from'", "amount": "NULL", "quantity": "2"},
    "credited before it began": {"kind": "'credit_from'", "amount": "NULL", "quantity": "1", "on": "'2020-01-01'"},
    "credited with an amount": {"kind": "'credit_from'", "quantity": "1"},
    "of no kind": {"kind": "'gift'"},
}
STATEMENTS = [
    "UPDATE addons_addonsale SET quantity = 2 WHERE id = %(sale)s",
    "UPDATE addons_addonsale SET unit_price = 0 WHERE id = %(sale)s",
    "UPDATE addons_addonsale SET tenant_id = %(mill)s WHERE id = %(sale)s",
    "DELETE FROM addons_addonsale WHERE id = %(sale)s",
    "UPDATE addons_addonsale SET state = 'active', ended_at = NULL WHERE id = %(ended)s",
    "UPDATE addons_addon SET tenant_id = %(north)s WHERE id = %(add_on)s",
    "UPDATE addons_addon SET service_type_id = %(backup_type)s WHERE id = %(add_on)s",
    "UPDATE addons_addon SET copied_from_id = %(backup)s WHERE id = %(add_on)s",
    "UPDATE addons_addon SET name = '' WHERE id = %(add_on)s",
    "UPDATE addons_addonsale SET version_id = %(other_version)s WHERE id = %(sale)s",
    "UPDATE addons_addonsale SET fee_version_id = NULL WHERE id = %(sale)s",
    "UPDATE addons_addonversion SET effective_on = '2020-01-01' WHERE id = %(version)s",
    "DELETE FROM addons_addonversion WHERE id = %(version)s",
    "INSERT INTO addons_addonversion (add_on_id, effective_on, reseller_fee_id, made_at)"
    " VALUES (%(add_on)s, '2026-01-01', %(account_fee)s, now())",
    "INSERT INTO addons_addonversion (add_on_id, effective_on, account_fee_id, made_at)"
    " VALUES (%(add_on)s, '2026-01-01', %(norths_fee)s, now())",
    "UPDATE addons_addon SET is_shared = true WHERE id = %(add_on)s",
    "INSERT INTO addons_addonsalecost (provider_id, sale_id, payer_id, issuer_id, unit_price, currency, cycle,"
    " applies_more_than_once) VALUES (%(house)s, %(sale)s, %(north)s, %(house)s, 1, 'EUR', 'month', true)",
    "INSERT INTO catalog_pricerule (price_list_id, effective_on, add_on_id, cycle, method, value, made_at)"
    " VALUES (%(list)s, '2026-01-01', 4711, '', 'fixed', 1, now())",
    "UPDATE addons_addon SET name = 'Backup seats' WHERE id = %(add_on)s",
    "INSERT INTO addons_addonresource (version_id, resource_id, value, minimum) VALUES (%(version)s, %(seat)s, 1, 0)",
    "INSERT INTO addons_addonresource (version_id, resource_id, value, minimum) VALUES (%(version)s, %(shared)s, 1, 0)",
    "UPDATE addons_addonresource SET resource_id = %(seat)s WHERE version_id = %(version)s",
    "UPDATE addons_addonresource SET value = 0 WHERE version_id = %(version)s",
    "UPDATE addons_addonresource SET value = 1000000000001 WHERE version_id = %(version)s",
    "INSERT INTO addons_addonpackage (add_on_id, package_id) VALUES (%(add_on)s, %(backup_package)s)",
    "UPDATE addons_addonpackage SET package_id = %(backup_package)s WHERE add_on_id = %(add_on)s",
    "ALTER TABLE addons_addonsale DISABLE TRIGGER USER",
    "TRUNCATE addons_addonsale",
    "UPDATE subscriptions_grant SET amount = 1 WHERE kind = 'add_on'",
    *(SALE.format(**FAIR | attack) for attack in ATTACKS.values()),
    *(ONE_OFF.format(**LEFT | attack) for attack in UNOWED.values()),
    "UPDATE addons_addononeoff SET amount = 1",
    "DELETE FROM addons_addononeoff",
    "UPDATE addons_addonsale SET is_own_price = true WHERE id = %(sale)s",
    "UPDATE addons_addonsale SET origin_id = %(ended)s WHERE id = %(sale)s",
    "UPDATE addons_addonsale SET state = 'cancelled', ended_at = '2020-01-01' WHERE id = %(sale)s",
]


@pytest.fixture
def facts(shop):
    world, market, actor = shop.world, shop.market, shop.world.provider.actor
    backup = create_service_type(actor=actor, code="backup", name="Backup", now=NOW)
    parts = {"actor": actor, "service_type_id": backup.pk, "now": NOW}
    seat = create_resource(code="seat", name="Seat", metering="gauge", **parts)
    package = create_package(name="Backup", audience="customer", content=Content({seat.pk: 1}), **parts)
    other = AddOn.objects.create(
        provider_id=world.provider.id,
        tenant_id=world.provider.id,
        service_type=backup,
        name="Backup seats",
        created_at=NOW,
    )
    theirs = create_service_type(actor=world.stranger.actor, code="exchange", name="Exchange", now=NOW)
    foreign = AddOn.objects.create(
        provider_id=world.stranger.id,
        tenant_id=world.stranger.id,
        service_type=theirs,
        name="Foreign",
        created_at=NOW,
    )
    other_version = AddOnVersion.objects.create(add_on=other, effective_on=NOW, made_at=NOW)
    charging = {"currency": "EUR", "charging": Charging("", Decimal(1)), "now": NOW}
    foreign_fee = create_fee(actor=world.stranger.actor, kind="account", name="Theirs", **charging)
    norths_fee = create_fee(actor=world.north.actor, kind="account", name="North's", **charging)
    tenant = world.provider.tenant
    prices = PriceList.objects.create(
        provider=tenant, tenant=tenant, audience="customer", name="Gold", currency="EUR", created_at=NOW
    )
    fee = shop.add_on.versions.get().account_fee
    said = replace(
        Charging.of(fee.versions.get()), activation_amount=Decimal(7), cancellation_amount=Decimal(30),
        cancellation_hours=1,
    )  # fmt: skip
    revise_fee(actor=actor, fee_id=fee.pk, charging=said, effective_on=NOW.date(), now=NOW)
    version = shop.add_on.versions.get()
    subscription = market.sell(world.direct)
    sale = shop.sell(subscription)
    ended = shop.sell(subscription)
    cancel_add_on_sale(actor=actor, sale_id=ended.pk, now=NOW)
    return {
        "sale": sale.pk,
        "ended": ended.pk,
        "add_on": shop.add_on.pk,
        "subscription": subscription.pk,
        "shared": shop.shared.pk,
        "seat": seat.pk,
        "backup": other.pk,
        "backup_type": backup.pk,
        "backup_package": package.pk,
        "foreign": foreign.pk,
        "mill": world.mill.id,
        "north": world.north.id,
        "stranger": world.stranger.id,
        "house": world.provider.id,
        "version": version.pk,
        "account_fee": version.account_fee_id,
        "other_version": other_version.pk,
        "foreign_fee": foreign_fee.versions.get().pk,
        "norths_fee": norths_fee.pk,
        "list": prices.pk,
    }


def test_every_attack_is_refused(facts):
    with connection.cursor() as cursor:
        fair = SALE.format(**FAIR | {"item": "4711"})
        with transaction.atomic():
            cursor.execute(fair, facts)
            cursor.execute(ONE_OFF.format(**LEFT), facts)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            succeeded = [statement for statement in STATEMENTS if attempt(cursor, statement, facts)]
            transaction.set_rollback(True)
    assert succeeded == []


def attempt(cursor, statement, facts) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(statement, facts)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return False
    return True


def test_a_sale_can_end(facts):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE addons_addonsale SET state = 'cancelled', ended_at = now() WHERE id = %(sale)s", facts)
        assert cursor.rowcount == 1
        transaction.set_rollback(True)


def test_sales_of_terms_that_are_over_stay(facts):
    """It has renewed four times: the fifth term runs since the 20th of March."""
    settle_one(subscription_id=facts["subscription"], now=NOW + timedelta(days=130))
    end = "UPDATE addons_addonsale SET state = 'cancelled', ended_at = {} WHERE id = %(sale)s"
    begin = SALE.format(**FAIR).replace("now()", "{}")
    eve, day = "'2027-03-19 23:59:59+00'", "'2027-03-20 00:00+00'"
    with transaction.atomic(), connection.cursor() as cursor:
        tried = [attempt(cursor, end.format(at), facts) for at in ("sold_at", "'2026-12-31'", eve, day)]
        tried += [attempt(cursor, begin.format(at), facts) for at in ("'2026-11-21'", eve, day)]
        transaction.set_rollback(True)
    assert tried == [False, False, False, True, False, False, True]


def test_a_lost_grant_is_found(shop):
    subscription = shop.market.sell(shop.world.direct)
    sale = shop.sell(subscription)
    extra = Grant.objects.create(
        provider_id=shop.world.provider.id,
        tenant_id=shop.world.direct.id,
        subscription=subscription,
        resource=shop.shared,
        kind="add_on",
        source_id=sale.pk,
        amount=-9999,
        made_at=NOW,
    )
    assert len(sales()) == 1
    Grant.objects.create(
        provider_id=extra.provider_id,
        tenant_id=extra.tenant_id,
        subscription=subscription,
        resource=shop.shared,
        kind="add_on",
        source_id=sale.pk,
        amount=9999,
        made_at=NOW,
    )
    assert sales() == []
