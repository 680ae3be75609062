"""What a bulk sale is measured against: one plain statement, and a loop of objects."""

import time
from typing import Any

FLOOR = """
WITH sold AS (
    INSERT INTO addons_addonsale (provider_id, tenant_id, seller_id, subscription_id, add_on_id, quantity, unit_price,
                                  unit_cost, currency, cycle, state, sold_at, job_item_id, version_id, issuer_id,
                                  fee_version_id, cost_cycle, cost_fee_version_id, applies_more_than_once)
    SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, %(add_on)s, 1, 0.02, 0.01, 'EUR', 'month', 'active', now(),
           nextval('kernel_jobitem_id_seq'), (SELECT min(id) FROM addons_addonversion), s.seller_id,
           (SELECT max(id) FROM catalog_feeversion), 'month', (SELECT min(id) FROM catalog_feeversion), true
      FROM subscriptions_subscription s WHERE s.source_id IS NOT NULL ORDER BY s.id
    RETURNING id, provider_id, tenant_id, seller_id, subscription_id, job_item_id),
granted AS (
    INSERT INTO subscriptions_grant (provider_id, tenant_id, subscription_id, resource_id, kind, source_id, amount,
                                     made_at)
    SELECT provider_id, tenant_id, subscription_id, %(resource)s, 'add_on', id, 9999, now() FROM sold),
held AS (
    UPDATE subscriptions_holding h SET allocated = allocated + 9999
      FROM sold WHERE h.subscription_id = sold.subscription_id AND h.resource_id = %(resource)s),
drawn AS (
    UPDATE subscriptions_holding h SET sold = h.sold + 9999 * each.number
      FROM (SELECT s.source_id, count(*) AS number
              FROM sold JOIN subscriptions_subscription s ON s.id = sold.subscription_id GROUP BY 1) AS each
     WHERE h.subscription_id = each.source_id AND h.resource_id = %(resource)s),
told AS (
    INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_name, user_tenant_id,
                               request_id, at)
    SELECT provider_id, tenant_id, 'add_on.sold', 'addonsale', id,
           jsonb_build_object('add_on', %(add_on)s, 'name', 'Shared mailbox', 'quantity', 1, 'unit_price', '0.02',
                              'currency', 'EUR', 'cycle', 'month', 'granted', '{"2": 9999}'::jsonb, 'bulk_sale', 1,
                              'subscription', subscription_id),
           'Bench', provider_id, '6f9619ff-8b86-d011-b42d-00c04fc964ff', now() FROM sold)
INSERT INTO kernel_jobitem (id, job_id, position, subject_id, state, reason, result_id)
SELECT job_item_id, 1, row_number() OVER (), subscription_id, 'done', '', id FROM sold
"""


def naive(add_on_id: int, actor: Any, sample: int) -> float:
    """Seconds of what one writes first: a loop, objects, a transaction and locks for each target."""
    from decimal import Decimal

    from django.db import transaction

    from addons.models import AddOn, AddOnPackage, AddOnSale
    from bench.market import NOW
    from subscriptions.models import Grant, Holding, Subscription

    targets = Subscription.objects.filter(source__isnull=False).order_by("pk").values_list("pk", flat=True)[:sample]
    started = time.perf_counter()
    for pk in targets:
        with transaction.atomic():
            subscription = Subscription.objects.select_related("tenant", "seller__terms", "source").get(pk=pk)
            add_on = AddOn.objects.get(pk=add_on_id)
            version = add_on.versions.select_related("account_fee").latest("pk")
            assert version.account_fee
            charged = version.account_fee.versions.latest("pk")
            assert subscription.tenant.status == "active"
            assert AddOnPackage.objects.filter(add_on=add_on, package=subscription.package_id).exists()
            assert not AddOnSale.objects.filter(subscription=subscription, add_on=add_on, state="active").exists()
            sale = AddOnSale.objects.create(
                provider_id=subscription.provider_id,
                tenant=subscription.tenant,
                seller=subscription.seller,
                subscription=subscription,
                add_on=add_on,
                quantity=1,
                version=version,
                issuer=subscription.seller,
                unit_price=charged.amount,
                unit_cost=Decimal("0.01"),
                currency=version.account_fee.currency,
                cycle=charged.cycle,
                fee_version=charged,
                sold_at=NOW,
            )
            for raised in version.resources.all():
                drawn = Holding.objects.locked().get(subscription=subscription.source, resource=raised.resource_id)
                assert subscription.seller.terms.may_oversell or drawn.allocated - drawn.sold >= raised.value
                own = Holding.objects.locked().get(subscription=subscription, resource=raised.resource_id)
                Grant.objects.create(
                    provider_id=subscription.provider_id,
                    tenant=subscription.tenant,
                    subscription=subscription,
                    resource_id=raised.resource_id,
                    kind="add_on",
                    source_id=sale.pk,
                    amount=raised.value,
                    made_at=NOW,
                )
                own.allocated += raised.value
                own.save()
                drawn.sold += raised.value
                drawn.save()
            actor.record("add_on.sold", sale, at=NOW, subscription=pk, add_on=add_on.pk, quantity=1)
    return time.perf_counter() - started
